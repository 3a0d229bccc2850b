// What a command line comes to, once its words are there: the command that they name, against the app's own configuration. Exit
// codes: 0 done, 1 failed, 2 mistyped. Ends no process.
import { isMfaError } from '../core/words/errors.js';
import type { MfaCore } from '../mfa.js';
import { grantEnrollmentCommand, listCommand, resetCommand, statusCommand, unlockCommand } from './accounts.js';
import { actionCommands } from './actions.js';
import { readArguments } from './arguments.js';
import { auditCommand } from './audit.js';
import { approveCommand, casesCommand, denyCommand } from './cases.js';
import { censusCommand } from './census.js';
import { UsageError } from './usage-error.js';
import { textOf, type Command } from './command.js';
import { Failure } from './configuration.js';
import { deprovisionCommand } from './deprovision.js';
import { forgetUpstreamCommand } from './forget-upstream.js';
import { readmitCommand } from './readmit.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { helpOf } from './help.js';
import { importCommand } from './import.js';
import { reportCommand } from './report.js';
import { migrateFromCommand } from './migrate-from.js';
import { rotateKeysCommand } from './rotate-keys.js';
import { sendTestCommand } from './send-test.js';
import { sqlCommand } from './sql.js';
import { createTerminal, type Streams, type Terminal } from './terminal.js';

const commands: readonly Command[] = [
  statusCommand,
  listCommand,
  resetCommand,
  unlockCommand,
  grantEnrollmentCommand,
  ...actionCommands,
  forgetUpstreamCommand,
  readmitCommand,
  casesCommand,
  approveCommand,
  denyCommand,
  deprovisionCommand,
  censusCommand,
  reportCommand,
  rotateKeysCommand,
  exportCommand,
  importCommand,
  migrateFromCommand,
  doctorCommand,
  auditCommand,
  sendTestCommand,
  sqlCommand,
];

/** Longer than a sender's own time-out. */
const settleMs = 15_000;

/** What the command line meets: a terminal, and where it finds the app. */
export type Surroundings = { streams: Streams; load: (given: string | undefined) => Promise<MfaCore> };

/** @returns the exit code */
export async function main(args: string[], { streams, load }: Surroundings): Promise<number> {
  const terminal = createTerminal(args.includes('--json'), streams);
  try {
    const parsed = readArguments(args, commands);
    if ('help' in parsed) {
      for (const line of helpOf(parsed.help, commands)) terminal.say(line);
      return 0;
    }
    const { command, values, positionals } = parsed;
    if (command.needs === 'nothing') return await command.run({ values, positionals, terminal });
    const mfa = await load(textOf(values, 'config'));
    mfa.kernel.operator = 'cli';
    if (command.needs === 'store') await requireStore(mfa);
    try {
      return await command.run({ mfa, values, positionals, terminal });
    } finally {
      await settle(mfa, terminal);
    }
  } catch (error) {
    return tellError(error, terminal);
  }
}

async function requireStore(mfa: MfaCore): Promise<void> {
  if (mfa.kernel.store.name === 'memory') {
    throw new Failure('This configuration is on the memory store, which only the process of the app itself can see.');
  }
  // `mfa.ready` would wait for a server that is down; whoever stands at the terminal is told.
  await mfa.kernel.store.ready?.();
}

/** The audit and the notices of what was done must leave before the process does. */
async function settle(mfa: MfaCore, terminal: Terminal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, settleMs, 'late')));
  const leave = async () => {
    await mfa.settled();
    await mfa.audit?.close();
  };
  const ended = await Promise.race([leave(), late]);
  clearTimeout(timer);
  if (ended === 'late') terminal.tell('A listener or notice did not end in time, and was left.');
}

function tellError(error: unknown, terminal: Terminal): number {
  const { message, name, code } = error as { message?: string; name?: string; code?: string };
  const isUsage = error instanceof UsageError;
  if (terminal.json) {
    terminal.tell(JSON.stringify({ error: { code: isUsage ? 'usage' : (code ?? name), message } }));
  } else if (isUsage) {
    terminal.tell(`express-mfa: ${message}`);
    terminal.tell(`Try: express-mfa help${error.command === undefined ? '' : ` ${error.command}`}`);
  } else if (isMfaError(error)) {
    terminal.tell(`express-mfa: ${message} (${error.code})`);
    if (error.cause instanceof Error) terminal.tell(`Cause: ${error.cause.message}`);
    terminal.tell(error.help);
  } else {
    const isOurs = error instanceof Failure;
    const told = `express-mfa: ${isOurs ? '' : `${name}: `}${message}${isOurs && code !== undefined ? ` (${code})` : ''}`;
    for (const line of told.split('\n')) terminal.tell(line);
  }
  return isUsage ? 2 : 1;
}
