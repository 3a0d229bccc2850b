// What is wrong with a request of a directory, in the words of RFC 7644 §3.12. Knows no answer and no socket.

/** The `scimType` of an error (RFC 7644 table 9). */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness';

export class ScimError extends Error {
  override readonly name = 'ScimError';
  constructor(
    readonly status: number,
    message: string,
    readonly scimType?: ScimType,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

export function badRequest(scimType: ScimType, message: string): ScimError {
  return new ScimError(400, message, scimType);
}
