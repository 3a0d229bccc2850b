// Attack: make the button "Submit again" send something else, for somebody else, from somewhere else, twice or too late: a form
// of another site, another person or session, fields that were altered, presses side by side, a file, too much of it.
// Rule: kept is only a form of this very origin, at most 32 KB, sealed for person and sign-in, for five minutes; the press brings
// the id that this sign-in's page was told and the same fields, and of any number of presses one counts.
// Answer: the page says to enter it again; the route is never reached.
import { expect } from 'chai';
import express from 'express';
import { memoryStore, requireMfa, totp } from '../../src/index.js';
import { Browser, type Fields } from '../support/agent.js';
import { hostData, testApp, testClock, type TestApp } from '../support/app.js';

describe('a form that is offered again after a step-up', () => {
  let app: TestApp;
  let store: ReturnType<typeof memoryStore>;
  let person: Browser;
  let secret: string;
  let done: { by: unknown; body: object }[];

  const sent = { iban: 'GB82', note: 'one\r\ntwo "quoted" <b>', _csrf: 'of the app' };

  beforeEach(async () => {
    done = [];
    const clock = testClock();
    store = memoryStore({ clock });
    app = await testApp({
      clock,
      factors: [totp()],
      store,
      host: {
        routes: (host, mfa) => {
          const guard = requireMfa(mfa, { maxAgeSeconds: 300, repeat: true, label: 'Change the payout account' });
          host.post('/payouts', guard, express.urlencoded({ extended: false }), (req, res) => {
            done.push({ by: hostData(req).uid, body: { ...(req.body as object) } });
            res.send('done');
          });
        },
      },
    });
    person = await new Browser(app).signIn('ada');
    ({ secret } = await person.enrollTotp());
    app.clock.advance(301);
  });

  const stop = (fields: Fields = sent, headers = {}, who = person) =>
    who.post('/payouts?from=list', fields, headers).expect(401);

  /** Does the step, and opens the page that it leads to. */
  async function offered(): Promise<string> {
    const { body } = await person.proveTotp(secret);
    expect(body.next).to.deep.equal({ step: 'done', url: '/mfa/repeat' });
    return (await person.htmlGet('/mfa/repeat').expect(200)).text;
  }
  const actionIn = (page: string): string => /action="(\/mfa\/repeat\?id=[^"]+)"/.exec(page)?.[1] ?? '';

  it('is sent once more by one press, as it was, to where it was going', async () => {
    await stop();
    const page = await offered();
    expect(done).to.deep.equal([]);
    const { headers } = await person.post(actionIn(page), sent).expect(307);
    expect(headers.location).to.equal('/payouts?from=list');
    await person.post(headers.location!, sent).expect(200);
    expect(done).to.deep.equal([{ by: 'ada', body: sent }]);
  });

  it('is not kept where another site sent it, or nobody says who', async () => {
    const foreign = [
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      const page = await stop(sent, headers);
      expect(page.text).to.not.include('with one press');
      expect((await person.htmlGet('/mfa/repeat')).status).to.equal(303);
    }
    const untold = await person.agent
      .post('/payouts')
      .set('Accept', 'text/html')
      .type('form')
      .send('iban=GB82')
      .expect(401);
    expect(untold.text).to.not.include('with one press');
    await person.proveTotp(secret);
    await person.htmlGet('/mfa/repeat').expect(303).expect('Location', '/mfa');
  });

  it('cannot be pressed from another site', async () => {
    await stop();
    const action = actionIn(await offered());
    await person.post(action, sent, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }).expect(403);
    await person.post('/mfa/repeat?id=guessed', sent).expect(404);
    await person.post('/mfa/repeat', sent).expect(404);
    await person.post(action, sent).expect(307);
  });

  it('is nobody else’s, in another session of the same person or of another one', async () => {
    await stop();
    const action = actionIn(await offered());
    const elsewhere = await new Browser(app).signIn('ada');
    await elsewhere.proveTotp(secret);
    const bob = await new Browser(app).signIn('bob');
    await bob.enrollTotp();
    for (const other of [elsewhere, bob]) {
      await other.htmlGet('/mfa/repeat').expect(303);
      await other.post(action, sent).expect(404);
    }
    expect(done).to.deep.equal([]);
    await person.signIn('bob');
    await person.post(action, sent).expect(404);
  });

  it('opens for nobody where its seal was moved to another person or altered', async () => {
    await stop();
    const action = actionIn(await offered());
    const key = `repeat:${new URL(action, app.url).searchParams.get('id') ?? ''}`;
    const sealed = (await store.get('ada', key)) as string;
    expect(sealed).to.be.a('string').and.not.include('GB82');
    await store.put('ada', key, `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, 300);
    await person.post(action, sent).expect(503);
    expect(done).to.deep.equal([]);
  });

  it('sends nothing but what was kept', async () => {
    for (const altered of [{ ...sent, iban: 'XX99' }, { iban: 'GB82' }, { ...sent, more: '1' }]) {
      await stop();
      const action = actionIn(await offered());
      await person.post(action, altered).expect(404);
      await person.post(action, sent).expect(404);
      app.clock.advance(301);
    }
    expect(done).to.deep.equal([]);
  });

  it('is sent by one of two presses side by side', async () => {
    await stop();
    const action = actionIn(await offered());
    const presses = await Promise.all(Array.from({ length: 4 }, () => person.post(action, sent)));
    expect(presses.map(({ status }) => status).sort()).to.deep.equal([307, 404, 404, 404]);
    const late = await person.post(action, sent).expect(404);
    expect(late.text).to.include('<h1>Enter it again</h1>').and.not.include('/mfa</bdi>');
  });

  it('is nothing for a program, which is refused as programs are', async () => {
    await stop();
    const action = actionIn(await offered());
    const { body } = await person.postJson(action, sent, { Origin: app.url }).expect(404);
    expect(body.code).to.equal('session.verification_session_not_found');
    await person.post(action, sent).expect(307);
  });

  it('is kept for five minutes', async () => {
    await stop();
    const action = actionIn(await offered());
    app.clock.advance(269);
    expect((await person.htmlGet('/mfa/repeat')).text).to.include('Submit again');
    app.clock.advance(2);
    const late = await person.htmlGet('/mfa/repeat').expect(200);
    expect(late.text).to.include('<h1>Enter it again</h1>').and.not.include('GB82');
    await person.post(action, sent).expect(404);
  });

  it('is not kept where it is too large, has a file, or is no form', async () => {
    await stop({ iban: 'x'.repeat(33_000) });
    expect(await offered()).to.include('Go back and submit it again');
    app.clock.advance(301);
    const file = await person.agent
      .post('/payouts')
      .set({ Accept: 'text/html', Origin: app.url, 'Sec-Fetch-Site': 'same-origin' })
      .field('iban', 'GB82')
      .attach('scan', Buffer.from('secret'), 'scan.png')
      .expect(401);
    expect(file.text).to.include('go back and submit it again');
    expect(await offered())
      .to.include('Go back and submit it again')
      .and.not.include('GB82');
    app.clock.advance(301);
    await person.postJson('/payouts', sent, { Origin: app.url }).expect(401);
    expect((await person.proveTotp(secret)).body.next.url).to.equal('/');
  });

  it('waits for the step', async () => {
    const page = await stop();
    expect(page.text).to.include('with one press').and.not.include('GB82');
    await person.htmlGet('/mfa/repeat').expect(303).expect('Location', '/mfa/verify');
    await person.post('/mfa/repeat?id=guessed', sent).expect(303).expect('Location', '/mfa/verify');
    expect(done).to.deep.equal([]);
  });
});
