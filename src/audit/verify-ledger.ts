// Reads the ledger from end to end: is its chain whole, what does it say of each writer, and does it agree with lines that
// a sink has kept.
import { isMfaError } from '../core/words/errors.js';
import type { Sealer } from '../core/kernel/ports.js';
import type { AuditStore } from './audit-store.js';
import { hashOfLine } from './chain.js';
import type { AuditCheckpoint } from './checkpoint.js';
import { getOrMake } from './get-or-make.js';
import { parseLine } from './ledger.js';
import type { Break } from './verification.js';

export type LedgerSays = {
  lines: number;
  broken?: Break;
  /** Per writer what its entry of each named number was. */
  points: Map<string, Map<number, string>>;
  /** Where a writer begins in what is left of the log. */
  trimmed: Map<string, { seq: number; hash: string }>;
  ended: Set<string>;
  sealed: Set<string>;
  explained: Map<string, NonNullable<Break['explained']>>;
};

const step = 500;

/** @param kept lines that a sink has kept, of any age and in any order */
export async function readLedger(
  store: AuditStore,
  sealer: Sealer,
  kept: readonly AuditCheckpoint[] = [],
): Promise<LedgerSays> {
  const says: LedgerSays = {
    lines: 0,
    points: new Map(),
    trimmed: new Map(),
    ended: new Set(),
    sealed: new Set(),
    explained: new Map(),
  };
  const hashes = new Map<number, string>();
  let previous = '';
  let latest = 0;
  const fault = (n: number, what: Break['what']) => {
    says.broken ??= { at: `ledger/${n}`, what };
  };
  for (;;) {
    const texts = await store.lines(says.lines, step);
    for (const text of texts) {
      says.lines += 1;
      const line = parseLine(text);
      if (!line) {
        fault(says.lines, 'changed');
        continue;
      }
      // Counted on from the latest number, so that one missing line is told once.
      const wanted = latest + 1;
      if (line.n > wanted) fault(wanted, 'missing');
      else if (line.n < wanted) fault(line.n, 'inserted');
      else if (!isWhole(sealer, previous, line)) fault(line.n, 'changed');
      hashes.set(line.n, line.hash);
      previous = line.hash;
      latest = line.n;
      note(says, line);
    }
    if (texts.length < step) break;
  }
  for (const line of kept) {
    const hash = hashes.get(line.n);
    if (hash === undefined) fault(line.n, line.n > says.lines ? 'cut off' : 'missing');
    else if (hash !== line.hash) fault(line.n, 'changed');
    note(says, line);
  }
  const explained = says.broken && says.explained.get(says.broken.at);
  if (says.broken && explained) says.broken = { ...says.broken, explained };
  return says;
}

function isWhole(sealer: Sealer, previous: string, line: AuditCheckpoint): boolean {
  try {
    return hashOfLine(sealer, previous, line) === line.hash;
  } catch (error) {
    if (isMfaError(error)) return false;
    throw error;
  }
}

function note(says: LedgerSays, { kind, points, detail, time }: AuditCheckpoint): void {
  for (const { writer, seq, hash } of points) {
    if (kind === 'trimmed') {
      if (seq > (says.trimmed.get(writer)?.seq ?? 0)) says.trimmed.set(writer, { seq, hash });
    } else {
      const known = getOrMake(says.points, writer, () => new Map<number, string>());
      known.set(seq, hash);
    }
    if (kind === 'ended') says.ended.add(writer);
    if (kind === 'sealed') says.sealed.add(writer);
  }
  if (kind === 'explained') {
    const { at = '', by = '', reason = '' } = detail ?? {};
    says.explained.set(String(at), { by: String(by), reason: String(reason), time });
  }
}
