// A self-unlock answer by answer: which of them are not looked at and why, what a wrong and a right one write, and that each is told
// by one event.
import { expect } from 'chai';
import { isLocked, offersSelfUnlock, selfUnlock } from '../../../src/core/flows/self-unlock.js';
import type { Factor, Verdict } from '../../../src/core/kernel/factor.js';
import type { Attempts } from '../../../src/core/kernel/record.js';
import { lockoutDefaults } from '../../../src/core/rules/attempts.js';
import type { Asker } from '../../../src/core/kernel/kernel.js';
import type { Json } from '../../../src/core/words/json.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords, type RiddleData } from '../../support/core-factors.js';
import { namesOf, watchedStore, type TestKernel, type WatchedStore } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { fullLog } from '../../support/core-recovering.js';
import { tamper } from '../../support/core-record.js';
import { highRisk } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

const locked = 'session.verification_blocked_too_many_attempts';
const off = 'session.mfa.mfa_factor_not_enabled';
const gone = 'session.mfa.pending_info_not_found';
const wrong = { word: 'wrong', use: 1 };

/** Ann, whose riddle waits in the lane of strangers; what her factor does otherwise is the test's. */
async function house(options: { verdict?: Verdict; selfUnlock?: boolean } = {}) {
  let watched!: WatchedStore;
  const hooks = { whileWeighing: async (): Promise<void> => undefined };
  const plain = riddle({ whileWeighing: () => hooks.whileWeighing() }) as Factor;
  const judges = { is: undefined as Verdict | undefined };
  const factor: Factor = { ...plain, judge: (...given) => judges.is ?? plain.judge(...given) };
  const others = [
    riddle({ kind: 'song' }),
    riddle({ kind: 'key', guessable: false }),
    riddle({ kind: 'note', ceremony: { tries: 3 } }),
    riddle({ kind: 'post', channel: 'email' }),
    { ...riddle({ kind: 'poem' }), parse: () => ({ malformed: true, reason: 'user.missing_mfa', details: {} }) },
  ] as Factor[];
  const made = await protectedPerson({
    factors: [factor, ...others, spareWords()],
    settings: {
      lockout: { ...lockoutDefaults, selfUnlock: options.selfUnlock ?? true },
      riskActions: highRisk({ signIn: 'block' }),
    },
    store: (memory) => (watched = watchedStore(memory)),
  });
  const { kernel } = made;
  const { asker } = personOf(kernel);
  await waiting(kernel);
  judges.is = options.verdict;
  forget(kernel);
  const unlock = (body: Json = wrong, kind = 'riddle', who: Asker = asker) => selfUnlock(kernel, who, kind, body);
  const told = () => kernel.events.map(({ name, kind, reason, outcome }) => [name, kind, reason, outcome]);
  const counts = async () => (await kernel.recordOf('ann')).attempts;
  return { ...made, asker, unlock, told, counts, hooks, watched };
}

/** The lock stands for another hour. */
const waiting = (kernel: TestKernel, more: { [scope: string]: Attempts } = {}) =>
  tamper(kernel, () => ({
    attempts: {
      'riddle/unknown': { failures: 5, failedAt: kernel.now(), lockedUntil: kernel.now() + 3600 },
      '/unknown': { failures: 5, failedAt: kernel.now() },
      ...more,
    },
  }));

type House = Awaited<ReturnType<typeof house>>;

describe('a factor that can be regained by its owner', () => {
  it('is a primary one that can be guessed and sends nothing, where the app allows it', async () => {
    const { kernel } = await house();
    const offered = kernel.factors.filter((each) => offersSelfUnlock(kernel, each)).map(({ kind }) => kind);
    expect(offered).to.deep.equal(['riddle', 'song', 'post', 'poem']);
    expect(offersSelfUnlock(kernel, undefined)).to.equal(false);
    const other = (await house({ selfUnlock: false })).kernel;
    expect(other.factors.some((each) => offersSelfUnlock(other, each))).to.equal(false);
  });

  it('is locked where it waits in the lane of the asker, and not where that lane is closed or the app has no such factor', async () => {
    const { kernel, asker, person } = await house();
    const record = await kernel.recordOf('ann');
    expect(isLocked(kernel, asker, record, 'riddle')).to.equal(true);
    expect(isLocked(kernel, asker, record, 'song')).to.equal(false);
    expect(isLocked(kernel, asker, record, 'pigeon')).to.equal(false);
    expect(isLocked(kernel, person.asker, record, 'riddle')).to.equal(false);
    const attempts = { ...record.attempts, '/unknown': { failures: 50, failedAt: 1, closedAt: 1 } };
    expect(isLocked(kernel, asker, { ...record, attempts }, 'riddle')).to.equal(false);
  });
});

describe('an answer for a self-unlock', () => {
  const refusals: [
    why: string,
    reason: string,
    kind?: string,
    change?: (made: House) => unknown,
    body?: Json,
    details?: object,
  ][] = [
    ['of no factor of the app', off, 'pigeon'],
    ['of a backup factor', off, 'spare-words'],
    ['of a factor that is never locked', off, 'key'],
    ['of a factor that sends a code', off, 'note'],
    ['of the channel of the first factor', off, 'post', ({ asker }) => (asker.user.signedInBy = 'email')],
    ['that is malformed', 'request.invalid', 'riddle', () => undefined, {}, { field: 'word' }],
    ['that is malformed for a reason of its own', 'user.missing_mfa', 'poem'],
    ['for a factor that does not wait', gone, 'song'],
    ['of somebody unprotected', gone, 'riddle', ({ kernel }) => tamper(kernel, () => ({ protected: false }))],
    [
      'of somebody suspended',
      'session.mfa.suspended',
      'riddle',
      ({ kernel }) => tamper(kernel, () => ({ suspended: { admin: 1 } })),
    ],
    [
      'in a sign-in that looks too risky',
      'session.mfa.blocked',
      'riddle',
      ({ kernel, asker }) =>
        (asker.signIn.risk = { level: 'high', score: 40, signals: [], seenFrom: 'x', since: kernel.now() }),
    ],
  ];
  for (const [why, reason, kind = 'riddle', change, body, details = {}] of refusals)
    it(`${why} is not looked at: ${reason}`, async () => {
      const made = await house();
      const { kernel, unlock, told, watched } = made;
      await change?.(made);
      const before = await kernel.recordOf('ann');
      const { saves } = watched;
      expect(await unlock(body, kind)).to.deep.equal({ accepted: false, reason, details });
      expect(told()).to.deep.equal([['verification-refused', kind, reason, 'refused']]);
      expect(watched.saves).to.equal(saves);
      expect(await kernel.recordOf('ann')).to.deep.equal(before);
    });

  it('of somebody without a record is not looked at', async () => {
    const { kernel, unlock, told } = await house();
    expect(saidOf(await unlock(wrong, 'riddle', personOf(kernel, 'bob').asker))).to.equal(gone);
    expect(told()).to.deep.equal([['verification-refused', 'riddle', gone, 'refused']]);
  });

  const waits: [failures: number, apart: number][] = [
    [0, 120],
    [9, 120],
    [10, 3600],
    [11, 3600],
  ];
  for (const [failures, apart] of waits)
    it(`waits ${apart} s after another one, where ${failures} were wrong`, async () => {
      const { kernel, unlock, counts } = await house();
      const failedAt = kernel.now();
      kernel.clock.now += apart - 1;
      await waiting(kernel, { 'unlock:riddle/unknown': { failures, failedAt, rights: 0 } });
      const details = { retryAfterSeconds: 1, remainingAttempts: 0 };
      expect(await unlock()).to.deep.equal({ accepted: false, reason: locked, details });
      kernel.clock.now += 1;
      expect(await unlock()).to.deep.equal({ accepted: true });
      expect((await counts())['unlock:riddle/unknown']).to.deep.equal({
        failures: failures + 1,
        failedAt: kernel.now(),
        rights: 0,
      });
    });

  it('waits for none that a clock set back puts in the future', async () => {
    const { kernel, unlock } = await house();
    await waiting(kernel, { 'unlock:riddle/unknown': { failures: 0, failedAt: kernel.now() + 1, rights: 0 } });
    expect(await unlock()).to.deep.equal({ accepted: true });
  });

  it('counts rights and failures each for itself: a wrong one ends the row, a right one keeps the failures', async () => {
    const { kernel, unlock, counts, word, told } = await house();
    const seen: unknown[] = [];
    for (const body of [wrong, { word, use: 2 }, { word, use: 3 }, wrong, { word, use: 4 }]) {
      expect(await unlock(body)).to.deep.equal({ accepted: true });
      const { failures, rights, failedAt } = (await counts())['unlock:riddle/unknown']!;
      expect(failedAt).to.equal(kernel.now());
      seen.push([failures, rights]);
      kernel.clock.now += 120;
    }
    expect(seen).to.deep.equal([
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 0],
      [2, 1],
    ]);
    expect(told()).to.deep.equal(Array(5).fill(['verification-refused', 'riddle', locked, 'refused']));
    expect(kernel.notices).to.deep.equal([]);
  });

  it('the third in a row opens this factor in this lane, and no other', async () => {
    const { kernel, unlock, counts, word, told } = await house();
    const others = {
      'song/unknown': { failures: 5, failedAt: 1 },
      'riddle/known:x': { failures: 5, failedAt: 1 },
      '/known:x': { failures: 5, failedAt: 1 },
      'unlock:song/unknown': { failures: 1, failedAt: 1, rights: 0 },
    };
    await waiting(kernel, { ...others, 'unlock:riddle/unknown': { failures: 3, failedAt: 1, rights: 2 } });
    forget(kernel);
    expect(await unlock({ word, use: 2 })).to.deep.equal({ accepted: true });
    expect(await counts()).to.deep.equal(others);
    expect(told()).to.deep.equal([['unlocked', 'riddle', undefined, 'accepted']]);
    const own = (await kernel.recordOf('ann')).authenticators.find(({ kind }) => kind === 'riddle');
    expect((own?.data as RiddleData).lastUse).to.equal(2);
  });

  const rivals: [what: string, reason: string, rival: (made: House) => Promise<void>][] = [
    [
      'suspends them',
      'session.mfa.suspended',
      ({ kernel }) => tamper(kernel, () => ({ suspended: { admin: 1 }, epoch: 'x' })),
    ],
    ['opens the lane', gone, ({ kernel }) => tamper(kernel, () => ({ attempts: {} }))],
    [
      'changes the authenticator',
      'store.conflict',
      ({ kernel }) =>
        tamper(kernel, ({ authenticators }) => ({
          authenticators: authenticators.map((own) => ({ ...own, data: { ...(own.data as RiddleData), salt: 'y' } })),
        })),
    ],
  ];
  for (const [what, reason, rival] of rivals)
    it(`is refused where a rival ${what} while it was weighed: told once, nothing counted`, async () => {
      const made = await house();
      const { hooks, kernel, unlock, told, word } = made;
      let after: unknown;
      hooks.whileWeighing = async () => {
        await rival(made);
        after = await kernel.recordOf('ann');
      };
      const outcome = await unlock({ word, use: 2 });
      expect(saidOf(outcome)).to.equal(reason);
      const details = reason === 'store.conflict' ? { retryAfterSeconds: 1 } : {};
      expect(outcome).to.deep.include({ details });
      expect(told()).to.deep.equal([['verification-refused', 'riddle', reason, 'refused']]);
      expect(await kernel.recordOf('ann')).to.deep.equal(after);
    });

  it('that was compared with nothing is refused by its reason, and costs nothing', async () => {
    const details = { hint: 'digits' };
    const reason = 'request.invalid';
    const { unlock, told, watched } = await house({ verdict: { is: 'wrong', reason, details, attempt: false } });
    const { saves } = watched;
    expect(await unlock()).to.deep.equal({ accepted: false, reason, details });
    expect(told()).to.deep.equal([['verification-refused', 'riddle', reason, 'refused']]);
    expect(watched.saves).to.equal(saves);
  });

  it('that fails is told by one outcome: its code, or that the store does not answer', async () => {
    const { kernel, watched, unlock, told } = await house();
    for (const [thrown, reason] of [
      [new MfaError('store.conflict', 'busy'), 'store.conflict'],
      [new Error('ECONNREFUSED'), 'store.unavailable'],
    ] as const) {
      watched.beforeSave = () => {
        throw thrown;
      };
      forget(kernel);
      expect(await codeOf(unlock())).not.to.equal('nothing thrown');
      expect(told()).to.deep.equal([['verification-refused', 'riddle', reason, 'refused']]);
    }
  });

  it('that opens it and cannot be logged is told as that, and as nothing else', async () => {
    const { kernel, asker, word } = await house();
    await waiting(kernel, { 'unlock:riddle/unknown': { failures: 0, failedAt: 1, rights: 2 } });
    forget(kernel);
    const unlocking = selfUnlock({ ...kernel, logbook: fullLog }, asker, 'riddle', { word, use: 2 });
    expect(await codeOf(unlocking)).to.equal('audit.unavailable');
    expect(namesOf(kernel)).to.deep.equal(['unlocked']);
  });

  it('of one kind waits for none of another', async () => {
    const { kernel, person, unlock, hooks } = await house();
    const song = await enrollRiddle(person, 'song');
    await waiting(kernel, { 'song/unknown': { failures: 5, failedAt: 1, lockedUntil: kernel.now() + 3600 } });
    let goOn = (): void => undefined;
    const isWeighed = new Promise<void>((resolve) => {
      hooks.whileWeighing = () => (resolve(), new Promise<void>((go) => (goOn = go)));
    });
    const first = unlock();
    await isWeighed;
    expect(saidOf(await unlock({ word: song, use: 2 }, 'song'))).to.equal('accepted');
    goOn();
    expect(saidOf(await first)).to.equal('accepted');
  });
});
