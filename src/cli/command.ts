// What a command of the command line is: its words for the help, its options, and what it does. Knows no command.
import { adminRights } from '../core/rules/admin-rights.js';
import type { MfaCore } from '../mfa.js';
import { UsageError } from './usage-error.js';
import type { Terminal } from './terminal.js';

export type Values = { readonly [option: string]: string | boolean | undefined };

export type Option = { type: 'string' | 'boolean'; value?: string; summary: string };

export type Call = { mfa: MfaCore; values: Values; positionals: readonly string[]; terminal: Terminal };

export type Command = {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Names of what must follow, in order. */
  positionals: readonly string[];
  options: { readonly [name: string]: Option };
  /** What whoever uses it should know; after the options. */
  notes?: readonly string[];
  examples: readonly string[];
} & (
  | {
      /** `store`: it works on records, so a store of another process than the app's must show them. */
      needs: 'store' | 'configuration';
      /** @returns the exit code */
      run(call: Call): Promise<number>;
    }
  | { needs: 'nothing'; run(call: Omit<Call, 'mfa'>): Promise<number> }
);

export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export const byOption = { by: { type: 'string', value: 'NAME', summary: 'who does this, for the audit' } } as const;
export const yesOption = { yes: { type: 'boolean', summary: 'does not ask' } } as const;
/** Of what is done to a person: who does it, and why. */
const actOptions = {
  ...byOption,
  reason: { type: 'string', value: 'TEXT', summary: 'why, for the audit: three letters at least' },
} as const;

/** Whoever has the shell may do everything. */
type Operator = { id: string; name: string; may: typeof adminRights };

/** Of a command about one person or case: which one, who does it, and why. */
type Act = Omit<Call, 'positionals'> & { id: string; who: { by: Operator; reason: string } };

type ActParts = Omit<Command, 'positionals' | 'options' | 'needs' | 'run'> & {
  on: 'USER-ID' | 'CASE';
  /** Beside `--by` and `--reason`. */
  options?: Command['options'];
  /** @returns the exit code */
  act(act: Act): Promise<number>;
};

/** A command that does something to one person or case: it asks for a name and a reason before it looks at anything. */
export function actCommand({ on, options, act, ...words }: ActParts): Command {
  return {
    ...words,
    positionals: [on],
    options: { ...options, ...actOptions },
    needs: 'store',
    async run({ positionals: [id = ''], ...call }) {
      const { by, reason } = whoOf(call.values, words.name);
      return act({ ...call, id, who: { by: { id: by, name: by, may: adminRights }, reason } });
    },
  };
}

/** @throws UsageError where one of both is missing */
export function whoOf(values: Values, command: string): { by: string; reason: string } {
  const by = byOf(values, command);
  const reason = textOf(values, 'reason');
  if (reason === undefined) throw new UsageError('--reason TEXT is missing: the audit says why.', command);
  return { by, reason };
}

/** @throws UsageError where it is missing */
export function byOf(values: Values, command: string): string {
  const by = textOf(values, 'by');
  if (by === undefined) throw new UsageError('--by NAME is missing: the audit says who did this.', command);
  return by;
}

/** Whoever was asked said no. @returns the exit code */
export function abandoned(terminal: Terminal): 1 {
  terminal.tell('Nothing was changed.');
  return 1;
}

/** One answer, for machines or for people. @returns the exit code */
export function done(terminal: Terminal, json: object, ...lines: [string, ...string[]]): 0 {
  for (const line of terminal.json ? [JSON.stringify(json)] : lines) terminal.say(line);
  return 0;
}
