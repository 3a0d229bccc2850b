// A line of the ledger, the one chain for all writers: who began, how far each had come at a time, who ended, what was
// trimmed. Kept in the store and handed to every sink, so that a cut through log and ledger together is found too.

/** Where a writer stood: its latest entry. */
export type WriterPoint = { writer: string; seq: number; hash: string };

/** A line of the ledger. */
export type AuditCheckpoint = {
  v: 1;
  /** Of the ledger, from 1, without a gap. */
  n: number;
  /**
   * `began`, `reached` and `ended` name one writer; `sealed` one that fell silent; `trimmed` where those begin of whom
   * the log dropped entries; `explained` a break that somebody acknowledged.
   */
  kind: 'began' | 'reached' | 'ended' | 'sealed' | 'trimmed' | 'explained';
  /** RFC 3339 with milliseconds, UTC. */
  time: string;
  points: readonly WriterPoint[];
  /** Which secret `hash` was made with. */
  keyId: string;
  /** Who acknowledged a break, and why; how much was trimmed. */
  detail?: { [key: string]: string | number | boolean };
  /** A keyed digest of the line's hash before and of this line without `hash`. */
  hash: string;
};

/** Checkpoints and entries travel together; only checkpoints have a `kind`. */
export function isCheckpoint(item: object): item is AuditCheckpoint {
  return 'kind' in item;
}
