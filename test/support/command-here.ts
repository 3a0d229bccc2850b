// Commands of the command line inside this process, where the process itself is not what is tested: a start takes a second.
import { PassThrough, Writable } from 'node:stream';
import { readArguments } from '../../src/cli/arguments.js';
import type { Command } from '../../src/cli/command.js';
import { Failure } from '../../src/cli/configuration.js';
import { main } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';
import type { MfaCore } from '../../src/mfa.js';
import type { Configured } from './cli-configurations.js';

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

/** The whole command line, from its words to its exit code: all but what the process itself does, and what it loads. */
export async function commandLineHere(args: readonly string[], open: () => Configured) {
  const said = { stdout: '', stderr: '' };
  const kept = (name: keyof typeof said) =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += String(chunk);
        done();
      },
    });
  const streams = { stdin: new PassThrough(), stdout: kept('stdout'), stderr: kept('stderr') };
  let opened: Configured | undefined;
  // What is wrong with the configuration rejects, as when it is loaded.
  const load = () => new Promise<MfaCore>((resolve) => resolve((opened = open()).mfa));
  const code = await main([...args], { streams, load });
  await opened?.close();
  return { code, ...said, lines: said.stdout.split('\n').filter(Boolean) };
}
