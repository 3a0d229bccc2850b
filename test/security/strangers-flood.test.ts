// Attack: whoever knows the password sends 1,600 answers at once, so that the owner's own answer waits behind them.
// Rule: rivals wait in line per person, kind and lane, read from the record; a lock is seen before the line; loads are shared.
// Answer: the owner's right answer from a known browser overtakes the flood, and the flood costs the record five writes.
import { expect } from 'chai';
import { watchedStore, type WatchedStore } from '../support/core-kernel.js';
import { forget, personOf, protectedPerson, saidOf } from '../support/core-person.js';
import { codeOf } from '../support/thrown.js';
import { tally } from '../support/tally.js';

const wrong = { word: 'wrong', use: 9 };
const size = 1600;
const blocked = 'session.verification_blocked_too_many_attempts';

/** A store a millisecond away, as every real one is: only then there is a line to stand in. */
async function far() {
  let watched!: WatchedStore;
  const away = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
  const made = await protectedPerson({ store: (memory) => (watched = watchedStore(memory)) });
  watched.beforeLoad = away;
  watched.beforeSave = away;
  const { kernel } = made;
  const flood = (cookie: (n: number) => string | undefined = () => undefined) => {
    const told = { answered: 0, all: Promise.resolve<string[]>([]) };
    told.all = Promise.all(
      Array.from({ length: size }, async (_each, n) => {
        const stranger = personOf(kernel, 'ann', {}, cookie(n));
        let said = 'thrown';
        const thrown = await codeOf(stranger.verify('riddle', wrong).then((outcome) => (said = saidOf(outcome))));
        told.answered += 1;
        return thrown === 'nothing thrown' ? said : thrown;
      }),
    );
    return told;
  };
  return { ...made, watched, flood };
}

describe('a flood of strangers', () => {
  it('does not stand between the owner in a known browser and their answer', async () => {
    const { person, word, flood } = await far();
    const strangers = flood();
    const outcome = await person.signInAgain().verify('riddle', { word, use: 2 });
    expect(saidOf(outcome)).to.equal('accepted');
    // All of them came before; of those in line only a handful can have had their turn in the owner's three trips.
    expect(strangers.answered).to.be.below(size - 800);
    await strangers.all;
  });

  it('evaluates five, whatever cookies it invents to stand in a line of its own', async () => {
    const { flood, watched } = await far();
    const { saves } = watched;
    const said = await flood((n) => (n % 3 === 0 ? undefined : `lane${n}.secret`)).all;
    expect(tally(said)['session.mfa.invalid_totp_code']).to.equal(5);
    expect(watched.saves - saves).to.equal(5);
  });

  it('costs the store one look for all, once those before it have locked the lane', async () => {
    const { flood, watched } = await far();
    const before = watched.loads;
    const said = await flood().all;
    expect(tally(said)[blocked]).to.be.above(900);
    // Two for those who come, one after each of the five that were evaluated and saved; none for any other.
    expect(watched.loads - before).to.be.at.most(8);
  });

  it('writes nothing once its lane is locked', async () => {
    const { kernel, flood, watched } = await far();
    for (let n = 0; n < 5; n += 1) await personOf(kernel).verify('riddle', wrong);
    forget(kernel);
    const { saves } = watched;
    const { loads } = watched;
    const said = await flood().all;
    expect(tally(said)[blocked]).to.equal(size);
    expect(watched.loads - loads, 'one that was under way, one for all who came since').to.be.at.most(2);
    expect(watched.saves).to.equal(saves);
    expect(kernel.outcomes()).to.have.length(size);
  });
});
