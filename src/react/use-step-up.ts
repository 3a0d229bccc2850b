// Steps in the middle of what the person does: asked for by requests of the app, shown by `<StepUp>`.
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { OwedStep } from '../client/index.js';
import { useProvided } from './provider.js';

/** What `useStepUp` answers. */
export type SteppingUp = {
  /** The step that is owed now; undefined: none. */
  owed: OwedStep | undefined;
  /** `fetch` for routes of the app behind the guard. */
  fetch: typeof fetch;
  /** It was done. */
  done: () => void;
  /** It is not done: what waited gets the refusal. */
  cancel: () => void;
};

/** What `useStepUp` takes. */
export type UseStepUpOptions = {
  /** Whether a request other than GET and HEAD may be sent again after the step. Default: never. */
  repeat?: (request: { url: string; method: string }) => boolean;
  /** In the stead of the browser's `fetch`. */
  fetch?: typeof fetch;
};

const none = () => undefined;

/** Steps in the middle of what the person does: shown by `<StepUp>`, asked for by `fetch`. */
export function useStepUp({ repeat, fetch: send }: UseStepUpOptions = {}): SteppingUp {
  const { client, stepUps } = useProvided();
  const owed = useSyncExternalStore(stepUps.subscribe, stepUps.current, none);
  const latest = useRef({ repeat, send });
  useEffect(() => {
    latest.current = { repeat, send };
  });
  const guarded = useMemo(
    () =>
      client.guarded((...request) => (latest.current.send ?? globalThis.fetch)(...request), {
        onStep: (step) => stepUps.ask(step),
        repeat: (request) => latest.current.repeat?.(request) ?? false,
      }),
    [client, stepUps],
  );
  return {
    owed,
    fetch: guarded,
    done: useCallback(() => stepUps.end(true), [stepUps]),
    cancel: useCallback(() => stepUps.end(false), [stepUps]),
  };
}
