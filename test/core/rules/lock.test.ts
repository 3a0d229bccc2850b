// Whether answers of a kind are looked at in the asker's lane, and what is said of how long they are not.
import { expect } from 'chai';
import type { Attempts } from '../../../src/core/kernel/record.js';
import { lockOf, refusedAsLocked } from '../../../src/core/rules/lock.js';
import { app, having, key, now, ruleKernel } from '../../support/rule-person.js';

const kernel = ruleKernel();
const failed: Attempts = { failures: 50, failedAt: 1 };
const locked = { ...failed, lockedUntil: now + 90 };

describe('an answer', () => {
  const rows: [where: string, attempts: { [scope: string]: Attempts }, seconds: number | null | undefined][] = [
    ['nothing was counted', {}, undefined],
    ['this factor waits', { 'app/unknown': locked }, 90],
    ['the wait is over', { 'app/unknown': { ...locked, lockedUntil: now } }, undefined],
    ['the lane is closed', { '/unknown': { ...failed, closedAt: 1 } }, null],
    ['another factor waits', { 'mail/unknown': locked }, undefined],
    ['another lane waits', { 'app/known:laptop': locked, '/known:laptop': { ...failed, closedAt: 1 } }, undefined],
  ];
  for (const [where, attempts, seconds] of rows)
    it(`${seconds === undefined ? 'is looked at' : `is refused ${seconds === null ? 'until somebody opens it' : `for ${seconds} s`}`} where ${where}`, () => {
      const record = having([app, key], { attempts });
      expect(lockOf(kernel, {}, app, record)).to.equal(seconds);
      const refusal = refusedAsLocked(kernel, {}, app, record);
      expect(refusal?.reason).to.equal(
        seconds === undefined ? undefined : 'session.verification_blocked_too_many_attempts',
      );
      expect(refusal?.details).to.deep.equal(
        seconds === undefined ? undefined : { retryAfterSeconds: seconds, remainingAttempts: 0 },
      );
    });

  it('that brings a guesser nothing is never locked', () => {
    const record = having([key], { attempts: { 'key/unknown': locked, '/unknown': { ...failed, closedAt: 1 } } });
    expect(lockOf(kernel, {}, key, record)).to.equal(undefined);
    expect(refusedAsLocked(kernel, {}, key, record)).to.equal(undefined);
  });
});
