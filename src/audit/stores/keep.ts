// How much of the log is kept: what every store of it takes as options.
import { MfaError } from '../../core/words/errors.js';

/** How much is kept. */
export type KeepOptions = {
  /** Days that entries are kept, 1–3660; default 400. */
  retentionDays?: number;
  /** Bytes of entries at most, from 1 MiB; default 1 GiB. What is over is dropped, the oldest first. */
  maxBytes?: number;
};

export function readKeep(caller: string, { retentionDays = 400, maxBytes = 2 ** 30 }: KeepOptions) {
  requireWhole(caller, 'retentionDays', retentionDays, 1, 3660);
  requireWhole(caller, 'maxBytes', maxBytes, 2 ** 20, Number.MAX_SAFE_INTEGER);
  return { days: retentionDays, maxBytes };
}

/** @throws MfaError `config.invalid_option` */
export function requireWhole(caller: string, name: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  const words = `${caller}: the option \`${name}\` must be a whole number from ${least} to ${most}; received ${String(value)}.`;
  throw new MfaError('config.invalid_option', words);
}
