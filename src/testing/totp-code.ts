// An authenticator app, as far as a test needs one: the code that it would show. The algorithm is that of the factor.
import type { Clock } from '../core/kernel/ports.js';
import { codeOf, fromBase32, stepAt, type Algorithm, type Parameters } from '../factors/totp/one-time-password.js';

/** Which code an authenticator app shows. */
export type TotpCodeOptions = {
  /** The clock that the app was given, if any. */
  clock?: Clock;
  /** Which step after the present one; -1 for the one before. */
  steps?: number;
};

/**
 * The code that an authenticator app shows.
 * @param secret Base32, or the whole `otpauth://` address where algorithm, digits or period are not the usual ones
 * @throws Error where it is neither
 */
export function totpCode(secret: string, { clock, steps = 0 }: TotpCodeOptions = {}): string {
  const app = authenticatorApp(secret, clock);
  return app.codeAt(app.step() + steps);
}

/** @throws Error where `secret` is neither Base32 nor an `otpauth://` address */
export function authenticatorApp(secret: string, clock: Clock = { now: () => Date.now() }) {
  const { bytes, parameters } = secret.startsWith('otpauth:') ? fromUri(new URL(secret)) : fromText(secret);
  return {
    periodSeconds: parameters.periodSeconds,
    step: () => stepAt(Math.floor(clock.now() / 1000), parameters.periodSeconds),
    codeAt: (step: number) => codeOf(bytes, step, parameters),
  };
}

/** As pages show it, too: in groups. */
function fromText(text: string): { bytes: Uint8Array; parameters: Parameters } {
  return {
    bytes: fromBase32(text.replace(/[\s=-]/g, '').toUpperCase()),
    parameters: { algorithm: 'SHA1', digits: 6, periodSeconds: 30 },
  };
}

function fromUri({ searchParams }: URL): { bytes: Uint8Array; parameters: Parameters } {
  return {
    bytes: fromText(searchParams.get('secret') ?? '').bytes,
    parameters: {
      algorithm: (searchParams.get('algorithm') ?? 'SHA1') as Algorithm,
      digits: Number(searchParams.get('digits') ?? 6) as Parameters['digits'],
      periodSeconds: Number(searchParams.get('period') ?? 30),
    },
  };
}
