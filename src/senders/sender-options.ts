// Checks the options of a sender once, when it is made, so that a missing key is found at start-up and not by the
// first person who waits for a code. Says what is wrong and never repeats a value: most of them are secrets.
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import type { Mailbox } from './address.js';
import { parseMailbox } from './address.js';
import { urlOf } from '../core/words/url.js';

/** Milliseconds that a provider has to answer, unless the options say otherwise. */
const defaultTimeoutMs = 10_000;

/** Reads one sender's options; every method throws MfaError `config.invalid_option` when the option does not fit. */
export type OptionReader = {
  /** A non-empty string without control characters, of the given form. */
  text: (name: string, wanted: string, pattern?: RegExp) => string;
  optionalText: (name: string, wanted: string, pattern?: RegExp) => string | undefined;
  mailbox: (name: string) => Mailbox;
  optionalMailbox: (name: string) => Mailbox | undefined;
  /** An origin or address to send requests to: https, or http on this machine; without credentials and trailing slash. */
  url: (name: string, fallback?: string) => string;
  oneOf: <T extends string>(name: string, choices: readonly T[], fallback: T) => T;
  /** Default 10 s, at most 2 minutes. */
  timeoutMs: () => number;
  fail: (name: string, wanted: string) => never;
};

/**
 * @param factory the sender's name, for messages.
 * @param known the names of all its options.
 * @throws MfaError `config.unknown_option`, `config.invalid_option`.
 */
export function readOptions(factory: string, options: unknown, known: readonly string[]): OptionReader {
  checkOptionNames(factory, options, known);
  const given = options as { [name: string]: unknown };

  const fail = (name: string, wanted: string): never => {
    const received = kindOf(given[name]);
    throw new MfaError('config.invalid_option', `${factory}: ${name} must be ${wanted}; received ${received}.`);
  };
  const text = (name: string, wanted: string, pattern = /^/): string => {
    const value = given[name];
    if (typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value) && pattern.test(value)) return value;
    return fail(name, wanted);
  };
  const mailbox = (name: string): Mailbox =>
    parseMailbox(given[name]) ??
    fail(name, "'no-reply@acme.example', 'Acme <no-reply@acme.example>' or { address, name }");

  return {
    text,
    optionalText: (name, wanted, pattern) => (given[name] === undefined ? undefined : text(name, wanted, pattern)),
    mailbox,
    optionalMailbox: (name) => (given[name] === undefined ? undefined : mailbox(name)),
    url: (name, fallback) => {
      const value = given[name] ?? fallback;
      return parseUrl(value) ?? fail(name, 'an https address without credentials (http only on this machine)');
    },
    oneOf: (name, choices, fallback) => {
      const value = given[name] ?? fallback;
      return choices.find((choice) => choice === value) ?? fail(name, `one of ${choices.join(', ')}`);
    },
    timeoutMs: () => {
      const value = given.timeoutMs ?? defaultTimeoutMs;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= 50 && value <= 120_000;
      return fits ? value : fail('timeoutMs', 'a whole number of milliseconds from 50 to 120000');
    },
    fail,
  };
}

/** Whether a host name is this machine: there, and only there, credentials and codes may travel without TLS. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

function parseUrl(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const url = urlOf(value);
  if (!url) return undefined;
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return secure && url.username === '' && url.password === '' ? value.replace(/\/+$/, '') : undefined;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (value === '') return 'an empty string';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return Array.isArray(value)
    ? 'an array'
    : typeof value === 'number'
      ? `the number ${value}`
      : `a value of type ${typeof value}`;
}
