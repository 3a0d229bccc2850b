// What the command line says and asks: answers on stdout, everything else on stderr. Names and ids were typed by people,
// so nothing in them may steer a terminal.
import { createInterface } from 'node:readline/promises';
import { UsageError } from './usage-error.js';

export type Terminal = {
  readonly json: boolean;
  /** A line of the answer. */
  say(line: string): void;
  /** A line about the work: progress, warnings, errors. */
  tell(line: string): void;
  /** Waits until what was said is taken, where a slow reader is behind. */
  drained(): Promise<void>;
  /**
   * Whether a person at the keyboard says yes.
   * @throws UsageError where nobody is there to ask
   */
  confirm(question: string, command: string): Promise<boolean>;
  /** Counts long work on stderr: in one line of a terminal, else a line now and then. */
  progress(): Progress;
};

export type Progress = { show(text: string): void; end(): void };

/** Those of a process, or what stands for them. */
export type Streams = Readonly<Record<'stdin', Input> & Record<'stdout' | 'stderr', Output>>;
type Input = NodeJS.ReadableStream & { isTTY?: boolean };
type Output = NodeJS.WritableStream & { isTTY?: boolean; readonly writableNeedDrain?: boolean };

const msBetweenFrames = 100;
const msBetweenLines = 10_000;

export function createTerminal(json: boolean, { stdin, stdout, stderr }: Streams): Terminal {
  const tell = (line: string) => void stderr.write(`${plain(line)}\n`);
  return {
    json,
    say: (line) => void stdout.write(`${json ? line : plain(line)}\n`),
    tell,
    drained: () => new Promise((resolve) => (stdout.writableNeedDrain ? stdout.once('drain', resolve) : resolve())),

    async confirm(question, command) {
      if (!stdin.isTTY || !stderr.isTTY) {
        throw new UsageError('Nobody is here to be asked. Add --yes to do it without asking.', command);
      }
      const ask = createInterface({ input: stdin, output: stderr });
      try {
        return /^(y|yes)$/i.test((await ask.question(`${plain(question)} [y/N] `)).trim());
      } finally {
        ask.close();
      }
    },

    progress() {
      const pause = stderr.isTTY ? msBetweenFrames : msBetweenLines;
      let shownAt = Date.now();
      return {
        show(text) {
          if (Date.now() - shownAt < pause) return;
          shownAt = Date.now();
          if (stderr.isTTY) stderr.write(`\r\u001b[2K${plain(text)}`);
          else tell(text);
        },
        end() {
          if (stderr.isTTY) stderr.write('\r\u001b[2K');
        },
      };
    },
  };
}

/** Text without control characters, line feeds and what turns the writing direction; a tab stays. */
export function plain(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Rows under one another, each column as wide as its widest cell. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => plain(row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => plain(cell).padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `2026-03-01 14:05 UTC` */
export function dateOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
