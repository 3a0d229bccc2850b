// Commands of the command line inside this process, where the process itself is not what is tested: a start takes a second.
import { readArguments } from '../../src/cli/arguments.js';
import type { Command } from '../../src/cli/command.js';
import { Failure } from '../../src/cli/configuration.js';
import type { Terminal } from '../../src/cli/terminal.js';
import type { MfaCore } from '../../src/mfa.js';

/** Runs one and answers what it said, as the command line would; nobody is there to be asked. */
export async function runHere(command: Command, mfa: MfaCore, args: readonly string[]) {
  const said = { code: 0, stdout: '', stderr: '' };
  const terminal: Terminal = {
    json: args.includes('--json'),
    say: (line) => void (said.stdout += `${line}\n`),
    tell: (line) => void (said.stderr += `${line}\n`),
    drained: () => Promise.resolve(),
    confirm: () => Promise.resolve(false),
    progress: () => ({ show: () => undefined, end: () => undefined }),
  };
  const parsed = readArguments([command.name, ...args], [command]);
  if ('help' in parsed) throw new Error('No help is wanted here.');
  const { values, positionals } = parsed;
  try {
    said.code = await command.run({ mfa, values, positionals, terminal });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    said.code = 1;
    said.stderr += `${error.message} (${error.code})\n`;
  }
  return said;
}
