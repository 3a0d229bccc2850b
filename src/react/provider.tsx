// `<MfaProvider>`: the client, where the person stands, the server's words and the parts that an app draws itself. Reads, and sends
// nothing. On a server it renders its children and reads nothing.
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import {
  isAbort,
  isMfaClientError,
  type MessagesAnswer,
  type MfaClient,
  type MfaClientError,
  type StateAnswer,
} from '../client/index.js';
import { plainSlots, type Slots } from './slots.js';
import { createStepUps, type StepUps } from './step-ups.js';
import { createWords, type Words } from './words.js';

/** What `<MfaProvider>` takes. */
export type MfaProviderProps = {
  client: MfaClient;
  /** The language of the components, BCP 47. Default: that of the browser. */
  locale?: string;
  /** The sentences, where a server renders with them; else they are read. */
  messages?: MessagesAnswer;
  /** Parts that the app draws itself. */
  slots?: Partial<Slots>;
  children?: ReactNode;
};

export type Provided = {
  client: MfaClient;
  words: Words | undefined;
  state: StateAnswer | undefined;
  error: MfaClientError | undefined;
  refresh: () => void;
  stepUps: StepUps;
  slots: Slots;
};

const Context = createContext<Provided | undefined>(undefined);

/** Around all components and hooks: reads where the person stands, and the sentences. */
export function MfaProvider({ client, locale, messages, slots, children }: MfaProviderProps) {
  const [read, setRead] = useState<MessagesAnswer>();
  const [state, setState] = useState<StateAnswer>();
  const [error, setError] = useState<MfaClientError>();
  const [asked, setAsked] = useState(0);
  const [stepUps] = useState(createStepUps);
  const refresh = useCallback(() => setAsked((count) => count + 1), []);

  const language = locale ?? messages?.locale;
  // Before the effect of any component asks for something.
  useInsertionEffect(() => {
    if (language !== undefined) client.speak(language);
  }, [client, language]);

  useEffect(() => {
    if (messages) return undefined;
    const own = new AbortController();
    client.messages(locale ?? navigator.language, { signal: own.signal }).then(setRead, (failure: unknown) => {
      if (isMfaClientError(failure) && !own.signal.aborted) setError(failure);
    });
    return () => own.abort();
    // Asked again with the state: whoever was offline comes back to words.
  }, [client, locale, messages, asked]);

  useEffect(() => {
    const own = new AbortController();
    client.state({ signal: own.signal }).then(
      (answer) => {
        setState(answer);
        setError(undefined);
      },
      (failure: unknown) => {
        if (isAbort(failure) || own.signal.aborted) return;
        // Of somebody who was signed out nothing is shown any longer.
        if (isMfaClientError(failure) && failure.status !== 0) setState(undefined);
        if (isMfaClientError(failure)) setError(failure);
      },
    );
    return () => own.abort();
  }, [client, asked]);

  useEffect(() => {
    const ended = client.subscribe(refresh);
    // Whoever comes back from another tab may have changed something there.
    const look = () => {
      if (document.visibilityState === 'visible') refresh();
    };
    window.addEventListener('online', refresh);
    document.addEventListener('visibilitychange', look);
    return () => {
      ended();
      window.removeEventListener('online', refresh);
      document.removeEventListener('visibilitychange', look);
    };
  }, [client, refresh]);

  const catalogue = messages ?? read;
  const words = useMemo(() => (catalogue ? createWords(catalogue) : undefined), [catalogue]);
  const all = useMemo(() => ({ ...plainSlots, ...slots }), [slots]);
  const provided = useMemo(
    () => ({ client, words, state, error, refresh, stepUps, slots: all }),
    [client, words, state, error, refresh, stepUps, all],
  );
  return <Context.Provider value={provided}>{children}</Context.Provider>;
}

/** @throws Error outside of a provider */
export function useProvided(): Provided {
  const provided = useContext(Context);
  if (!provided) throw new Error('There is no <MfaProvider client> around this component.');
  return provided;
}
