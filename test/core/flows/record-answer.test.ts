// What an answer writes into the record and tells: decided on plain values, by no store and no session.
import { expect } from 'chai';
import {
  acceptedBy,
  codeUsedNotice,
  refusedBy,
  verificationRefused,
  withData,
  withUse,
  type Newcomers,
} from '../../../src/core/flows/record-answer.js';
import type { Factor, Verdict } from '../../../src/core/kernel/factor.js';
import type { Kernel } from '../../../src/core/kernel/kernel.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import {
  app,
  asking,
  codes,
  having,
  key,
  now,
  own,
  pass,
  proof,
  recovering,
  ruleKernel,
  since,
  spent,
} from '../../support/rule-person.js';

const kernel = ruleKernel();
const hour = 3600;
const newcomer = { cookie: 'id.secret', id: 'id', hash: 'h' };
const trust = {
  cookie: { id: 'tb', cookie: 'tb.secret' },
  browser: { id: 'tb', hash: 'h', previous: [], createdAt: now, expiresAt: now + 9 },
};
const lane = 'known:b';
const met = [{ id: 'b', hash: 'h', createdAt: now - 5 }];
const count = (failures = 1) => ({ failures, failedAt: now - 1 });
const person = having([key, app, codes], { known: met });

function right(factor: Factor, record: MfaRecord, more: Partial<Newcomers> & { in?: 'unknown' } = {}, verdict = {}) {
  const { in: where = lane, ...newcomers } = more;
  const given: Extract<Verdict, { is: 'right' }> = {
    is: 'right',
    authenticatorId: factor.kind,
    data: { n: 2 },
    ...verdict,
  };
  const all = { knownBrowser: () => newcomer, trust: undefined, ...newcomers };
  const { save, result, happened, notices } = acceptedBy(kernel, factor, record, where, given, all);
  return { save, result, happened: [...happened], notices: [...notices] };
}

function wrong(
  factor: Factor,
  record: MfaRecord,
  verdict: Partial<Extract<Verdict, { is: 'wrong' }>> = {},
  of: Kernel = kernel,
  where: 'unknown' | typeof lane = lane,
) {
  const { save, result, happened, notices } = refusedBy(of, factor, record, where, {
    is: 'wrong',
    reason: factor.wrong,
    ...verdict,
  });
  if (result.accepted) throw new Error('accepted');
  return { save, details: result.details, reason: result.reason, happened, notices };
}

describe('a right answer', () => {
  it('writes its use and nothing else, in a browser that is known', () => {
    const { save, result, happened, notices } = right(app, person);
    const authenticators = person.authenticators.map((each) =>
      each.kind === 'app' ? { ...each, lastUsedAt: now, data: { n: 2 } } : each,
    );
    expect(save).to.deep.equal({ ...person, authenticators });
    expect(result).to.deep.equal({ accepted: true, proof: proof(app), epoch: 'e', record: save });
    const event = { name: 'verification-accepted', kind: 'app', authenticatorId: 'app', outcome: 'accepted' };
    expect(happened).to.deep.equal([event]);
    expect(notices).to.deep.equal([]);
  });

  it('says where the user was verified, and what the factor tells', () => {
    const told = { happened: [{ name: 'backup-code-used', detail: { left: 4 } }] };
    const { result, happened } = right(key, person, {}, { userVerified: true, ...told });
    expect(result.proof).to.deep.equal({ ...proof(key), userVerified: true });
    expect(happened[1]).to.deep.equal({ ...told.happened[0], kind: 'key', authenticatorId: 'key' });
  });

  it('makes an unknown browser known', () => {
    const { save, result } = right(app, person, { in: 'unknown' });
    expect(save.known).to.deep.equal([...met, { id: 'id', hash: 'h', createdAt: now }]);
    expect(result).to.include({ knownBrowser: 'id.secret' });
    expect(right(app, person).result).not.to.have.property('knownBrowser');
  });

  it('clears its own count in its lane, where it can be guessed', () => {
    const attempts = { 'app/known:b': count(), '/known:b': count(), 'app/unknown': count(), 'codes/known:b': count() };
    const { save } = right(app, { ...person, attempts });
    expect(Object.keys(save.attempts)).to.deep.equal(['app/unknown', 'codes/known:b']);
    expect(right(key, { ...person, attempts }).save.attempts).to.deep.equal(attempts);
  });

  it('tells how long the second factor took, of the first one of a sign-in', () => {
    const took = (newcomers: Partial<Newcomers>) => right(app, person, newcomers).happened[0]?.detail;
    expect(took({ startedAt: now - 7 })).to.deep.equal({ seconds: 7 });
    expect(took({ startedAt: now + 3 })).to.deep.equal({ seconds: 0 });
    expect(took({ startedAt: now - 7, proofs: [proof(key)] })).to.equal(undefined);
    expect(took({})).to.equal(undefined);
  });

  it('of a factor of their own takes away the passes that are out; of a code it does not', () => {
    const withPass = having([app, codes, pass], { known: met });
    const kinds = (factor: Factor) => right(factor, withPass).save.authenticators.map(({ kind }) => kind);
    expect(kinds(app)).to.deep.equal(['app', 'codes']);
    expect(kinds(codes)).to.deep.equal(['app', 'codes', 'pass']);
  });

  it('by a pass begins a hold and is told to its owner', () => {
    const { save, notices } = right(pass, having([app, pass], { known: met }));
    expect(save.hold).to.deep.equal({ since: now, until: now + 24 * hour });
    expect(notices).to.deep.equal([{ what: 'pass-used', authenticatorId: 'pass', at: now }]);
  });

  it('by a backup code is told to its owner, with how many are left where that is known', () => {
    const used = (happened: Parameters<typeof codeUsedNotice>[2]) => right(codes, person, {}, { happened }).notices;
    const notice = { what: 'backup-code-used', authenticatorId: 'codes', at: now };
    expect(used([{ name: 'backup-code-used', detail: { left: 4 } }])).to.deep.equal([{ ...notice, left: 4 }]);
    expect(used([{ name: 'backup-code-used', detail: { left: 'four' } }])).to.deep.equal([notice]);
    expect(used([{ name: 'backup-code-used' }])).to.deep.equal([notice]);
    expect(used([{ name: 'backup-codes-low', detail: { left: 4 } }])).to.deep.equal([notice]);
    expect(codeUsedNotice('codes', now)).to.deep.equal(notice);
  });

  it('makes a browser trusted that asked for it, and tells of it', () => {
    const { save, result, happened, notices } = right(app, person, { trust });
    expect(save.trusted).to.deep.equal([trust.browser]);
    expect(result.trustedBrowser).to.equal(trust.cookie);
    expect(happened[1]).to.deep.equal({ name: 'browser-trusted', kind: 'app', detail: { browser: 'tb' } });
    expect(notices).to.deep.equal([{ what: 'browser-trusted', at: now }]);
  });

  it('makes no browser trusted by what is held', () => {
    const hold = { since: now - 5, until: now + 1 };
    const young = having([own(app, { createdAt: now - 5 })], { known: met, hold });
    const { save, result, happened, notices } = right(app, young, { trust });
    expect(save.trusted).to.deep.equal([]);
    expect(result).not.to.have.property('trustedBrowser');
    expect([happened.length, notices]).to.deep.equal([1, []]);
    expect(right(app, { ...young, hold: { ...hold, until: now } }, { trust }).save.trusted).to.have.length(1);
  });

  it('of the strongest class ends what its lane was raised to, unless it is younger than that, or held', () => {
    const raised = { [lane]: 'high', unknown: 'medium' } as const;
    const [asked, rest] = [{ strongest: ['app'], since }, { unknown: 'medium' }];
    const after = (record: Partial<MfaRecord>, newcomers: Partial<Newcomers> = { asked }) =>
      right(app, { ...person, raised, ...record }, newcomers).save.raised;
    expect(after({})).to.deep.equal(rest);
    expect(after({}, { asked: { strongest: ['key'], since } })).to.deep.equal(raised);
    expect(after({}, {})).to.deep.equal(raised);
    const madeAt = (createdAt: number) => ({ authenticators: [own(app, { createdAt })] });
    expect(after(madeAt(since + 1))).to.deep.equal(raised);
    expect(after(madeAt(since))).to.deep.equal(rest);
    expect(after(madeAt(now), { asked: { strongest: ['app'], since: undefined } })).to.deep.equal(rest);
    const hold = { since: since - 5, until: now + 1 };
    expect(after({ ...madeAt(since), hold })).to.deep.equal(raised);
  });

  it('uses up the release by which it was let in', () => {
    expect(right(app, { ...person, releasedUntil: now + 5 }).save.releasedUntil).to.equal(now);
    expect(right(app, { ...person, releasedUntil: now - 5 }).save.releasedUntil).to.equal(now - 5);
  });

  it('ends a hold where the same sign-in has proofs of the recovery', () => {
    const hold = { since: now - 5, until: now + 1 };
    expect(right(app, { ...person, hold }, { proofs: [proof(codes)] }).save).not.to.have.property('hold');
    expect(right(app, { ...person, hold }).save.hold).to.deep.equal(hold);
  });

  it('by a factor of their own confirms a code that was spent in this sign-in', () => {
    const owing = recovering(person, spent());
    const { save, happened } = right(app, owing, { asker: asking() });
    expect(save).not.to.have.property('recovery');
    const confirmed = { name: 'recovery-confirmed', kind: 'codes', authenticatorId: 'codes', detail: { by: 'app' } };
    expect(happened[1]).to.deep.equal(confirmed);
    expect(right(app, owing).happened).to.have.length(1);
  });

  it('reminds of a set that ends', () => {
    const expiresAt = now + 86_400;
    const ends = having([app, own(codes, { data: { expiresAt } })], { known: met });
    const { happened, notices } = right(app, ends);
    expect(happened.map(({ name }) => name)).to.deep.equal(['verification-accepted', 'backup-codes-expiring']);
    expect(notices).to.deep.equal([{ what: 'backup-codes-expiring', kind: 'codes', at: now, expiresAt }]);
  });

  it('touches no authenticator but its own, whose row of wrong answers is over', () => {
    const two = having([own(app, { failures: 3 }), own(key, { failures: 4 })]);
    const [used, other] = withUse(two, 'app', { n: 1 }, now).authenticators;
    expect(used).to.deep.equal({ ...own(app), lastUsedAt: now, data: { n: 1 } });
    expect(other).to.deep.equal(own(key, { failures: 4 }));
    expect(withData(two, 'app', { n: 1 }).authenticators[0]).to.deep.equal(own(app, { failures: 3, data: { n: 1 } }));
    expect(withData(two, 'app', { n: 1 }).authenticators[1]).to.deep.equal(other);
  });
});

describe('a wrong answer', () => {
  const told = { name: 'verification-refused', outcome: 'refused' };
  const refused = (kind: string, reason: string, more = {}) => ({ ...told, kind, reason, ...more });

  it('that came too late to be compared may be sent again, and costs nothing', () => {
    const { save, result, happened } = refusedBy(kernel, app, person, lane, { is: 'stale' });
    expect(save).to.equal(undefined);
    expect(result).to.deep.equal({ accepted: false, reason: 'store.conflict', details: { retryAfterSeconds: 1 } });
    expect(happened).to.deep.equal([refused('app', 'store.conflict')]);
  });

  it('is counted for its kind, its lane and its authenticators, and says how many tries are left', () => {
    const { save, details, reason, happened, notices } = wrong(app, person);
    expect(save?.attempts).to.deep.equal({
      'app/known:b': { failures: 1, failedAt: now },
      '/known:b': { failures: 1, failedAt: now },
    });
    expect(save?.authenticators.map(({ failures }) => failures)).to.deep.equal([undefined, 1, undefined]);
    expect([details, reason]).to.deep.equal([{ remainingAttempts: 4 }, app.wrong]);
    expect(happened).to.deep.equal([refused('app', app.wrong)]);
    expect(notices).to.deep.equal([]);
  });

  it('the fifth waits, is told as locked, and the twentieth is told to its owner', () => {
    const { details, happened } = wrong(app, { ...person, attempts: { 'app/known:b': count(4) } });
    expect(details).to.deep.equal({ remainingAttempts: 0, retryAfterSeconds: 30 });
    const locked = { name: 'locked', kind: 'app', detail: { waitSeconds: 30, failures: 5 } };
    expect(happened).to.deep.equal([refused('app', app.wrong), locked]);
    const { notices } = wrong(app, { ...person, attempts: { '/known:b': count(19) } });
    expect(notices).to.deep.equal([{ what: 'failures', at: now, left: 20 }]);
  });

  it('says the smaller of what its code and the budget leave', () => {
    expect(wrong(app, person, { details: { remainingAttempts: 2 } }).details).to.deep.equal({ remainingAttempts: 2 });
    expect(wrong(app, person, { details: { remainingAttempts: 9 } }).details).to.deep.equal({ remainingAttempts: 4 });
  });

  it('says what was wrong in particular, where the factor tells', () => {
    const { details, happened } = wrong(app, person, { details: { hint: 'used' } });
    expect(details).to.deep.equal({ hint: 'used', remainingAttempts: 4 });
    expect(happened).to.deep.equal([refused('app', app.wrong, { detail: { hint: 'used' } })]);
  });

  it('is not counted where it was compared with nothing, or cannot be guessed', () => {
    for (const [factor, verdict] of [
      [app, { attempt: false }],
      [key, {}],
    ] as const) {
      const { save, details } = wrong(factor, person, { ...verdict, details: { hint: 'x' } });
      expect([save, details]).to.deep.equal([undefined, { hint: 'x' }]);
    }
  });

  it('writes what the factor flags of an authenticator, counted or not, and names it in the event', () => {
    const flag = { authenticatorId: 'app', data: { n: 9 } };
    const counted = wrong(app, person, { flag });
    expect(counted.save?.authenticators[1]).to.deep.equal(own(app, { failures: 1, data: { n: 9 } }));
    expect(counted.happened).to.deep.equal([refused('app', app.wrong, { authenticatorId: 'app' })]);
    expect(counted.notices).to.deep.equal([]);
    const uncounted = wrong(key, person, { flag: { authenticatorId: 'key', data: { n: 9 } } });
    expect(uncounted.save).to.deep.equal(withData(person, 'key', { n: 9 }));
  });

  it('that flags an authenticator is told to its owner by its name, and never by its id', () => {
    const happened = [{ name: 'authenticator-flagged' as const, authenticatorId: 'key' }];
    const flag = { authenticatorId: 'key', data: {}, happened };
    const named = having([own(key, { name: 'Blue key' })]);
    const flagged = wrong(key, named, { flag });
    expect(flagged.happened).to.deep.equal([refused('key', key.wrong, { authenticatorId: 'key' }), happened[0]]);
    const notice = { what: 'authenticator-flagged', kind: 'key', at: now };
    expect(flagged.notices).to.deep.equal([{ ...notice, name: 'Blue key' }]);
    expect(wrong(key, person, { flag }).notices).to.deep.equal([notice]);
    const other = { ...flag, happened: [{ name: 'code-sent' as const }] };
    expect(wrong(key, person, { flag: other }).notices).to.deep.equal([]);
    const guessed = wrong(app, { ...person, attempts: { '/known:b': count(19) } }, { flag });
    expect(guessed.notices?.map(({ what }) => what)).to.deep.equal(['authenticator-flagged', 'failures']);
  });

  it('is noted with its time where risk is assessed', () => {
    const risk = { lookUp: async () => ({}), assess: () => ({ score: 0, level: 'low' as const, signals: [] }) };
    const { save } = wrong(app, person, {}, { ...kernel, risk });
    expect(save?.attempts['/known:b']).to.deep.equal({ failures: 1, failedAt: now, recent: [now] });
  });

  it('is told without what nobody knows of it', () => {
    expect(verificationRefused('app', app.wrong)).to.deep.equal(refused('app', app.wrong));
    const all = { authenticatorId: 'a', detail: { hint: 'h' } };
    expect(verificationRefused('app', app.wrong, 'a', 'h')).to.deep.equal(refused('app', app.wrong, all));
  });
});
