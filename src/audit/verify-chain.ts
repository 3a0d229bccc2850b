// Follows one writer's chain entry by entry and remembers the first place where it is not as it was written. It is told
// entries in the order in which they stand; it knows no store.
import { isMfaError } from '../core/words/errors.js';
import type { Sealer } from '../core/kernel/ports.js';
import { canonical } from './canonical.js';
import { hashOfEntry, hashOfPersonal } from './chain.js';
import type { AuditEntry } from './entry.js';
import type { Break } from './verification.js';

type Start = { seq: number; hash: string };
type Fault = Break & { seq: number };

export type Follower = {
  follow(place: number, entry: AuditEntry): void;
  /** Once all was followed: the first break that is not explained, or else the first; by what head and ledger say. */
  conclude(head: Start | undefined, proved: number): Break | undefined;
  readonly entries: number;
  readonly seq: number;
};

/**
 * @param start the entry before the first that is left; undefined to take the first that comes as it is
 * @param points what the ledger says of entries by their number
 * @param isExplained whether somebody acknowledged the break at that place
 */
export function createFollower(
  sealer: Sealer,
  writer: string,
  start: Start | undefined,
  points: ReadonlyMap<number, string>,
  isExplained: (at: string) => boolean,
): Follower {
  let at = start;
  let entries = 0;
  let broken: Fault | undefined;
  /** Kept apart: a break that is known must not hide one that nobody knows of. */
  let explained: Fault | undefined;
  /** The latest of entries whose secret is gone, one break as long as they follow each other. */
  let unread: { seq: number; place: number } | undefined;
  /** Numbers that were passed over: they may still come, then they were swapped. */
  let missing = new Set<number>();
  /** An entry that does not fit after this one: the right one may follow, then it was inserted. */
  let suspect: { before: Start; seq: number } | undefined;

  const fault = (seq: number, what: Break['what'], place?: number): void => {
    const at = `${writer}/${seq}`;
    const found = { at, what, seq, ...(place === undefined ? {} : { place }) };
    if (isExplained(at)) explained = earlier(explained, found);
    else broken = earlier(broken, found);
  };

  /** What came later may tell what a break is. */
  const rename = (what: Break['what'], isMeant: (fault: Fault) => boolean): void => {
    if (broken && isMeant(broken)) broken = { ...broken, what };
    if (explained && isMeant(explained)) explained = { ...explained, what };
  };

  /** Named by the last of them: whoever explains it explains no entry that joins them later. */
  const endUnread = (): void => {
    if (unread) fault(unread.seq, 'unknown key', unread.place);
    unread = undefined;
  };

  function whatIsWrong(before: Start, entry: AuditEntry): Break['what'] | undefined {
    try {
      const { personal, personalHash } = entry;
      if (hashOfEntry(sealer, before.hash, entry) !== entry.hash) return 'changed';
      const isErased = Object.keys(personal).length === 0;
      if (!isErased && hashOfPersonal(canonical(personal)) !== personalHash) return 'changed';
      const told = points.get(entry.seq);
      return told === undefined || told === entry.hash ? undefined : 'changed';
    } catch (error) {
      if (isMfaError(error)) return 'unknown key';
      return 'changed';
    }
  }

  function late(place: number, entry: AuditEntry): void {
    if (missing.delete(entry.seq)) rename('swapped', ({ what }) => what === 'missing');
    else if (suspect?.seq === entry.seq && whatIsWrong(suspect.before, entry) === undefined) {
      rename('inserted', ({ seq }) => seq === entry.seq);
      at = { seq: entry.seq, hash: entry.hash };
    } else fault(entry.seq, 'inserted', place);
  }

  return {
    get entries() {
      return entries;
    },
    get seq() {
      return at?.seq ?? 0;
    },
    follow(place, entry) {
      entries += 1;
      const { seq, hash } = entry;
      const before = at;
      if (before === undefined) {
        at = { seq, hash };
        return;
      }
      if (seq <= before.seq) {
        late(place, entry);
        return;
      }
      if (seq > before.seq + 1) {
        fault(before.seq + 1, 'missing', place);
        // A number that somebody made up must not fill the memory.
        for (let each = before.seq + 1; each < seq && missing.size < 100_000; each += 1) missing.add(each);
      } else {
        const wrong = whatIsWrong(before, entry);
        if (wrong === 'unknown key') unread = { seq, place };
        else endUnread();
        if (wrong === 'changed') fault(seq, wrong, place);
        if (wrong !== undefined) suspect = { before, seq };
      }
      at = { seq, hash };
    },
    conclude(head, proved) {
      endUnread();
      if (missing.size > 0) rename('missing', ({ what }) => what === 'swapped');
      missing = new Set();
      if (head) rename('inserted', ({ what, seq }) => what === 'changed' && seq > head.seq);
      const end = Math.max(head?.seq ?? 0, proved);
      const seq = at?.seq ?? 0;
      if (seq < end) fault(seq + 1, entries === 0 && seq === 0 ? 'missing' : 'cut off');
      const found = broken ?? explained;
      if (!found) return undefined;
      const { seq: _seq, ...told } = found;
      return told;
    },
  };
}

function earlier(one: Fault | undefined, other: Fault): Fault {
  return one && one.seq <= other.seq ? one : other;
}
