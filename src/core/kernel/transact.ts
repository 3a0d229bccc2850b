// Load, decide, save if nobody else did, and only then tell. The retry loop of the house, written once: whatever must
// be exact under parallel requests on any number of servers goes through here.
import { MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import type { MfaUser } from './mfa-user.js';
import type { Kernel, Told } from './kernel.js';
import type { Notice } from '../words/notices.js';
import { withActivity } from './activity.js';
import { withFormerClaims } from './former-claims.js';
import { learning } from './learning.js';
import { appendLeft, appendNow, entriesFor, tellFirst, withUnlogged } from './logbook.js';
import { withVouched } from './vouched-addresses.js';
import { withSpent } from './spent-secrets.js';
import type { Loaded } from './ports.js';
import type { Arrival } from './shared-loads.js';
import { emptyRecord, type MfaRecord } from './record.js';

/** What a flow decided about one state of the record. Without `save` nothing is written. */
export type Decision<T> = { result: T; save?: MfaRecord; happened?: readonly Happened[]; notices?: readonly Notice[] };

/** Retries without back-off, which would only handicap the polite caller. */
export const tries = 11;

/**
 * Loads a user's record.
 * @throws MfaError `store.record_missing` when the host expects MFA for this user and there is no record: a lost
 * record never means "no MFA".
 * @param arrival of an answer that may share the load with others
 */
export async function loadRecord(
  kernel: Kernel,
  user: Pick<MfaUser, 'id' | 'mfaExpected'>,
  arrival?: Arrival,
): Promise<Loaded> {
  const read = () => readRecord(kernel, user.id);
  const loaded = await (arrival ? arrival.load(read) : read());
  if (loaded.record === undefined && user.mfaExpected === true) {
    throw new MfaError('store.record_missing', 'MFA is expected for this user, and the store has no record of it.');
  }
  return loaded;
}

async function readRecord(kernel: Kernel, userId: string): Promise<Loaded> {
  const loaded = await kernel.store.load(userId);
  if (loaded.record === undefined) kernel.remembered.forget(userId);
  else {
    kernel.remembered.keep(userId, loaded.record, kernel.now());
    appendLeft(kernel, userId, loaded.record);
  }
  return loaded;
}

/**
 * Decides on the current record and saves the decision by compare-and-set; starts over from the new record when a
 * rival was faster. `decide` may run several times, so it must have no effect of its own.
 * @param start what was already loaded, to save a trip on the first try
 * @throws MfaError `store.conflict` after 10 lost races, `store.unavailable` when the write cannot be made: then the
 * answer is no, whatever was decided. `audit.unavailable` where nothing may be told without an entry in the audit log, and
 * it takes none; where it stopped doing so after the save, the entries stand in the record.
 */
export async function transact<T>(
  kernel: Kernel,
  about: Told,
  decide: (record: MfaRecord) => Decision<T> | Promise<Decision<T>>,
  start?: Loaded,
): Promise<T> {
  let loaded = start ?? (await loadRecord(kernel, about.user));
  for (let round = 0; round < tries; round += 1) {
    const before = loaded.record ?? emptyRecord('');
    const { result, save, happened = [], notices = [] } = await decide(before);
    if (save === undefined) {
      await tellFirst(kernel, about, happened);
      return result;
    }
    const entries = await entriesFor(kernel, about, before, happened);
    const { id } = about.user;
    const kept = withFormerClaims(kernel, id, before, withSpent(kernel, id, before, withEpochAt(kernel, before, save)));
    const vouched = withVouched(kernel, about, kept, happened);
    const active = withActivity(vouched, happened, kernel, about);
    const learnt = await learning(kernel, about, active, happened);
    const noted = withUnlogged(kernel, id, before, learnt, entries);
    const revision = await saveOrForget(kernel, about.user.id, noted, loaded);
    if (revision !== undefined) {
      kernel.remembered.keep(about.user.id, noted, kernel.now());
      if (noted.epoch !== before.epoch) about.replaced = before.epoch;
      const failed = await appendNow(kernel, entries, happened);
      // It was done: whoever listens, and the person, hear of it even where the asker is not told.
      kernel.tell(about, happened, entries.length > 0);
      kernel.notify(about, loaded.record, notices);
      if (failed) throw failed;
      return result;
    }
    loaded = await loadRecord(kernel, about.user);
  }
  throw lostRaces();
}

/** What an identity provider says of a time before it is not believed. Where none is, nobody asks. */
function withEpochAt({ settings, now }: Kernel, { epoch }: MfaRecord, save: MfaRecord): MfaRecord {
  return settings.upstream.size === 0 || epoch === '' || save.epoch === epoch ? save : { ...save, epochAt: now() };
}

export function lostRaces(): MfaError {
  return new MfaError('store.conflict', 'Too many changes to this account at once. Try again.', {
    details: { retryAfterSeconds: 1 },
  });
}

async function saveOrForget(
  kernel: Kernel,
  userId: string,
  save: MfaRecord,
  loaded: Loaded,
): Promise<string | undefined> {
  try {
    return await kernel.store.save(userId, save, loaded.revision);
  } catch (error) {
    // The write may have been made after all: what this process remembers is no longer known to be true.
    kernel.remembered.forget(userId);
    throw error;
  } finally {
    kernel.loads.written(userId);
  }
}
