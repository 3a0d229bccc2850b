// `/.well-known/passkey-endpoints`: where password managers lead people who want to make or manage their passkeys of
// this site (W3C, A Well-Known URL for Relying Party Passkey Endpoints).
import type { Request, RequestHandler, Response } from 'express';
import { directFactorOf } from '../../src/core/flows/direct-sign-in.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkCallOptions } from '../../src/validation.js';
import { basePath } from '../visit/visit.js';
import { urlOf } from '../../src/core/words/url.js';

/** Where password managers lead people. */
export type PasskeyEndpoints = {
  /** Where a passkey is made, a path or an address. Default: our page that adds one. */
  enroll?: string;
  /** Where passkeys are managed, a path or an address. Default: our account page. */
  manage?: string;
};

/**
 * Answers `GET /.well-known/passkey-endpoints` with JSON and 200, never with a redirect, which password managers do not
 * follow. Mount it before the guard, on the host whose name is the relying party id:
 * `app.get('/.well-known/passkey-endpoints', passkeyEndpoints(mfa))`.
 * @throws MfaError `config.invalid_option` at once without `webauthn()` among the factors, or for what is no address;
 * `config.unknown_option`
 */
export function passkeyEndpoints(mfa: MfaCore, options: PasskeyEndpoints = {}): RequestHandler {
  const factor = directFactorOf(mfa.kernel);
  if (!factor)
    throw new MfaError('config.invalid_option', '`passkeyEndpoints` needs `webauthn()` among the `factors`.');
  checkCallOptions('passkeyEndpoints', options);
  const base = basePath(mfa);
  const [origin] = mfa.kernel.settings.origins;
  const body = {
    enroll: address(options.enroll ?? `${base}/setup/${factor.kind}`, 'enroll', origin),
    manage: address(options.manage ?? base, 'manage', origin),
  };
  return function mfaPasskeyEndpoints(_req: Request, res: Response) {
    res.status(200).set('Cache-Control', 'public, max-age=3600').json(body);
  };
}

/** Absolute by the app's own origin, never by a header; an app without one is in development, and gets the path. */
function address(where: string, name: string, origin: string | undefined): string {
  const url = /^(https?:\/\/[^/]|\/(?![/\\]))/.test(where) ? urlOf(where, origin ?? 'http://localhost') : undefined;
  if (!url) {
    throw new MfaError('config.invalid_option', `passkeyEndpoints: \`${name}\` takes a path or an address of the app.`);
  }
  return origin === undefined ? where : url.href;
}
