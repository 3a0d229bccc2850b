// Who gets through to the routes of directories: whoever has a token. Whatever goes wrong behind it is an error in the shape of
// RFC 7644 §3.12.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { isMfaError, statusOf, type ErrorCode } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import { noteHeard } from '../../src/scim/heard.js';
import { ScimError } from '../../src/scim/scim-error.js';
import { hintsOf } from '../http/request-hints.js';
import { sendJson } from '../http/send-json.js';
import { warnOf } from '../visit/error-handler.js';
import type { ScimRouterOptions, ScimToken, ScimVisit } from './scim-visit.js';

export const scimType = 'application/scim+json';

/** `write`: changes something. */
export type ScimRoute = { does: 'read' | 'write'; flow: (visit: ScimVisit) => Promise<void> | void };

export function behindToken(mfa: MfaCore, options: ScimRouterOptions, { does, flow }: ScimRoute): RequestHandler {
  return function scimRoute(req: Request, res: Response, next: NextFunction) {
    const answered = async () => {
      res.setHeader('Cache-Control', 'no-store');
      res.setHeader('X-Content-Type-Options', 'nosniff');
      await flow(enter(mfa, options, req, res, does));
    };
    answered()
      .catch((error: unknown) => answerError(res, error))
      .catch(next);
  };
}

function enter(
  mfa: MfaCore,
  options: ScimRouterOptions,
  req: Request,
  res: Response,
  does: 'read' | 'write',
): ScimVisit {
  const [, given] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  const token = given === undefined ? undefined : tokenOf(mfa, options.tokens, given);
  const why =
    given === undefined
      ? 'missing'
      : !token
        ? 'unknown'
        : does === 'write' && token.may === 'read'
          ? 'right'
          : undefined;
  const hints = hintsOf(mfa, req);
  if (!token || why !== undefined) {
    const named = token ? { by: actorOf(token) } : {};
    mfa.kernel.tell({ hints }, [
      { name: 'scim-token-refused', outcome: 'refused', actor: 'system', ...named, detail: { why: why ?? '' } },
    ]);
    if (token) throw new ScimError(403, 'This token may read only.');
    res.setHeader('WWW-Authenticate', 'Bearer');
    throw new ScimError(401, 'A valid bearer token is needed.');
  }
  const { tenant, may } = token;
  noteHeard(mfa.kernel, tenant);
  return { mfa, options, req, res, hints, tenant, may, by: actorOf(token), base: addressOf(mfa, req) };
}

const actorOf = ({ tenant }: ScimToken): string => (tenant === undefined ? 'scim' : `scim:${tenant}`);

/** Each is compared, and in constant time: how long it takes says nothing of how near a guess was. */
function tokenOf({ kernel }: MfaCore, tokens: readonly ScimToken[], given: string): ScimToken | undefined {
  const digest = Buffer.from(kernel.sealer.hashToken(given), 'base64url');
  let found: ScimToken | undefined;
  for (const token of tokens) if (kernel.sealer.equal(digest, Buffer.from(token.sha256, 'hex'))) found = token;
  return found;
}

function addressOf({ kernel }: MfaCore, req: Request): string {
  const origin = kernel.settings.origins[0] ?? `${req.protocol}://${req.headers.host ?? 'localhost'}`;
  return `${origin}${req.baseUrl}`;
}

/** Another address: nothing. */
export function noRoute(status: 404 | 501): ScimRoute {
  return {
    does: 'read',
    flow: () => {
      throw new ScimError(status, status === 404 ? 'There is nothing here.' : 'This is not supported.');
    },
  };
}

const busyStatuses = [409, 503];

/** @throws what is not ours to answer, for the host's error handler */
function answerError(res: Response, error: unknown): void {
  if (res.headersSent) throw error;
  const { status, message, scimType: kind, retryAfterSeconds } = scimErrorOf(error);
  if (retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(retryAfterSeconds));
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(kind === undefined ? {} : { scimType: kind }),
    detail: message,
  };
  sendJson(res, body, status, scimType);
}

/** What failed in the host or the store is 503: whatever was asked for, the directory asks again, and what is left is done then. */
function scimErrorOf(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  if (!isMfaError(error) || !(error.code in statusOf)) throw error;
  const status = statusOf[error.code as ErrorCode];
  if (status >= 500) warnOf(error);
  const isBusy = busyStatuses.includes(status) || error.code === 'host.user_failed';
  const detail = isBusy ? 'This is not done yet: send it again.' : 'This cannot be done.';
  return new ScimError(isBusy ? 503 : status, detail, undefined, isBusy ? 5 : undefined);
}
