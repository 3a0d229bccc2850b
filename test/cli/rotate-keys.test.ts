// Secrets are rotated while people sign in: nothing is lost, nothing is done twice, and whoever still needs an old one is told.
import { expect } from 'chai';
import { transact } from '../../src/core/kernel/transact.js';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import type { Mfa } from '../../src/index.js';
import { totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { testApp } from '../support/app.js';
import { codesOf, emailOf, openSite, passkeyOf, secrets, totpOf, type Site } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { haltingAfter } from '../support/halting.js';
import { redisUrl } from '../support/redis.js';

const both = { TEST_SECRETS: `${secrets.newer},${secrets.old}` };
const idsFrom = (prefix: string, length: number) => Array.from({ length }, (_, at) => `${prefix}-${at}`);

describe('express-mfa rotate-keys', function () {
  this.timeout(180_000);
  let site: Site;
  let rotated: Mfa;
  beforeEach(() => {
    site = openSite();
    rotated = site.withSecrets([secrets.newer, secrets.old]);
  });
  afterEach(() => site.close());

  /** How many sealed values of these people the newest secret made. */
  async function currentOf(ids: readonly string[]): Promise<number> {
    const { sealer, factors } = rotated.kernel;
    const records: { id: string; record: MfaRecord }[] = [];
    for (let at = 0; at < ids.length; at += 500)
      records.push(
        ...(await Promise.all(ids.slice(at, at + 500).map(async (id) => ({ id, record: await site.recordOf(id) })))),
      );
    return records
      .flatMap(({ id, record }) =>
        record.authenticators.map((own) => factors.find(({ kind }) => kind === own.kind)?.sealed?.(id, own)),
      )
      .filter((sealed) => sealed && sealer.isCurrent(sealed.value)).length;
  }

  /** An authenticator app for each, some at a time. */
  async function putAll(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += 500)
      await Promise.all(ids.slice(at, at + 500).map((id) => site.put(id, [totpOf(site.mfa, id)])));
  }

  it('seals everything anew, keeps what it says and its epoch, and finds nothing at the second run', async () => {
    await site.put('ann', [totpOf(site.mfa, 'ann'), emailOf(site.mfa, 'ann'), passkeyOf('a')]);
    await site.put('bob', [emailOf(rotated, 'bob')]);
    const before = await site.recordOf('ann');
    const bob = await site.recordOf('bob');

    const dry = await site.here(['rotate-keys', '--dry-run'], both);
    expect(dry.stdout).to.contain('2 values of 2 people would be sealed anew');
    expect(await currentOf(['ann'])).to.equal(0);

    const first = await site.here(['rotate-keys'], both);
    expect(first).to.include({ code: 0 });
    expect(first.stdout).to.contain('2 records looked at: 2 values of 2 people sealed anew.');
    expect(first.stdout).to.contain('Nobody needs an older secret any more');
    expect(await currentOf(['ann'])).to.equal(2);
    // Bob's address was sealed with the newest one already; the mac of his record was not.
    const { mac, ...bobs } = await site.recordOf('bob');
    expect(mac?.keyId).to.equal(rotated.kernel.sealer.keyId);
    expect({ ...bobs, mac: bob.mac }).to.deep.equal(bob);

    const after = await site.recordOf('ann');
    expect(after.epoch).to.equal(before.epoch);
    const onlyNewest = site.withSecrets([secrets.newer]).kernel;
    for (const own of after.authenticators) {
      const sealed = onlyNewest.factors.find(({ kind }) => kind === own.kind)?.sealed?.('ann', own);
      if (!sealed) continue;
      const opened = onlyNewest.sealer.open(sealed.value, sealed.belongsTo);
      expect(opened).to.equal(own.kind === 'email' ? 'ann@example.com' : 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
      expect({ ...own, data: sealed.with('') }).to.deep.equal({
        ...before.authenticators.find(({ id }) => id === own.id),
        data: sealed.with(''),
      });
    }

    const second = await site.here(['rotate-keys', '--json'], both);
    expect(JSON.parse(second.stdout)).to.include({ looked: 2, values: 0, people: 0, onlyNewestNeeded: true });
  });

  it('names who still needs an older secret, and fails only where a value does not open', async () => {
    const other = site.withSecrets([secrets.other]);
    await site.put('codes', [codesOf(site.mfa.kernel.sealer.keyId)]);
    const hashed = await site.here(['rotate-keys'], both);
    expect(hashed.code).to.equal(0);
    expect(hashed.lines[0]).to.equal('codes\tbackup-codes\tneeds secrets[1]');
    expect(hashed.stdout).to.contain('Keep the older secrets: 1 set of backup codes still need an older secret.');

    await site.put('lost-codes', [codesOf(other.kernel.sealer.keyId)]);
    await site.put('lost-app', [totpOf(other, 'lost-app'), emailOf(site.mfa, 'lost-app')]);
    await site.put('stranger', [{ id: 'x', kind: 'pigeon', createdAt: 1, data: {} }]);
    const failing = await site.here(['rotate-keys', '--json'], both);
    expect(failing.code).to.equal(1);
    const told = failing.lines.map((line) => JSON.parse(line) as { userId?: string; why?: string; keyId?: string });
    const summary = told.pop();
    expect(told.map(({ userId, why }) => `${userId}: ${why}`)).to.have.members([
      'codes: hashed',
      'lost-codes: hashed-unknown',
      'lost-app: unopened',
      'stranger: no-factor',
    ]);
    expect(told.find(({ userId }) => userId === 'lost-codes')?.keyId).to.equal(other.kernel.sealer.keyId);
    expect(summary).to.include({ values: 1, hashed: 1, failed: 3, onlyNewestNeeded: false });
    expect(await currentOf(['lost-app'])).to.equal(1);
  });

  it('goes on after it was killed in the middle', async () => {
    const ids = idsFrom('person', 2000);
    await putAll(ids);
    // Some hundred records in: four times fifty at once are under way.
    const killed = await haltingAfter(300_000, redisUrl());
    const { child, ended } = site.start(['rotate-keys'], { ...both, REDIS_URL: killed.url });
    await Promise.race([killed.reached, ended]);
    child.kill('SIGKILL');
    await ended;
    killed.close();
    await eventually(async () => expect(await currentOf(ids)).to.be.within(1, ids.length - 1));

    const halted = await haltingAfter(300_000, redisUrl());
    const stopping = site.start(['rotate-keys'], { ...both, REDIS_URL: halted.url });
    await Promise.race([halted.reached, stopping.ended]);
    const before = await currentOf(ids);
    stopping.child.kill('SIGINT');
    halted.goOn();
    const stopped = await stopping.ended;
    halted.close();
    expect(stopped.code, stopped.stderr).to.equal(1);
    expect(stopped.stdout).to.contain('Run it again to go on.');
    const done = await currentOf(ids);
    expect(done).to.be.within(before + 1, ids.length - 1);

    const { stdout, code } = await site.run(['rotate-keys', '--json'], both);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ looked: ids.length, values: ids.length - done });
    expect(await currentOf(ids)).to.equal(ids.length);
  });

  it('loses nothing that people do meanwhile, and refuses nobody', async () => {
    const filler = idsFrom('filler', 6000);
    const people = idsFrom('person', 6);
    await putAll(filler);
    const app = await testApp({
      secrets: [secrets.newer, secrets.old],
      store: rotated.config.store,
      factors: [totp()],
    });
    const owners = await Promise.all(
      people.map(async (id) => {
        const { secret } = await (await new Browser(app).signIn(id)).enrollTotp();
        // Its address is under the old secret, and a right code does not touch it.
        await transact(app.mfa.kernel, { user: { id }, hints: {} }, (record) => ({
          result: undefined,
          save: { ...record, authenticators: [...record.authenticators, emailOf(site.mfa, id)] },
        }));
        return { id, secret, epoch: (await site.recordOf(id)).epoch };
      }),
    );

    const { child, ended } = site.start(['rotate-keys', '--json'], both);
    let proofs = 0;
    let counted = 0;
    while (child.exitCode === null) {
      const turn = owners[proofs % owners.length]!;
      // Expects 200 each time; a right code that is refused for the rotation's sake would throw here.
      await (await new Browser(app).signIn(turn.id)).proveTotp(turn.secret);
      proofs += 1;
      const counts = owners.map(({ id }) =>
        transact(app.mfa.kernel, { user: { id }, hints: {} }, (record) => ({
          result: undefined,
          save: { ...record, skipped: { count: (record.skipped.count ?? 0) + 1 } },
        })),
      );
      await Promise.all(counts);
      counted += 1;
    }
    const said = await ended;
    expect(said.code, said.stderr).to.equal(0);
    expect(proofs).to.be.greaterThan(owners.length);
    expect(await currentOf(people)).to.equal(2 * people.length);
    expect(await currentOf(filler)).to.equal(filler.length);
    for (const { id, epoch } of owners) {
      const record = await site.recordOf(id);
      expect(record.skipped).to.deep.equal({ count: counted });
      expect(record.epoch).to.equal(epoch);
    }
    await app.close();
  });
});
