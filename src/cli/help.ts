// The help of the command line, made from what the commands say of themselves.
import { commonOptions } from './arguments.js';
import type { Command, Option } from './command.js';
import { tableOf } from './terminal.js';

export function helpOf(command: Command | undefined, commands: readonly Command[]): string[] {
  return command ? commandHelp(command) : overview(commands);
}

function overview(commands: readonly Command[]): string[] {
  return [
    'Usage: express-mfa COMMAND [--config PATH] [options]',
    '',
    'Commands:',
    ...tableOf(commands.map(({ name, summary }) => [`  ${name}`, summary])),
    '',
    'Options of every command:',
    ...optionLines(commonOptions),
    '',
    'Without --config, the module mfa.config.js, .mjs or .cjs of this folder is taken.',
    'Exit codes: 0 done, 1 failed, 2 mistyped. More of one command: express-mfa help COMMAND',
  ];
}

function commandHelp({ name, summary, positionals, options, notes = [], examples }: Command): string[] {
  return [
    ['Usage: express-mfa', name, ...positionals, '[options]'].join(' '),
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    ...notes,
    '',
    'Options:',
    ...optionLines({ ...options, ...commonOptions }),
    '',
    'Examples:',
    ...examples.map((example) => `  npx express-mfa ${example}`),
  ];
}

function optionLines(options: { readonly [name: string]: Option }): string[] {
  return tableOf(
    Object.entries(options).map(([name, { value, summary }]) => [`  --${name}${value ? ` ${value}` : ''}`, summary]),
  );
}
