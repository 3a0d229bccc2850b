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
  /** Wherever it is not as it was written. */
  broken: Break[];
  /** Per writer what its entry of each named number was. */
  points: Map<string, Map<number, string>>;
  /** Where a writer begins in what is left of the log. */
  trimmed: Map<string, { seq: number; hash: string }>;
  ended: Set<string>;
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
    broken: [],
    points: new Map(),
    trimmed: new Map(),
    ended: new Set(),
    explained: new Map(),
  };
  const hashes = new Map<number, string>();
  /** The hash of the line before; undefined where that is not there, so that nothing proves the next. */
  let previous: string | undefined = '';
  let latest = 0;
  const fault = (n: number, what: Break['what']) => {
    const before = says.broken.at(-1);
    // Lines whose secret is gone are one break as long as they follow each other, named by the last: whoever explains it
    // explains no line that joins them later.
    const goesOn = what === 'unknown key' && before?.what === what && before.at === `ledger/${n - 1}`;
    if (goesOn) says.broken.pop();
    says.broken.push({ at: `ledger/${n}`, what });
  };
  for (;;) {
    const texts = await store.lines(says.lines, step);
    for (const text of texts) {
      says.lines += 1;
      const line = parseLine(text);
      if (!line) {
        latest += 1;
        fault(latest, 'changed');
        previous = undefined;
        continue;
      }
      if (line.n <= latest) {
        fault(line.n, 'inserted');
        continue;
      }
      if (line.n > latest + 1) {
        // Counted on from the latest number, so that one missing line is told once.
        fault(latest + 1, 'missing');
        previous = undefined;
      }
      const wrong = previous === undefined ? undefined : whatIsWrong(sealer, previous, line);
      if (wrong !== undefined) fault(line.n, wrong);
      // A line that nothing proves may say what is missing, and excuses nothing: whoever writes into the store without the
      // secret would explain by it what they did.
      else if (previous !== undefined) noteExcuses(says, line);
      notePoints(says, line);
      hashes.set(line.n, line.hash);
      previous = line.hash;
      latest = line.n;
    }
    if (texts.length < step) break;
  }
  for (const line of kept) {
    const hash = hashes.get(line.n);
    if (hash === undefined) fault(line.n, line.n > says.lines ? 'cut off' : 'missing');
    else if (hash !== line.hash) fault(line.n, 'changed');
    // It comes without the line before it, so nothing proves it.
    notePoints(says, line);
  }
  return says;
}

function whatIsWrong(sealer: Sealer, previous: string, line: AuditCheckpoint): Break['what'] | undefined {
  try {
    return hashOfLine(sealer, previous, line) === line.hash ? undefined : 'changed';
  } catch (error) {
    if (isMfaError(error)) return 'unknown key';
    throw error;
  }
}

function noteExcuses(says: LedgerSays, { kind, points, detail, time }: AuditCheckpoint): void {
  for (const { writer, seq, hash } of points) {
    if (kind === 'trimmed' && seq > (says.trimmed.get(writer)?.seq ?? 0)) says.trimmed.set(writer, { seq, hash });
    if (kind === 'ended') says.ended.add(writer);
  }
  if (kind === 'explained') {
    const { at = '', by = '', reason = '' } = detail ?? {};
    says.explained.set(String(at), { by: String(by), reason: String(reason), time });
  }
}

function notePoints(says: LedgerSays, { kind, points }: AuditCheckpoint): void {
  if (kind === 'trimmed') return;
  for (const { writer, seq, hash } of points)
    getOrMake(says.points, writer, () => new Map<number, string>()).set(seq, hash);
}
