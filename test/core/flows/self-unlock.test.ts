// The way back for somebody whom a stranger locked out: three right codes in a row, far apart, each weighed as any answer is.
import { expect } from 'chai';
import { generate } from 'otplib';
import { beginEnrollment } from '../../../src/core/flows/enroll.js';
import { confirmEnrollment } from '../../../src/core/flows/confirm-enrollment.js';
import { lockoutDefaults } from '../../../src/core/rules/attempts.js';
import type { Asker } from '../../../src/core/kernel/kernel.js';
import { selfUnlock } from '../../../src/core/flows/self-unlock.js';
import { verify } from '../../../src/core/flows/verify.js';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import { totp } from '../../../src/factors/totp/totp.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { saidOf } from '../../support/core-person.js';

function stranger(kernel: TestKernel, flowId = 'another session'): Asker {
  const signIn = {
    userId: 'alice',
    flowId,
    startedAt: kernel.now(),
    moment: 'sign-in' as const,
    proofs: [],
    csrf: 'csrf',
  };
  return { user: { id: 'alice', label: 'Alice' }, signIn, locale: 'en', hints: {} };
}

/** Alice has an authenticator app; five wrong codes from an unknown browser have locked it there. */
async function lockedOut(selfUnlockOn = true) {
  const kernel = testKernel({
    factors: [totp(), backupCodes()],
    settings: { lockout: { ...lockoutDefaults, selfUnlock: selfUnlockOn } },
  });
  const owner = stranger(kernel, 'owner');
  const begun = await beginEnrollment(kernel, owner, 'totp', {}, 'page');
  if (!begun.accepted) throw new Error(begun.reason);
  const { secret } = begun.begun?.shown as { secret: string };
  const code = () => generate({ secret, epoch: kernel.now() });
  await confirmEnrollment(kernel, owner, 'totp', { code: await code() });
  const asker = stranger(kernel);
  for (let wrong = 0; wrong < 5; wrong += 1) await verify(kernel, asker, 'totp', { code: '000000' });
  // Long waits only: the lock must not lapse by itself while the three codes are typed.
  for (let wrong = 0; wrong < 6; wrong += 1) {
    kernel.clock.now += 3600;
    await verify(kernel, asker, 'totp', { code: '000000' });
  }
  const unlock = async (given?: string) => selfUnlock(kernel, asker, 'totp', { code: given ?? (await code()) });
  const reasonNow = async () => {
    return saidOf(await verify(kernel, asker, 'totp', { code: await code() }));
  };
  return { kernel, asker, code, unlock, reasonNow, wait: (seconds: number) => (kernel.clock.now += seconds) };
}

const locked = 'session.verification_blocked_too_many_attempts';

describe('self-unlock', () => {
  it('gives the app back after three right codes in a row, two minutes apart', async () => {
    const { unlock, wait, reasonNow, kernel } = await lockedOut();
    expect(await reasonNow()).to.equal(locked);
    for (let right = 0; right < 3; right += 1) {
      expect((await unlock()).accepted).to.equal(true);
      wait(121);
    }
    expect(await reasonNow()).to.equal('accepted');
    expect(kernel.events.filter(({ name }) => name === 'unlocked')).to.have.length(1);
  });

  it('tells a wrong code from a right one by nothing', async () => {
    const { unlock, wait } = await lockedOut();
    const wrong = await unlock('000000');
    wait(121);
    expect(await unlock()).to.deep.equal(wrong);
  });

  it('starts over after a wrong code', async () => {
    const { unlock, wait, reasonNow } = await lockedOut();
    for (const given of [undefined, undefined, '000000', undefined, undefined]) {
      await unlock(given);
      wait(121);
    }
    expect(await reasonNow()).to.equal(locked);
    await unlock();
    wait(121);
    expect(await reasonNow()).to.equal('accepted');
  });

  it('evaluates nothing within two minutes of the last code, and says how long to wait', async () => {
    const { unlock, wait, kernel } = await lockedOut();
    await unlock('000000');
    wait(60);
    const outcome = await unlock();
    expect(outcome).to.deep.include({ accepted: false, reason: locked });
    expect(!outcome.accepted && outcome.details.retryAfterSeconds).to.equal(60);
    const record = await kernel.recordOf('alice');
    expect(record.attempts['unlock:totp/unknown']).to.include({ rights: 0, failures: 1 });
  });

  it('evaluates one of any number of parallel answers', async () => {
    const { unlock, code } = await lockedOut();
    const right = await code();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => unlock(right)));
    expect(outcomes.filter(({ accepted }) => accepted)).to.have.length(1);
  });

  it('spends the codes it is shown', async () => {
    const { unlock, kernel, code, asker } = await lockedOut();
    const right = await code();
    await unlock(right);
    kernel.clock.now += 1;
    const record = await kernel.recordOf('alice');
    const step = (record.authenticators[0]?.data as { lastStep: number }).lastStep;
    expect(step).to.equal(Math.floor((kernel.clock.now - 1) / 30));
    expect((await verify(kernel, asker, 'totp', { code: right })).accepted).to.equal(false);
  });

  it('waits an hour after ten wrong codes', async () => {
    const { unlock, wait } = await lockedOut();
    for (let wrong = 0; wrong < 10; wrong += 1) {
      await unlock('000000');
      if (wrong < 9) wait(121);
    }
    wait(200);
    const outcome = await unlock();
    expect(!outcome.accepted && outcome.details.retryAfterSeconds).to.equal(3400);
  });

  it('is for nobody who is not locked, and off unless the app turns it on', async () => {
    const off = await lockedOut(false);
    expect(await off.unlock()).to.deep.include({ reason: 'session.mfa.mfa_factor_not_enabled' });
    const { unlock, wait } = await lockedOut();
    wait(7200);
    expect(await unlock()).to.deep.include({ reason: 'session.mfa.pending_info_not_found' });
  });

  it('opens no closed lane: that is for its owner, an admin or a new password', async () => {
    const { unlock, wait, kernel, asker } = await lockedOut();
    for (let wrong = 0; wrong < 45; wrong += 1) {
      wait(3601);
      await verify(kernel, asker, 'totp', { code: '000000' });
    }
    expect((await kernel.recordOf('alice')).attempts['/unknown']?.closedAt).to.be.a('number');
    expect(await unlock()).to.deep.include({ reason: 'session.mfa.pending_info_not_found' });
  });
});
