// What makes a change seen: each entry's digest covers that of the entry before, each line of the ledger that of the
// line before. Keyed, so that whoever can write to the store cannot make a chain that verifies.
import type { Sealer } from '../core/kernel/ports.js';
import { canonical } from './canonical.js';
import type { AuditCheckpoint } from './checkpoint.js';
import type { AuditEntry, Personal } from './entry.js';

type Digester = Pick<Sealer, 'digest'>;

const text = (digest: Uint8Array): string => Buffer.from(digest).toString('base64url');

/** @param previous the hash of the writer's entry before; empty at its first */
export function hashOfEntry(sealer: Digester, previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { personal: _personal, personalHash, ...told } = entry;
  if ('hash' in told) delete told.hash;
  return text(sealer.digest('audit-chain', `${previous}\n${canonical(told)}\n${personalHash}`, entry.keyId));
}

export function hashOfPersonal(sealer: Digester, personal: Personal, keyId: string): string {
  return text(sealer.digest('audit-personal', canonical(personal), keyId)).slice(0, 22);
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
