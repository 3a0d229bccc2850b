// One person with several tabs that a browser opens at the same moment, all before any of them was answered: what the
// tabs show is one sign-in, and each of them can be used.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import session, { type SessionData } from 'express-session';
import { memoryStore, type MfaStore } from '../../src/index.js';
import { Browser, code, formsOf, wrongCode } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { openRedisStore } from '../support/redis.js';

/** Saves so late that every tab has read the session before. */
class SlowSessions extends session.MemoryStore {
  override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
    void sleep(30).then(() => super.set(sid, data, done));
  }
}

/** Answers so late that every tab has asked before the first writes. */
function slowReader(store: MfaStore): MfaStore {
  return {
    ...store,
    async get(userId, key) {
      const value = await store.get(userId, key);
      await sleep(30);
      return value;
    },
  };
}

const tabs = <T>(open: () => PromiseLike<T>): Promise<T[]> => Promise.all(Array.from({ length: 6 }, open));

for (const kind of ['memory', 'Redis'] as const) {
  describe(`tabs opened at the same moment, store in ${kind}`, () => {
    let app: TestApp;
    let closeStore: (() => Promise<void>) | undefined;

    beforeEach(async () => {
      const { store, close } = kind === 'Redis' ? await openRedisStore() : { store: memoryStore(), close: undefined };
      closeStore = close;
      app = await testApp({ store: slowReader(store), host: { session: { store: new SlowSessions() } } });
    });

    afterEach(() => closeStore?.());

    it('show one secret, and each of them confirms it', async () => {
      const person = await new Browser(app).signIn('ada');
      const pages = await tabs(() => person.htmlGet('/mfa/setup/totp').expect(200));
      const secretIn = (html: string) => /([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(html)?.[0];
      const secrets = new Set(pages.map(({ text }) => secretIn(text)));
      expect([...secrets]).to.have.length(1);
      const [secret = ''] = [...secrets].map((each) => each?.replaceAll(' ', '') ?? '');

      await person.submit(pages[0]!, '/setup/totp', { code: wrongCode(secret, app.clock) }).expect(422);
      await person
        .submit(pages[3]!, '/setup/totp', { code: code(secret, app.clock) })
        .expect(303)
        .expect('Location', '/mfa/setup/done');
    });

    it('ask for one code, and each of them takes it', async () => {
      const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
      app.clock.advance(30);
      const person = await new Browser(app).signIn('ada');
      const pages = await tabs(() => person.htmlGet('/mfa/verify/totp').expect(200));
      const tokens = new Set(pages.flatMap(({ text }) => formsOf(text).map(({ fields }) => fields['_csrf'])));
      expect([...tokens].filter((token) => token !== undefined)).to.have.length(1);

      await person.submit(pages[0]!, '/verify/totp', { code: wrongCode(secret, app.clock) }).expect(422);
      await person.submit(pages[5]!, '/verify/totp', { code: code(secret, app.clock) }).expect(303);
      await person.jsonGet('/account').expect(200);
    });
  });
}

describe('a sign-in that nobody announced', () => {
  it('is another one for another person, and in another session', async () => {
    const app = await testApp({ host: { keepsSession: true } });
    const browser = await new Browser(app).signIn('ada');
    const ofAda = await browser.csrf();
    await browser.signIn('bob');
    const ofBob = await browser.csrf();
    const elsewhere = await (await new Browser(app).signIn('ada')).csrf();
    expect(new Set([ofAda, ofBob, elsewhere]).size).to.equal(3);
  });
});
