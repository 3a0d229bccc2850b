// What is bound of an address that the host verified, and what follows: each field that is written, each event and notice, and each
// answer that says beforehand whether it would be.
import { expect } from 'chai';
import {
  bindsAtOnce,
  bindVouched,
  boundAtSignUp,
  changesOf,
  followAddresses,
  hasVouched,
} from '../../../src/core/flows/bind.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { whereaboutsOf } from '../../../src/core/kernel/history.js';
import type { Kernel } from '../../../src/core/kernel/kernel.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import { emptyRecord, type TrustedBrowser } from '../../../src/core/kernel/record.js';
import { letters } from '../../support/core-address-factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, type TestKernel, type TestKernelOptions } from '../../support/core-kernel.js';
import { enrollRiddle, enrollSpareWords, forget, personOf, saidOf } from '../../support/core-person.js';
import { idOf, tamper } from '../../support/core-record.js';
import { riskTable } from '../../support/rule-person.js';

const verified: Partial<MfaUser> = { email: 'ann@example.com', emailVerified: true };
const trusted: TrustedBrowser = { id: 'b', hash: 'h', previous: [], createdAt: 1, expiresAt: 2_000_000_000 };

function house(user: Partial<MfaUser> = verified, more: Partial<Factor> = {}, options: TestKernelOptions = {}) {
  const factor: Factor = { ...letters().factor, ...more };
  const kernel = testKernel({
    factors: [riddle(), factor, spareWords()],
    ...options,
    settings: { autoBind: true, ...options.settings },
  });
  const person = personOf(kernel, 'ann', user);
  const bind = async (proves = false, who = person) =>
    who.keep(await bindVouched(kernel, who.asker, 'letters', proves));
  return { kernel, person, bind };
}

const told = ({ events }: TestKernel) =>
  events.map(({ ip: _ip, userAgent: _agent, requestId: _id, userId: _user, ...rest }) => rest);

describe('whether an address may be bound without a code', () => {
  const rows: [what: string, has: boolean, user?: Partial<MfaUser>, more?: Partial<Factor>, autoBind?: boolean][] = [
    ['verified by the host', true],
    ['not verified', false, { email: 'ann@example.com' }],
    ['that this sign-in began with', false, { ...verified, signedInBy: 'email' }],
    ['of a factor that adopts none', false, verified, { adopt: undefined as never }],
    ['of a factor that knows none', false, verified, { vouchedAddress: undefined as never }],
    ['where the app binds none', false, verified, {}, false],
  ];
  for (const [what, has, user, more, autoBind = true] of rows)
    it(`is ${has ? '' : 'not '}so of one ${what}`, () => {
      const { kernel, person } = house(user, more, { settings: { autoBind } });
      expect(hasVouched(kernel, person.asker, 'letters')).to.equal(has);
    });

  it('is so at sign-up of the one that it began with, and of no kind that is not there', () => {
    const { kernel, person } = house({ ...verified, signedInBy: 'email' });
    person.asker.signIn.moment = 'sign-up';
    expect(hasVouched(kernel, person.asker, 'letters')).to.equal(true);
    expect(hasVouched(kernel, person.asker, 'pigeon')).to.equal(false);
    expect(hasVouched(kernel, person.asker, 'riddle')).to.equal(false);
  });

  it('at once is so where exactly that one was typed', () => {
    const atOnce = (body: object, user = verified, more: Partial<Factor> = {}) => {
      const { kernel, person } = house(user, more);
      return bindsAtOnce(kernel, person.asker, 'letters', body as never);
    };
    expect(atOnce({ address: 'ann@example.com' })).to.equal(true);
    expect(atOnce({ address: 'Ann@example.com' })).to.equal(false);
    expect(atOnce({ address: 'ann@example.com' }, {})).to.equal(false);
    expect(atOnce({ address: 'ann@example.com' }, verified, { adopt: undefined as never })).to.equal(false);
    const malformed = { malformed: true, address: 'ann@example.com' } as const;
    const { enrollment } = letters().factor;
    expect(atOnce({}, verified, { enrollment: { ...enrollment, parseBegin: () => malformed } })).to.equal(false);
    expect(atOnce({}, {}, { enrollment: { ...enrollment, parseBegin: () => ({}) } })).to.equal(false);
  });

  it('at sign-up is so of each factor that knows one, whatever else it can', () => {
    const { kernel, person } = house(verified, { adopt: undefined as never });
    expect(boundAtSignUp(kernel, person.asker)).to.deep.equal(['letters']);
    person.asker.user.signedInBy = 'sms';
    expect(boundAtSignUp(kernel, person.asker)).to.deep.equal(['letters']);
  });
});

describe('an address that is bound', () => {
  it('protects from then on: what is written, answered and told', async () => {
    const { kernel, bind } = house();
    await enrollRiddle(personOf(kernel, 'bob'));
    forget(kernel);
    const outcome = await bind();
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const { accepted: _yes, record: _record, ...said } = outcome;
    const record = await kernel.recordOf('ann');
    expect(said).to.deep.equal({ epoch: record.epoch, first: true });
    const [own] = record.authenticators;
    expect(record).to.deep.include({ protected: true, owed: ['backup-codes'], trusted: [], known: [] });
    const { id, data, ...rest } = own!;
    expect(rest).to.deep.equal({ kind: 'letters', createdAt: kernel.now(), adopted: true });
    expect(data).to.include({ address: 'ann@example.com' });
    const event = { name: 'authenticator-enrolled', kind: 'letters', authenticatorId: id, outcome: 'accepted' };
    expect(told(kernel)).to.deep.equal([{ ...event, detail: { adopted: true } }]);
    expect(
      kernel.notices.map(({ what, kind, authenticatorId, at }) => [what, kind, authenticatorId, at]),
    ).to.deep.equal([['factor-added', 'letters', id, kernel.now()]]);
  });

  it('is a proof only where it is said to be', async () => {
    const { kernel, bind } = house();
    const outcome = await bind(true);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const authenticatorId = await idOf(kernel, 'letters');
    expect(outcome.proof).to.deep.equal({ kind: 'letters', authenticatorId, at: kernel.now(), userVerified: false });
  });

  it('beside other factors leans on the proof, ends trust, and takes the place of nothing', async () => {
    const { kernel, person, bind } = house();
    await enrollRiddle(person);
    await enrollSpareWords(person);
    await tamper(kernel, () => ({ trusted: [trusted] }));
    forget(kernel);
    const before = await kernel.recordOf('ann');
    const outcome = await bind();
    expect(outcome).to.include({ accepted: true }).and.not.have.any.keys('first', 'proof');
    const record = await kernel.recordOf('ann');
    expect(record.epoch).not.to.equal(before.epoch);
    expect(record).to.deep.include({ trusted: [], owed: [], known: before.known });
    expect(record.authenticators.slice(0, 2)).to.deep.equal(before.authenticators);
    expect(record.authenticators[2]).to.deep.include({ enrolledBy: [await idOf(kernel, 'riddle')] });
    expect(told(kernel)[0]?.detail).to.deep.equal({ adopted: true });
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['factor-added']);
  });

  it('takes the place of the one before, which is named, and is told as another address', async () => {
    const { kernel, person, bind } = house();
    await bind(true);
    const before = await idOf(kernel, 'letters');
    forget(kernel);
    expect(saidOf(await bind(false, person))).to.equal('accepted');
    expect((await kernel.recordOf('ann')).authenticators.map(({ kind }) => kind)).to.deep.equal(['letters']);
    expect(told(kernel)[0]?.detail).to.deep.equal({ adopted: true, replaced: before });
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['address-changed']);
  });

  it('ends an exemption, and tells of it', async () => {
    const { kernel, bind } = house();
    const { revision } = await kernel.store.load('ann');
    const exemptions = [{ from: kernel.now() - 9, until: kernel.now() + 9 }];
    await kernel.store.save('ann', { ...emptyRecord('e'), exemptions }, revision);
    await bind();
    expect(told(kernel).at(-1)).to.deep.equal({
      name: 'exemption-ended',
      actor: 'system',
      detail: { why: 'enrolled' },
    });
  });

  const refusals: [why: string, reason: string, change: (kernel: TestKernel) => unknown, level?: 'high'][] = [
    [
      'they are suspended',
      'session.mfa.suspended',
      (kernel) => tamper(kernel, () => ({ suspended: { scim: 1 } }), 'ann'),
    ],
    ['it looks very risky', 'session.mfa.blocked', () => undefined, 'high'],
  ];
  for (const [why, reason, change, level] of refusals)
    it(`is refused to somebody who has none where ${why}: nothing is written or told`, async () => {
      const { kernel, person, bind } = house(verified, {}, { settings: { riskActions: riskTable } });
      await kernel.store.save('ann', emptyRecord('e'), undefined);
      await change(kernel);
      if (level) person.asker.signIn.risk = { level, score: 80, signals: [], seenFrom: 'x', since: kernel.now() };
      const before = await kernel.recordOf('ann');
      expect(saidOf(await bind())).to.equal(reason);
      expect(await kernel.recordOf('ann')).to.deep.equal(before);
      expect(told(kernel)).to.deep.equal([]);
    });
});

describe('a bound address that follows', () => {
  const now = { email: 'ann@new.example', emailVerified: true };

  it('is moved, named with its time, and everything else of the record stays', async () => {
    const { kernel, person, bind } = house();
    await enrollRiddle(person);
    await bind();
    await tamper(kernel, () => ({ trusted: [trusted] }));
    forget(kernel);
    kernel.clock.now += 5;
    const before = await kernel.recordOf('ann');
    const { asker } = personOf(kernel, 'ann', now);
    const answered = await followAddresses(kernel, asker, before);
    const record = await kernel.recordOf('ann');
    expect(answered.epoch).to.equal(record.epoch);
    expect(record.epoch).not.to.equal(before.epoch);
    const [first, second] = record.authenticators;
    expect(first).to.deep.equal(before.authenticators[0]);
    expect(second).to.deep.equal({ ...before.authenticators[1], data: second?.data, movedAt: kernel.now() });
    expect(second?.data).to.include({ address: 'ann@new.example' });
    expect(record.trusted).to.deep.equal([]);
    const authenticatorId = second?.id;
    const event = { name: 'address-changed', kind: 'letters', authenticatorId };
    expect(told(kernel)).to.deep.equal([{ ...event, actor: 'system' }]);
    expect(kernel.notices).to.have.length(1);
    const notice = { what: 'address-changed', kind: 'letters', authenticatorId, at: kernel.now() };
    expect(kernel.notices[0]).to.deep.include(notice);
  });

  it('makes the next sign-ins look riskier where risk is assessed', async () => {
    const { kernel: plain, bind } = house();
    await bind();
    const assess = () => ({ score: 0, level: 'low' as const, signals: [] });
    const kernel: Kernel = { ...plain, risk: { lookUp: async () => ({}), assess } };
    const { asker } = personOf(plain, 'ann', now);
    const record = await followAddresses(kernel, asker, await plain.recordOf('ann'));
    expect(whereaboutsOf(kernel, 'ann', record).changedAt).to.equal(plain.now());
  });

  it('is answered as the record is where a rival was faster, or nothing moved', async () => {
    const { kernel, person, bind } = house();
    await bind();
    forget(kernel);
    const before = await kernel.recordOf('ann');
    expect(changesOf(kernel, person.asker, before)).to.deep.equal([]);
    expect(await followAddresses(kernel, person.asker, before)).to.equal(before);
    const { asker } = personOf(kernel, 'ann', now);
    const [change] = changesOf(kernel, asker, before);
    expect(change).to.include({ id: before.authenticators[0]?.id, kind: 'letters' });
    const moved = await followAddresses(kernel, asker, before);
    expect((await followAddresses(kernel, asker, before)).epoch).to.equal(moved.epoch);
    expect(kernel.events).to.have.length(1);
  });
});
