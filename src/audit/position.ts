// Where one writer's chain stands: its head, what is on its way after it, what a store may have forgotten, and when the
// ledger was told last. Every change of it is here; it asks no store.
import { chained, type Head, type Link } from './batch.js';
import type { LineSaid } from './ledger.js';
import type { Draft } from './make-entry.js';
import type { AuditWorld } from './world.js';

/** Kept for a store that forgot the latest, after a fail-over. */
const windowSize = 1_000;
/** A line in the ledger after so many entries, or so long. */
const lineEvery = { entries: 1_000, ms: 300_000 };

export const draftsOf = (links: readonly Link[]): Draft[] => links.map(({ draft }) => draft);

export type Position = {
  readonly head: Readonly<Head>;
  readonly inFlight: readonly Link[];
  /** Puts these after the head; nothing is on its way. */
  take(drafts: readonly Draft[]): void;
  /** The first of what was on its way are stored, and `said` is in the ledger. */
  moved(links: readonly Link[], said: LineSaid | undefined): void;
  /** The store stands elsewhere: from there again, where that is still known here; else as another writer. */
  resume(at: { seq: number; hash: string }): void;
  /** Others appended these: the rest follows the head without them, or as another writer where the ledger names them. */
  leaveOut(ids: readonly string[]): void;
  /** As another writer, with what is on its way. */
  beginAnew(): void;
  /** What the ledger is to be told together with these, if anything. */
  lineDue(links: readonly Link[]): LineSaid | undefined;
};

/** @param tellLost told what the store forgot and nobody knows any more */
export function createPosition(
  world: AuditWorld,
  tellLost: (detail: { [key: string]: string | number }) => void,
): Position {
  const newHead = (): Head => ({ writer: world.random.token(9), seq: 0, hash: '' });
  let head = newHead();
  let window: Link[] = [];
  let inFlight: Link[] = [];
  let lined = { seq: 0, atMs: world.now() };

  function beginAnew(): void {
    head = newHead();
    window = [];
    lined = { seq: 0, atMs: world.now() };
    inFlight = chained(world, head, draftsOf(inFlight));
  }

  return {
    get head() {
      return head;
    },
    get inFlight() {
      return inFlight;
    },
    beginAnew,
    take(drafts) {
      inFlight = chained(world, head, drafts);
    },
    moved(links, said) {
      const { seq, hash } = links.at(-1)?.kept ?? head;
      head = { writer: head.writer, seq, hash };
      if (said) lined = { seq, atMs: world.now() };
      window.push(...links);
      // Trimmed now and then: a copy for every batch would cost as much as all else here.
      if (window.length > windowSize * 2) window = window.slice(-windowSize);
      inFlight = inFlight.slice(links.length);
    },
    resume(at) {
      const known = [...window, ...inFlight];
      const found = at.seq === 0 ? -1 : known.findIndex(({ kept }) => kept.seq === at.seq && kept.hash === at.hash);
      const next = known[found + 1];
      if ((at.seq > 0 && found === -1) || next?.kept.seq !== at.seq + 1) {
        tellLost({ why: 'the store forgot', writer: head.writer, from: at.seq + 1, to: head.seq });
        beginAnew();
        return;
      }
      inFlight = known.slice(found + 1);
      window = known.slice(0, found + 1);
      head = { writer: head.writer, seq: at.seq, hash: at.hash };
    },
    leaveOut(ids) {
      inFlight = inFlight.filter(({ draft }) => !ids.includes(draft.id));
      if (lined.seq > head.seq) beginAnew();
      else inFlight = chained(world, head, draftsOf(inFlight));
    },
    lineDue(links) {
      const { seq, hash } = links.at(-1)?.kept ?? head;
      if (seq === lined.seq || seq === 0) return undefined;
      const kind = lined.seq === 0 ? 'began' : 'reached';
      const due = kind === 'began' || seq - lined.seq >= lineEvery.entries || world.now() - lined.atMs >= lineEvery.ms;
      return due ? { kind, points: [{ writer: head.writer, seq, hash }] } : undefined;
    },
  };
}
