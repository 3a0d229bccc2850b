// Somebody with several authenticator apps: each has a name and a label of its own, one goes for another only as they say,
// and who lost their phone replaces all of them.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn, type Fields } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

type Own = { id: string; name?: string };

describe('somebody with several authenticator apps', () => {
  let app: TestApp;
  let person: Browser;
  const own = async () => (await person.jsonGet('/mfa')).body.authenticators as Own[];

  beforeEach(async () => {
    app = await testApp({ factors: [totp({ maxPerPerson: 2 }), fewBackupCodes()] });
    person = await new Browser(app).signIn('ada');
  });

  /** Adds one by the form; the next code of each app is a new one. */
  async function add(fields: Fields, as = person) {
    const page = await as.htmlGet('/mfa/setup/totp').expect(200);
    const { body } = await as.jsonGet('/mfa/setup/totp').expect(200);
    const { secret, uri, qr } = body as { secret: string; uri: string; qr: string };
    expect(qr).to.match(/^<svg /);
    const answer = await as.submit(page, '/setup/totp', { code: code(secret, app.clock), ...fields });
    return { answer, secret, page, label: decodeURIComponent(/totp\/([^?]*)/.exec(uri)?.[1] ?? '') };
  }

  it('names each, labels each in its own way, and signs in with any of them', async () => {
    const first = await add({ name: 'Work phone' });
    expect(first.answer.status).to.equal(303);
    await person.saveCodes();
    const second = await add({ name: 'Tablet' });
    expect(second.answer.headers.location).to.equal('/mfa');
    expect(second.label).to.equal(`${first.label} (2)`);
    expect(second.page.text).to.include('The new entry is named').and.include('Work phone');
    expect((await own()).map(({ name }) => name)).to.deep.equal(['Work phone', 'Tablet']);
    expect((await person.htmlGet('/mfa').expect(200)).text).to.include('Authenticator app “Tablet”');
    for (const { secret } of [first, second]) {
      const again = await new Browser(app).signIn('ada');
      await again.proveTotp(secret);
      await again.jsonGet('/account').expect(200);
    }
  });

  it('has one take the place of the one that is named, and has to where there are as many as may be', async () => {
    await add({ name: 'Old' });
    await person.saveCodes();
    await add({ name: 'Tablet' });
    const [old] = await own();
    const full = await add({ name: 'New' });
    expect(full.answer.status).to.equal(409);
    expect(full.answer.text).to.include('href="#replaces"').and.include('Choose which one goes.');
    expect(full.answer.text, 'its name stays').to.include('name="name" value="New"');
    const json = await person.json('/mfa/setup/totp', { code: code(full.secret, app.clock) });
    expect(codeIn(json)).to.equal('user.too_many_authenticators');
    const strange = await person.json('/mfa/setup/totp', { code: code(full.secret, app.clock), replaces: 'x' });
    expect(strange.body).to.deep.include({ code: 'request.invalid', field: 'replaces' });
    expect(await own()).to.have.length(2);
    const done = await person.submit(full.answer, '/setup/totp', {
      code: code(full.secret, app.clock),
      name: 'New',
      replaces: old?.id ?? '',
    });
    expect(done.status).to.equal(303);
    expect((await own()).map(({ name }) => name)).to.deep.equal(['Tablet', 'New']);
    expect(app.events.findLast(({ name }) => name === 'authenticator-enrolled')?.detail).to.deep.equal({
      replaced: old?.id,
    });
  });

  it('replaces all of them after coming in by a backup code, whatever is asked for', async () => {
    await add({ name: 'Lost phone' });
    const codes = await person.saveCodes();
    await add({ name: 'Lost tablet' });
    const back = await new Browser(app).signIn('ada');
    await back.answer('backup-codes', codes[0]);
    const { answer, page } = await add({ name: 'New', replaces: '' }, back);
    expect(page.text).not.to.include('name="replaces"');
    expect(answer.status).to.equal(303);
    const { authenticators } = (await back.jsonGet('/mfa')).body as { authenticators: Own[] };
    expect(authenticators.map(({ name }) => name)).to.deep.equal(['New']);
  });
});

describe('somebody with one authenticator app', () => {
  it('gets another label for the one that replaces it, and another again', async () => {
    const app = await testApp({ factors: [totp(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    for (const number of [2, 3]) {
      const { body } = await person.jsonGet('/mfa/setup/totp').expect(200);
      expect(body.label).to.match(new RegExp(` \\(${number}\\)$`));
      expect(decodeURIComponent(body.uri as string)).to.include(body.label);
      await person.json('/mfa/setup/totp', { code: code(body.secret as string, app.clock) });
    }
    expect((await person.jsonGet('/mfa')).body.authenticators).to.have.length(1);
  });
});
