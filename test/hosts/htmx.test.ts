// A host whose pages ask for parts by HTMX: the offer of a second factor comes once, as a whole page, and leads back.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';

const htmx = { 'HX-Request': 'true', Accept: '*/*' };

describe('a host with HTMX', () => {
  let app: TestApp;
  let person: Browser;
  beforeEach(async () => {
    app = await testApp();
    person = await new Browser(app).signIn('bob');
  });
  afterEach(() => app.close());

  const at = (path: string) => ({ ...htmx, 'HX-Current-URL': `${app.url}${path}` });

  it('offers a second factor at the first part after the log-in, once, and leads back to the page', async () => {
    const offered = await person.jsonGet('/account/part', at('/account/list?page=2')).expect(204);
    expect(offered.headers['hx-redirect']).to.equal('/mfa/setup');
    await person.jsonGet('/account/part', at('/account/list?page=2')).expect(200);
    const skipped = await person.form('/mfa/setup/skip');
    expect(skipped.headers.location).to.equal('/account/list?page=2');
  });

  it('drops no form for it, and is led from no log-in page back to it', async () => {
    const posted = await person.post('/account/form', {}, htmx).expect(200);
    expect(posted.headers['hx-redirect']).to.equal(undefined);
    await person.jsonGet('/account/part', at('/login')).expect(204);
    expect((await person.form('/mfa/setup/skip')).headers.location).to.equal('/');
  });

  it('believes of the page behind a part only what is its own', async () => {
    const elsewhere = [
      'https://evil.example/x',
      'http://127.0.0.1:1/x',
      `${app.url}//evil.example`,
      'javascript:alert(1)',
      'x',
    ];
    for (const told of [...elsewhere, `${app.url}/mfa/verify`]) {
      const other = await new Browser(app).signIn('bob');
      await other.jsonGet('/account/part', { ...htmx, 'HX-Current-URL': told }).expect(204);
      expect((await other.form('/mfa/setup/skip')).headers.location, told).to.equal('/');
      await app.mfa.resetPrompts('bob');
    }
  });

  it('is offered nothing by a program that is no HTMX', async () => {
    await person.jsonGet('/account/data').expect(200);
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
  });
});
