// The ledger's next line: made from the latest one, written by whoever is first. Rare: a line when a writer begins, every
// five minutes or thousand entries of it, and when it ends.
import { MfaError } from '../core/words/errors.js';
import type { AuditStore, LineToWrite } from './audit-store.js';
import { hashOfLine } from './chain.js';
import type { AuditCheckpoint } from './checkpoint.js';
import type { AuditWorld } from './world.js';

export type LineSaid = Pick<AuditCheckpoint, 'kind' | 'points' | 'detail'>;

/** How often somebody else may be faster. */
const tries = 50;

export async function nextLine(store: AuditStore, world: AuditWorld, said: LineSaid): Promise<LineToWrite> {
  const last = parseLine(await store.lastLine());
  const line = {
    v: 1 as const,
    n: (last?.n ?? 0) + 1,
    kind: said.kind,
    time: new Date(world.now()).toISOString(),
    points: said.points,
    keyId: world.sealer.keyId,
    ...(said.detail === undefined ? {} : { detail: said.detail }),
  };
  const expected = last?.hash ?? '';
  const hash = hashOfLine(world.sealer, expected, line);
  return { expected, hash, text: JSON.stringify({ ...line, hash }) };
}

/** Writes `said` as soon as nobody else is faster. @returns what `write` answered, `ledger` where all tries were lost */
export async function withLine<T>(
  store: AuditStore,
  world: AuditWorld,
  said: LineSaid,
  write: (line: LineToWrite) => Promise<T | 'ledger'>,
): Promise<T | 'ledger'> {
  for (let round = 0; round < tries; round += 1) {
    const answer = await write(await nextLine(store, world, said));
    if (answer !== 'ledger') return answer;
  }
  return 'ledger';
}

/** Where nobody else is that fast, its latest line is not what the store says that it is. */
export function ledgerStuck(): MfaError {
  const words = 'The ledger of the audit log takes no line: its latest one is damaged, or others were always faster.';
  return new MfaError('store.unavailable', words);
}

export function parseLine(text: string | undefined): AuditCheckpoint | undefined {
  if (text === undefined) return undefined;
  try {
    const line = JSON.parse(text) as AuditCheckpoint | null;
    return typeof line?.n === 'number' && Array.isArray(line.points) ? line : undefined;
  } catch {
    return undefined;
  }
}
