// Attack: two people who share a key because of how an id is written, or one who is nobody.
// Rule: the stored key, as text: a non-empty string, a safe integer or an ObjectId of at most 255 characters; all else
// throws.
// Answer: each id has its own record, whatever characters it has; `1` and `'1'` are one person; `undefined` is nobody.
import { expect } from 'chai';
import { isMfaError } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { openRedisStore } from '../support/redis.js';

const foreign = { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
const odd = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  ' ',
  'a b',
  'a:b',
  'a}b',
  '{a}',
  'a*',
  'a/../b',
  'a\nb',
  'a\u0000b',
  'ａ',
  '🦊',
  '\ud83e',
  'A',
  'a',
  'x'.repeat(255),
];

for (const kind of ['memory', 'redis'] as const) {
  describe(`user ids over the ${kind} store`, () => {
    let app: TestApp;
    let close = async (): Promise<void> => undefined;

    beforeEach(async () => {
      const opened = kind === 'redis' ? await openRedisStore({ warn: () => undefined }) : undefined;
      close = opened?.close ?? close;
      app = await testApp(opened ? { store: opened.store } : {});
    });
    afterEach(() => close());

    it('of odd texts are as many people', async () => {
      const secrets = new Map<string, string>();
      for (const uid of odd) {
        const person = await new Browser(app).signIn(uid);
        expect((await person.jsonGet('/mfa')).body.state, JSON.stringify(uid)).to.equal('none');
        secrets.set(uid, (await person.enrollTotp()).secret);
      }
      expect(new Set(secrets.values()).size).to.equal(odd.length);
      const listed = [];
      for await (const { userId } of app.mfa.list()) listed.push(userId);
      expect(listed.sort()).to.deep.equal([...odd].sort());
    });

    it('1 and "1" are one person, 1 and "01" are two', async () => {
      await (await new Browser(app).signIn(1)).enrollTotp();
      await (await new Browser(app).signIn('1')).jsonGet('/account').expect(403);
      for (const other of ['01', '1.0', ' 1', '１', 10, '+1'])
        await (await new Browser(app).signIn(other)).jsonGet('/account').expect(200);
      expect((await app.mfa.status(1))!.userId).to.equal('1');
    });

    it('of an ObjectId and its text are one person', async () => {
      const hex = '507f1f77bcf86cd799439011';
      await app.mfa.importTotp({ toHexString: () => hex }, foreign);
      expect((await app.mfa.status(hex))?.protected).to.equal(true);
      await (await new Browser(app).signIn(hex)).jsonGet('/account').expect(403);
    });
  });
}

describe('an id that names nobody', () => {
  const texts = ['', 'undefined', '[object Object]', 'x'.repeat(256)];
  const nobody = [undefined, null, {}, [], NaN, Infinity, 1.5, 2 ** 53, true, Symbol('a'), ...texts];

  it('is refused by every call', async () => {
    const { mfa } = await testApp();
    const calls = [
      (id: never) => mfa.status(id),
      (id: never) => mfa.reset(id, { by: 'root' }),
      (id: never) => mfa.unlock(id),
      (id: never) => mfa.passwordChanged(id),
      (id: never) => mfa.resetPrompts(id),
      (id: never) => mfa.deprovision(id),
      (id: never) => mfa.importTotp(id, foreign),
    ];
    for (const call of calls) {
      for (const id of nobody) {
        let thrown: unknown;
        try {
          await call(id as never);
        } catch (error) {
          thrown = error;
        }
        expect(isMfaError(thrown) && thrown.code).to.equal('config.invalid_user_id');
      }
    }
  });

  it('lets nobody through the guard, and into no page', async () => {
    for (const id of nobody) {
      const app = await testApp({ user: () => ({ id }) as never });
      for (const path of ['/account', '/mfa']) await new Browser(app).jsonGet(path).expect(500);
    }
  });
});
