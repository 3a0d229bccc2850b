// What may not be told before the audit log holds it. Entries of a change are saved in the record with it, and appended
// after that: whatever dies in between, they are found there and appended later, once by their ids. Knows no log.
import { isMfaError, MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import type { Heard, Kernel, LogEntry, Told } from './kernel.js';
import type { MfaRecord } from './record.js';
import { openField, sealField } from './sealed-field.js';

/** Entries in a record; a change of more is told as one of each kind, with their number. */
const most = 8;

/** Failures after which the entries stand in the record, or wait in this process: the attempt has its outcome already. */
const onTheirWay = new WeakSet<object>();

/** Whether what failed has its entry nonetheless, so that there must be no other. */
export function isLoggedLater(error: unknown): boolean {
  return typeof error === 'object' && error !== null && onTheirWay.has(error);
}

/** A refused answer is refused with or without the log. */
function isChange(happened: readonly Happened[]): boolean {
  return happened.length > 0 && happened.every(({ outcome }) => outcome !== 'refused');
}

/** What is told without a change of the record, and lets somebody in or was done by an operator. */
function isGrant({ name, outcome, actor }: Happened): boolean {
  return outcome === 'accepted' || actor === 'admin' || ['browser-trust-used', 'sign-ins-ended'].includes(name);
}

/** Entries that stand in the record and perhaps nowhere else. One whose secret is gone keeps nobody from anything. */
function leftIn({ sealer, logbook }: Kernel, userId: string, { unlogged }: MfaRecord): LogEntry[] {
  if (!logbook || unlogged === undefined) return [];
  try {
    const entries = JSON.parse(openField(sealer, userId, 'unlogged', unlogged)) as LogEntry[];
    return entries.filter((entry) => !logbook.isStored(entry));
  } catch (error) {
    if (isMfaError(error)) return [];
    throw error;
  }
}

/** Appends what somebody else left in a record that was loaded; nobody waits for it. */
export function appendLeft(kernel: Kernel, userId: string, record: MfaRecord): void {
  const left = leftIn(kernel, userId, record);
  if (left.length > 0) kernel.logbook?.append(left).catch(() => undefined);
}

/** @throws MfaError `audit.unavailable` where nothing could be told now */
export async function reachLog({ logbook }: Kernel): Promise<void> {
  if (logbook?.refuses) await logbook.reach();
}

/**
 * The entries to be saved with a change; none where it need not wait for them.
 * @throws MfaError `audit.unavailable` where the log does not take what was left, or cannot be reached
 */
export async function entriesFor(
  kernel: Kernel,
  about: Told,
  before: MfaRecord,
  happened: readonly Happened[],
): Promise<LogEntry[]> {
  const { logbook } = kernel;
  if (!logbook?.refuses || !isChange(happened)) return [];
  const left = leftIn(kernel, about.user.id, before);
  await (left.length > 0 ? logbook.append(left) : logbook.reach());
  return folded(happened).map((each) => logbook.entryOf(about, each));
}

/** The record with these entries; without any, what was left stays until it is known to be in the log. */
export function withUnlogged(
  kernel: Kernel,
  userId: string,
  before: MfaRecord,
  save: MfaRecord,
  entries: readonly LogEntry[],
): MfaRecord {
  if (entries.length > 0)
    return { ...save, unlogged: sealField(kernel.sealer, userId, 'unlogged', JSON.stringify(entries)) };
  const unlogged = save.unlogged ?? before.unlogged;
  if (!kernel.logbook || unlogged === undefined) return save;
  const { unlogged: _logged, ...rest } = save;
  return leftIn(kernel, userId, { ...save, unlogged }).length > 0 ? { ...rest, unlogged } : rest;
}

/** Appends the entries of what happened. @returns why that could not be: then the asker is not told that it was done */
export async function appendNow(
  { logbook }: Kernel,
  entries: readonly LogEntry[],
  happened: readonly Happened[],
): Promise<MfaError | undefined> {
  try {
    if (entries.length > 0) await logbook?.append(entries);
    return undefined;
  } catch (error) {
    if (!isMfaError(error)) throw error;
    if (happened.some(({ outcome }) => outcome !== undefined)) onTheirWay.add(error);
    return error;
  }
}

/**
 * Tells of what was saved nowhere; of what lets somebody in, or was done by an operator, only once the log holds it.
 * @param record whose leftovers go with it, because it is about to go
 * @throws MfaError `audit.unavailable`
 */
export async function tellFirst(
  kernel: Kernel,
  about: Heard,
  happened: readonly Happened[],
  record?: MfaRecord,
): Promise<void> {
  const { logbook } = kernel;
  const waits = logbook?.refuses === true && happened.some(isGrant);
  if (!waits) {
    if (record && about.user) appendLeft(kernel, about.user.id, record);
    kernel.tell(about, happened);
    return;
  }
  const left = record && about.user ? leftIn(kernel, about.user.id, record) : [];
  const entries = folded(happened).map((each) => logbook.entryOf(about, each));
  const failed = await appendNow(kernel, [...left, ...entries], happened);
  kernel.tell(about, happened, true);
  if (failed) throw failed;
}

function folded(happened: readonly Happened[]): readonly Happened[] {
  if (happened.length <= most) return happened;
  const kinds = new Map<string, Happened[]>();
  for (const each of happened) {
    const kind = `${each.name} ${each.kind ?? ''}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  const found = [...kinds.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    return [others.length === 0 ? first : { ...first, detail: { ...first.detail, count: others.length + 1 } }];
  });
  if (found.length <= most) return found;
  throw new MfaError('audit.unavailable', `One change has ${found.length} kinds of entries; a record holds ${most}.`);
}
