// Somebody who has spent a spare word in a sign-in that looks risky, on another browser: the flows see what a session would hold,
// and a hook stands where a rival may write while an answer is weighed. 100 s passed since the word was spent.
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { Logbook } from '../../src/core/kernel/kernel.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { Factor } from '../../src/core/kernel/factor.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { ownRecovery, withRecoveries, type Recovery } from '../../src/core/kernel/recovering.js';
import type { RiskLevel } from '../../src/core/kernel/risk.js';
import type { Settings } from '../../src/core/kernel/settings.js';
import type { AssessedRisk } from '../../src/core/kernel/sign-in.js';
import { letters } from './core-address-factor.js';
import { riddle, spareWords } from './core-factors.js';
import { testKernel, watchedStore, type WatchedStore } from './core-kernel.js';
import { enrollRiddle, enrollSpareWords, forget, personOf } from './core-person.js';
import { tamper } from './core-record.js';
import { riskTable } from './rule-person.js';

export type RecoveringOptions = {
  level?: RiskLevel;
  user?: Partial<MfaUser>;
  settings?: Partial<Settings>;
  /** What the letters do otherwise when an enrolment, or a confirmation, is answered. */
  enrollment?: Partial<Factor['enrollment']>;
  queueLimit?: number;
};

const ann: Partial<MfaUser> = { email: 'ann@example.com', emailVerified: true, signedInBy: 'passkey' };

/** An audit log that nothing may be told without, and that takes nothing once the change is saved. */
export const fullLog: Logbook = {
  refuses: true,
  entryOf: (_about, { name }) => ({ id: name }),
  reach: async () => undefined,
  append: () => Promise.reject(new MfaError('audit.unavailable', 'full')),
  isStored: () => false,
};

export async function recovering({ level = 'medium', user, settings, enrollment, queueLimit }: RecoveringOptions = {}) {
  let watched!: WatchedStore;
  const { factor, sent } = letters();
  const hooks = { whileWeighing: async (): Promise<void> => undefined };
  const post: Factor = {
    ...factor,
    enrollment: {
      ...factor.enrollment,
      async weigh(...given) {
        await hooks.whileWeighing();
        return factor.enrollment.weigh(...given);
      },
      ...enrollment,
    },
  };
  const kernel = testKernel({
    factors: [riddle(), post, spareWords()],
    settings: { riskActions: riskTable, ...settings },
    store: (memory: MfaStore) => (watched = watchedStore(memory)),
    ...(queueLimit === undefined ? {} : { queueLimit }),
  });
  const owner = personOf(kernel, 'ann', { ...ann, ...user });
  const word = await enrollRiddle(owner);
  const words = await enrollSpareWords(owner);
  kernel.clock.now += 2 * 86_400;
  const risk: AssessedRisk = { level, score: 40, signals: [], seenFrom: 'x', since: kernel.now() };
  const person = owner.signInAgain('unknown');
  person.asker.signIn.risk = risk;
  const spent = await person.verify('spare-words', { word: words[0]! });
  if (!spent.accepted || !spent.staged) throw new Error(`not spent: ${JSON.stringify(spent)}`);
  const { staged, recoveryCookie } = spent;
  if (recoveryCookie !== undefined) person.asker.recoveryCookie = recoveryCookie;
  kernel.clock.now += 100;
  forget(kernel);
  /** Changes what is owed, past every flow. */
  const owing = (change: Partial<Recovery> | 'nothing') =>
    tamper(kernel, (record) => {
      const own = ownRecovery(kernel, person.asker, record);
      return {
        recovery: withRecoveries(kernel, 'ann', record, own && change !== 'nothing' ? [{ ...own, ...change }] : [])
          .recovery!,
      };
    });
  return { kernel, owner, person, asker: person.asker, word, words, staged, sent, hooks, watched, owing };
}

export type Recovering = Awaited<ReturnType<typeof recovering>>;
