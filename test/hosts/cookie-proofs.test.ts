// `proofs: 'cookie'`: hosts that are signed in by a cookie of their own and keep nothing on the server. What was proved
// stands in our store, under an id that ends with elevation, sign-out and change of sign-in.
import { expect } from 'chai';
import cookieSession from 'cookie-session';
import { memoryStore, readMfa, requireMfa } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { hostData, testApp, type TestApp } from '../support/app.js';
import { countingStore } from '../support/counting-store.js';
import { CookieBrowser, statelessApp, tokenFor } from '../support/stateless-app.js';

describe("a host without a server session, with proofs: 'cookie'", () => {
  let app: TestApp;
  afterEach(() => app.close());

  async function pending() {
    const { secret } = await (await new CookieBrowser(app).enter('ada')).enrollTotp();
    return { person: await new CookieBrowser(app).enter('ada'), secret };
  }

  it('takes a person through set-up and verification, by pages and by JSON', async () => {
    app = await statelessApp('cookie');
    const { person, secret } = await pending();
    await person.htmlGet('/account?tab=1').expect(303).expect('Location', '/mfa/verify');
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    app.clock.advance(30);
    const answer = await person.submit(page, '/verify/totp', { code: code(secret, app.clock) });
    expect([answer.status, answer.headers.location]).to.deep.equal([303, '/account?tab=1']);
    expect((await person.jsonGet('/account').expect(200)).body.mfa.state).to.equal('elevated');
  });

  it('gives a new id on elevation, under which the old one is worth nothing', async () => {
    app = await statelessApp('cookie');
    const { person, secret } = await pending();
    await person.jsonGet('/mfa').expect(200);
    const [before, cookies] = [person.proofs, person.cookies];
    expect(before).to.match(/^[\w-]{43}$/);
    await person.proveTotp(secret);
    expect(person.proofs)
      .to.match(/^[\w-]{43}$/)
      .and.not.equal(before);
    await new Browser(app, { Cookie: cookies }).jsonGet('/account').expect(403);
    await new Browser(app, { Cookie: person.cookies }).jsonGet('/account').expect(200);
  });

  it('believes no id of another person, of another sign-in, or that a stranger made up', async () => {
    app = await statelessApp('cookie');
    const { person, secret } = await pending();
    await person.proveTotp(secret);
    const ours = /mfa-proofs-[^=]+/.exec(person.cookies)![0];
    const { secret: other } = await (await new CookieBrowser(app).enter('eve')).enrollTotp();
    const eve = await new CookieBrowser(app).enter('eve', 'e1');
    await eve.proveTotp(other);
    const tried = [
      { jwt: tokenFor({ sub: 'ada', sid: 'another' }), id: person.proofs },
      { jwt: tokenFor({ sub: 'ada', sid: 'e1' }), id: eve.proofs },
      { jwt: tokenFor({ sub: 'ada', sid: 'e1' }), id: 'A'.repeat(43) },
      { jwt: tokenFor({ sub: 'ada', sid: 'e1' }), id: '../../x' },
    ];
    for (const { jwt, id } of tried)
      await new Browser(app, { Cookie: `jwt=${jwt}; ${ours}=${id}` }).jsonGet('/account').expect(403);
    const planted = new CookieBrowser(app, {
      Cookie: `jwt=${tokenFor({ sub: 'ada', sid: 'z' })}; ${ours}=${'A'.repeat(43)}`,
    });
    const { headers } = await planted.jsonGet('/mfa').expect(200);
    expect(String(headers['set-cookie']))
      .to.match(/mfa-proofs-/)
      .and.not.include('A'.repeat(43));
  });

  it('keeps its id when a form is stopped, so that other tabs go on, and leads back to that form', async () => {
    app = await statelessApp('cookie', {
      host: { routes: (host, mfa) => void host.post('/payouts', requireMfa(mfa, { maxAgeSeconds: 60, repeat: true })) },
    });
    const person = await new CookieBrowser(app).enter('ada');
    const { secret } = await person.enrollTotp();
    app.clock.advance(61);
    const before = person.proofs;
    await person.post('/payouts', { iban: 'GB82' }).expect(401);
    expect(person.proofs).to.equal(before);
    const { body } = await person.proveTotp(secret);
    expect(body.next.url).to.equal('/mfa/repeat');
    expect((await person.htmlGet('/mfa/repeat').expect(200)).text).to.include('value="GB82"');
  });

  it('ends at sign-out, also for whoever copied the cookies', async () => {
    app = await statelessApp('cookie', {
      host: {
        between: (host, mfa) => {
          host.post('/leave', (req, res, next) => void mfa.signedOut(req).then(() => res.json({}), next));
        },
      },
    });
    const { person, secret } = await pending();
    await person.proveTotp(secret);
    const thief = new Browser(app, { Cookie: person.cookies });
    await thief.jsonGet('/account').expect(200);
    await person.post('/leave').expect(200);
    await thief.jsonGet('/account').expect(403);
    // The sign-in that ended takes no answer any more: it is for the next one to prove.
    await person.enter('ada');
    await person.proveTotp(secret);
    const second = new Browser(app, { Cookie: person.cookies });
    await person.form('/mfa/sign-out');
    await second.jsonGet('/account').expect(403);
  });

  it('cannot be brought back by a slow request that began before the sign-out', async () => {
    const store = memoryStore();
    app = await statelessApp('cookie', { store });
    const { person, secret } = await pending();
    await person.proveTotp(secret);
    const thief = new Browser(app, { Cookie: person.cookies });
    const { get } = store;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reached: () => void = () => undefined;
    const began = new Promise<void>((resolve) => (reached = resolve));
    let slow = true;
    store.get = async (...given) => {
      const value = await get.apply(store, given);
      if (slow) {
        slow = false;
        reached();
        await held;
      }
      return value;
    };
    const late = thief.htmlGet('/mfa').then((response) => response);
    await began;
    await person.form('/mfa/sign-out');
    release();
    await late;
    await thief.jsonGet('/account').expect(403);
  });

  it('costs one round trip for a guarded request', async () => {
    const counted = countingStore(memoryStore());
    app = await statelessApp('cookie', { store: counted.store });
    const { person, secret } = await pending();
    await person.proveTotp(secret);
    await person.jsonGet('/account').expect(200);
    counted.reset();
    await person.jsonGet('/account').expect(200);
    expect(counted.log).to.deep.equal([['get', 'get']]);
  });

  it('sets no cookie for a person who owes nothing, and one that scripts cannot read for others', async () => {
    app = await statelessApp('cookie');
    const nobody = await new Browser(app).htmlGet('/account').expect(200);
    expect(nobody.headers).not.to.have.property('set-cookie');
    const plain = await (await new CookieBrowser(app).enter('bob')).htmlGet('/account').expect(200);
    expect(plain.headers).not.to.have.property('set-cookie');
    const { person } = await pending();
    const cookie = String((await person.jsonGet('/mfa')).headers['set-cookie']);
    expect(cookie).to.match(/^mfa-proofs-[\w-]+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('lapses: what is owed for too long can no longer be paid, however long the browser waits', async () => {
    app = await statelessApp('cookie');
    const { person, secret } = await pending();
    const token = await person.csrf();
    app.clock.advance(901);
    const late = await person.postJson('/mfa/verify/totp', { _csrf: token, code: code(secret, app.clock) });
    expect([late.status, codeIn(late)]).to.deep.equal([400, 'session.mfa.pending_info_not_found']);
  });

  it('answers 503 where the store cannot keep what was proved, and elevates nobody', async () => {
    const store = memoryStore();
    app = await statelessApp('cookie', { store });
    const { person, secret } = await pending();
    const token = await person.csrf();
    app.clock.advance(30);
    const { put } = store;
    store.put = () => Promise.reject(new Error('full'));
    const fields = { _csrf: token, code: code(secret, app.clock) };
    const answer = await person.postJson('/mfa/verify/totp', fields).expect(503);
    expect(codeIn(answer)).to.equal('store.unavailable');
    await person.htmlGet('/account').expect(503);
    store.put = put;
    await person.jsonGet('/account').expect(403);
  });

  it('is read by the upgrade of a websocket', async () => {
    app = await statelessApp('cookie', {
      host: {
        between: (host, mfa) =>
          host.get('/read', (req, res, next) => void readMfa(mfa, req).then((read) => res.json(read), next)),
      },
    });
    const { person, secret } = await pending();
    expect((await person.jsonGet('/read')).body).to.include({ passes: false });
    await person.proveTotp(secret);
    expect((await person.jsonGet('/read')).body).to.include({ passes: true, state: 'elevated' });
  });
});

describe('a host with cookie-session', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const before = (
    host: Parameters<NonNullable<NonNullable<Parameters<typeof testApp>[0]>['host']>['before'] & object>[0],
  ) => {
    host.use(cookieSession({ name: 'cs', secret: 'of the host' }));
    host.get('/cs-in/:uid', (req, res) => {
      Object.assign(hostData(req), { uid: req.params.uid, sid: String(Math.random()) });
      res.json({});
    });
  };

  it('is refused with the sentence that names the option', async () => {
    app = await testApp({ host: { session: false, before } });
    const person = new Browser(app);
    await person.jsonGet('/cs-in/ada').expect(200);
    const answer = await person.jsonGet('/account').expect(500);
    expect(codeIn(answer)).to.equal('config.session_cannot_regenerate');
    expect(String(app.thrown[0])).to.include("proofs: 'cookie'");
  });

  it("works with proofs: 'cookie', and its replayed cookie brings no proof back", async () => {
    app = await testApp({
      proofs: 'cookie',
      policy: 'no-prompt',
      user: (req) => {
        const { uid, sid } = hostData(req) as { uid?: string; sid?: string };
        return uid === undefined || sid === undefined ? null : { id: uid, signInId: sid };
      },
      host: { session: false, before },
    });
    const first = new Browser(app);
    await first.jsonGet('/cs-in/ada');
    const { secret } = await first.enrollTotp();
    const person = new Browser(app);
    await person.jsonGet('/cs-in/ada');
    await person.jsonGet('/account').expect(403);
    const replayed = person.cookies;
    await person.proveTotp(secret);
    await person.jsonGet('/account').expect(200);
    const elevated = person.cookies;
    await person.form('/mfa/sign-out');
    for (const Cookie of [replayed, elevated]) await new Browser(app, { Cookie }).jsonGet('/account').expect(403);
  });
});
