// The hooks, each a small state machine `{ status, error, … }`. They act when they are told to; what they show of codes ends with the
// component.
import { useCallback, useMemo, useRef, useState, useEffect } from 'react';
import {
  type ConfirmBody,
  type GoOnAnswer,
  type MfaClient,
  type MfaClientError,
  type SentAnswer,
  type SetUpAt,
  type StateAnswer,
  type VerifiedAnswer,
} from '../client/index.js';
import { useProvided } from './provider.js';
import { useAct, type Act } from './use-act.js';
import { useReading } from './use-reading.js';
import type { Words } from './words.js';

/** What `useMfa` answers. */
export type MfaHere = {
  client: MfaClient;
  status: 'loading' | 'ready' | 'failed';
  state: StateAnswer | undefined;
  error: MfaClientError | undefined;
  /** Reads where the person stands once more. */
  refresh: () => void;
  /** A sentence of the server's; of several keys the first that there is. */
  t: (key: string | readonly string[], params?: { [name: string]: string | number }) => string;
  words: Words | undefined;
};

/** Where the person stands. `loading` until it was read. */
export function useMfa(): MfaHere {
  const { client, words, state, error, refresh } = useProvided();
  const status = error ? 'failed' : state ? 'ready' : 'loading';
  const t = useCallback(
    (key: string | readonly string[], params?: { [name: string]: string | number }) => words?.t(key, params) ?? '',
    [words],
  );
  return { client, status, state, error, refresh, t, words };
}

/** What `useVerify` answers. */
export type Verifying = Pick<Act, 'status' | 'error' | 'clear'> & {
  /** The code that is on its way. */
  sent: SentAnswer | undefined;
  /** Sends a code, or another one. */
  send: () => Promise<void>;
  /** Answers with what was typed. */
  answer: (code: string, more?: { trustBrowser?: boolean }) => Promise<VerifiedAnswer | undefined>;
  /** Options for a passkey, before they are needed: by a pointer or the focus that comes near. */
  prepare: () => void;
  /** Answers with a passkey. */
  answerPasskey: (more?: { trustBrowser?: boolean }) => Promise<VerifiedAnswer | undefined>;
};

/** A challenge of one kind. */
export function useVerify(kind: string): Verifying {
  const { client } = useProvided();
  const { status, error, run, clear } = useAct();
  const [sent, setSent] = useState<SentAnswer>();
  const options = usePrepared((signal) => client.begin('webauthn', { signal }));
  const send = useCallback(async () => {
    const answer = await run((signal) => client.begin(kind, { signal }));
    if (answer) setSent(answer as SentAnswer);
  }, [client, kind, run]);
  const answer = useCallback(
    (code: string, more: { trustBrowser?: boolean } = {}) =>
      run((signal) => client.verify(kind, { code, ...more }, { signal })),
    [client, kind, run],
  );
  const { take } = options;
  const answerPasskey = useCallback(
    (more: { trustBrowser?: boolean } = {}) =>
      run(async (signal) => {
        const { options: asked } = await take(signal);
        const response = await client.passkeys.get(asked, { signal });
        return client.verify(kind, { response, ...more }, { signal });
      }),
    [client, kind, run, take],
  );
  return { status, error, clear, sent, send, answer, prepare: options.prepare, answerPasskey };
}

/** What `useSetup` answers. */
export type SettingUp<K extends string> = Pick<Act, 'status' | 'error' | 'clear'> & {
  begun: SetUpAt<K> | undefined;
  /** Reads once more what is begun. */
  again: () => void;
  /** Begins, or begins anew: a secret, a code to `address`. */
  begin: (address?: string) => Promise<SetUpAt<K> | undefined>;
  /** Ends it: the method is in force. */
  confirm: (body: ConfirmBody) => Promise<GoOnAnswer | undefined>;
  /** Options for a passkey, before they are needed. */
  prepare: () => void;
  /** Makes a passkey, and ends it. */
  createPasskey: (name?: string) => Promise<GoOnAnswer | undefined>;
};

/** The set-up of one kind. What is begun of an authenticator app is read when the component is there. */
export function useSetup<K extends string>(kind: K): SettingUp<K> {
  const { client } = useProvided();
  const { status, error, run, clear } = useAct();
  const [begun, setBegun] = useState<SetUpAt<K>>();
  const options = usePrepared((signal) => client.setup('webauthn', {}, { signal }));

  const read = useCallback(
    async (signal: AbortSignal) => {
      const answer = await client.pendingSetup('totp', { signal });
      if (!signal.aborted) setBegun(answer as SetUpAt<K>);
    },
    [client],
  );
  const { failure, again, forget } = useReading(kind === 'totp' ? read : undefined);

  const begin = useCallback(
    async (address?: string) => {
      const answer = await run((signal) => client.setup(kind, address === undefined ? {} : { address }, { signal }));
      if (answer) {
        setBegun(answer);
        forget();
      }
      return answer;
    },
    [client, kind, run, forget],
  );
  const confirm = useCallback(
    (body: ConfirmBody) => run((signal) => client.confirm(kind, body, { signal })),
    [client, kind, run],
  );
  const { take } = options;
  const createPasskey = useCallback(
    (name?: string) =>
      run(async (signal) => {
        const { options: asked } = await take(signal);
        const response = await client.passkeys.create(asked, { signal });
        return client.confirm(kind, { response, ...(name ? { name } : {}) }, { signal });
      }),
    [client, kind, run, take],
  );
  return {
    status,
    error: error ?? failure,
    clear,
    begun,
    again,
    begin,
    confirm,
    prepare: options.prepare,
    createPasskey,
  };
}

/** Options lapse after five minutes; a minute before, new ones are fetched. */
const freshMs = 240_000;

type Prepared<O> = { prepare: () => void; take: (signal: AbortSignal) => Promise<O> };

/** Options that are there before the press, so that no gesture of the person is spent on a request; used once. */
function usePrepared<O>(fetchOptions: (signal?: AbortSignal) => Promise<O>): Prepared<O> {
  const latest = useRef(fetchOptions);
  useEffect(() => {
    latest.current = fetchOptions;
  });
  const kept = useRef<{ at: number; options: Promise<O> } | undefined>(undefined);
  return useMemo(() => {
    const prepare = () => {
      if (kept.current && Date.now() - kept.current.at < freshMs) return;
      const options = latest.current();
      const own = { at: Date.now(), options };
      kept.current = own;
      // What failed beforehand is told at the press, which tries again.
      options.catch(() => {
        if (kept.current === own) kept.current = undefined;
      });
    };
    const take = (signal: AbortSignal) => {
      const own = kept.current;
      kept.current = undefined;
      return own && Date.now() - own.at < freshMs
        ? own.options.catch(() => latest.current(signal))
        : latest.current(signal);
    };
    return { prepare, take };
  }, []);
}

/** What is wrong, in the person's language. */
export function useProblem(error: MfaClientError | undefined): string {
  const { words } = useProvided();
  if (!error) return '';
  return error.title || words?.t(wordsOf(error.code)) || error.code;
}

function wordsOf(code: MfaClientError['code']): string[] {
  const passkey = /^passkey\.(.+)$/.exec(code)?.[1];
  if (passkey === 'already_registered') return ['error.user.passkey_already_registered'];
  return passkey === undefined ? [code] : [`webauthn.${passkey}`, 'webauthn.failed'];
}
