// How somebody stands, live from their record, for a row or a page of theirs. Says nothing that opens anything: no secret, no
// address in full, no code.
import { statusOf, statusOfUnread, type Status } from '../../src/core/operators/administer.js';
import { contextWith, factorOf, type Kernel } from '../../src/core/kernel/kernel.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../src/core/kernel/record.js';
import { isBlocked } from '../../src/core/rules/headcount.js';
import { enrolledOf } from '../../src/core/rules/situation.js';
import { isMfaError } from '../../src/core/words/errors.js';
import type { Json } from '../../src/core/words/json.js';
import type { PersonRow, StandingWord } from '../pages/admin-models.js';
import type { AdminVisit } from './admin-visit.js';
import { sealedId, type Person } from './people-of.js';

export type Seen = { record?: MfaRecord; status: Status };

/** The record as it is now; of one that cannot be believed, why. @throws MfaError `store.unavailable` */
export async function seeRecord({ kernel }: AdminVisit['mfa'], userId: string): Promise<Seen> {
  try {
    const { record } = await kernel.store.load(userId);
    if (!record) return { status: statusOf(kernel, userId, emptyRecord('')) };
    return { record, status: statusOf(kernel, userId, record) };
  } catch (error) {
    if (!isMfaError(error) || error.code !== 'store.record_altered') throw error;
    return { status: statusOfUnread(userId, error) };
  }
}

/** What a factor tells of one of somebody else's authenticators, masked. */
export function describeFor(
  kernel: Kernel,
  person: Person,
  authenticator: Authenticator,
  locale: string,
): { [key: string]: Json } {
  const context = contextWith(kernel, { user: { id: person.id, label: person.id }, locale, flowId: '' });
  return factorOf(kernel, authenticator.kind)?.describe?.(context, authenticator) ?? {};
}

export function rowOf(visit: AdminVisit, person: Person, { record, status }: Seen): PersonRow {
  const { mfa, home } = visit;
  const used = status.authenticators.flatMap(({ lastUsedAt }) => (lastUsedAt === undefined ? [] : [lastUsedAt]));
  const backup = record && enrolledOf(mfa.kernel, record).find(({ factor }) => factor.rank === 'backup');
  const primary = status.authenticators.filter(({ kind }) => factorOf(mfa.kernel, kind)?.rank === 'primary');
  return {
    name: person.name,
    ...(person.shownId === person.name ? {} : { id: person.shownId }),
    url: `${home}/people/${sealedId(mfa, person.id)}`,
    ...(person.isAdmin === true ? { isAdmin: true } : {}),
    ...(person.tenant === undefined ? {} : { tenant: person.tenant }),
    standing: [...wordsOf(status), ...(record && isBlocked(mfa.kernel, record) ? (['blocked'] as const) : [])],
    kinds: [...new Set(primary.map(({ kind }) => kind))],
    ...(backup ? { codes: { left: backup.standing.left ?? 0, total: backup.standing.total ?? 0 } } : {}),
    ...(used.length > 0 ? { lastUsedAt: Math.max(...used) } : {}),
  };
}

function wordsOf(status: Status): StandingWord[] {
  if (status.unread !== undefined) return ['unread'];
  const { authenticators, locked, suspended = {}, hold, exemptUntil } = status;
  return [
    status.protected ? 'protected' : 'off',
    ...(Object.keys(suspended).length > 0 ? (['suspended'] as const) : []),
    ...(hold ? (['hold'] as const) : []),
    ...(locked.length > 0 ? (['locked'] as const) : []),
    ...(authenticators.some(({ state }) => state === 'disabled') ? (['disabled'] as const) : []),
    ...(exemptUntil === undefined ? [] : (['exempt'] as const)),
    ...(authenticators.some(({ state }) => state === 'low' || state === 'empty') ? (['codes-low'] as const) : []),
  ];
}
