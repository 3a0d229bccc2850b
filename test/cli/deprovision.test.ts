// An operator removes somebody whom the app has deleted: nothing in Redis says afterwards whose anything was.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { transact } from '../../src/core/kernel/transact.js';
import { openSite, passkeyOf, secrets, totpOf, type Site } from '../support/cli.js';
import { newRedis } from '../support/redis.js';
import { newFolder } from '../support/folder.js';

describe('express-mfa deprovision', function () {
  this.timeout(180_000);
  let site: Site;
  beforeEach(() => (site = openSite()));
  afterEach(() => site.close());

  const claim = (credential: string) => site.mfa.kernel.store.claim(credential);

  /** Somebody with two passkeys of three, all claimed. */
  async function withPasskeys(id: string): Promise<void> {
    const own = ['lost', 'old', 'new'].map((name) => passkeyOf(`${name}-of-${id}`));
    await site.put(id, [totpOf(site.mfa, id), ...own]);
    for (const { data } of own) {
      const { credentialId, userHandle } = data as { credentialId: string; userHandle: string };
      await site.mfa.kernel.store.claim(`webauthn:credential:${credentialId}`, id);
      await site.mfa.kernel.store.claim(`webauthn:user-handle:${userHandle}`, id);
    }
    await transact(site.mfa.kernel, { user: { id }, hints: {} }, (record) => ({
      result: undefined,
      save: { ...record, authenticators: record.authenticators.filter((one) => one.id !== own[0]!.id) },
    }));
  }

  /** `key = value` of all that says the name. */
  async function naming(id: string): Promise<string[]> {
    const redis = newRedis();
    const keys = await redis.keys(`${site.namespace}:*`);
    const all = await Promise.all(keys.map(async (key) => `${key} = ${await redis.get(key)}`));
    redis.disconnect();
    // The credential ids of these tests are spelt with the name; they are random elsewhere.
    return all.filter((one) => one.replaceAll(`-of-${id}`, '').includes(id));
  }

  it('removes all of a person but the tombstone, also what they gave up before the secret was rotated', async () => {
    await withPasskeys('ann');
    await site.put('bob', [totpOf(site.mfa, 'bob')]);
    const rotated = { TEST_SECRETS: [secrets.newer, secrets.old].join(',') };
    expect((await site.here(['rotate-keys'], rotated)).code).to.equal(0);
    expect(await naming('ann')).to.have.length(7);
    const TEST_EVENTS = join(newFolder('cli'), 'events');
    const environment = { TEST_SECRETS: secrets.newer, TEST_EVENTS };
    const args = ['deprovision', 'ann', '--by', 'ops', '--reason', 'left', '--yes', '--json'];
    const { code, stdout } = await site.here(args, environment);
    expect({ code, said: JSON.parse(stdout) as object }).to.deep.equal({ code: 0, said: { deprovisioned: 'ann' } });
    const [event] = readFileSync(TEST_EVENTS, 'utf8')
      .split('\n')
      .map((line) => JSON.parse(line || '{}') as object);
    const told = { name: 'user-deprovisioned', userId: 'ann', actor: 'cli', by: 'ops', detail: { reason: 'left' } };
    expect(event).to.deep.include(told);

    const left = await naming('ann');
    expect(left).to.have.length(1);
    expect(left[0]).to.match(/:\{ann\}:record = [\s\S]*removed$/);
    for (const name of ['lost', 'old', 'new']) expect(await claim(`webauthn:credential:${name}-of-ann`)).to.equal(null);
    expect((await site.here([...args.slice(0, -1)], environment)).code, 'once more').to.equal(0);
    expect((await site.here(['status', 'bob'], environment)).code).to.equal(0);
  });

  it('asks for a name and for a yes, and takes no mistyped id', async () => {
    await withPasskeys('ann');
    const nameless = await site.here(['deprovision', 'ann', '--yes']);
    expect(nameless.code).to.equal(2);
    expect(nameless.stderr).to.contain('--by NAME is missing');
    expect((await site.here(['deprovision', 'ann', '--by', 'ops'])).code).to.equal(2);
    const mistyped = await site.here(['deprovision', 'amn', '--by', 'ops', '--yes']);
    expect(mistyped.code).to.equal(1);
    expect(mistyped.stderr).to.contain('There never was a record of "amn".');
    expect((await site.mfa.status('ann'))?.authenticators).to.have.length(3);
    expect(await claim('webauthn:credential:lost-of-ann')).to.equal('ann');
  });
});
