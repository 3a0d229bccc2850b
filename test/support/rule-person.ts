// Somebody as a rule sees them: an app's factors, a record and a sign-in, all of them plain values that no flow made. An authenticator
// has the kind of its factor as its id, and stands as its data says.
import type { Factor, Standing } from '../../src/core/kernel/factor.js';
import type { Asker } from '../../src/core/kernel/kernel.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../src/core/kernel/record.js';
import { recoveryFlow, withRecoveries, type Recovery } from '../../src/core/kernel/recovering.js';
import type { RiskAction, RiskLevel, RiskPlace, RiskTable } from '../../src/core/kernel/risk.js';
import type { Settings } from '../../src/core/kernel/settings.js';
import type { AssessedRisk, Proof, SignIn } from '../../src/core/kernel/sign-in.js';
import { riddle, spareWords } from './core-factors.js';
import { testKernel, type TestKernel } from './core-kernel.js';

const made = (factor: unknown, more: Partial<Factor> = {}): Factor => ({
  ...(factor as Factor),
  standing: ({ data }) => ({ state: 'usable', ...(data as Partial<Standing>) }),
  ...more,
});

/** In the order in which an app lists them: from what is hardest to take from its owner. */
export const key = made(riddle({ kind: 'key', guessable: false }), { strength: 3 });
export const app = made(riddle({ kind: 'app' }), { strength: 2 });
export const sms = made(riddle({ kind: 'sms', channel: 'sms' }), {
  vouchedAddress: ({ user }) => (user.phoneVerified === true ? user.phone : undefined),
});
export const mail = made(riddle({ kind: 'mail', channel: 'email' }), {
  vouchedAddress: ({ user }) => (user.emailVerified === true ? user.email : undefined),
});
export const codes = made(spareWords(), { kind: 'codes' });
export const pass = made(riddle({ kind: 'pass' }), { rank: 'pass' });

/** As an app has it that says nothing. */
export const riskTable: RiskTable = {
  signIn: { low: 'allow', medium: 'ask', high: 'strongest' },
  enrollment: { low: 'allow', medium: 'confirm', high: 'block' },
  recovery: { low: 'allow', medium: 'confirm', high: 'hold' },
};

/** The same with other words where it looks most risky. */
export function highRisk(words: Partial<Record<RiskPlace, RiskAction>>): RiskTable {
  const at = (place: RiskPlace) => ({ ...riskTable[place], ...(words[place] && { high: words[place] }) });
  return { signIn: at('signIn'), enrollment: at('enrollment'), recovery: at('recovery') };
}

export function ruleKernel(settings: Partial<Settings> = {}, more: Partial<TestKernel> = {}): TestKernel {
  const factors = [key, app, sms, mail, codes, pass];
  return { ...testKernel({ factors, settings: { riskActions: riskTable, ...settings } }), ...more };
}

export const now = ruleKernel().now();
/** When a sign-in that looks risky began to. */
export const since = now - 100;

export function own({ kind }: Pick<Factor, 'kind'>, more: Partial<Authenticator> = {}): Authenticator {
  return { id: kind, kind, createdAt: since - 86_400, data: {}, ...more };
}

/** Somebody protected, who has these. */
export function having(all: readonly (Factor | Authenticator)[], more: Partial<MfaRecord> = {}): MfaRecord {
  const authenticators = all.map((each) => ('createdAt' in each ? each : own(each)));
  return { ...emptyRecord('e'), protected: true, authenticators, ...more };
}

export const nobody = emptyRecord('e');

export function proof({ kind }: Pick<Factor, 'kind'>, at = now, authenticatorId = kind): Proof {
  return { kind, authenticatorId, at, userVerified: false };
}

export function risk(level: RiskLevel): AssessedRisk {
  return { level, score: 1, signals: [], seenFrom: 'x', since };
}

export type AskerOptions = { user?: Partial<MfaUser>; level?: RiskLevel; proofs?: Proof[]; signIn?: Partial<SignIn> };

export function asking({ user, level, proofs = [], signIn }: AskerOptions = {}): Asker {
  const begun: SignIn = { userId: 'ann', flowId: 'flow', startedAt: since, moment: 'sign-in', proofs, csrf: 'x' };
  return {
    user: { id: 'ann', label: 'ann@example.com', ...user },
    signIn: { ...begun, epoch: 'e', ...(level && { risk: risk(level) }), ...signIn },
    locale: 'en',
    hints: {},
  };
}

/** A code that was spent in this very sign-in and owes a further proof. */
export function spent(more: Partial<Recovery> = {}): Recovery {
  const set = { kind: codes.kind, authenticatorId: codes.kind };
  const flow = recoveryFlow(ruleKernel(), { flowId: 'flow' });
  return { id: 'mine', at: now - 10, until: now + 1, ...set, flow, owes: 'proof', ...more };
}

export function recovering(record: MfaRecord, ...all: Recovery[]): MfaRecord {
  return withRecoveries(ruleKernel(), 'ann', record, all);
}
