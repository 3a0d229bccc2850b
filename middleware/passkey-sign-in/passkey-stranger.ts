// A browser in which nobody is signed in: what names its flow and carries its CSRF token, without a session. A flood of
// anonymous requests must leave nothing in any store, so both are in one cookie and in what can be computed from it.
import type { Stranger } from '../../src/core/flows/direct-sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { knownBrowserCookie } from '../http/browser-cookies.js';
import { flowCookie, setFlowCookie } from '../http/cookies.js';
import { derivedToken } from '../sign-in/derived-token.js';
import type { Reader } from '../visit/visit.js';

/** 128 random bits in base64url: what `random.token()` makes. */
const form = /^[\w-]{22}$/;

/** The flow of this browser, and the token that only our own pages can read of it. */
export type Flow = { flowId: string; csrf: string };

/** The flow that this browser carries, if it does. */
export function flowOf({ mfa, req }: Reader): Flow | undefined {
  const flowId = flowCookie(mfa, req);
  return flowId !== undefined && form.test(flowId) ? flow(mfa, flowId) : undefined;
}

/** The same, begun where there is none; several tabs share one. */
export function beginFlow(reader: Reader): Flow {
  const known = flowOf(reader);
  if (known) return known;
  const { mfa, req, res } = reader;
  const flowId = mfa.kernel.random.token();
  setFlowCookie(mfa, req, res, flowId);
  return flow(mfa, flowId);
}

/** A signed double-submit token (OWASP CSRF Prevention): whoever plants a cookie does not learn the token for it. */
function flow({ kernel }: MfaCore, flowId: string): Flow {
  return { flowId, csrf: derivedToken(kernel, 'flow-csrf', flowId) };
}

export function strangerOf({ mfa, req, words, hints }: Reader, { flowId }: Flow): Stranger {
  return { flowId, hints, locale: words.lang, knownBrowserOf: (userId) => knownBrowserCookie(mfa, req, userId) };
}
