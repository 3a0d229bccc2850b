// What else a situation says: which proofs count for what, how risky the sign-in looks, and by which ways the person can verify, in
// which order.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import { hasUsable, ownOf, situationOf, usableOf, wouldServeTwice } from '../../../src/core/rules/situation.js';
import {
  app,
  asking,
  codes,
  having,
  highRisk,
  key,
  mail,
  nobody,
  now,
  own,
  pass,
  proof,
  ruleKernel,
  since,
  sms,
  type AskerOptions,
} from '../../support/rule-person.js';

const person = having([app, codes]);
const byApp: AskerOptions = { proofs: [proof(app)] };
const situation = (record: MfaRecord, asker: AskerOptions = {}, settings: Partial<Settings> = {}) => {
  const { user, signIn } = asking(asker);
  return situationOf(ruleKernel(settings), user, signIn, record);
};

describe('the proofs of a sign-in', () => {
  const held = having([app, own(key, { createdAt: since }), codes, pass], { hold: { since, until: now + 5 } });
  const of = (record: MfaRecord, ...factors: Factor[]) => {
    const found = situation(record, { proofs: factors.map((factor) => proof(factor)) });
    const kinds = (all: typeof found.proofs) => all.map(({ kind }) => kind).join(' ');
    return [kinds(found.proofs), kinds(found.counting), found.heldUntil];
  };

  it('count for changes but where all are of a recovery that is held, and a pass never', () => {
    expect(of(held, key, codes)).to.deep.equal(['key codes', '', now + 5]);
    expect(of(held, key, app, pass)).to.deep.equal(['key app pass', 'key app', undefined]);
    expect(of(person, app)).to.deep.equal(['app', 'app', undefined]);
  });
});

describe('a sign-in that looks risky', () => {
  const both = having([key, app, codes]);
  const quiet: Partial<Settings> = { riskActions: highRisk({ signIn: 'allow', enrollment: 'allow' }) };
  type Risky = [
    who: string,
    record: MfaRecord,
    asker: AskerOptions,
    level: string,
    asks: string,
    unusual: boolean,
    app?: Partial<Settings>,
  ];
  const rows: Risky[] = [
    ['nobody assessed', both, {}, 'low', 'allow', false],
    ['low', both, { level: 'low' }, 'low', 'allow', false],
    ['medium', both, { level: 'medium' }, 'medium', 'ask', true],
    ['medium, of somebody who is in', both, { level: 'medium', ...byApp }, 'medium', 'ask', false],
    ['high', both, { level: 'high' }, 'high', 'strongest', true],
    ['high, by a weaker factor', both, { level: 'high', ...byApp }, 'high', 'strongest', true],
    ['high, by the strongest', both, { level: 'high', proofs: [proof(key)] }, 'low', 'allow', false],
    ['high, where that does nothing', both, { level: 'high' }, 'high', 'allow', false, quiet],
    ['medium, of somebody without a method', nobody, { level: 'medium' }, 'medium', 'ask', true],
    [
      'the same where only sign-ins are asked more',
      nobody,
      { level: 'high' },
      'high',
      'strongest',
      false,
      { riskActions: highRisk({ enrollment: 'allow' }) },
    ],
    [
      'high, where only first enrolments are',
      both,
      { level: 'high' },
      'high',
      'allow',
      false,
      { riskActions: highRisk({ signIn: 'allow' }) },
    ],
    [
      'low, in an app that always asks',
      both,
      { level: 'low' },
      'low',
      'ask',
      false,
      { riskActions: { ...highRisk({}), signIn: { low: 'ask', medium: 'ask', high: 'ask' } } },
    ],
  ];
  for (const [who, record, asker, level, asks, unusual, settings] of rows)
    it(`(${who}) is ${level}, ${asks}, and is ${unusual ? 'said to be' : 'not said to be'} unusual`, () => {
      const found = situation(record, asker, settings);
      expect([found.level, found.asks, found.unusual]).to.deep.equal([level, asks, unusual]);
    });

  it('offers of the primary factors the strongest alone', () => {
    const all = having([mail, app, key, codes, pass]);
    const kinds = (asker: AskerOptions) =>
      situation(all, asker)
        .ways.map(({ kind }) => kind)
        .join(' ');
    expect(kinds({ level: 'medium' })).to.equal('key app mail codes pass');
    expect(kinds({ level: 'high' })).to.equal('key codes pass');
  });
});

describe('the ways to verify', () => {
  const all = [key, app, sms, mail, codes, pass];
  const used = (factor: Factor, lastUsedAt: number) => own(factor, { lastUsedAt });
  /** As `kind`, the one used last with `*`, the preferred one with `!`. */
  const waysOf = (record: MfaRecord, user: Partial<MfaUser> = {}, factors = all) => {
    const asker = asking({ user });
    const { ways } = situationOf(ruleKernel({}, { factors }), asker.user, asker.signIn, record);
    return ways
      .map(({ kind, lastUsed, preferred }) => `${kind}${lastUsed ? '*' : ''}${preferred ? '!' : ''}`)
      .join(' ');
  };

  const rows: [what: string, record: MfaRecord, ways: string][] = [
    ['as the app lists them, codes and a pass last', having([pass, codes, mail, app]), 'app mail codes pass'],
    ['the one used last first', having([key, used(app, 5), used(mail, 9), used(sms, 7)]), 'mail* key app sms'],
    ['the first listed of those used at once', having([key, used(app, 5), used(mail, 5)]), 'app* key mail'],
    [
      'codes last, though they were used last',
      having([used(codes, 9), used(pass, 9), used(app, 1), key]),
      'app* key codes pass',
    ],
    [
      'the preferred one before the one used last',
      having([key, used(app, 5), mail], { preferred: 'mail' }),
      'mail! key app*',
    ],
    ['the preferred one, used last', having([key, used(app, 5)], { preferred: 'app' }), 'app*! key'],
    [
      'the one used last where the preferred one is gone',
      having([key, used(app, 5)], { preferred: 'mail' }),
      'app* key',
    ],
    ['no codes first, whoever prefers them', having([key, codes], { preferred: 'codes' }), 'key codes'],
    [
      'one way for several of a kind, by the one used last',
      having([used(key, 6), used(app, 5), own(app, { id: 'b', lastUsedAt: 7 })]),
      'app* key',
    ],
  ];
  for (const [what, record, ways] of rows) it(`are ${what}: ${ways}`, () => expect(waysOf(record)).to.equal(ways));

  it('are in the order of ranks, however the app lists them', () => {
    expect(waysOf(having(all), {}, [pass, codes, mail, key])).to.equal('mail key codes pass');
  });

  const useless: [what: string, record: MfaRecord, ways: string, user?: Partial<MfaUser>][] = [
    ['is disabled', having([app, own(mail, { disabledAt: 1 })]), 'app'],
    ['is empty', having([app, own(codes, { data: { state: 'empty' } })]), 'app'],
    ['has expired', having([app, own(codes, { data: { state: 'expired' } })]), 'app'],
    ['is of a factor that the app has no more', having([app, { ...own(mail), kind: 'gone' }]), 'app'],
    ['is barred after an objection', having([app, codes, pass], { codesBarredUntil: now + 1 }), 'app'],
    ['was the first factor of this sign-in', having([app, mail, sms]), 'app sms', { signedInBy: 'email' }],
  ];
  for (const [what, record, ways, user] of useless)
    it(`are without what ${what}`, () => {
      expect(waysOf(record, user)).to.equal(ways);
      const kinds = usableOf(ruleKernel(), record, asking({ user: user ?? {} }).user).map(({ factor }) => factor.kind);
      expect(kinds.join(' ')).to.equal(ways);
    });

  it('are with codes that are low, and with all once it is no such sign-in', () => {
    expect(waysOf(having([app, own(codes, { data: { state: 'low' } })]))).to.equal('app codes');
    expect(waysOf(having([app, codes, pass], { codesBarredUntil: now }))).to.equal('app codes pass');
    expect(waysOf(having([app, mail, sms]), { signedInBy: 'password' })).to.equal('app sms mail');
    expect(waysOf(having([app, mail]))).to.equal('app mail');
  });

  it('are counted by rank, for whoever has lost one', () => {
    const has = (record: MfaRecord) =>
      (['primary', 'backup', 'pass'] as const).filter((rank) => hasUsable(ruleKernel(), record, rank)).join(' ');
    expect(has(having([app, codes, pass]))).to.equal('primary backup pass');
    expect(has(having([app, codes, pass], { codesBarredUntil: now + 1 }))).to.equal('primary');
    expect(has(having([own(app, { disabledAt: 1 }), codes]))).to.equal('backup');
    expect(has(nobody)).to.equal('');
  });

  it('are of authenticators of that kind that are not disabled', () => {
    const record = having([own(app, { id: 'a', disabledAt: 1 }), own(app, { id: 'b' }), mail]);
    expect(ownOf(record, 'app').map(({ id }) => id)).to.deep.equal(['b']);
  });
});

describe('one channel', () => {
  const twice = (factor: Factor, signedInBy: string | undefined, moment: 'sign-in' | 'sign-up') => {
    const { user, signIn } = asking({ user: signedInBy === undefined ? {} : { signedInBy }, signIn: { moment } });
    return wouldServeTwice(factor, user, signIn);
  };

  it('serves as both factors of no sign-in; whoever signs up by it may enrol it', () => {
    expect(twice(mail, 'email', 'sign-in')).to.equal(true);
    expect(twice(mail, 'email', 'sign-up')).to.equal(false);
    expect(twice(sms, 'email', 'sign-in')).to.equal(false);
    expect(twice(mail, undefined, 'sign-in')).to.equal(false);
    expect(twice(app, undefined, 'sign-in')).to.equal(false);
  });
});
