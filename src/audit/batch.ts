// Drafts become entries of one writer's chain, as a store is handed them: each is written out once, and what is digested is
// part of what is kept. Pure.
import type { EventName } from '../core/words/events.js';
import type { KeptEntry } from './audit-store.js';
import { canonical } from './canonical.js';
import { hashOfTold } from './chain.js';
import type { AuditEntry } from './entry.js';
import type { Draft } from './make-entry.js';
import type { AuditWorld } from './world.js';

export type Head = { writer: string; seq: number; hash: string };

/** An entry in its chain, and the draft that it was made from. */
export type Link = { draft: Draft; kept: KeptEntry };

/** What whoever runs this looks at one by one: lock-outs, recoveries, backup codes that were used. */
export const watchedEvents: ReadonlySet<string> = new Set<EventName>([
  'locked',
  'lane-closed',
  'authenticator-disabled',
  'recovery-completed',
  'pass-used',
  'backup-code-used',
]);

/** Verifications are kept as one sign-in's entries are, so that the latest is found at once, however much came after it. */
export const verifications = 'audit-verified';

type Told = { [field in Exclude<keyof AuditEntry, 'personal' | 'personalHash' | 'hash'>]-?: unknown };

/** The drafts as entries after `head`, in order. */
export function chained(world: AuditWorld, head: Head, drafts: readonly Draft[]): Link[] {
  let { seq, hash } = head;
  return drafts.map((draft) => {
    seq += 1;
    const told = toldText(draft, head.writer, seq);
    const { personalHash, personalText, keyId, subject, flow } = draft;
    hash = hashOfTold(world.sealer, hash, told, personalHash, keyId);
    const kept: KeptEntry = {
      seq,
      hash,
      timeMs: Date.parse(draft.time),
      text: `${told.slice(0, -1)},"personal":${personalText},"personalHash":"${personalHash}","hash":"${hash}"}`,
    };
    if (subject) kept.subject = subject.id;
    if (flow !== undefined) kept.flow = flow;
    if (draft.name === 'audit-verified') kept.flow = verifications;
    if (watchedEvents.has(draft.name)) kept.watched = true;
    return { draft, kept };
  });
}

/** Sorted by name, as it is digested. One literal: spread from parts it would take eight times as long. */
function toldText(draft: Draft, writer: string, seq: number): string {
  return canonical({
    actor: draft.actor,
    detail: draft.detail,
    factor: draft.factor,
    flow: draft.flow,
    id: draft.id,
    keyId: draft.keyId,
    name: draft.name,
    outcome: draft.outcome,
    reason: draft.reason,
    seq,
    session: draft.session,
    severity: draft.severity,
    subject: draft.subject,
    time: draft.time,
    v: draft.v,
    writer,
  } satisfies Told);
}
