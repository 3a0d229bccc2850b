// `createMfaClient`: a function per route, typed by the table that the server answers by. Decides nothing: what may be done, and what
// follows, the server says.
import type { SentAnswer, TotpSecretAnswer, WebauthnOptionsAnswer } from '../api/answers.js';
import type { WebauthnResponse } from '../api/bodies.js';
import type { AnswerOf, BodyOf } from '../api/operations.js';
import { guardedFetch, type GuardedOptions } from './guarded.js';
import { createPasskey, getPasskey, supportsAutofill, supportsPasskeys, type PasskeyOptions } from './passkeys.js';
import { createTransport, type CallOptions, type MfaClientOptions } from './transport.js';

/** A text file with the codes that are shown. */
export type CodesFile = { name: string; content: Blob };

type GoOn = AnswerOf<'POST /turn-off'>;
type Codes = AnswerOf<'GET /backup-codes'>;

/** What a kind begins at verification. */
export type BegunAt<K extends string> = K extends 'webauthn'
  ? WebauthnOptionsAnswer
  : K extends 'email' | 'sms'
    ? SentAnswer
    : AnswerOf<'POST /verify/:factor/begin'>;

/** What a kind begins at set-up; `next` where an address that the app vouches for is bound at once. */
export type SetUpAt<K extends string> = K extends 'webauthn'
  ? WebauthnOptionsAnswer
  : K extends 'totp'
    ? TotpSecretAnswer
    : K extends 'email' | 'sms'
      ? SentAnswer | GoOn
      : AnswerOf<'POST /setup/:factor/begin'>;

/** Talks to the routes of one `mfaRouter`. */
export type MfaClient = ReturnType<typeof createMfaClient>;

/** @returns functions that take what the routes take, and throw `MfaClientError` for refusals */
export function createMfaClient(options: MfaClientOptions = {}) {
  const transport = createTransport(options);
  const { get, post, raw } = transport;
  const named = (path: string, value: string) => path.replace('*', encodeURIComponent(value));
  const codes = (action: string, call: CallOptions, body?: object) =>
    post<Codes>(`/backup-codes/${action}`, { ...call, body });

  return {
    /** Where the person stands. */
    state: (call: CallOptions = {}) => get<AnswerOf<'GET /'>>('', call),
    /** Answers a challenge. */
    verify: (kind: string, body: BodyOf<'POST /verify/:factor'>, call: CallOptions = {}) =>
      post<AnswerOf<'POST /verify/:factor'>>(named('/verify/*', kind), { ...call, body }),
    /** Sends a code, or fetches the options of a passkey. */
    begin: <K extends string>(kind: K, call: CallOptions = {}) =>
      post<BegunAt<K>>(named('/verify/*/begin', kind), call),
    /** What regains a locked method, where that is offered. */
    unlock: (kind: string, body: BodyOf<'POST /verify/:factor/unlock'>, call: CallOptions = {}) =>
      post<GoOn>(named('/verify/*/unlock', kind), { ...call, body }),
    /** Begins a set-up anew: a secret, a code to `address`, the options of a passkey. */
    setup: <K extends string>(kind: K, body: BodyOf<'POST /setup/:factor/begin'> = {}, call: CallOptions = {}) =>
      post<SetUpAt<K>>(named('/setup/*/begin', kind), { ...call, body }),
    /** What is begun of a set-up already; an app's secret is made where there is none. */
    pendingSetup: <K extends string>(kind: K, call: CallOptions = {}) =>
      get<K extends 'totp' ? TotpSecretAnswer : AnswerOf<'GET /setup/:factor'>>(named('/setup/*', kind), call),
    /** Ends a set-up: the method is in force. */
    confirm: (kind: string, body: BodyOf<'POST /setup/:factor'>, call: CallOptions = {}) =>
      post<AnswerOf<'POST /setup/:factor'>>(named('/setup/*', kind), { ...call, body }),
    /** Skips a suggestion. */
    skip: (call: CallOptions = {}) => post<GoOn>('/setup/skip', call),
    /** How a first set-up is confirmed; sends the code; takes it. */
    confirmFirstEnrollment: {
      /** How it is confirmed; a code may be on its way. */
      status: (call: CallOptions = {}) => get<AnswerOf<'GET /setup/confirm'>>('/setup/confirm', call),
      /** Sends the code. */
      begin: (call: CallOptions = {}) => post<SentAnswer>('/setup/confirm/begin', call),
      /** Takes the code. */
      confirm: (body: BodyOf<'POST /setup/confirm'>, call: CallOptions = {}) =>
        post<GoOn>('/setup/confirm', { ...call, body }),
    },
    /** What a backup code owes where the sign-in looks unusual: by what; sends the code, or fetches a passkey's options; takes the proof. */
    confirmRecovery: {
      /** By what it is confirmed, in the order offered. */
      status: (call: CallOptions = {}) => get<AnswerOf<'GET /confirm'>>('/confirm', call),
      /** Sends a code, or fetches the options of a passkey. */
      begin: (body: BodyOf<'POST /confirm/begin'> = {}, call: CallOptions = {}) =>
        post<AnswerOf<'POST /confirm/begin'>>('/confirm/begin', { ...call, body }),
      /** Takes the proof. */
      confirm: (body: BodyOf<'POST /confirm'>, call: CallOptions = {}) =>
        post<AnswerOf<'POST /confirm'>>('/confirm', { ...call, body }),
    },
    /** A backup code that an administrator must approve: since when it waits; goes on once it is approved. */
    wait: {
      /** Since when it waits, and until when. */
      status: (call: CallOptions = {}) => get<AnswerOf<'GET /wait'>>('/wait', call),
      /** Goes on, once it is approved. */
      goOn: (call: CallOptions = {}) => post<AnswerOf<'POST /wait'>>('/wait', call),
    },
    backupCodes: {
      /** The set in force without codes; the pending one with them. */
      status: (call: CallOptions = {}) => get<Codes>('/backup-codes', call),
      /** Begins a new set; the old one works until it is confirmed. */
      generate: (call: CallOptions = {}) => codes('generate', call),
      /** Ten more minutes for the pending set, once. */
      extend: (revealToken: string, call: CallOptions = {}) => codes('extend', call, { revealToken }),
      /** "I have saved them": the pending set is in force. */
      confirm: (body: BodyOf<'POST /backup-codes/confirm'>, call: CallOptions = {}) =>
        post<GoOn>('/backup-codes/confirm', { ...call, body }),
      /** The pending set as a text file, made by the server. */
      async download(revealToken: string, call: CallOptions = {}): Promise<CodesFile> {
        const response = await raw('POST', '/backup-codes/download', { ...call, body: { revealToken } });
        const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
        return { name: name ?? 'backup-codes.txt', content: await response.blob() };
      },
      /** Removes the set. */
      remove: (call: CallOptions = {}) => post<GoOn>('/backup-codes/remove', call),
    },
    authenticators: {
      /** Names a method. */
      rename: (id: string, name: string, call: CallOptions = {}) =>
        post<GoOn>(named('/authenticators/*/rename', id), { ...call, body: { name } }),
      /**
       * Removes a method.
       * @param body whether backup codes stay, where the last primary method goes
       */
      remove: (id: string, body: BodyOf<'POST /authenticators/:id/remove'> = {}, call: CallOptions = {}) =>
        post<GoOn>(named('/authenticators/*/remove', id), { ...call, body }),
    },
    trustedBrowsers: {
      /** Trusts that browser no more. */
      revoke: (id: string, call: CallOptions = {}) => post<GoOn>(named('/trusted-browsers/*/revoke', id), call),
      /** Trusts no browser any more. */
      revokeAll: (call: CallOptions = {}) => post<GoOn>('/trusted-browsers/revoke-all', call),
    },
    /** The kind asked for first, the question at sign-in, suggestions that were skipped. */
    preferences: (body: BodyOf<'POST /preferences'>, call: CallOptions = {}) =>
      post<GoOn>('/preferences', { ...call, body }),
    /** Turns two-step verification off. */
    turnOff: (call: CallOptions = {}) => post<GoOn>('/turn-off', { ...call, body: { confirmed: 'yes' } }),
    /** What happened in the account; `before` of an answer asks for what is older. */
    activity: (query: { before?: string } = {}, call: CallOptions = {}) =>
      get<AnswerOf<'GET /activity'>>('/activity', { ...call, query }),
    /** Ends every other sign-in of this person. */
    endOthers: (call: CallOptions = {}) => post<GoOn>('/sign-ins/end-others', call),
    /** The sentences in force in the best language for `locale`. */
    messages: (locale: string, call: CallOptions = {}) =>
      get<AnswerOf<'GET /messages/:locale'>>(named('/messages/*', locale), call),
    /** Drops the proofs, and signs out of the app. */
    async signOut(call: CallOptions = {}): Promise<void> {
      await raw('POST', '/sign-out', call);
    },
    passkeys: {
      /** Whether this browser has passkeys. */
      isSupported: supportsPasskeys,
      /** Whether a field with `autocomplete="username webauthn"` can offer them. */
      canAutofill: supportsAutofill,
      /** Asks the browser for a new passkey, by options of `setup('webauthn')`. */
      create: (asked: PasskeyOptions, call: CallOptions = {}): Promise<WebauthnResponse> => createPasskey(asked, call),
      /** Asks the browser for an answer, by options of `begin('webauthn')`. */
      get: (asked: PasskeyOptions, call: CallOptions & { autofill?: boolean } = {}): Promise<WebauthnResponse> =>
        getPasskey(asked, call),
      /** Signs in by a passkey alone, where `passkeySignInRouter` is mounted beside our routes. */
      async signIn(call: CallOptions & { autofill?: boolean } = {}) {
        const question = await get<AnswerOf<'GET /passkey-sign-in'>>('/passkey-sign-in', { signal: call.signal });
        const response = await getPasskey(question.options, call);
        const body: BodyOf<'POST /passkey-sign-in'> = { response, challenge: question.challenge };
        return post<AnswerOf<'POST /passkey-sign-in'>>('/passkey-sign-in', { signal: call.signal, body });
      },
    },
    /** `fetch` for routes of the app behind the guard: does the step that is owed, and sends the request again. */
    guarded: (send: typeof fetch, guard: GuardedOptions) => guardedFetch(transport, send, guard),
    /** The server's time, Unix seconds, as far as an answer told it. */
    now: () => transport.now(),
    /** From now on refusals are told in `locale`, BCP 47, where the account has no language of its own. `headers` goes before it. */
    speak: (locale: string) => transport.speak(locale),
    /** Calls `listener` after whatever changed something. @returns ends that */
    subscribe: (listener: () => void) => transport.subscribe(listener),
  };
}
