// Backup codes used: once each, by rivals, after a rotation, and after their end.
import { expect } from 'chai';
import type { Authenticator } from '../../../src/core/kernel/record.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import { setOf } from '../../../src/factors/backup-codes/code-set.js';
import { applied } from '../../../src/testing/factor-contract.js';
import { answer, enrol } from './fixture.js';
import { contextAt, day, noon, secretOfTheApp } from '../../support/factor-context.js';

const factor = backupCodes({ count: 5 });
const context = contextAt(noon);
const refused = { is: 'wrong', reason: 'session.mfa.invalid_backup_code' };

const wrongFor = (codes: readonly string[]) =>
  ['AAAA-AAAA', 'BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'EEEE-EEEE', 'FFFF-FFFF'].find((code) => !codes.includes(code));
const setIn = (own: readonly Authenticator[]) => setOf(own[0] as Authenticator);

describe('a backup code', () => {
  it('works once, in any order and however it is typed; then its hash is gone and a tombstone stays', async () => {
    const { codes, own } = await enrol(factor, context);
    let now = own;
    for (const at of [3, 0, 4]) {
      const later = contextAt(noon + 100 + at, { ip: '203.0.113.7' });
      const verdict = await answer(factor, later, now, codes[at]?.toLowerCase().replace('-', ' '));
      now = applied(now, verdict);
      expect(setIn(now).codes[at]).to.deep.equal({ usedAt: noon + 100 + at });
      expect(await answer(factor, later, now, codes[at])).to.deep.equal(refused);
    }
    expect(setIn(now).codes.filter((code) => 'hash' in code)).to.have.length(2);
    const { value, belongsTo } = factor.sealed?.(context.user.id, now[0]!) ?? {};
    const addresses = JSON.parse(context.sealer.open(value!, belongsTo!)) as object;
    expect(addresses).to.deep.equal({ 0: '203.0.113.7', 3: '203.0.113.7', 4: '203.0.113.7' });
    expect(setIn(now)).to.include({ createdAt: noon, expiresAt: noon + 365 * day, salt: setIn(own).salt });
  });

  it('says how many are left, and from three on that they run low', async () => {
    const { codes, own } = await enrol(factor, context);
    let now = own;
    const told: unknown[] = [];
    for (const code of codes) {
      const verdict = await answer(factor, context, now, code);
      now = applied(now, verdict);
      told.push(verdict.is === 'right' && verdict.happened?.map(({ name, detail }) => [name, detail?.['left']]));
    }
    expect(told).to.deep.equal([
      [['backup-code-used', 4]],
      [
        ['backup-code-used', 3],
        ['backup-codes-low', 3],
      ],
      [
        ['backup-code-used', 2],
        ['backup-codes-low', 2],
      ],
      [
        ['backup-code-used', 1],
        ['backup-codes-low', 1],
      ],
      [
        ['backup-code-used', 0],
        ['backup-codes-low', 0],
      ],
    ]);
    expect(await answer(factor, context, now, codes[0])).to.deep.equal(refused);
  });

  it('is right for one of two rivals with the same evidence, and two rivals with two codes are both right', async () => {
    const { codes, own } = await enrol(factor, context);
    const weighed = await Promise.all(
      [codes[0], codes[1]].map((code) => factor.weigh(context, own, { code: String(code).replace('-', '') })),
    );
    const [first, second] = weighed;
    if (!first || !second) throw new Error('nothing was weighed');
    const once = applied(own, factor.judge(context, own, first));
    expect(factor.judge(context, once, first)).to.deep.equal(refused);
    const twice = applied(once, factor.judge(context, once, second));
    expect(setIn(twice).codes.map((code) => 'usedAt' in code)).to.deep.equal([true, true, false, false, false]);
  });

  it('of a set that was replaced makes the evidence stale, and is wrong when weighed again', async () => {
    const { codes, own } = await enrol(factor, context);
    const evidence = await factor.weigh(context, own, { code: String(codes[0]).replace('-', '') });
    const renewed = await enrol(factor, context, own);
    expect(factor.judge(context, renewed.own, evidence)).to.deep.equal({ is: 'stale' });
    expect(await answer(factor, context, renewed.own, codes[0])).to.deep.equal(refused);
    expect(await answer(factor, context, renewed.own, renewed.codes[0])).to.include({ is: 'right' });
  });

  it('of an older pepper still works after the secret was rotated', async () => {
    const { codes, own } = await enrol(factor, context);
    const secrets = ['a newer secret of the app, 32 bytes and more', secretOfTheApp];
    const rotated = contextAt(noon, { sealer: createSealer({ secrets, namespace: 'acme' }) });
    const used = applied(own, await answer(factor, rotated, own, codes[0]));
    expect(setIn(used).keyId).to.equal(setIn(own).keyId);
    expect(await answer(factor, rotated, used, codes[1])).to.include({ is: 'right' });
  });
});

describe('a set that expired', () => {
  it('says so, with the date, to whoever holds one of its codes, and does not count it as a guess', async () => {
    const { codes, own } = await enrol(factor, context);
    const end = noon + 365 * day;
    expect(await answer(factor, contextAt(end - 1), own, codes[0])).to.include({ is: 'right' });
    expect(await answer(factor, contextAt(end), own, codes[0])).to.deep.equal({
      is: 'wrong',
      reason: 'session.mfa.backup_codes_expired',
      details: { expiredAt: end },
      attempt: false,
    });
  });

  it('tells a guesser what everybody is told, and counts it', async () => {
    const { codes, own } = await enrol(factor, context);
    expect(await answer(factor, contextAt(noon + 400 * day), own, wrongFor(codes))).to.deep.equal(refused);
  });

  it('does not exist where codes never expire', async () => {
    const forever = backupCodes({ count: 5, expiresInDays: null });
    const { codes, own } = await enrol(forever, context);
    expect(setIn(own).expiresAt).to.equal(null);
    expect(await answer(forever, contextAt(noon + 10_000 * day), own, codes[0])).to.include({ is: 'right' });
  });
});

describe('a wrong backup code', () => {
  it('takes about as long, and is told in the same words, whether there is a set, an expired one or none', async () => {
    const { codes, own } = await enrol(factor, context);
    const cases: [number, Authenticator[]][] = [
      [noon, own],
      [noon + 400 * day, own],
      [noon, []],
    ];
    const fastest: number[] = [];
    for (const [now, enrolled] of cases) {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const started = process.cpuUsage();
        expect(await answer(factor, contextAt(now), enrolled, wrongFor(codes))).to.deep.equal(refused);
        const { user, system } = process.cpuUsage(started);
        times.push((user + system) / 1000);
      }
      fastest.push(Math.min(...times));
    }
    // Time of the processor. Without the dummy derivation the last would take microseconds.
    expect(Math.max(...fastest) / Math.min(...fastest), fastest.join(' ms, ')).to.be.below(5);
  });
});
