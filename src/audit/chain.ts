// What makes a change seen: each entry's digest covers that of the entry before, each line of the ledger that of the
// line before. Keyed, so that whoever can write to the store cannot make a chain that verifies.
import { hash } from 'node:crypto';
import type { Sealer } from '../core/kernel/ports.js';
import { canonical } from './canonical.js';
import type { AuditCheckpoint } from './checkpoint.js';
import type { AuditEntry } from './entry.js';

type Digester = Pick<Sealer, 'digest'>;

const text = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64url');

/** @param previous the hash of the writer's entry before; empty at its first */
export function hashOfEntry(sealer: Digester, previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { personal: _personal, personalHash, ...told } = entry;
  if ('hash' in told) delete told.hash;
  return hashOfTold(sealer, previous, canonical(told), personalHash, entry.keyId);
}

/** @param told the entry without `personal`, `personalHash` and `hash`, canonical */
export function hashOfTold(
  sealer: Digester,
  previous: string,
  told: string,
  personalHash: string,
  keyId: string,
): string {
  return text(sealer.digest('audit-chain', `${previous}\n${told}\n${personalHash}`, keyId));
}

/** Needs no key: its salt hides what was erased, and the entry's own digest covers it. @param personal canonical */
export function hashOfPersonal(personal: string): string {
  return hash('sha256', personal, 'base64url').slice(0, 22);
}

/** Tells people of one day apart, where they are counted; the entries beside it say who they are. */
export function hashOfPerson(subjectId: string): string {
  return hash('sha256', subjectId, 'base64url').slice(0, 16);
}

/** @param previous the hash of the ledger's line before; empty at the first */
export function hashOfLine(sealer: Digester, previous: string, line: Omit<AuditCheckpoint, 'hash'>): string {
  const told = { ...line };
  if ('hash' in told) delete told.hash;
  return text(sealer.digest('audit-ledger', `${previous}\n${canonical(told)}`, line.keyId));
}

/** A digest that stands for an id that must not be kept: 128 bits are enough to tell people and sign-ins apart. */
export function digestOf(sealer: Digester, what: 'subject' | 'flow' | 'session', id: string, keyId?: string): string {
  return text(sealer.digest(`audit-${what}`, id, keyId)).slice(0, 22);
}
