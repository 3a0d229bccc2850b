// Attack: pages are opened by prefetch, scanners, pictures in a mail, or over and over.
// Rule: a GET writes only `returnTo`, the CSRF secret, idempotently a pending ceremony and marks of the session; nothing
// that a pending person can repeat without limit writes to the record.
// Answer: not one save, however often; locked, malformed and begun write nothing either.
import { expect } from 'chai';
import { memoryStore, requireMfa, totp } from '../../src/index.js';
import { Browser, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, testClock, type HostOptions, type TestApp } from '../support/app.js';
import { countingStore, type CountingStore } from '../support/counting-store.js';

const pages = ['', '/verify', '/verify/choose', '/verify/totp', '/verify/backup-codes', '/setup', '/setup/totp'];
const more = ['/setup/confirm', '/backup-codes', '/recover', '/verify/nothing', '/setup/nothing'];

/** A route that wants a fresh proof. */
const routes: NonNullable<HostOptions['routes']> = (host, mfa) =>
  host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 600 }), (_req, res) => void res.json({}));

describe('what writes nothing', () => {
  let app: TestApp;
  let counted: CountingStore;
  let secret: string;
  let people: Browser[];

  beforeEach(async () => {
    const clock = testClock();
    counted = countingStore(memoryStore({ clock }));
    app = await testApp({ store: counted.store, clock, factors: [totp(), fewBackupCodes()], host: { routes } });
    const elevated = await new Browser(app).signIn('ada');
    ({ secret } = await elevated.enrollTotp());
    people = [elevated, await new Browser(app).signIn('ada'), await new Browser(app).signIn('bob')];
    counted.reset();
  });

  const commands = (...names: string[]) => counted.log.flat().filter((each) => names.includes(each)).length;

  it('is a GET, of any page by anybody, as often as it comes', async () => {
    for (const person of [...people, new Browser(app)]) {
      for (const path of [...pages, ...more]) {
        for (let times = 0; times < 2; times += 1) {
          expect((await person.htmlGet(`/mfa${path}`)).status, path).to.be.below(500);
          expect((await person.jsonGet(`/mfa${path}`)).status, path).to.be.below(500);
        }
      }
      await person.htmlGet('/account');
      await person.jsonGet('/account');
    }
    expect(commands('save')).to.equal(0);
    // One ceremony for each of the two who may set up, however often the page was opened.
    expect(commands('put', 'putIfAbsent')).to.equal(2);
  });

  it('is a challenge that is locked, however often it is answered', async () => {
    const thief = people[1]!;
    for (let tries = 0; tries < 5; tries += 1) await thief.answer('totp', wrongCode(secret, app.clock));
    counted.reset();
    for (let tries = 0; tries < 5; tries += 1) expect((await thief.answer('totp', '123456')).status).to.equal(429);
    expect(commands('save')).to.equal(0);
  });

  it('is an answer that is malformed, of a factor that is off, or without a token', async () => {
    const thief = people[1]!;
    for (const typed of ['', '1', 'x'.repeat(99), null, [1]]) await thief.answer('totp', typed);
    await thief.answer('webauthn', '123456');
    await thief.postJson('/mfa/verify/totp', { code: '123456' }).expect(403);
    await thief.json('/mfa/setup/skip');
    await thief.json('/mfa/setup/totp/begin');
    await thief.json('/mfa/backup-codes/generate');
    expect(commands('save')).to.equal(0);
    expect(commands('put', 'putIfAbsent')).to.equal(0);
  });

  it('costs an elevated session no trip at all while it is remembered', async () => {
    const [elevated] = people as [Browser];
    await elevated.jsonGet('/account').expect(200);
    counted.reset();
    for (let times = 0; times < 5; times += 1) await elevated.jsonGet('/account').expect(200);
    expect(counted.trips).to.equal(0);
    app.clock.advance(30);
    await Promise.all(Array.from({ length: 5 }, () => elevated.jsonGet('/account').expect(200)));
    expect(counted.commands).to.be.within(1, 2);
  });

  it('is believed of an elevated session only: all else loads each time', async () => {
    const [elevated, pending, none] = people as [Browser, Browser, Browser];
    await elevated.jsonGet('/account').expect(200);
    await none.jsonGet('/account').expect(200);
    const asked: [person: Browser, path: string, status: number][] = [
      [pending, '/account', 403],
      [none, '/account', 200],
      [elevated, '/vault', 200],
      [elevated, '/mfa', 200],
      [elevated, '/mfa/backup-codes', 200],
    ];
    for (const [person, path, status] of asked) {
      counted.reset();
      for (let times = 0; times < 3; times += 1) await person.jsonGet(path).expect(status);
      expect(commands('load'), path).to.be.at.least(3);
    }
  });
});
