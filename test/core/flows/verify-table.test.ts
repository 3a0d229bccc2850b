// What a verification reads, refuses unread, and leaves behind: row by row, with rivals in the moment between.
import { expect } from 'chai';
import { bindVouched } from '../../../src/core/flows/bind.js';
import { openChallenge } from '../../../src/core/flows/challenge.js';
import { verify } from '../../../src/core/flows/verify.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { withRecoveries } from '../../../src/core/kernel/recovering.js';
import type { RiskLevel } from '../../../src/core/kernel/risk.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import { endedByFlow, withEnded } from '../../../src/core/rules/ended-sign-ins.js';
import { unusual } from '../../../src/core/rules/risky.js';
import { letters } from '../../support/core-address-factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { namesOf, testKernel, watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import {
  enrollRiddle,
  enrollSpareWords,
  forget,
  personOf,
  protectedPerson,
  saidOf,
} from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';
import { fullLog } from '../../support/core-recovering.js';
import { highRisk, risk, riskTable } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

const gone = 'session.mfa.pending_info_not_found';
const awaiting = 'session.mfa.awaiting_approval';

/** A factor that counts how often an answer was weighed, and lets a rival in meanwhile. */
function weighed(factor: Factor, hooks: { weighed: number; meanwhile: () => unknown }): Factor {
  return {
    ...factor,
    async weigh(...given) {
      hooks.weighed += 1;
      await hooks.meanwhile();
      return factor.weigh(...given);
    },
  };
}

/** `key` signs, `mail` is guessed, both with a challenge; `app` has none. The owner of all of it, signing in once more. */
async function house(level?: RiskLevel, settings: Partial<Settings> = {}) {
  let watched!: WatchedStore;
  const hooks = { weighed: 0, meanwhile: (): unknown => undefined };
  const key = riddle({ kind: 'key', ceremony: 'once', guessable: false }) as Factor;
  const mail = riddle({ kind: 'mail', ceremony: { tries: 3 } }) as Factor;
  const kernel = testKernel({
    factors: [{ ...key, strength: 3 as const }, mail, riddle({ kind: 'app' }) as Factor, spareWords() as Factor].map(
      (each) => weighed(each, hooks),
    ),
    settings: { riskActions: riskTable, trustDays: 30, ...settings },
    store: (memory) => (watched = watchedStore(memory)),
  });
  const owner = personOf(kernel);
  const own = { key: '', mail: '', app: '' };
  for (const kind of ['key', 'mail', 'app'] as const) own[kind] = await enrollRiddle(owner, kind);
  const words = await enrollSpareWords(owner);
  kernel.clock.now += 1000;
  const person = owner.signInAgain();
  if (level) person.asker.signIn.risk = { ...risk(level), since: kernel.now() - 10 };
  forget(kernel);
  hooks.weighed = 0;
  const right = async (kind: keyof typeof own, who = person) => ({
    word: own[kind],
    use: 2,
    ...(kind === 'app' ? {} : await who.issue(kind)),
  });
  return { kernel, person, right, words, watched, hooks };
}

type Kind = 'app' | 'spare-words';
type House = Awaited<ReturnType<typeof house>>;

/** What a rival writes, or what becomes known of the sign-in, before an answer is read or while it is weighed. */
const changes = {
  suspended: ({ kernel }) => tamper(kernel, () => ({ suspended: { admin: 1 } })),
  unprotected: ({ kernel }) => tamper(kernel, () => ({ protected: false })),
  ended: ({ kernel, person }) =>
    tamper(kernel, (record) => withEnded(kernel, record, endedByFlow(kernel, person.asker.signIn.flowId))),
  risky: ({ kernel, person }) => void (person.asker.signIn.risk = { ...risk('high'), since: kernel.now() }),
  barred: ({ kernel }) => tamper(kernel, () => ({ codesBarredUntil: kernel.now() + 50 })),
  awaited: ({ kernel }) => {
    const other = { id: 'o', at: kernel.now(), until: 9_000_000_000, kind: 'spare-words', authenticatorId: 'x' };
    return tamper(kernel, (record) => ({
      recovery: withRecoveries(kernel, 'ann', record, [{ ...other, flow: 'f', owes: 'approval' }]).recovery!,
    }));
  },
} satisfies { [what: string]: (made: House) => unknown };

describe('an answer that is refused unread', () => {
  const held = { hint: 'recovery.barred', heldUntil: 1_800_001_050, retryAfterSeconds: 50 };
  const asked = { hint: unusual, availableFactors: ['key', 'spare-words'] };
  const rows: [why: string, kind: Kind, change: keyof typeof changes, reason: string, details?: object][] = [
    ['of somebody suspended', 'app', 'suspended', 'session.mfa.suspended'],
    ['of somebody protected no more', 'app', 'unprotected', gone],
    ['of a sign-in that has ended, said to have lapsed', 'app', 'ended', gone, { hint: 'pending.lapsed' }],
    ['by a weaker factor than the level asks for', 'app', 'risky', 'session.mfa.require_mfa_verification', asked],
    ['by a backup code after an objection', 'spare-words', 'barred', 'session.mfa.on_hold', held],
    ['by a backup code where another waits, and so would this', 'spare-words', 'awaited', awaiting],
  ];
  for (const [why, kind, change, reason, details = {}] of rows)
    for (const isMeanwhile of [false, true])
      it(`${why}${isMeanwhile ? ' since it was weighed' : ''}: ${reason}`, async () => {
        const level = change === 'awaited' ? 'high' : undefined;
        const made = await house(level, { riskActions: highRisk({ recovery: 'approve' }) });
        const { kernel, person, words, hooks } = made;
        const body = kind === 'app' ? await made.right('app') : { word: words[0]! };
        if (isMeanwhile) hooks.meanwhile = () => changes[change](made);
        else await changes[change](made);
        expect(await person.verify(kind, body)).to.deep.equal({ accepted: false, reason, details });
        expect(hooks.weighed).to.equal(isMeanwhile ? 1 : 0);
        expect(kernel.events).to.have.length(1);
        expect(kernel.events[0]).to.include({ name: 'verification-refused', kind, reason });
        const { authenticators } = await kernel.recordOf('ann');
        expect(authenticators.filter(({ lastUsedAt }) => lastUsedAt === kernel.now())).to.deep.equal([]);
      });

  it('of somebody who is gone when their address has moved', async () => {
    const { factor } = letters();
    let watched!: WatchedStore;
    const kernel = testKernel({
      factors: [factor, spareWords()],
      settings: { autoBind: true },
      store: (memory) => (watched = watchedStore(memory)),
    });
    const person = personOf(kernel, 'ann', { email: 'old@example.com', emailVerified: true });
    await bindVouched(kernel, person.asker, 'letters', false);
    forget(kernel);
    watched.beforeSave = () => {
      watched.beforeLoad = async () => {
        await watched.remove('ann');
      };
    };
    person.asker.user.email = 'new@example.com';
    expect(saidOf(await person.verify('letters', { word: 'x', use: 1 }))).to.equal(gone);
    expect(namesOf(kernel)).to.deep.equal(['address-changed', 'verification-refused']);
  });
});

describe('a backup code', () => {
  it('is spent though another waits for an administrator, where this one would not', async () => {
    for (const isMeanwhile of [false, true]) {
      const made = await house('medium', { riskActions: highRisk({ recovery: 'approve' }) });
      if (isMeanwhile) made.hooks.meanwhile = () => changes.awaited(made);
      else await changes.awaited(made);
      const outcome = await made.person.verify('spare-words', { word: made.words[0]! });
      expect(outcome).to.include({ accepted: true }).and.to.have.nested.property('staged.owes', 'proof');
    }
  });
});

describe('an answer to a challenge', () => {
  it('is accepted while it stands, once', async () => {
    for (const kind of ['key', 'mail'] as const) {
      const { person, right } = await house();
      const body = await right(kind);
      expect(saidOf(await person.verify(kind, body)), kind).to.equal('accepted');
      expect(saidOf(await person.verify(kind, body)), kind).not.to.equal('accepted');
    }
  });

  it('is of nothing where the account changed since, as is one to no challenge', async () => {
    const reasons = { key: gone, mail: 'verification_code.not_found' };
    for (const kind of ['key', 'mail'] as const)
      for (const change of ['before', 'meanwhile', 'never begun']) {
        const { kernel, person, right, hooks } = await house();
        const body = change === 'never begun' ? { word: 'x', use: 2 } : await right(kind);
        const renew = () => tamper(kernel, () => ({ epoch: 'another' }));
        if (change === 'before') await renew();
        if (change === 'meanwhile') hooks.meanwhile = renew;
        forget(kernel);
        expect(saidOf(await person.verify(kind, body)), `${kind} ${change}`).to.equal(reasons[kind]);
        expect(kernel.outcomes().map(({ reason }) => reason)).to.deep.equal([reasons[kind]]);
        expect(hooks.weighed).to.equal(change === 'meanwhile' ? 1 : 0);
      }
  });

  it('leaves nothing of it once it is accepted, and leaves it where it was wrong', async () => {
    const { kernel, person, right } = await house();
    const body = await right('mail');
    await person.verify('mail', { ...body, word: 'wrong' });
    expect(await openChallenge(kernel, person.asker, 'mail')).to.include({ startedAt: kernel.now() });
    await person.verify('mail', body);
    expect(await openChallenge(kernel, person.asker, 'mail')).to.equal(undefined);
  });

  it('is tidied up after where there is something to tidy up', async () => {
    const { person, right, watched } = await house();
    const taken: string[] = [];
    const { take } = watched;
    watched.take = async (userId, key) => {
      taken.push(key.split(':')[2]!);
      return take(userId, key);
    };
    for (const kind of ['app', 'key', 'mail'] as const) await person.verify(kind, await right(kind));
    expect(taken).to.deep.equal(['key', 'mail']);
  });
});

describe('a wrong signature', () => {
  it('is counted outside the record, and nothing else is', async () => {
    const { person, right, watched } = await house();
    const counted: string[] = [];
    const { increment } = watched;
    watched.increment = async (userId, key, ...rest) => {
      counted.push(key);
      return increment(userId, key, ...rest);
    };
    for (const kind of ['app', 'mail'] as const) await person.verify(kind, { ...(await right(kind)), word: 'wrong' });
    await person.verify('key', await right('key'));
    expect(counted).to.deep.equal([]);
    await person.verify('key', { ...(await right('key')), word: 'wrong' });
    expect(counted).to.deep.equal([`failed-signatures:known:${person.asker.knownBrowser!.split('.')[0]}`]);
  });

  it('is not counted where the factor has no challenge to keep back', async () => {
    const { issue: _none, ...pass } = riddle({ guessable: false }) as Factor;
    let watched!: WatchedStore;
    const { person } = await protectedPerson({
      factors: [pass, spareWords()],
      store: (memory) => (watched = watchedStore(memory)),
    });
    watched.increment = () => expect.fail('counted');
    expect(saidOf(await person.verify('riddle', { word: 'wrong', use: 9 }))).to.equal('session.mfa.invalid_totp_code');
  });
});

describe('a right answer in a sign-in that looks risky', () => {
  it('makes no browser trusted where only the strongest counts', async () => {
    for (const [level, isTrusted] of [
      [undefined, true],
      ['medium', true],
      ['high', false],
    ] as const) {
      const { kernel, person, right } = await house(level);
      const outcome = await verify(kernel, person.asker, 'key', await right('key'), true);
      if (!outcome.accepted) return expect.fail(outcome.reason);
      expect(outcome.trustedBrowser !== undefined, level).to.equal(isTrusted);
      expect((await kernel.recordOf('ann')).trusted).to.have.length(isTrusted ? 1 : 0);
    }
  });

  it('ends the level that is kept of its lane, where it was the strongest and levels do something', async () => {
    const rows: [level: RiskLevel | undefined, kind: 'key' | 'app', settings: Partial<Settings>, isLeft: boolean][] = [
      ['high', 'key', {}, false],
      [undefined, 'key', {}, false],
      ['medium', 'app', {}, true],
      ['high', 'key', { riskActions: undefined }, true],
    ];
    for (const [level, kind, settings, isLeft] of rows) {
      const { kernel, person, right } = await house(level, settings);
      const lane = `known:${person.asker.knownBrowser!.split('.')[0]}` as const;
      await tamper(kernel, () => ({ raised: { [lane]: 'medium' } }));
      expect(saidOf(await person.verify(kind, await right(kind)))).to.equal('accepted');
      expect((await kernel.recordOf('ann')).raised !== undefined, `${level} ${kind}`).to.equal(isLeft);
    }
  });
});

describe('an address that moved', () => {
  it('is followed before an answer is weighed: the code to the old one is for nobody', async () => {
    const { factor } = letters();
    const kernel = testKernel({ factors: [factor, spareWords()], settings: { autoBind: true } });
    const person = personOf(kernel, 'ann', { email: 'old@example.com', emailVerified: true });
    await bindVouched(kernel, person.asker, 'letters', false);
    const body = { word: 'the word of old@example.com', use: 1, ...(await person.issue('letters')) };
    person.asker.user.email = 'new@example.com';
    forget(kernel);
    expect(saidOf(await person.verify('letters', body))).to.equal('verification_code.not_found');
    expect(namesOf(kernel)).to.deep.equal(['address-changed', 'verification-refused']);
    const again = { word: 'the word of new@example.com', use: 1, ...(await person.issue('letters')) };
    expect(saidOf(await person.verify('letters', again))).to.equal('accepted');
  });
});

describe('an answer that counts, and whose entry the log takes later', () => {
  it('is told by no second outcome', async () => {
    const { kernel, person, right } = await house();
    const logged = { ...kernel, logbook: fullLog };
    expect(await codeOf(verify(logged, person.asker, 'app', await right('app')))).to.equal('audit.unavailable');
    expect(kernel.outcomes().map(({ outcome }) => outcome)).to.deep.equal(['accepted']);
  });
});
