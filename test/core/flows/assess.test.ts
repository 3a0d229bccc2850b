// How risky a sign-in looks: assessed once from where it is, never falling within it, no lower than what is pending beside it, told
// as it rises and kept in the record where levels do something.
import { expect } from 'chai';
import { assessed, isUnassessed, keepRaised, riskOf } from '../../../src/core/flows/assess.js';
import { withChange } from '../../../src/core/kernel/history.js';
import type { Risk } from '../../../src/core/kernel/kernel.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import type { Assessment, LookedUp, RiskContext, RiskHistory, RiskLevel } from '../../../src/core/kernel/risk.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';
import { proof, riskTable } from '../../support/rule-person.js';

const strange = { id: 'country', code: 'unseen', points: 30 };
const usual = { id: 'device', code: 'known', points: 0 };
const points = { low: 0, medium: 40, high: 80 };

/** An app whose assessor finds what the test says, and keeps what it was asked. */
async function house(acts = true) {
  const found: Assessment = { score: 0, level: 'low', signals: [] };
  const seen: LookedUp = { family: 'Firefox', place: { country: 'CH' } };
  const asked: { context: RiskContext; history: RiskHistory; now: number }[] = [];
  let lookUps = 0;
  const risk: Risk = {
    lookUp: async () => ((lookUps += 1), seen),
    assess: (context, history, now) => (asked.push({ context, history, now }), { ...found }),
  };
  const plain = testKernel({ settings: { riskActions: acts ? riskTable : undefined } });
  const person = personOf(plain);
  await enrollRiddle(person);
  forget(plain);
  const kernel: TestKernel = { ...plain, risk };
  const says = (level: RiskLevel, score = points[level], signals = level === 'low' ? [usual] : [usual, strange]) =>
    Object.assign(found, { level, score, signals });
  const { asker } = person.signInAgain();
  /** As a session does it. */
  const look = async (who = asker) => (who.signIn = await assessed(kernel, who, await kernel.recordOf('ann'))).risk;
  const told = () => kernel.events.map(({ name, detail }) => [name, detail]);
  return { kernel, person, asker, says, look, told, asked, seen, lookUps: () => lookUps };
}

describe('a sign-in that is assessed', () => {
  it('is none where the app assesses no risk', async () => {
    const kernel = testKernel();
    const { asker } = personOf(kernel);
    expect(isUnassessed(kernel, asker)).to.equal(false);
    expect(await assessed(kernel, asker, emptyRecord('e'))).to.equal(asker.signIn);
    expect(await riskOf(kernel, asker, emptyRecord('e'))).to.equal(undefined);
    const risk = { level: 'high', score: 1, signals: [], seenFrom: 'x', since: 1 } as const;
    const before = { ...asker, signIn: { ...asker.signIn, risk: { ...risk, signals: [] } } };
    expect(await assessed(kernel, before, emptyRecord('e'))).to.equal(before.signIn);
  });

  it('says level, score, signals, from where and since when, and is told once', async () => {
    const { kernel, asker, says, look, told, lookUps } = await house();
    expect(isUnassessed(kernel, asker)).to.equal(true);
    const pending = { id: 'unavailable', code: 'place', points: 0 };
    says('medium', 40, [usual, strange, pending]);
    const risk = await look();
    expect(risk).to.deep.include({
      level: 'medium',
      score: 40,
      signals: [usual, strange, pending],
      since: kernel.now(),
    });
    expect(risk?.seenFrom).to.match(/^[\w-]{16}$/);
    const detail = { level: 'medium', score: 40, risk: 'country.unseen unavailable.place', place: 'CH' };
    expect(told()).to.deep.equal([['risk-assessed', detail]]);
    expect(kernel.events[0]).to.include({ userId: 'ann', ip: '203.0.113.7' });
    expect(isUnassessed(kernel, asker)).to.equal(false);
    const { signIn } = asker;
    kernel.clock.now += 5;
    await look();
    expect(asker.signIn).to.equal(signIn);
    expect(lookUps()).to.equal(1);
    expect(kernel.events).to.have.length(1);
  });

  it('is told with no place where none was found', async () => {
    const { says, look, told, seen } = await house();
    delete seen.place;
    says('low');
    await look();
    expect(told()).to.deep.equal([['risk-assessed', { level: 'low', score: 0, risk: '' }]]);
  });

  const moves: [what: string, hints: object, isAnew: boolean][] = [
    ['another address of the same network', { ip: '203.0.113.99' }, false],
    ['another network', { ip: '198.51.100.7' }, true],
    ['another browser', { userAgent: 'other' }, true],
    ['no address', { ip: undefined }, true],
    ['no browser', { userAgent: undefined }, true],
    ['what is no address', { ip: 'unix:' }, true],
  ];
  for (const [what, hints, isAnew] of moves)
    it(`is ${isAnew ? '' : 'not '}assessed anew from ${what}`, async () => {
      const { kernel, asker, look, lookUps } = await house();
      await look();
      Object.assign(asker.hints, hints);
      expect(isUnassessed(kernel, asker)).to.equal(isAnew);
      await look();
      expect(lookUps()).to.equal(isAnew ? 2 : 1);
      expect(isUnassessed(kernel, asker)).to.equal(false);
    });

  it('is seen from elsewhere by another person, though network and browser are the same', async () => {
    const { kernel, look } = await house();
    const mine = await look();
    const bob = personOf(kernel, 'bob').asker;
    expect((await riskOf(kernel, bob, emptyRecord('e')))?.seenFrom).not.to.equal(mine?.seenFrom);
  });

  const later: [was: [RiskLevel, number], is: [RiskLevel, number], becomes: [RiskLevel, number], told: number][] = [
    [['medium', 40], ['low', 10], ['medium', 40], 1],
    [['medium', 40], ['medium', 40], ['medium', 40], 1],
    [['medium', 40], ['medium', 41], ['medium', 41], 1],
    [['medium', 40], ['medium', 39], ['medium', 40], 1],
    [['medium', 40], ['high', 30], ['high', 30], 2],
    [['high', 60], ['medium', 99], ['high', 60], 1],
  ];
  for (const [was, is, becomes, events] of later)
    it(`from another network that looks ${is.join(' ')} after ${was.join(' ')} is ${becomes.join(' ')}`, async () => {
      const { kernel, asker, says, look } = await house(false);
      says(...was);
      const first = await look();
      kernel.clock.now += 5;
      asker.hints.ip = '198.51.100.7';
      says(...is);
      const second = await look();
      expect([second?.level, second?.score]).to.deep.equal(becomes);
      expect(second?.seenFrom).not.to.equal(first?.seenFrom);
      const isWorse = becomes.join() !== was.join();
      expect(second?.since).to.equal(isWorse ? kernel.now() : first?.since);
      expect(kernel.events).to.have.length(events);
    });

  it('is asked about with what is known of the person and this request', async () => {
    const { kernel, person, asked, asker } = await house();
    const now = kernel.now();
    const record = await kernel.recordOf('ann');
    const failed = { failures: 1, failedAt: now, recent: [now - 3601, now - 3600] };
    const after: MfaRecord = { ...record, attempts: { '/unknown': failed } };
    await riskOf(kernel, asker, after);
    const here = { address: '203.0.113.7', network: '203.0.113', family: 'Firefox', place: { country: 'CH' } };
    expect(asked[0]).to.deep.include({ context: { ...here, knownBrowser: true, failedAt: [] }, now });
    const unknown = person.signInAgain('unknown').asker;
    await riskOf(kernel, unknown, after);
    expect(asked[1]?.context).to.deep.equal({ ...here, knownBrowser: false, failedAt: [now - 3600] });
    expect(asked[1]?.history).to.deep.equal({ empty: true, hasCountries: false });
    unknown.hints = {};
    await riskOf(kernel, unknown, withChange(kernel, 'ann', record, { changedAt: now - 7, reset: true }));
    const bare = { family: 'Firefox', place: { country: 'CH' }, knownBrowser: false, failedAt: [] };
    expect(asked[2]?.context).to.deep.equal({ ...bare, changedAt: now - 7, afterReset: true });
    unknown.user.changedAt = now - 3;
    await riskOf(kernel, unknown, withChange(kernel, 'ann', record, { changedAt: now - 7 }));
    expect(asked[3]?.context).to.deep.equal({ ...bare, changedAt: now - 3 });
    await riskOf(kernel, unknown, record);
    expect(asked[4]?.context).to.deep.equal({ ...bare, changedAt: now - 3 });
  });
});

describe('a level that rose', () => {
  it('is kept in the record in the lane of the browser, once, without a notice below high', async () => {
    const { kernel, asker, says, look } = await house();
    says('medium');
    await look();
    const lane = `known:${asker.knownBrowser!.split('.')[0]}`;
    expect((await kernel.recordOf('ann')).raised).to.deep.equal({ [lane]: 'medium' });
    expect(kernel.notices).to.deep.equal([]);
    const { revision } = await kernel.store.load('ann');
    await keepRaised(kernel, asker, await kernel.recordOf('ann'), asker.signIn.risk!);
    expect((await kernel.store.load('ann')).revision).to.equal(revision);
  });

  it('is told to its owner where it is high, with what points to it', async () => {
    const { kernel, says, look } = await house();
    says('high');
    await look();
    expect(kernel.notices).to.have.length(1);
    const notice = { what: 'unusual-sign-in', at: kernel.now(), signals: ['country.unseen'], userId: 'ann' };
    expect(kernel.notices[0]).to.deep.include(notice);
  });

  it('is written once by ten requests at once', async () => {
    const { kernel, asker, says } = await house();
    says('high');
    const record = await kernel.recordOf('ann');
    const all = Array.from({ length: 10 }, () => assessed(kernel, { ...asker }, record));
    await Promise.all(all);
    expect(kernel.notices).to.have.length(1);
  });

  it('is not written where it is low, levels do nothing, or an administrator lets this person in', async () => {
    const quiet = await house();
    quiet.says('low');
    await quiet.look();
    const reported = await house(false);
    reported.says('high');
    expect((await reported.look())?.level).to.equal('high');
    const released = await house();
    released.says('high');
    await tamper(released.kernel, () => ({ releasedUntil: released.kernel.now() }));
    expect((await released.look())?.level).to.equal('high');
    for (const { kernel } of [quiet, reported, released]) {
      expect(await kernel.recordOf('ann')).not.to.have.property('raised');
      expect(kernel.notices).to.deep.equal([]);
      expect(kernel.events).to.have.length(1);
    }
  });

  it('is where every other sign-in of that lane starts, and is said so', async () => {
    const { kernel, person, says, look, told } = await house();
    says('medium');
    await look();
    forget(kernel);
    kernel.clock.now += 5;
    says('low');
    const higher = { id: 'pending', code: 'higher', points: 0 };
    const other = await look(person.signInAgain().asker);
    expect(other).to.deep.include({ level: 'medium', score: 0, signals: [usual, higher], since: kernel.now() });
    const detail = { level: 'medium', score: 0, risk: 'pending.higher', place: 'CH' };
    expect(told()).to.deep.equal([['risk-assessed', detail]]);
    const high = { ...person.signInAgain().asker };
    says('high');
    expect((await look(high))?.signals).to.deep.equal([usual, strange]);
  });

  it('raises a sign-in that was assessed before, and is not looked up again for it', async () => {
    const { kernel, person, asker, says, look, lookUps } = await house();
    says('low');
    const low = await look();
    says('high');
    await look(person.signInAgain().asker);
    kernel.clock.now += 5;
    forget(kernel);
    expect(await look()).to.deep.include({
      ...low,
      level: 'high',
      since: kernel.now(),
      signals: [usual, { id: 'pending', code: 'higher', points: 0 }],
    });
    expect(lookUps()).to.equal(2);
    expect(kernel.events).to.deep.equal([]);
    asker.hints.ip = '198.51.100.7';
    says('low');
    expect((await look())?.level).to.equal('high');
  });

  it('raises nothing for whoever proved a factor in this sign-in, or was let in by an administrator', async () => {
    const { kernel, person, says, look } = await house();
    says('high');
    await look();
    says('low');
    const proved = person.signInAgain().asker;
    proved.signIn.proofs = [proof({ kind: 'riddle' })];
    expect((await look(proved))?.level).to.equal('low');
    await tamper(kernel, () => ({ releasedUntil: kernel.now() }));
    expect((await look(person.signInAgain().asker))?.level).to.equal('low');
    kernel.clock.now += 1;
    expect((await look(person.signInAgain().asker))?.level).to.equal('high');
  });

  it('raises nothing where levels do nothing, nor in a browser that is known by another lane', async () => {
    const { kernel, person, says, look } = await house();
    says('high');
    await look(person.signInAgain('unknown').asker);
    says('low');
    expect((await look())?.level).to.equal('low');
    const reporting = { ...kernel, settings: { ...kernel.settings, riskActions: undefined } };
    const stranger = person.signInAgain('unknown').asker;
    expect((await riskOf(reporting, stranger, await kernel.recordOf('ann')))?.level).to.equal('low');
    expect((await riskOf(kernel, stranger, await kernel.recordOf('ann')))?.level).to.equal('high');
  });
});
