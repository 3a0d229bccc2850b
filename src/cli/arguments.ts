// Reads the command line: which command, which options, what else. Whoever mistypes is told the nearest name; nothing
// is ever guessed.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../core/words/nearest.js';
import type { Command, Values } from './command.js';
import { UsageError } from './usage-error.js';

export type Parsed = { command: Command; values: Values; positionals: string[] } | { help: Command | undefined };

/** Options that every command takes. */
export const commonOptions = {
  config: { type: 'string', value: 'PATH', summary: 'the module that exports what createMfa returned' },
  json: { type: 'boolean', summary: 'answers for machines' },
  help: { type: 'boolean', summary: 'says what a command does' },
} as const;

/** @throws UsageError */
export function readArguments(args: string[], commands: readonly Command[]): Parsed {
  const all: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  const lists: Command['options'][] = [commonOptions, ...commands.map(({ options }) => options)];
  for (const options of lists) {
    for (const [name, { type }] of Object.entries(options)) all[name] ??= { type };
  }
  // Not strict: its own errors know no nearest name, and come before it is known which command is meant.
  const { positionals, tokens } = parseArgs({
    args,
    options: all,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const [first, ...rest] = positionals;
  const asked = tokens.some((token) => token.kind === 'option' && token.name === 'help');
  const named = first === 'help' ? rest[0] : first;
  if (named === undefined) {
    if (asked || first === 'help') return { help: undefined };
    throw new UsageError('Which command?');
  }
  const command = commands.find(({ name }) => name === named) ?? refuseCommand(named, commands);
  if (asked || first === 'help') return { help: command };

  const values: { [option: string]: string | boolean } = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const known: Command['options'] = { ...commonOptions, ...command.options };
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!option) return refuseOption(token.rawName, token.name, command, Object.keys(known));
    if (Object.hasOwn(values, token.name)) throw new UsageError(`${token.rawName} is given twice.`, command.name);
    values[token.name] = option.type === 'boolean' ? noValue(token, command) : valueOf(token, command, option.value);
  }
  const wanted = command.positionals;
  if (rest.length !== wanted.length) {
    const missing = wanted[rest.length];
    const told = missing ? `${missing} is missing.` : `There is one argument too many: ${JSON.stringify(rest.at(-1))}.`;
    throw new UsageError(told, command.name);
  }
  return { command, values, positionals: rest };
}

type OptionToken = { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined };

function noValue({ rawName, value }: OptionToken, { name }: Command): true {
  if (value !== undefined) throw new UsageError(`${rawName} takes no value.`, name);
  return true;
}

function valueOf({ rawName, value, inlineValue }: OptionToken, { name }: Command, what = 'VALUE'): string {
  // `--by --yes` forgot the name; whoever means it writes `--by=--yes`.
  const isOption = value?.startsWith('-') === true && value !== '-' && inlineValue !== true;
  const dash = isOption ? ` One that begins with a dash is written ${rawName}=${what}.` : '';
  if (value === undefined || value === '' || isOption) throw new UsageError(`${rawName} takes ${what}.${dash}`, name);
  return value;
}

function refuseCommand(named: string, commands: readonly Command[]): never {
  const meant = nearest(
    named,
    commands.map(({ name }) => name),
  );
  throw new UsageError(`There is no command ${JSON.stringify(named)}.${meant ? ` Did you mean \`${meant}\`?` : ''}`);
}

function refuseOption(raw: string, name: string, command: Command, known: readonly string[]): never {
  const meant = nearest(name, known);
  // `reset -42` meant the person.
  const dash = raw.startsWith('--') ? '' : ' What begins with a dash and is no option stands after `--`.';
  const more = meant ? ` Did you mean --${meant}?` : dash;
  throw new UsageError(`\`${command.name}\` has no option ${raw}.${more}`, command.name);
}
