// The failure budget, step by step: what one wrong answer writes and tells, what lately counts towards risk, and what a new
// password leaves.
import { expect } from 'chai';
import {
  afterNewPassword,
  barrier,
  chargedFailures,
  countEnrollmentFailure,
  countFailure,
  isLaneClosed,
  lockoutDefaults as lockout,
  recentFailures,
  remainingAttempts,
  withRecentFailure,
  type Lane,
} from '../../../src/core/rules/attempts.js';
import type { Attempts, MfaRecord } from '../../../src/core/kernel/record.js';
import { app, having, now } from '../../support/rule-person.js';

const laptop: Lane = 'known:laptop';
const before = (attempts: { [scope: string]: Attempts }): MfaRecord =>
  having([app], { attempts, known: [{ id: 'laptop', hash: 'h', createdAt: 1 }] });
const failed = (failures: number, more: Partial<Attempts> = {}): Attempts => ({ failures, failedAt: now - 9, ...more });
const counted = (failures: number, more: Partial<Attempts> = {}): Attempts => ({ failures, failedAt: now, ...more });

describe('one wrong answer', () => {
  const first = { failures: 1, failedAt: now };
  const waits: [nth: number, waitSeconds: number | undefined][] = [
    [1, undefined],
    [4, undefined],
    [5, 30],
    [6, 60],
    [12, 3600],
  ];

  for (const [nth, waitSeconds] of waits)
    it(`as the ${nth}. in a row ${waitSeconds ? `waits ${waitSeconds} s, and tells so` : 'waits and tells nothing'}`, () => {
      const was = nth === 1 ? {} : { 'app/unknown': failed(nth - 1), '/unknown': failed(nth - 1) };
      const { record, ...told } = countFailure(before(was), 'app', 'unknown', lockout, now);
      const locked = waitSeconds === undefined ? {} : { lockedUntil: now + waitSeconds };
      expect(record.attempts).to.deep.equal({ 'app/unknown': counted(nth, locked), '/unknown': counted(nth) });
      expect(record.authenticators[0]?.failures).to.equal(1);
      expect(told).to.deep.equal({
        happened: waitSeconds ? [{ name: 'locked', kind: 'app', detail: { waitSeconds, failures: nth } }] : [],
        notices: [],
        ...(waitSeconds && { retryAfterSeconds: waitSeconds }),
      });
    });

  for (const [nth, waitSeconds] of waits)
    it(`to an enrolment, as the ${nth}. in a row, ${waitSeconds ? `waits ${waitSeconds} s` : 'waits for nothing'}, and writes nothing else`, () => {
      const was = before({ ...(nth > 1 && { 'enroll:app/unknown': failed(nth - 1) }), '/unknown': failed(3) });
      const { record, ...told } = countEnrollmentFailure(was, 'app', 'unknown', lockout, now);
      const locked = waitSeconds === undefined ? {} : { lockedUntil: now + waitSeconds };
      const attempts = { 'enroll:app/unknown': counted(nth, locked), '/unknown': failed(3) };
      expect(record).to.deep.equal({ ...was, attempts });
      expect(told).to.deep.equal({
        happened: waitSeconds ? [{ name: 'locked', kind: 'app', detail: { waitSeconds } }] : [],
        notices: [],
        ...(waitSeconds && { retryAfterSeconds: waitSeconds }),
      });
    });

  it('keeps what else is counted: other factors, other lanes, and right answers of a self-unlock', () => {
    const others = { 'mail/unknown': failed(2), 'app/known:laptop': failed(3), '/known:laptop': failed(3) };
    const was = before({ ...others, 'app/unknown': failed(1, { rights: 2 }) });
    const { record } = countFailure(was, 'app', 'unknown', lockout, now);
    expect(record.attempts).to.deep.equal({ ...others, 'app/unknown': counted(2, { rights: 2 }), '/unknown': first });
  });

  it('as the 50th of unknown browsers closes their lane, and says so to listeners and the person', () => {
    const { record, happened, notices } = countFailure(
      before({ '/unknown': failed(49) }),
      'app',
      'unknown',
      lockout,
      now,
    );
    expect(record.attempts['/unknown']).to.deep.equal(counted(50, { closedAt: now }));
    expect(happened).to.deep.equal([{ name: 'lane-closed', actor: 'system', detail: { failures: 50 } }]);
    expect(notices).to.deep.equal([{ what: 'lane-closed', at: now, left: 50 }]);
  });

  it('leaves the time of a lane that is closed already', () => {
    const closed = failed(60, { closedAt: 5 });
    const { record } = countFailure(before({ '/unknown': closed }), 'app', 'unknown', lockout, now);
    expect(record.attempts['/unknown']).to.deep.equal(counted(61, { closedAt: 5 }));
  });

  it('as the 20th of the person tells them, however lanes share them', () => {
    const { notices } = countFailure(
      before({ '/unknown': failed(12), '/known:laptop': failed(7) }),
      'app',
      laptop,
      lockout,
      now,
    );
    expect(notices).to.deep.equal([{ what: 'failures', at: now, left: 20 }]);
  });
});

describe('what stands in the way', () => {
  const rows: [what: string, attempts: Attempts | undefined, barrier: number | undefined, remaining: number][] = [
    ['nothing was counted', undefined, undefined, 5],
    ['there were four', failed(4), undefined, 1],
    ['the wait ends in a second', failed(5, { lockedUntil: now + 1 }), 1, 0],
    ['the wait is over', failed(5, { lockedUntil: now }), undefined, 1],
    ['the wait is the longest there is', failed(12, { lockedUntil: now + 3600 }), 3600, 0],
    ['the clock was set back', failed(12, { lockedUntil: now + 3601 }), undefined, 0],
    ['many were counted, and no wait', failed(9), undefined, 1],
  ];
  for (const [what, attempts, wait, remaining] of rows)
    it(`is ${wait === undefined ? 'nothing' : `a wait of ${wait} s`}, and ${remaining} are left, where ${what}`, () => {
      const record = before(attempts ? { 'app/unknown': attempts } : {});
      expect(barrier(record, 'app/unknown', 'unknown', lockout, now)).to.equal(wait);
      expect(remainingAttempts(record, 'app/unknown', lockout, now)).to.equal(remaining);
    });

  it('is a lane that is closed, whosever it is', () => {
    const closed = failed(50, { closedAt: 5 });
    expect(isLaneClosed(before({}))).to.equal(false);
    expect(isLaneClosed(before({ '/unknown': failed(49), 'app/unknown': failed(9) }))).to.equal(false);
    expect(isLaneClosed(before({ 'app/unknown': failed(9), '/unknown': closed }))).to.equal(true);
  });
});

describe('what came lately', () => {
  const lately = (recent: number[]) => failed(1, { recent });

  it('is noted of a lane in which something is counted, twenty of the last hour at most', () => {
    const noted = (recent: number[]) =>
      withRecentFailure(before({ '/unknown': lately(recent) }), 'unknown', now).attempts['/unknown'];
    expect(noted([])).to.deep.equal(lately([now]));
    expect(noted([now - 3601, now - 3600, now - 5])).to.deep.equal(lately([now - 3600, now - 5, now]));
    const many = Array.from({ length: 20 }, (_, n) => now - 20 + n);
    expect(noted(many)).to.deep.equal(lately([...many.slice(1), now]));
    const none = before({ '/known:laptop': failed(1) });
    expect(withRecentFailure(none, 'unknown', now)).to.equal(none);
    const other = { '/unknown': failed(2), '/known:laptop': failed(1) };
    expect(withRecentFailure(before(other), laptop, now).attempts).to.deep.equal({
      ...other,
      '/known:laptop': lately([now]),
    });
  });

  it('is charged to a known browser as its own, to an unknown one as everybody’s, oldest first', () => {
    const record = before({
      '/unknown': lately([now - 3601, now - 30, now - 10]),
      '/known:laptop': lately([now - 20, now - 1]),
      '/known:gone': lately([now - 2]),
      'app/unknown': failed(1),
    });
    expect(recentFailures(record, 'unknown', now)).to.deep.equal([now - 30, now - 10]);
    expect(recentFailures(record, 'known:phone', now)).to.deep.equal([]);
    expect(chargedFailures(record, laptop, now)).to.deep.equal([now - 20, now - 1]);
    expect(chargedFailures(record, 'unknown', now)).to.deep.equal([now - 30, now - 20, now - 10, now - 1]);
    expect(chargedFailures(before({ '/known:laptop': failed(1) }), 'unknown', now)).to.deep.equal([]);
  });
});

describe('a new password', () => {
  it('ends waits, opens the lane of unknown browsers with its count, and the confirmation of a first enrolment', () => {
    const { attempts } = afterNewPassword(
      before({
        '/unknown': failed(50, { closedAt: 5 }),
        '/known:laptop': failed(3),
        'app/unknown': failed(9, { lockedUntil: now + 60, rights: 1 }),
        'enroll:app/unknown': failed(6, { lockedUntil: now - 60 }),
        'enroll:confirm/unknown': failed(5),
        'enroll:confirm/known:laptop': failed(2),
      }),
      now,
    );
    expect(attempts).to.deep.equal({
      '/known:laptop': failed(3),
      'app/unknown': failed(9, { rights: 1 }),
      'enroll:app/unknown': failed(6),
    });
  });

  const rows: [what: string, attempts: { [scope: string]: Attempts }, opened: boolean][] = [
    ['nothing was counted', {}, false],
    ['nothing locked', { '/unknown': failed(3), 'app/unknown': failed(3) }, false],
    ['a wait is over', { 'app/unknown': failed(5, { lockedUntil: now }) }, false],
    ['somebody waits', { '/unknown': failed(5), 'app/unknown': failed(5, { lockedUntil: now + 1 }) }, true],
    ['the lane is closed', { 'app/known:laptop': failed(1), '/unknown': failed(50, { closedAt: 5 }) }, true],
  ];
  for (const [what, attempts, opened] of rows)
    it(`${opened ? 'opens the way' : 'opens nothing'} where ${what}`, () => {
      expect(afterNewPassword(before(attempts), now).opened).to.equal(opened);
    });
});
