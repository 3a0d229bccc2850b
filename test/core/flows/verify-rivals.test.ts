// Answers that arrive at once, in one process and in two over one database, with a store that loses races and fails.
// Single use and the budget are exact, because the record is saved only if it is still the one that was judged.
import { expect } from 'chai';
import { resetUser } from '../../../src/core/operators/administer.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords, type RiddleData } from '../../support/core-factors.js';
import { testKernel, watchedStore, type TestKernel, type WatchedStore, namesOf } from '../../support/core-kernel.js';
import { personOf, protectedPerson, saidOf, wordsIn, type Person } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tally } from '../../support/tally.js';
import { tamper } from '../../support/core-record.js';

/** A person, their store watched, and a second process of the same app. */
async function twoServers(factor = riddle()) {
  let watched!: WatchedStore;
  const factors = [factor, spareWords()];
  const one = await protectedPerson({ factors, store: (memory) => (watched = watchedStore(memory)) });
  const other = testKernel({ factors, beside: one.kernel });
  const servers = [one.kernel, other];
  /** The n-th of many sessions, spread over both servers. */
  const session = (n: number): Person => personOf(servers[n % 2]!, 'ann', {}, one.person.asker.knownBrowser);
  return { ...one, other, session, watched, factor };
}

/** Lets a rival write first, `times` times. */
function loseRaces(watched: WatchedStore, kernel: TestKernel, times: number) {
  let left = times;
  watched.beforeSave = async (userId) => {
    if (left === 0) return;
    left -= 1;
    watched.beforeSave = () => undefined;
    await tamper(kernel, () => ({ skipped: { rival: left } }), userId);
    loseRaces(watched, kernel, left);
  };
}

describe('rival answers', () => {
  it('50 at once with one right answer: exactly one is accepted', async () => {
    const { word, session, kernel, other } = await twoServers();
    const sessions = Array.from({ length: 50 }, (_each, n) => session(n));
    const said = await Promise.all(sessions.map(async (each) => saidOf(await each.verify('riddle', { word, use: 2 }))));
    expect(tally(said)['accepted']).to.equal(1);
    const accepted = [...kernel.outcomes(), ...other.outcomes()].filter(({ outcome }) => outcome === 'accepted');
    expect(accepted).to.have.length(1);
    expect(kernel.outcomes().length + other.outcomes().length).to.equal(50);
  });

  it('50 at once with one backup code: exactly one is accepted, and exactly one code is gone', async () => {
    const { words, session, kernel } = await twoServers();
    const sessions = Array.from({ length: 50 }, (_each, n) => session(n));
    const body = { word: words[1]! };
    const said = await Promise.all(sessions.map(async (each) => saidOf(await each.verify('spare-words', body))));
    expect(tally(said)['accepted']).to.equal(1);
    expect(wordsIn(await kernel.recordOf('ann'))).to.deep.equal([words[0], words[2]]);
  });

  it('200 wrong ones at once: exactly 5 are evaluated, and all others write nothing', async () => {
    const { session, watched, kernel, other, factor } = await twoServers();
    const { saves } = watched;
    const { weighed } = factor.counted;
    const sessions = Array.from({ length: 200 }, (_each, n) => session(n));
    const wrong = { word: 'wrong', use: 2 };
    const said = await Promise.all(sessions.map(async (each) => saidOf(await each.verify('riddle', wrong))));
    expect(tally(said)).to.deep.equal({
      'session.mfa.invalid_totp_code': 5,
      'session.verification_blocked_too_many_attempts': 195,
    });
    const [own] = (await kernel.recordOf('ann')).authenticators;
    expect(own?.failures).to.equal(5);
    // A lost race is a save as well: one server may lose each of the five to the other, not more.
    expect(watched.saves - saves).to.be.within(5, 10);
    expect(factor.counted.weighed - weighed).to.be.at.most(10);
    expect(kernel.outcomes().length + other.outcomes().length).to.equal(200);
  });

  it('a locked answer writes nothing and loads once', async () => {
    const { session, watched } = await twoServers();
    for (let n = 0; n < 5; n += 1) await session(n).verify('riddle', { word: 'wrong', use: 2 });
    const { saves, loads } = watched;
    await session(0).verify('riddle', { word: 'wrong', use: 2 });
    expect([watched.saves - saves, watched.loads - loads]).to.deep.equal([0, 1]);
  });

  for (const [late, first, failures] of [
    ['right', 'wrong', undefined],
    ['wrong', 'right', 1],
  ] as const) {
    it(`a ${late} answer that loses its save to a ${first} one takes nothing back of what that one did`, async () => {
      const { word, session, watched, kernel } = await twoServers();
      const typed = { right: { word, use: 2 }, wrong: { word: 'wrong', use: 2 } };
      const said: string[] = [];
      watched.beforeSave = async () => {
        watched.beforeSave = () => undefined;
        said.push(saidOf(await session(1).verify('riddle', typed[first])));
      };
      said.push(saidOf(await session(0).verify('riddle', typed[late])));
      const words = { right: 'accepted', wrong: 'session.mfa.invalid_totp_code' };
      expect(said).to.deep.equal([words[first], words[late]]);
      const [own] = (await kernel.recordOf('ann')).authenticators;
      expect([own?.failures, (own?.data as RiddleData).lastUse]).to.deep.equal([failures, 2]);
    });
  }
});

describe('an answer whose save is lost', () => {
  it('is judged again on the new record, and weighed only once', async () => {
    const { word, session, watched, kernel, factor } = await twoServers();
    loseRaces(watched, kernel, 3);
    const before = { ...factor.counted };
    expect(saidOf(await session(0).verify('riddle', { word, use: 2 }))).to.equal('accepted');
    expect(factor.counted).to.deep.equal({ weighed: before.weighed + 1, judged: before.judged + 4 });
    expect((await kernel.recordOf('ann')).skipped).to.deep.equal({ rival: 0 });
  });

  it('is accepted after 10 lost races', async () => {
    const { word, session, watched, kernel } = await twoServers();
    loseRaces(watched, kernel, 10);
    expect(saidOf(await session(0).verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });

  it('is a conflict after 11, told once, and the answer is not spent', async () => {
    const { word, session, watched, kernel } = await twoServers();
    loseRaces(watched, kernel, 11);
    expect(await codeOf(session(0).verify('riddle', { word, use: 2 }))).to.equal('store.conflict');
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'verification-refused', reason: 'store.conflict' });
    watched.beforeSave = () => undefined;
    expect(saidOf(await session(0).verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });

  for (const how of ['right', 'wrong'] as const) {
    it(`is refused when the account was reset meanwhile, and leaves no trace in the new record: ${how}`, async () => {
      const { word, session, watched, kernel, other } = await twoServers();
      watched.beforeSave = async () => {
        watched.beforeSave = () => undefined;
        await resetUser(other, 'ann', { by: 'admin' });
      };
      const said = saidOf(await session(0).verify('riddle', { word: how === 'right' ? word : 'wrong', use: 2 }));
      expect(said).to.equal('session.mfa.pending_info_not_found');
      expect(kernel.outcomes()).to.have.length(1);
      expect(await kernel.recordOf('ann')).to.deep.include({ protected: false, attempts: {}, authenticators: [] });
    });
  }

  it('is refused unevaluated when rivals used up the budget while it was weighed', async () => {
    let rivals: (() => Promise<void>) | undefined;
    const factor = riddle({
      whileWeighing: async () => {
        const once = rivals;
        rivals = undefined;
        await once?.();
      },
    });
    const { word, session, kernel } = await twoServers(factor);
    rivals = async () => {
      for (let n = 0; n < 5; n += 1) await session(1).verify('riddle', { word: 'wrong', use: 2 });
    };
    const said = saidOf(await session(0).verify('riddle', { word, use: 2 }));
    expect(said).to.equal('session.verification_blocked_too_many_attempts');
    expect(kernel.outcomes()).to.have.length(1);
    kernel.clock.now += 30;
    expect(saidOf(await session(0).verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });
});

describe('an answer whose evidence no longer fits', () => {
  /** Changes the salt of the riddle, as a re-enrolment elsewhere would, each time an answer is weighed. */
  async function salted(times: number) {
    const weighing: (() => Promise<void>)[] = [];
    const made = await twoServers(riddle({ whileWeighing: () => weighing.pop()?.() }));
    const change = () =>
      tamper(made.kernel, ({ authenticators }) => ({
        authenticators: authenticators.map((own) =>
          own.kind === 'riddle' ? { ...own, data: { ...(own.data as object), salt: made.kernel.random.token() } } : own,
        ),
      }));
    weighing.push(...Array.from({ length: times }, () => change));
    return made;
  }

  it('is weighed again', async () => {
    const { word, session, factor } = await salted(1);
    const { weighed } = factor.counted;
    expect(saidOf(await session(0).verify('riddle', { word, use: 2 }))).to.equal('accepted');
    expect(factor.counted.weighed - weighed).to.equal(2);
  });

  it('is weighed again, and not compared, if the record changed under it twice in a row', async () => {
    const { word, session, kernel } = await salted(20);
    const said = await session(0)
      .verify('riddle', { word, use: 2 })
      .then(saidOf, (error: unknown) => (error as MfaError).code);
    expect(said).to.equal('store.conflict');
    expect(kernel.outcomes()).to.have.length(1);
    expect((await kernel.recordOf('ann')).authenticators[0]).not.to.have.property('failures');
  });
});

describe('an answer that cannot be saved', () => {
  it('is no, and the person is told so, though it was right', async () => {
    const { word, session, watched, kernel } = await twoServers();
    watched.beforeSave = () => {
      throw new MfaError('store.unavailable', 'down');
    };
    expect(await codeOf(session(0).verify('riddle', { word, use: 2 }))).to.equal('store.unavailable');
    expect(namesOf(kernel)).to.deep.equal(['verification-refused']);
    expect(kernel.notices).to.deep.equal([]);
    expect((await kernel.recordOf('ann')).authenticators[0]?.lastUsedAt).to.equal(undefined);
  });
});
