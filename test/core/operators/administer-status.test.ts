// What operators see of a person, to the second, and what they do to trust, locks and sign-ins: written once, told to whom it concerns.
import { expect } from 'chai';
import {
  endTrust,
  passwordChanged,
  statusOf,
  statusOfUnread,
  unlockUser,
} from '../../../src/core/operators/administer.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { MfaError } from '../../../src/core/words/errors.js';
import type { TestKernel } from '../../support/core-kernel.js';
import { app, codes, having, key, nobody, now, own, pass, ruleKernel } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

const browser = (id: string, expiresAt = now + 9) => ({ id, hash: 'h', previous: [], createdAt: 1, expiresAt });

async function keeping(record: MfaRecord): Promise<TestKernel> {
  const kernel = ruleKernel();
  await kernel.store.save('ann', record, undefined);
  return kernel;
}

const toldOf = ({ events, notices }: TestKernel) => ({
  events,
  notices: notices.map(({ what, at }) => [what, at]),
});

describe('the status of a person', () => {
  const statusFor = (record: MfaRecord) => statusOf(ruleKernel(), 'ann', record);

  it('names each method, how it stands and since when', () => {
    const listed = [
      own(key, { name: 'Mine', lastUsedAt: 9 }),
      own(app, { disabledAt: 7, data: { state: 'low' } }),
      own(codes, { data: { state: 'low', left: 1, expiresAt: now + 9 } }),
      own(pass, { data: { state: 'expired' } }),
    ];
    const createdAt = own(key).createdAt;
    expect(statusFor(having(listed, { owed: ['backup-codes'] }))).to.deep.equal({
      ...{ userId: 'ann', protected: true, owed: ['backup-codes'], locked: [], trustedBrowsers: 0 },
      authenticators: [
        { id: 'key', kind: 'key', name: 'Mine', createdAt, lastUsedAt: 9, state: 'usable' },
        { id: 'app', kind: 'app', createdAt, disabledAt: 7, state: 'disabled' },
        { id: 'codes', kind: 'codes', createdAt, state: 'low', left: 1, expiresAt: now + 9 },
        { id: 'pass', kind: 'pass', createdAt, state: 'expired' },
      ],
    });
  });

  it('names locks that are not over and lanes that are closed', () => {
    const attempts = {
      over: { failures: 5, failedAt: 1, lockedUntil: now },
      locked: { failures: 6, failedAt: 1, lockedUntil: now + 1 },
      closed: { failures: 50, failedAt: 1, closedAt: 1 },
      both: { failures: 51, failedAt: 1, closedAt: 1, lockedUntil: now - 1 },
      counted: { failures: 2, failedAt: 1 },
    };
    expect(statusFor({ ...nobody, attempts }).locked).to.deep.equal([
      { scope: 'locked', failures: 6, until: now + 1 },
      { scope: 'closed', failures: 50, closed: true },
      { scope: 'both', failures: 51, until: now - 1, closed: true },
    ]);
  });

  it('counts browsers that are trusted still', () => {
    const trusted = [browser('a', now + 1), browser('b', now), browser('c', now - 1)];
    expect(statusFor({ ...nobody, trusted }).trustedBrowsers).to.equal(1);
  });

  it('says who bars them, who vouches for them, and what holds them, as long as it does', () => {
    const {
      userId,
      protected: isProtected,
      ...rest
    } = statusFor({
      ...nobody,
      ...{
        suspended: { admin: 5 },
        account: 'ended',
        upstream: [{ issuer: 'i', claim: 'c' }],
        codesBarredUntil: now + 1,
      },
      ...{ hold: { since: 1, until: now + 1 }, exemptions: [{ from: 1, until: now + 1 }] },
    });
    expect({ userId, isProtected }).to.deep.equal({ userId: 'ann', isProtected: false });
    expect(rest).to.deep.equal({
      ...{ authenticators: [], owed: [], locked: [], trustedBrowsers: 0 },
      ...{ suspended: { admin: 5 }, account: 'ended', upstream: ['i'], codesBarredUntil: now + 1 },
      ...{ hold: { since: 1, until: now + 1 }, exemptUntil: now + 1 },
    });
    const over = { codesBarredUntil: now, hold: { since: 1, until: now }, exemptions: [{ from: 1, until: now }] };
    const usual = ['userId', 'protected', 'authenticators', 'owed', 'locked', 'trustedBrowsers'];
    expect(statusFor({ ...nobody, ...over })).to.have.all.keys(usual);
    expect(statusFor(having([key], { exemptions: [{ from: 1, until: now + 1 }] })), 'protected').to.have.all.keys(
      usual,
    );
  });

  it('says nothing of a record that cannot be believed but that, and that its person is refused', () => {
    expect(statusOfUnread('ann', new MfaError('store.record_altered', 'altered'))).to.deep.equal({
      ...{ userId: 'ann', unread: 'store.record_altered', protected: true },
      ...{ authenticators: [], owed: [], locked: [], trustedBrowsers: 0 },
    });
  });
});

describe('the end of trust', () => {
  it('is for every browser, told of each with who and why, and to the person once', async () => {
    const kernel = await keeping(having([key], { trusted: [browser('a'), browser('b', 1)] }));
    await endTrust(kernel, 'ann', { by: 'ops', reason: 'lost' });
    expect(await kernel.recordOf('ann')).to.deep.equal(having([key]));
    const about = { name: 'browser-trust-revoked', actor: 'admin', by: 'ops', userId: 'ann' };
    expect(toldOf(kernel)).to.deep.equal({
      events: ['a', 'b'].map((id) => ({ ...about, detail: { reason: 'lost', browser: id } })),
      notices: [['browser-trust-revoked', now]],
    });
    kernel.events.length = 0;
    const before = await kernel.store.load('ann');
    await endTrust(kernel, 'ann', { by: 'ops' });
    expect(await kernel.store.load('ann')).to.deep.equal(before);
    expect(kernel.events).to.deep.equal([]);
    expect(await codeOf(endTrust(kernel, 'ann', {} as never))).to.equal('config.invalid_option');
  });
});

describe('an unlock', () => {
  const attempts = { '/unknown': { failures: 50, failedAt: 1, closedAt: 1 } };

  it('by a person of the app is told to whom it concerns, by the app’s own code not', async () => {
    const named = await keeping(having([key], { attempts }));
    await unlockUser(named, 'ann', { by: 'ops' });
    const unlocked = { name: 'unlocked', actor: 'admin', userId: 'ann' };
    expect(toldOf(named)).to.deep.equal({ events: [{ ...unlocked, by: 'ops' }], notices: [['unlocked', now]] });
    const own = await keeping(having([key], { attempts }));
    await unlockUser(own, 'ann');
    expect(toldOf(own)).to.deep.equal({ events: [unlocked], notices: [] });
    expect(await codeOf(unlockUser(own, 'ann', {} as never))).to.equal('config.invalid_option');
  });
});

describe('a new password', () => {
  it('changes the epoch of whoever has something that can end, and writes nothing of whoever has not', async () => {
    for (const [what, record, ends] of [
      ['a method', having([key]), true],
      ['a trusted browser alone', { ...nobody, trusted: [browser('a')] }, true],
      ['wrong answers alone', { ...nobody, attempts: { '/unknown': { failures: 3, failedAt: now } } }, true],
      ['nothing', { ...emptyRecord('e'), skipped: { x: 1 } }, false],
    ] as [string, MfaRecord, boolean][]) {
      const kernel = await keeping(record);
      const { revision } = await kernel.store.load('ann');
      await passwordChanged(kernel, 'ann');
      const after = await kernel.store.load('ann');
      expect(after.revision !== revision, what).to.equal(ends);
      expect(after.record?.epoch !== 'e', what).to.equal(ends);
      expect(after.record?.trusted).to.deep.equal([]);
    }
  });

  it('tells of each browser that was trusted, by the system and to nobody', async () => {
    const kernel = await keeping(having([key], { trusted: [browser('a'), browser('b')] }));
    await passwordChanged(kernel, 'ann');
    const ended = { name: 'browser-trust-revoked', actor: 'system', userId: 'ann' };
    expect(toldOf(kernel)).to.deep.equal({ events: [ended, ended], notices: [] });
  });
});
