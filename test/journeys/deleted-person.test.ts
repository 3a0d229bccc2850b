// Somebody whom the host deletes, after years with passkeys that came and went: nothing that the store keeps says whose
// any of them was, and nobody else can enrol one.
import { expect } from 'chai';
import { memoryStore } from '../../src/index.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { openRedisStore } from '../support/redis.js';
import type { TestApp } from '../support/app.js';
import { passkeyApp, signedIn } from '../support/passkeys.js';

type Kept = {
  store: MfaStore;
  /** Every key and value, as one text each. */
  everything(): Promise<string[]>;
  close(): Promise<void>;
};

async function inRedis(): Promise<Kept> {
  const { store, redis, namespace, close } = await openRedisStore();
  const everything = async () => {
    const keys = await redis.keys(`${namespace}:*`);
    return Promise.all(keys.map(async (key) => `${key.slice(namespace.length)} = ${await redis.get(key)}`));
  };
  return { store, everything, close };
}

function inMemory(): Promise<Kept> {
  const store = memoryStore();
  const everything = async () => {
    const found: string[] = [];
    for await (const { key, userId } of store.claims()) found.push(`${key} = ${userId}`);
    for await (const { userId, record } of store.scan({ tombstones: true }))
      found.push(`{${userId}}:record = ${record ? JSON.stringify(record) : 'removed'}`);
    return found;
  };
  return Promise.resolve({ store, everything, close: () => Promise.resolve() });
}

const uid = 'ada.lovelace';

for (const [where, open] of [
  ['memory', inMemory],
  ['Redis', inRedis],
] as const) {
  describe(`a person who was deleted, kept in ${where}`, () => {
    let kept: Kept;
    let app: TestApp;

    beforeEach(async () => {
      kept = await open();
      app = await passkeyApp({ store: kept.store });
    });
    afterEach(async () => {
      await app.close();
      await kept.close();
    });

    async function remove(person: Awaited<ReturnType<typeof signedIn>>, name: string): Promise<void> {
      const { authenticators } = (await app.mfa.status(uid))!;
      const { id } = authenticators.find((own) => own.name === name)!;
      const answer = await person.json(`/mfa/authenticators/${id}/remove`, {});
      expect(answer.status, answer.text).to.equal(200);
    }

    it('is named by nothing but the tombstone of their own id', async () => {
      const keys = { first: softAuthenticator(), second: softAuthenticator(), third: softAuthenticator() };
      const person = await signedIn(app, uid);
      await person.enrollFirst(keys.first, 'first');
      expect((await person.enroll(keys.second, { name: 'second' })).status).to.equal(200);
      const later = await signedIn(app, uid);
      expect((await later.verify(keys.second)).status).to.equal(200);
      await remove(later, 'first');
      await app.mfa.reset(uid, { by: 'ops' });
      const anew = await signedIn(app, uid);
      await anew.enrollFirst(keys.third, 'third');
      expect((await kept.everything()).filter((one) => one.includes(uid)).length).to.be.least(6);

      await app.mfa.deprovision(uid);
      await app.mfa.settled();
      const naming = (await kept.everything()).filter((one) => one.includes(uid) && !one.includes(':transient:'));
      expect(naming).to.have.length(1);
      expect(naming[0]).to.match(/^:?\{ada\.lovelace\}:record = [\s\S]*removed$/);
      const ids = Object.values(keys).flatMap(({ credentials }) => credentials.map(({ id }) => id));
      expect(ids).to.have.length(3);
      for (const id of ids) expect(await kept.store.claim(`webauthn:credential:${id}`, 'mallory'), id).to.equal(null);
    });
  });
}
