// What a command of the command line is: its words for the help, its options, and what it does. Knows no command.
import type { MfaCore } from '../mfa.js';
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
