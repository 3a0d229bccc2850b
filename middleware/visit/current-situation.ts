// Where the visiting person stands, loaded; and the state that JSON clients read at `GET /mfa`.
import type { AuthenticatorAnswer, StateAnswer } from '../../src/api/answers.js';
import { assessed } from '../../src/core/flows/assess.js';
import { followAddresses } from '../../src/core/flows/bind.js';
import type { Standing } from '../../src/core/kernel/factor.js';
import { backupFactorOf, factorOf } from '../../src/core/kernel/kernel.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../src/core/kernel/record.js';
import { lockOf } from '../../src/core/rules/lock.js';
import { isUnproved } from '../../src/core/rules/next-step.js';
import { barredBy } from '../../src/core/rules/barred.js';
import { enrolledOf, situationOf, type Situation } from '../../src/core/rules/situation.js';
import { loadRecord } from '../../src/core/kernel/transact.js';
import { shutOut } from './barred.js';
import { cameByCode } from './codes-left.js';
import { leadsNowhere, urlOfStep } from './answers.js';
import { withPrefix } from './return-to.js';
import { csrfTokenOf } from '../http/csrf.js';
import { sendJson } from '../http/send-json.js';
import { addressOf, describe } from './identifiers.js';
import { adopted } from './recovering.js';
import { isThisBrowser, standIn } from './trust.js';
import { withKeptStart } from '../sign-in/pending-start.js';
import { keepSignIn } from '../sign-in/session.js';
import type { CodesWarning } from '../pages/view-model.js';
import { owedVisit } from './upstream.js';
import type { Visit } from './visit.js';

/**
 * @param record the one just saved, where there is one
 * @throws MfaError `session.mfa.suspended`, `session.mfa.blocked`, `session.mfa.upstream_insufficient`, each of which every route
 *   of ours answers with a page of its own
 */
export async function currentSituation(visit: Visit, record?: MfaRecord): Promise<Situation> {
  const { mfa, asker } = visit;
  const { kernel } = mfa;
  const current = record ?? (await loadRecord(kernel, asker.user)).record ?? emptyRecord('');
  if (barredBy(current)) throw shutOut('session.mfa.suspended');
  const followed = record ? current : await followAddresses(kernel, asker, current);
  if (!record) asker.signIn = await assessed(kernel, asker, followed);
  asker.signIn = adopted(visit, followed);
  const situation = await standIn(visit, situationOf(kernel, asker.user, asker.signIn, followed));
  if (situation.next.step === 'blocked') throw shutOut('session.mfa.blocked');
  visit.unusual = situation.unusual;
  if (situation.next.step === 'reauthenticate') throw owedVisit();
  if (isUnproved(situation.next)) asker.signIn = await withKeptStart(kernel, asker.signIn);
  return situation;
}

/** `{ state, next, csrfToken, availableFactors, … }`; the inventory only for whoever may see it. */
export function sendState(visit: Visit, situation: Situation): void {
  const { mfa, req, res, base, asker } = visit;
  keepSignIn(mfa, req, asker.signIn);
  const { next, state, ways, record } = situation;
  const open = state === 'elevated' || !record.protected;
  const answer: StateAnswer = {
    state,
    next: leadsNowhere(next)
      ? { step: 'done', url: withPrefix(visit, asker.signIn.returnTo ?? base) }
      : { ...next, url: urlOfStep(base, next) ?? base },
    csrfToken: csrfTokenOf(mfa, req, asker.signIn),
    ...(situation.unusual ? { unusual: true } : {}),
    availableFactors: ways.map(({ kind }) => kind),
    ...locksOf(visit, situation),
    ...(open ? inventory(visit, situation) : {}),
  };
  sendJson(res, answer);
}

/** What cannot be used now, by kind: the seconds to wait, or `null` where waiting does not help. */
function locksOf({ mfa: { kernel }, asker }: Visit, { ways, record }: Situation) {
  const locks = ways.flatMap(({ kind }) => {
    const factor = factorOf(kernel, kind);
    const wait = factor && lockOf(kernel, asker, factor, record);
    return wait === undefined ? [] : [[kind, wait] as const];
  });
  return locks.length > 0 ? { locked: Object.fromEntries(locks) } : {};
}

function inventory(visit: Visit, { record, state }: Situation): Partial<StateAnswer> {
  const all = enrolledOf(visit.mfa.kernel, record);
  const backup = all.find(({ factor }) => factor.rank === 'backup');
  return {
    authenticators: all
      .filter(({ factor }) => factor.rank === 'primary')
      .map(({ authenticator }) => told(visit, authenticator, state)),
    ...(record.preferred === undefined ? {} : { preferred: record.preferred }),
    ...(backup ? { backupCodes: { total: backup.standing.total ?? 0, remaining: backup.standing.left ?? 0 } } : {}),
    trustedBrowsers: record.trusted.map(({ id, name, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      ...(name === undefined ? {} : { name }),
      createdAt,
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      expiresAt,
      ...(isThisBrowser(visit, { id }) ? { current: true } : {}),
    })),
  };
}

function told(visit: Visit, authenticator: Authenticator, state: Situation['state']): AuthenticatorAnswer {
  const { id, kind, name, createdAt, lastUsedAt, disabledAt } = authenticator;
  const address = state === 'elevated' ? addressOf(visit, authenticator) : undefined;
  return {
    id,
    kind,
    createdAt,
    ...(name === undefined ? {} : { name }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(disabledAt === undefined ? {} : { disabledAt }),
    ...describe(visit, authenticator),
    ...(address === undefined ? {} : { address }),
  };
}

export type BackupStanding = { authenticator: Authenticator; standing: Standing };

/** The person's set of backup codes and how it stands. */
export function backupStanding({ mfa }: Visit, record: MfaRecord): BackupStanding | undefined {
  if (!backupFactorOf(mfa.kernel)) return undefined;
  return enrolledOf(mfa.kernel, record).find(({ factor }) => factor.rank === 'backup');
}

/** Days before its end from which a set is said to expire soon. */
const expiringDays = 30;

/** What every page of the account warns of: few codes left, none, a set at its end; or that one was used to come here. */
export function codesWarning(visit: Visit, record: MfaRecord): CodesWarning | undefined {
  const standing = backupStanding(visit, record)?.standing;
  if (!standing) return undefined;
  const { state, left = 0, expiresAt } = standing;
  const byCode = cameByCode(visit);
  const warning = {
    left,
    url: `${visit.base}/backup-codes`,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(byCode ? { setUpUrl: `${visit.base}/setup` } : {}),
  };
  if (state !== 'usable') return { state, ...warning };
  const soon = expiresAt !== undefined && expiresAt - visit.mfa.kernel.now() <= expiringDays * 86_400;
  if (soon) return { state: 'expiring', ...warning };
  return byCode ? { state: 'used', ...warning } : undefined;
}

/** What whoever still owes a factor is told of their set: no more than that it has expired, and so is no way any longer. */
export function expiredCodes(visit: Visit, record: MfaRecord): CodesWarning | undefined {
  const warning = codesWarning(visit, record);
  return warning?.state === 'expired' ? warning : undefined;
}
