// What the client throws: a refusal of the server, or what became of a request or a ceremony in the browser. Never a code that
// somebody typed.
import type { ProblemAnswer } from '../api/answers.js';

/** Codes of the browser's own; all others are the server's. */
export const clientCodes = [
  /** No answer came: offline, or the server cannot be reached. */
  'client.offline',
  /** An answer that is none of ours: a proxy's, or that of another app. */
  'client.unexpected',
  /** The person closed the browser's dialog, or it took too long. */
  'passkey.cancelled',
  /** This authenticator has a passkey for the account already. */
  'passkey.already_registered',
  /** No passkeys in this browser, or none of the kind that is asked for. */
  'passkey.not_supported',
  /** The page is at an address that the passkeys are not for. */
  'passkey.wrong_site',
  /** Whatever else the browser refused. */
  'passkey.failed',
] as const;

/** A code of the browser's own. */
export type ClientCode = (typeof clientCodes)[number];

/** All that `MfaClientError` can carry: the server's codes, and the browser's. */
export type MfaClientCode = ProblemAnswer['code'] | ClientCode;

/** What a refusal says beside its code: `remainingAttempts`, `retryAfterSeconds`, `url`, … */
export type MfaClientDetails = Partial<Omit<ProblemAnswer, 'type' | 'title' | 'status' | 'code'>>;

/** A refusal. `title` is the server's sentence in the language of the person; empty for codes of the browser's own. */
export class MfaClientError extends Error {
  override readonly name = 'MfaClientError';
  readonly code: MfaClientCode;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly title: string;
  readonly details: MfaClientDetails;

  constructor(
    code: MfaClientCode,
    {
      status = 0,
      title = '',
      details = {},
      cause,
    }: Partial<Pick<MfaClientError, 'status' | 'title' | 'details' | 'cause'>> = {},
  ) {
    super(title === '' ? code : title, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.title = title;
    this.details = details;
  }
}

/** Recognises one of any copy of this module: `instanceof` misses that of another bundle. */
export function isMfaClientError(error: unknown): error is MfaClientError {
  return (
    error instanceof Error && error.name === 'MfaClientError' && typeof (error as { code?: unknown }).code === 'string'
  );
}

/** Whether somebody ended it by an `AbortSignal`, which is no failure to tell of. */
export function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { name?: unknown }).name === 'AbortError';
}
