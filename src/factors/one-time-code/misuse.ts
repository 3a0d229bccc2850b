// How misuse is told at start-up: what was received, never a secret.
import { MfaError } from '../../core/words/errors.js';

/** What was received, as a message may repeat it. */
export function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : typeof value;
}

export function invalid(message: string): MfaError {
  return new MfaError('config.invalid_option', message);
}
