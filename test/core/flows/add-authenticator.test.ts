// One more authenticator in a record, field by field: what is owed then, what is proved, who made room, and whose browser is known.
import { expect } from 'chai';
import { added, exemptionNews, owedAfter, settled, type Addition } from '../../../src/core/flows/add-authenticator.js';
import type { EnrollmentVerdict, Factor } from '../../../src/core/kernel/factor.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { NewKnownBrowser } from '../../../src/core/rules/known-browsers.js';
import {
  app,
  asking,
  codes,
  having,
  key,
  nobody,
  now,
  own,
  pass,
  proof,
  ruleKernel,
} from '../../support/rule-person.js';

const kernel = ruleKernel();
const browser: NewKnownBrowser = { id: 'b', hash: 'h', cookie: 'b.secret' };
const drawn: Addition = { authenticatorId: 'drawn', epoch: 'next', name: undefined, newBrowser: browser };
type Right = Extract<EnrollmentVerdict, { is: 'right' }>;
const right: Right = { is: 'right', data: { n: 1 } };

function add(
  factor: Factor,
  {
    record = nobody,
    asker = asking(),
    ...more
  }: { record?: MfaRecord; asker?: ReturnType<typeof asking> } & Partial<Right>,
  addition: Partial<Addition> = {},
) {
  const { save, result, happened, notices } = added(
    kernel,
    asker,
    factor,
    record,
    { ...right, ...more },
    {
      ...drawn,
      ...addition,
    },
  );
  if (!result.accepted || !save) throw new Error('not added');
  const [event] = happened ?? [];
  const one = save.authenticators.find(({ id }) => id === result.authenticatorId);
  return { save, result, happened, notices, event, one };
}

describe('what is owed once a factor stands in the record', () => {
  const rows: [what: string, record: MfaRecord, factor: Factor, owed: string[], lost?: boolean][] = [
    ['the first one', nobody, app, ['backup-codes']],
    ['the second one', having([key]), app, []],
    ['one beside codes alone', having([codes]), app, []],
    ['the second one, before the codes are saved', having([key], { owed: ['backup-codes'] }), app, ['backup-codes']],
    ['one after a pass: the codes are lost too', having([codes]), app, ['backup-codes'], true],
    ['one after an objection', having([codes], { owed: ['primary'] }), app, []],
    ['one after an objection, with nothing left', having([], { owed: ['primary'] }), app, ['backup-codes']],
    ['the codes', having([key], { owed: ['backup-codes'] }), codes, []],
    ['the codes, after an objection', having([], { owed: ['primary', 'backup-codes'] }), codes, ['primary']],
    ['the codes, where something else is owed', having([key], { owed: ['else', 'backup-codes'] }), codes, ['else']],
    ['one, where something else is owed', having([key], { owed: ['else', 'primary'] }), app, ['else']],
  ];
  for (const [what, record, factor, owed, lost] of rows)
    it(`${what}: ${owed.join(' and ') || 'nothing'}`, () => {
      expect(owedAfter(kernel, record, factor, lost)).to.deep.equal(owed);
    });

  it('is no codes where the app has none', () => {
    const without = ruleKernel({}, { factors: [key, app] });
    expect(owedAfter(without, nobody, app)).to.deep.equal([]);
  });
});

describe('one more authenticator', () => {
  it('is written with its id, kind, data and time, and a name where somebody gave one', () => {
    expect(add(app, {}).one).to.deep.equal({ id: 'drawn', kind: 'app', createdAt: now, data: { n: 1 } });
    expect(add(app, { id: 'its own' }).one?.id).to.equal('its own');
    expect(add(app, {}).one).not.to.have.property('name');
    expect(add(app, { name: 'An app' }).one?.name).to.equal('An app');
    expect(add(app, { name: 'An app' }, { name: 'Mine' }).one?.name).to.equal('Mine');
  });

  const proofs: [what: string, factor: Factor, more: Partial<Right>, userVerified: boolean | undefined][] = [
    ['a primary one proves itself', app, {}, false],
    ['a primary one by which a user was verified', app, { userVerified: true }, true],
    ['a primary one whose answer proved nothing', app, { proved: false }, undefined],
    ['codes prove nothing', codes, {}, undefined],
  ];
  for (const [what, factor, more, userVerified] of proofs)
    it(`${what}: ${userVerified === undefined ? 'no proof' : `a proof, user verified ${userVerified}`}`, () => {
      const { result } = add(factor, { record: having([key]), asker: asking({ proofs: [proof(key)] }), ...more });
      if (userVerified === undefined) expect(result).not.to.have.property('proof');
      else expect(result.proof).to.deep.equal({ kind: factor.kind, authenticatorId: 'drawn', at: now, userVerified });
    });

  it('takes no place: nothing is said of a replacement', () => {
    const { event, result } = add(app, { record: having([key]) });
    expect(event).to.deep.equal({
      name: 'authenticator-enrolled',
      kind: 'app',
      authenticatorId: 'drawn',
      outcome: 'accepted',
    });
    expect(result).not.to.have.property('replaced');
  });

  it('takes the place of another: it goes, the event and the answer say so', () => {
    const { save, event, result } = add(app, { record: having([key, app]), replaces: ['app'] });
    expect(save.authenticators.map(({ id }) => id)).to.deep.equal(['key', 'drawn']);
    expect(event?.detail).to.deep.equal({ replaced: 'app' });
    expect(result).to.include({ replaced: true });
  });

  it('of codes is told as codes', () => {
    expect(add(codes, { record: having([key]) }).event).to.include({ name: 'backup-codes-confirmed', kind: 'codes' });
  });

  it('is the first where the person was not protected, and only there', () => {
    expect(add(app, {}).result).to.include({ first: true });
    expect(add(app, { record: having([key]) }).result).not.to.have.property('first');
  });

  it('ends passes where it is a primary one, and leaves them where it is codes', () => {
    const record = having([key, pass]);
    expect(add(app, { record }).save.authenticators.map(({ id }) => id)).to.deep.equal(['key', 'drawn']);
    expect(add(codes, { record }).save.authenticators.map(({ id }) => id)).to.deep.equal(['key', 'pass', 'drawn']);
  });

  it('owes the codes anew to whoever came by a pass', () => {
    const asker = asking({ proofs: [proof(pass)] });
    expect(add(app, { record: having([codes, pass]), asker }).save.owed).to.deep.equal(['backup-codes']);
    expect(add(app, { record: having([codes, key]), asker: asking({ proofs: [proof(key)] }) }).save.owed).to.deep.equal(
      [],
    );
  });

  it('protects, under the next epoch, with no trusted browser left', () => {
    const trusted = [{ id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt: now + 9 }];
    const { save, result } = add(app, { record: { ...nobody, trusted } });
    expect(save).to.deep.include({ protected: true, epoch: 'next', trusted: [] });
    expect(result.record).to.equal(save);
    expect(result.epoch).to.equal('next');
  });

  it('makes a browser known that is not, and tells its cookie', () => {
    const { save, result } = add(app, {});
    expect(save.known.map(({ id }) => id)).to.deep.equal(['b']);
    expect(result.knownBrowser).to.equal('b.secret');
  });

  it('tells what the factor tells, after its own event', () => {
    const { happened } = add(app, { happened: [{ name: 'code-sent' }] });
    expect(happened?.map(({ name }) => name)).to.deep.equal(['authenticator-enrolled', 'code-sent']);
  });
});

describe('what an enrolment settles', () => {
  it('is what waited for a first one, an exemption and a release', () => {
    const record = {
      ...having([own(key)]),
      reclaim: { since: 1 },
      releasedUntil: now + 9,
    };
    const after = settled(record, now);
    expect(after).not.to.have.any.keys('reclaim', 'account', 'exemption');
    expect(after.releasedUntil).to.equal(now);
  });

  it('tells of the end of an exemption that is in force, to somebody without a method', () => {
    const exemptions = [{ from: now - 1, until: now + 1 }] as NonNullable<MfaRecord['exemptions']>;
    const ended = [{ name: 'exemption-ended', actor: 'system', detail: { why: 'enrolled' } }];
    expect(exemptionNews({ ...nobody, exemptions }, now)).to.deep.equal(ended);
    expect(exemptionNews({ ...nobody, exemptions }, now + 1)).to.deep.equal([]);
    expect(exemptionNews({ ...having([key]), exemptions }, now)).to.deep.equal([]);
    expect(exemptionNews(nobody, now)).to.deep.equal([]);
    expect(add(app, { record: { ...nobody, exemptions } }).happened?.at(-1)).to.deep.equal(ended[0]);
  });
});
