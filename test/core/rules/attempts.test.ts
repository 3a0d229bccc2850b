// The failure budget by itself: waits, lanes, the marks at 20, 50 and 100, and a clock that runs backwards.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  barrier,
  clearAllFailures,
  clearFailures,
  countEnrollmentFailure,
  countFailure,
  dropStrayLanes,
  enrollScope,
  lockoutDefaults as lockout,
  remainingAttempts,
  verifyScope,
  type Failed,
  type Lane,
} from '../../../src/core/rules/attempts.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';

const start = 1_800_000_000;
const unknown: Lane = 'unknown';
const laptop: Lane = 'known:laptop';
const scope = verifyScope('riddle', unknown);

function somebody(kinds = ['riddle', 'song']): MfaRecord {
  const authenticators = kinds.map((kind): Authenticator => ({ id: `my-${kind}`, kind, createdAt: start, data: {} }));
  const known = [{ id: 'laptop', hash: 'h', createdAt: start }];
  return { ...emptyRecord('e'), protected: true, authenticators, known };
}

/** Fails `times` times, each as soon as it may; returns every step. */
function failing(record: MfaRecord, times: number, lane: Lane = unknown, kind = 'riddle'): Failed[] {
  const steps: Failed[] = [];
  let now = start;
  let current = record;
  for (let n = 0; n < times; n += 1) {
    const wait = barrier(current, verifyScope(kind, lane), lane, lockout, now);
    if (typeof wait === 'number') now += wait;
    const failed = countFailure(current, kind, lane, lockout, now);
    steps.push(failed);
    current = failed.record;
  }
  return steps;
}
const after = (steps: Failed[]) => steps.at(-1)!.record;
const noticesOf = (steps: Failed[]) => steps.flatMap(({ notices }) => notices.map(({ what }) => what));
const eventsOf = (steps: Failed[]) => steps.flatMap(({ happened }) => happened.map(({ name }) => name));

describe('the failure budget', () => {
  it('waits 30 s after the 5th failure, twice as long after each later one, and never more than 1 h', () => {
    const waits = failing(somebody(), 14).map(({ retryAfterSeconds }) => retryAfterSeconds ?? 0);
    expect(waits).to.deep.equal([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('tells of each wait', () => {
    expect(eventsOf(failing(somebody(), 7))).to.deep.equal(['locked', 'locked', 'locked']);
  });

  it('lifts the barrier in the very second in which the wait ends', () => {
    const record = after(failing(somebody(), 5));
    expect(barrier(record, scope, unknown, lockout, start)).to.equal(30);
    expect(barrier(record, scope, unknown, lockout, start + 29)).to.equal(1);
    expect(barrier(record, scope, unknown, lockout, start + 30)).to.equal(undefined);
  });

  it('counts down what remains, and leaves one try after each wait', () => {
    const steps = failing(somebody(), 5);
    const remaining = steps.map(({ record }) => remainingAttempts(record, scope, lockout, start));
    expect(remaining).to.deep.equal([4, 3, 2, 1, 0]);
    expect(remainingAttempts(somebody(), scope, lockout, start)).to.equal(5);
    expect(remainingAttempts(after(steps), scope, lockout, start + 30)).to.equal(1);
  });

  it('keeps each factor its own wait: a locked one leaves the other usable', () => {
    const record = after(failing(somebody(), 5));
    expect(barrier(record, verifyScope('song', unknown), unknown, lockout, start)).to.equal(undefined);
  });

  it('keeps each lane its own wait: a stranger locks nobody out of a browser that is known', () => {
    const record = after(failing(somebody(), 12));
    expect(barrier(record, verifyScope('riddle', laptop), laptop, lockout, start)).to.equal(undefined);
  });

  it('clears with a success only the lane that it came from', () => {
    const both = after(failing(after(failing(somebody(), 3)), 4, laptop));
    const cleared = clearFailures(both, 'riddle', laptop);
    expect(Object.keys(cleared.attempts)).to.have.members([scope, '/unknown']);
    expect(cleared.attempts[scope]?.failures).to.equal(3);
  });

  it('clears with a success only the factor that it was made with', () => {
    const both = after(failing(after(failing(somebody(), 3)), 4, unknown, 'song'));
    const cleared = clearFailures(both, 'song', unknown);
    expect(cleared.attempts[scope]?.failures).to.equal(3);
    expect(cleared.attempts[verifyScope('song', unknown)]).to.equal(undefined);
  });

  it('does not lock anybody for longer than 1 h because the clock was set back', () => {
    const record = after(failing(somebody(), 12));
    for (const back of [1, 60, 3600, 86_400, 40_000_000]) {
      const wait = barrier(record, scope, unknown, lockout, start - back) ?? 0;
      expect(wait).to.be.at.most(3600);
    }
    expect(barrier(record, scope, unknown, lockout, start - 86_400)).to.equal(undefined);
  });

  it('makes a wrong confirmation wait like any other, and threatens nobody with it', () => {
    let record = somebody();
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const failed = countEnrollmentFailure(record, 'riddle', unknown, lockout, start);
      waits.push(failed.retryAfterSeconds ?? 0);
      expect(failed.notices).to.deep.equal([]);
      record = failed.record;
    }
    expect(waits).to.deep.equal([0, 0, 0, 0, 30, 60, 120]);
    expect(Object.keys(record.attempts)).to.deep.equal([enrollScope('riddle', unknown)]);
    expect(record.authenticators).to.deep.equal(somebody().authenticators);
  });
});

describe('the marks of the failure budget', () => {
  it('sends one notice at 20 failures, over all factors and lanes', () => {
    const first = failing(somebody(), 10);
    const second = failing(after(first), 9, laptop, 'song');
    expect(noticesOf([...first, ...second])).to.deep.equal([]);
    const third = failing(after(second), 20);
    expect(noticesOf(third).filter((what) => what === 'failures')).to.have.length(1);
    expect(third[0]?.notices[0]).to.include({ what: 'failures', left: 20 });
  });

  it('sends another notice only after a success began another run-up', () => {
    const first = failing(somebody(), 25);
    const second = failing(clearFailures(after(first), 'riddle', unknown), 20);
    expect(noticesOf(first)).to.deep.equal(['failures']);
    expect(noticesOf(second.slice(0, 19))).to.deep.equal([]);
    expect(noticesOf(second)).to.deep.equal(['failures']);
  });

  it('closes the lane of unknown browsers at 50, with one event and one notice', () => {
    const steps = failing(somebody(), 55);
    expect(eventsOf(steps).filter((name) => name === 'lane-closed')).to.have.length(1);
    expect(noticesOf(steps).filter((what) => what === 'lane-closed')).to.have.length(1);
    expect(eventsOf(steps.slice(0, 49))).not.to.include('lane-closed');
    const closed = steps[49]!.record;
    expect(barrier(closed, scope, unknown, lockout, start + 40_000_000)).to.equal('closed');
    expect(barrier(closed, verifyScope('song', unknown), unknown, lockout, start)).to.equal('closed');
    expect(barrier(closed, verifyScope('song', laptop), laptop, lockout, start)).to.equal(undefined);
  });

  it('closes at 50 over all factors, however they are mixed', () => {
    const half = after(failing(somebody(), 25));
    const steps = failing(half, 25, unknown, 'song');
    expect(eventsOf(steps.slice(0, 24))).not.to.include('lane-closed');
    expect(steps.at(-1)!.happened.map(({ name }) => name)).to.include('lane-closed');
  });

  it('never closes the lane of a known browser', () => {
    const steps = failing(somebody(), 99, laptop);
    expect(eventsOf(steps)).not.to.include('lane-closed');
  });

  it('disables an authenticator at 100 failures in a row over all lanes, and leaves the person protected', () => {
    const some = after(failing(somebody(), 40));
    const steps = failing(some, 60, laptop);
    expect(eventsOf(steps.slice(0, 59))).not.to.include('authenticator-disabled');
    const last = steps.at(-1)!;
    expect(last.happened[0]).to.include({ name: 'authenticator-disabled', authenticatorId: 'my-riddle' });
    expect(last.notices.map(({ what }) => what)).to.include('authenticator-disabled');
    const [riddle, song] = last.record.authenticators;
    expect(riddle).to.include({ failures: 100 }).and.to.have.property('disabledAt');
    expect(song).not.to.have.property('failures');
    expect(last.record.protected).to.equal(true);
  });

  it('goes on counting towards 100 when locks are opened, and tells of the disabling once', () => {
    const steps = failing(clearAllFailures(after(failing(somebody(), 60, laptop))), 60, laptop);
    expect(eventsOf(steps).filter((name) => name === 'authenticator-disabled')).to.have.length(1);
    expect(steps[39]!.record.authenticators[0]).to.have.property('disabledAt');
  });

  it('drops the counts of browsers that are no longer known, and keeps those of strangers', () => {
    const record = after(failing(after(failing(somebody(), 2)), 2, 'known:phone'));
    expect(Object.keys(dropStrayLanes(record).attempts)).to.have.members([scope, '/unknown']);
  });
});

describe('whatever the order of failures, waits and successes', () => {
  const moves = fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ is: fc.constant('guess' as const), lane: fc.constantFrom(unknown, laptop) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ is: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 4000 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ is: fc.constant('success' as const), lane: fc.constantFrom(unknown, laptop) }),
      },
    ),
    { maxLength: 120 },
  );

  it('a lane evaluates no more wrong answers than 4 and one for each wait since its last success', () => {
    fc.assert(
      fc.property(moves, (played) => {
        let record = somebody();
        let now = start;
        const run = new Map<Lane, number[]>();
        for (const move of played) {
          if (move.is === 'wait') now += move.seconds;
          else if (barrier(record, verifyScope('riddle', move.lane), move.lane, lockout, now) !== undefined) continue;
          else if (move.is === 'success') {
            record = clearFailures(record, 'riddle', move.lane);
            run.set(move.lane, []);
          } else {
            record = countFailure(record, 'riddle', move.lane, lockout, now).record;
            const times = [...(run.get(move.lane) ?? []), now];
            run.set(move.lane, times);
            // From the 5th on, each answer was evaluated at least its predecessor's wait after it.
            const last = times.length - 1;
            const owed = last < 5 ? 0 : Math.min(30 * 2 ** (last - 5), 3600);
            if (last > 0) expect(times[last]! - times[last - 1]!).to.be.at.least(owed);
            if (move.lane === unknown) expect(times.length).to.be.at.most(50);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
