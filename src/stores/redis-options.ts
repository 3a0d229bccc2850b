// What a host may say of the store in Redis, checked once when it is made.
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import type { RedisClient } from './redis-client.js';
import { readNamespace } from './redis-keys.js';

/** Options of the store in Redis. */
export type RedisStoreOptions = {
  /** Names this app's keys; two apps on one Redis never share a record. No "{", "}" or control characters. */
  namespace: string;
  /** How many replicas must have a changed record before it counts; 0–100, default 0. Asks over a connection of its own. */
  waitReplicas?: number;
  /**
   * How long any command may take, in milliseconds; 1–60000, default 1500. All commands of one answer together are
   * waited for 2 seconds, or for this where it is longer.
   */
  timeoutMs?: number;
  /** Told at start-up what is unwise about the server; default `process.emitWarning`. */
  warn?: (message: string) => void;
};

/** @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option` */
export function parseOptions(
  client: RedisClient,
  options: RedisStoreOptions = { namespace: '' },
): Required<RedisStoreOptions> {
  if ((client.options?.scaleReads ?? 'master') !== 'master') {
    // A replica still shows the state before the last save: a spent code, a lifted lock.
    throw invalid("the client reads from replicas. Give a Cluster with `scaleReads: 'master'`, which is the default.");
  }
  checkOptionNames('redisStore', options, ['namespace', 'waitReplicas', 'timeoutMs', 'warn']);
  const { namespace, waitReplicas = 0, timeoutMs = 1500, warn = emitWarning } = options;
  const whole = { waitReplicas: [waitReplicas, 0, 100], timeoutMs: [timeoutMs, 1, 60_000] } as const;
  for (const [name, [value, least, most]] of Object.entries(whole)) {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw invalid(
        `the option \`${name}\` must be a whole number from ${least} to ${most}; received ${String(value)}.`,
      );
    }
  }
  if (typeof warn !== 'function') throw invalid('the option `warn` must be a function (message) => void.');
  return { namespace: readNamespace('redisStore', namespace), waitReplicas, timeoutMs, warn };
}

function invalid(wrong: string): MfaError {
  return new MfaError('config.invalid_option', `redisStore: ${wrong}`);
}

function emitWarning(message: string): void {
  process.emitWarning(message, 'ExpressMfaWarning');
}
