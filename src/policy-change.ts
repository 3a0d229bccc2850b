// At start-up in production: whether the options in force are those that the audit log was told last. What differs is told by
// name, once per configuration and day, however many processes start at once.
import { hash } from 'node:crypto';
import type { AuditEntry } from './audit/entry.js';
import { parseEntry } from './audit/verify.js';
import type { AuditLog } from './audit/audit-log.js';
import type { MfaConfig } from './config.js';
import type { Kernel } from './core/kernel/kernel.js';
import type { MfaEvent } from './core/words/events.js';
import { differing, policyVersionOf, type PolicyVersion } from './policy-version.js';

/** All of these entries are one story, which is found without a walk through the log. Shaped as the digest of a flow. */
export const policyFlow = 'policy________________';
/** Looked at, the newest first: as many as one day can hold in a roll-out that goes back and forth. */
const looked = 50;
/** As much as a fact of an entry may be long. */
const factLength = 190;

/** @throws MfaError `store.unavailable`, `audit.unavailable` where the log cannot be asked */
export async function tellPolicyChange(kernel: Kernel, config: MfaConfig): Promise<void> {
  const { audit, clock } = config;
  if (!audit || !kernel.logbook) return;
  const now = policyVersionOf(config);
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const told = await policyEntries(audit, looked);
  const [last] = told;
  const isTold = (entry: AuditEntry) => entry.detail?.['hash'] === now.hash;
  if (last && (isTold(last) || told.some((entry) => isTold(entry) && entry.time.startsWith(day)))) return;
  const about = { hints: { flow: policyFlow } };
  const happened = { name: 'policy-changed', actor: 'system', detail: detailOf(last, now) } as const;
  const entry = kernel.logbook.entryOf(about, happened);
  // Another process that starts now makes an entry of the same id, and the log takes one of them.
  const id = idOf(Date.parse(day), `${now.hash} ${last?.id ?? ''}`);
  await kernel.logbook.append([{ ...entry, id }]);
  kernel.tell(about, [happened], true);
}

/** Newest first. */
export async function policyEntries({ store }: Pick<AuditLog, 'store'>, limit: number): Promise<AuditEntry[]> {
  const { items } = await store.page({ flow: policyFlow, before: Infinity, limit });
  return items.flatMap(({ text }) => parseEntry(text) ?? []).filter(({ name }) => name === 'policy-changed');
}

function detailOf(last: AuditEntry | undefined, now: PolicyVersion): NonNullable<MfaEvent['detail']> {
  const { hash, version, digests } = now;
  const before = last?.detail;
  const differs = before ? differing(digestsIn(before), digests) : [];
  const all = Object.entries(digests).map(([name, digest]) => `${name}:${digest}`);
  return {
    hash,
    ...(version === undefined ? {} : { version }),
    ...(before && { before: String(before['hash']), ...(before['version'] && { versionBefore: before['version'] }) }),
    ...pieces('differs', differs),
    ...pieces('digests', all),
  };
}

/** Words in as few facts as hold them: `differs`, `differs2`, `differs3`. */
function pieces(name: string, words: readonly string[]): { [fact: string]: string } {
  const facts: string[] = [];
  for (const word of words) {
    const last = facts.at(-1);
    if (last !== undefined && last.length + word.length < factLength) facts[facts.length - 1] = `${last} ${word}`;
    else facts.push(word);
  }
  return Object.fromEntries(facts.map((fact, at) => [at === 0 ? name : `${name}${at + 1}`, fact]));
}

/** The words of such facts. */
export function wordsIn(detail: NonNullable<AuditEntry['detail']>, name: string): string[] {
  return Object.keys(detail)
    .filter((fact) => fact.startsWith(name))
    .flatMap((fact) => String(detail[fact]).split(' '));
}

function digestsIn(detail: NonNullable<AuditEntry['detail']>): PolicyVersion['digests'] {
  const pairs = wordsIn(detail, 'digests').map((word) => word.split(':'));
  return Object.fromEntries(pairs.map(([name = '', digest = '']) => [name, digest]));
}

/** The same whoever makes it of the same, shaped as a UUIDv7 (RFC 9562 §5.7). */
function idOf(ms: number, text: string): string {
  const time = ms.toString(16).padStart(12, '0');
  const rest = hash('sha256', `policy-changed ${text}`);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}
