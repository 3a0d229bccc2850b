// Which session stores are named as unable to save, and how often.
import { expect } from 'chai';
import type { Request } from 'express';
import type { MfaCore } from '../../../src/mfa.js';
import { warnOfSessionStore } from '../../../middleware/sign-in/session-store.js';
import { warningsOf } from '../../support/warnings.js';

const set = 'function set(key, value) { return this.client.set(key, value, { expiration: { type: "EX" } }); }';
const speaksNew = Object.assign(() => undefined, { toString: () => set });
const speaksOld = Object.assign(() => undefined, { toString: () => 'client.set(key, value, "EX", ttl)' });
const ioredis = { defineCommand: () => undefined };

async function codesOf(...stores: unknown[]): Promise<(string | undefined)[]> {
  const core = { config: {} } as MfaCore;
  const warned = await warningsOf(() => {
    for (const sessionStore of stores) warnOfSessionStore(core, { sessionStore } as unknown as Request);
  });
  return warned.map(({ code }) => code);
}

describe('a session store', () => {
  it('of connect-redis 9 on a client of ioredis is named, once', async () => {
    const store = () => ({ client: ioredis, set: speaksNew });
    expect(await codesOf(store(), store())).to.deep.equal(['express-mfa.session_store']);
    const one = store();
    expect(await codesOf(one)).to.have.length(1);
    expect(await codesOf(one)).to.deep.equal([]);
  });

  it('that can save is not: another client, an older store, none that lasts, none at all', async () => {
    const able = [
      { client: { get: () => undefined }, set: speaksNew },
      { set: speaksNew },
      { client: ioredis, set: speaksOld },
      { client: ioredis, set },
      { client: ioredis },
      { client: ioredis, set: speaksNew, disableTTL: true },
      undefined,
    ];
    expect(await codesOf(...able)).to.deep.equal([]);
    expect(await codesOf({ client: ioredis, set: speaksNew, disableTTL: false })).to.have.length(1);
  });
});
