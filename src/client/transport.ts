// One request to our routes: tokens, one retry where a token had lapsed, refusals as errors. Keeps two tokens in memory and nothing
// anywhere else: no storage, no address, no log.
import type { ProblemAnswer } from '../api/answers.js';
import { unlessAborted } from './aborted.js';
import { isAbort, MfaClientError } from './client-error.js';

/** What `createMfaClient` takes. */
export type MfaClientOptions = {
  /** Where `mfaRouter` is mounted: a path, or an address of another origin. Default `/mfa`. */
  baseUrl?: string;
  /** In the stead of the browser's. */
  fetch?: typeof fetch;
  /** The app's own CSRF token, where `createMfa` was given `csrf`. Asked again once where the server refuses it. */
  csrf?: () => string | Promise<string>;
  /** Sent with each request: `Authorization` of an app without cookies, `Accept-Language`. */
  headers?: () => { [name: string]: string } | Promise<{ [name: string]: string }>;
};

/** Of every call: ends the waiting for it. What was sent to change something comes to its end all the same. */
export type CallOptions = { signal?: AbortSignal | undefined };

export type Call = CallOptions & { body?: object | undefined; query?: { [name: string]: string | undefined } };

const tokenHeader = 'X-MFA-Token';

export interface Transport {
  get<A>(path: string, call?: Call): Promise<A>;
  post<A>(path: string, call?: Call): Promise<A>;
  /** The answer itself, of whatever kind; refusals throw. */
  raw(method: 'GET' | 'POST', path: string, call?: Call): Promise<Response>;
  /** The base as an absolute address. */
  base(): URL;
  /** The same tokens for requests of the app to the origin of our routes. */
  withToken(url: URL, init: RequestInit): RequestInit;
  /** Takes the next token from an answer. */
  note(response: Response): void;
  /** The server's time, Unix seconds: a clock of a browser may be wrong. */
  now(): number;
  /** The language that refusals are told in. */
  speak(locale: string): void;
  /** Calls `listener` after whatever changed something. */
  subscribe(listener: () => void): () => void;
}

export function createTransport(options: MfaClientOptions): Transport {
  const { baseUrl = '/mfa', csrf, headers } = options;
  const send: typeof fetch = (input, init) => (options.fetch ?? globalThis.fetch)(input, init);
  const listeners = new Set<() => void>();
  let language: string | undefined;
  let csrfToken: Promise<string> | undefined;
  let proofs: string | undefined;
  let ahead = 0;

  // No window on a server: it is looked at where a request is made, not before.
  const base = () => new URL(baseUrl.replace(/\/+$/, ''), typeof location === 'undefined' ? undefined : location.href);

  function withToken(url: URL, init: RequestInit): RequestInit {
    if (url.origin !== base().origin || proofs === undefined) return init;
    const all = new Headers(init.headers);
    if (!all.has(tokenHeader)) all.set(tokenHeader, proofs);
    return { ...init, headers: all };
  }

  function note(response: Response): void {
    proofs = response.headers.get(tokenHeader) ?? proofs;
    const at = Date.parse(response.headers.get('Date') ?? '');
    if (!Number.isNaN(at)) ahead = at - Date.now();
  }

  async function request(method: 'GET' | 'POST', path: string, { body, query, signal }: Call): Promise<Response> {
    const url = new URL(`${base().href.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, value);
    const own = new Headers(await headers?.());
    if (!own.has('Accept-Language') && language !== undefined) own.set('Accept-Language', language);
    own.set('Accept', 'application/json');
    if (method === 'POST') {
      own.set('Content-Type', 'application/json');
      own.set('X-CSRF-Token', await tokenOf(signal));
    }
    const init: RequestInit = {
      method,
      headers: own,
      credentials: typeof location === 'undefined' || url.origin !== location.origin ? 'include' : 'same-origin',
      cache: 'no-cache',
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      ...(signal && method === 'GET' ? { signal } : {}),
    };
    signal?.throwIfAborted();
    // A POST is not cut off: its answer may bring the cookie or the token of a renewed sign-in, without which the person is signed out.
    const answered = answerOf(url, init).then((answer) => {
      note(answer);
      return changed(method, answer);
    });
    try {
      return await unlessAborted(answered, signal);
    } finally {
      if (signal?.aborted && method === 'POST') csrfToken = undefined;
    }
  }

  async function answerOf(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await send(url.href, withToken(url, init));
    } catch (cause) {
      if (isAbort(cause)) throw cause;
      throw new MfaClientError('client.offline', { cause });
    }
  }

  /** Fetched once, however many ask; whoever gives up waiting spoils it for nobody. */
  async function tokenOf(signal?: AbortSignal): Promise<string> {
    csrfToken ??= (csrf ? Promise.resolve().then(csrf) : readState()).catch((error: unknown) => {
      csrfToken = undefined;
      throw error;
    });
    return unlessAborted(csrfToken, signal);
  }

  async function readState(): Promise<string> {
    const state = await json<{ csrfToken: string }>(await request('GET', '', {}));
    return state.csrfToken;
  }

  async function raw(method: 'GET' | 'POST', path: string, call: Call = {}): Promise<Response> {
    let response = await request(method, path, call);
    if (response.ok) return response;
    let error = await problemOf(response);
    // Refused before anything was looked at, so that once more does nothing twice.
    if (method === 'POST' && (error.code === 'request.csrf' || error.code === 'session.mfa.token_missing')) {
      csrfToken = undefined;
      response = await request(method, path, call);
      if (response.ok) return response;
      error = await problemOf(response);
    }
    throw error;
  }

  function changed(method: 'GET' | 'POST', response: Response): Response {
    if (method === 'POST' && response.ok) for (const listener of listeners) listener();
    return response;
  }

  async function read<A>(method: 'GET' | 'POST', path: string, call?: Call): Promise<A> {
    const answer = await json<A & { csrfToken?: string; next?: unknown }>(await raw(method, path, call));
    if (!csrf && typeof answer.csrfToken === 'string') csrfToken = Promise.resolve(answer.csrfToken);
    // Whatever was proved or changed gave the sign-in another token.
    else if (method === 'POST' && answer.next !== undefined) csrfToken = undefined;
    return answer;
  }

  return {
    get: (path, call) => read('GET', path, call),
    post: (path, call) => read('POST', path, call),
    raw,
    base,
    withToken,
    note,
    now: () => Math.floor((Date.now() + ahead) / 1000),
    speak: (locale) => void (language = locale),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

async function json<A>(response: Response): Promise<A> {
  try {
    return (await response.json()) as A;
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new MfaClientError('client.unexpected', { status: response.status, cause });
  }
}

/** The refusal in an answer; that of somebody else is unexpected. */
export async function problemOf(response: Response): Promise<MfaClientError> {
  const problem = await readProblem(response);
  const { status } = response;
  if (!problem) return new MfaClientError('client.unexpected', { status });
  const { type: _, title, status: _status, code, ...details } = problem;
  return new MfaClientError(code, { status, title, details });
}

export async function readProblem(response: Response): Promise<ProblemAnswer | undefined> {
  if (!/^application\/problem\+json\b/.test(response.headers.get('Content-Type') ?? '')) return undefined;
  const problem = await json<ProblemAnswer>(response).catch((error: unknown) => {
    if (isAbort(error)) throw error;
    return undefined;
  });
  return typeof problem?.code === 'string' && problem.type.endsWith(`#${problem.code}`) ? problem : undefined;
}
