// Something adverse that is added never lowers the score, in any combination, whatever an app weighs.
import { expect } from 'chai';
import fc from 'fast-check';
import { riskByHistory } from '../../src/risk.js';
import { assess, day, now, nowhere, times, type Change } from './cases.js';

describe('the score of a sign-in', () => {
  /** What may be added to any sign-in, each adverse. */
  const adverse: Change[] = [
    { history: { familyAt: undefined } },
    { history: { systemAt: undefined } },
    { history: { networkAt: undefined } },
    { history: { countryAt: undefined } },
    { history: { networkAt: undefined, lastPlace: { latitude: -30, longitude: 100, accuracyKm: 0, at: now } } },
    { context: { address: '198.51.100.1' } },
    { context: { reputation: { hosting: true } } },
    { context: { failedAt: times(3, 0) } },
    { context: { failedAt: times(10, 0) } },
    { history: { lastAt: now - 31 * day } },
    { context: { changedAt: now } },
    { context: { afterReset: true } },
    { context: { unavailable: ['reputation'] } },
  ];
  const together = (changes: readonly Change[]): Change =>
    changes.reduce<Change>(
      (all, { context, history }) => ({
        context: { ...all.context, ...context },
        history: { ...all.history, ...history },
      }),
      {},
    );

  it('never scores less for one adverse fact more, in any of all combinations', () => {
    for (let chosen = 0; chosen < 2 ** adverse.length; chosen += 1) {
      const facts = adverse.filter((_fact, index) => (chosen >> index) % 2 === 1);
      const { score } = assess(together(facts));
      for (const [index, fact] of adverse.entries()) {
        // Of three and ten wrong answers the ten are there.
        if ((chosen >> index) % 2 === 1 || (index === 7 && (chosen >> 8) % 2 === 1)) continue;
        const more = assess(together([...facts, fact])).score;
        if (more < score)
          expect.fail(`${score} points, and ${more} with ${JSON.stringify(fact)} beside ${JSON.stringify(facts)}`);
      }
    }
  }).timeout(60_000);

  it('never scores less with any points that an app may choose', () => {
    const points = fc.integer({ min: 0, max: 100 });
    const chosen = fc.record({
      network: points,
      country: points,
      travel: points,
      denyList: points,
      reputation: points,
      dormant: points,
      change: points,
    });
    fc.assert(
      fc.property(
        chosen,
        points,
        points,
        fc.subarray(adverse),
        fc.nat(adverse.length - 1),
        (some, a, b, facts, added) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)];
          const own = riskByHistory({
            geo: nowhere,
            denyList: ['198.51.100.0/24'],
            points: { ...some, device: more, devicePartly: less, failures: less, manyFailures: more },
          });
          const fact = adverse[added]!;
          if (added === 7) return;
          expect(assess(together([...facts, fact]), own).score).to.be.at.least(assess(together(facts), own).score);
        },
      ),
    );
  });
});
