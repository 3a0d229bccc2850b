// The assessment as a table: points and levels, to the second and to the kilometre an hour.
import { expect } from 'chai';
import { riskByHistory } from '../../src/risk.js';
import { assess, before, cases, now, nowhere, risk, times, usual, day, type Change } from './cases.js';

describe('the assessment of a sign-in', () => {
  it('has a table of forty cases and more', () => {
    expect(cases.length).to.be.at.least(40);
    expect(new Set(cases.map(([what]) => what)).size).to.equal(cases.length);
  });

  for (const [what, change, score, told] of cases) {
    it(`${what}: ${score}`, () => {
      const found = assess(change);
      const named = found.signals.filter(({ points, id }) => points > 0 || id === 'unavailable');
      expect({ score: found.score, told: named.map(({ id, code }) => `${id}.${code}`).join(' ') }).to.deep.equal({
        score,
        told,
      });
      expect(found.level).to.equal(score >= 60 ? 'high' : score >= 30 ? 'medium' : 'low');
    });
  }

  it('changes its level at 30 and at 60 points, not before', () => {
    const levelAt = (points: number) =>
      assess({ context: { changedAt: now } }, riskByHistory({ points: { change: points } })).level;
    expect([0, 29, 30, 59, 60, 100].map(levelAt)).to.deep.equal(['low', 'low', 'medium', 'medium', 'high', 'high']);
  });

  it('says what could not be known, with no points', () => {
    const { score, signals } = assess({ context: { place: undefined, reputation: undefined, network: undefined } });
    expect(score).to.equal(0);
    expect(signals).to.deep.equal(
      ['network', 'country', 'travel', 'address'].map((id) => ({ id, code: 'unknown', points: 0 })),
    );
  });

  it('says what it found besides: which country, how far in how long, how many answers', () => {
    const details = (change: Change) =>
      Object.fromEntries(assess(change).signals.map(({ id, detail }) => [id, detail] as const));
    const far = { country: 'XK', latitude: 0, longitude: 90, accuracyKm: 0 };
    const then = { latitude: 0, longitude: 0, accuracyKm: 7, at: now - 3630 };
    const history = { networkAt: undefined, countryAt: undefined, lastPlace: then };
    expect(details({ context: { place: far, failedAt: times(3, 0) }, history })).to.deep.equal({
      network: undefined,
      country: 'XK',
      travel: '10001 km, 61 min',
      failures: '3',
    });
    const half = { country: 'CH', longitude: 90 };
    const found = assess({ context: { place: half }, history: { networkAt: undefined } }).signals;
    expect(found).to.deep.include({ id: 'travel', code: 'unknown', points: 0 });
  });

  it('says what an app that looks it up could not know', () => {
    const own = riskByHistory({ geo: nowhere, reputation: () => undefined });
    const { signals } = assess({ context: { place: undefined, reputation: undefined } }, own);
    expect(signals.map(({ id, code }) => `${id} ${code}`)).to.deep.equal([
      'country unknown',
      'travel unknown',
      'address unknown',
    ]);
  });

  it('says of somebody who signs in for the first time what it cannot compare, with no points', () => {
    const { level, signals } = risk.assess(usual, { empty: true, hasCountries: false }, now);
    expect(level).to.equal('low');
    expect(signals).to.deep.equal(['device', 'network', 'country'].map((id) => ({ id, code: 'first', points: 0 })));
  });

  it('says nothing of what nobody looks up', () => {
    const { place, reputation, ...known } = usual;
    expect([place, reputation]).not.to.include(undefined);
    expect(riskByHistory().assess(known, before, now)).to.deep.equal({ score: 0, level: 'low', signals: [] });
  });

  it('tells the list of the app where an address is worth as much by its reputation', () => {
    const own = riskByHistory({ denyList: ['198.51.100.0/24'], points: { denyList: 30, reputation: 30 } });
    const { signals } = assess({ context: { address: '198.51.100.1', reputation: { hosting: true } } }, own);
    expect(signals).to.deep.include({ id: 'address', code: 'deny_list', points: 30 });
    const less = riskByHistory({ denyList: ['198.51.100.0/24'], points: { denyList: 29, reputation: 30 } });
    const other = assess({ context: { address: '198.51.100.1', reputation: { hosting: true } } }, less);
    expect(other.signals).to.deep.include({ id: 'address', code: 'hosting', points: 30 });
  });

  it('keeps wrong answers below high beside what the app finds not worth a point', () => {
    const change = { context: { failedAt: times(10, 0) }, history: { networkAt: undefined } };
    const own = (points: object) => assess(change, riskByHistory({ points: { manyFailures: 90, ...points } }));
    expect(own({ network: 0 })).to.include({ score: 59, level: 'medium' });
    expect(own({ network: 1 })).to.include({ score: 91, level: 'high' });
  });

  it('takes the points, limits and the fallback of the app', () => {
    const own = riskByHistory({ points: { dormant: 45 }, limits: { dormantDays: 7, high: 45 }, fallbackLevel: 'high' });
    expect(assess({ history: { lastAt: now - 7 * day - 1 } }, own)).to.include({ score: 45, level: 'high' });
    expect(assess({ context: { unavailable: ['place'] } }, own)).to.include({ score: 45, level: 'high' });
    expect(assess({ context: { failedAt: times(10, 0) } }, own)).to.include({ score: 44, level: 'medium' });
  });

  it('says the same of the same, and changes nothing that it was given', () => {
    const [context, history] = [structuredClone(usual), structuredClone(before)];
    const first = risk.assess(context, history, now);
    expect(risk.assess(structuredClone(usual), structuredClone(before), now)).to.deep.equal(first);
    expect({ context, history }).to.deep.equal({ context: usual, history: before });
  });
});
