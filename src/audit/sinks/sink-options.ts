// Checks the options of a sink once, when it is made. Says what is wrong and never repeats a value: a path or an address
// may be one, a secret is.
import { MfaError } from '../../core/words/errors.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { formatNames } from '../formats/format.js';

export const formatOptionNames = ['name', 'format', 'appName', 'ocsfVersion'];

/** Reads one sink's options; every method throws MfaError `config.invalid_option` when the option does not fit. */
export type SinkOptionReader = {
  fail: (name: string, wanted: string) => never;
  text: (name: string, wanted: string, pattern?: RegExp) => string;
  optionalText: (name: string, wanted: string, pattern?: RegExp) => string | undefined;
  oneOf: <T extends string>(name: string, choices: readonly T[], fallback: T) => T;
  whole: (name: string, from: number, to: number, fallback: number) => number;
  flag: (name: string) => boolean;
};

/** @throws MfaError `config.unknown_option`, `config.invalid_option` */
export function readSinkOptions(factory: string, options: object, known: readonly string[]): SinkOptionReader {
  checkOptionNames(factory, options, [...formatOptionNames, ...known]);
  const given = options as { [name: string]: unknown };
  const fail = (name: string, wanted: string): never => {
    const value = given[name];
    const received =
      value === undefined || value === null || value === '' ? JSON.stringify(value ?? null) : typeof value;
    throw new MfaError('config.invalid_option', `${factory}: ${name} must be ${wanted}; received ${received}.`);
  };
  const text = (name: string, wanted: string, pattern = /^/): string => {
    const value = given[name];
    const fits = typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value) && pattern.test(value);
    return fits ? value : fail(name, wanted);
  };
  const optionalText = (name: string, wanted: string, pattern?: RegExp) =>
    given[name] === undefined ? undefined : text(name, wanted, pattern);
  const oneOf = <T extends string>(name: string, choices: readonly T[], fallback: T): T =>
    choices.find((choice) => choice === (given[name] ?? fallback)) ?? fail(name, `one of ${choices.join(', ')}`);
  // What all sinks have is checked for all of them alike.
  optionalText('name', 'a name of letters, digits and ._:- (at most 64)', /^[\w.:-]{1,64}$/);
  optionalText('appName', 'the name of the app');
  oneOf('format', formatNames, 'json');
  oneOf('ocsfVersion', ['1.8', '1.9'], '1.8');
  return {
    fail,
    text,
    optionalText,
    oneOf,
    whole: (name, from, to, fallback) => {
      const value = given[name] ?? fallback;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
      return fits ? value : fail(name, `a whole number from ${from} to ${to}`);
    },
    flag: (name) => {
      const value = given[name] ?? false;
      return typeof value === 'boolean' ? value : fail(name, 'true or false');
    },
  };
}
