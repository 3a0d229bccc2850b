// Drafts become entries of one writer's chain, and entries what a store is handed. Pure.
import type { KeptEntry } from './audit-store.js';
import { hashOfEntry } from './chain.js';
import type { AuditEntry } from './entry.js';
import type { Draft } from './make-entry.js';
import type { AuditWorld } from './world.js';

export type Head = { writer: string; seq: number; hash: string };

/** The drafts as entries after `head`, in order. */
export function chained(world: AuditWorld, head: Head, drafts: readonly Draft[]): AuditEntry[] {
  let { seq, hash } = head;
  return drafts.map((draft) => {
    seq += 1;
    const { v, id, time, ...rest } = draft;
    const entry = { v, id, time, writer: head.writer, seq, ...rest };
    hash = hashOfEntry(world.sealer, hash, entry);
    return { ...entry, hash };
  });
}

export function keptOf(entry: AuditEntry): KeptEntry {
  return {
    seq: entry.seq,
    hash: entry.hash,
    timeMs: Date.parse(entry.time),
    text: JSON.stringify(entry),
    ...(entry.subject === undefined ? {} : { subject: entry.subject.id }),
    ...(entry.flow === undefined ? {} : { flow: entry.flow }),
  };
}

export function draftOf({ writer: _writer, seq: _seq, hash: _hash, ...draft }: AuditEntry): Draft {
  return draft;
}
