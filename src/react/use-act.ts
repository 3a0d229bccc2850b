// One thing at a time that a person does: busy, done or failed. Ends with its component, whatever is under way; nothing happens here by
// itself.
import { useCallback, useEffect, useRef, useState } from 'react';
import { isAbort, isMfaClientError, MfaClientError, type OwedStep } from '../client/index.js';
import { useProvided } from './provider.js';

/** How it stands with what the person does. */
export type ActStatus = 'idle' | 'busy' | 'done' | 'failed';

export type Act = {
  status: ActStatus;
  error: MfaClientError | undefined;
  /** @returns undefined where it failed, was given up, or something else is under way */
  run<A>(act: (signal: AbortSignal) => Promise<A>): Promise<A | undefined>;
  /** Forgets what failed. */
  clear(): void;
};

export function useAct(): Act {
  const { stepUps, refresh } = useProvided();
  const [{ status, error }, setState] = useState<Pick<Act, 'status' | 'error'>>({ status: 'idle', error: undefined });
  const current = useRef<AbortController | undefined>(undefined);

  useEffect(
    () => () => {
      current.current?.abort();
      current.current = undefined;
    },
    [],
  );

  const run = useCallback(
    async <A>(act: (signal: AbortSignal) => Promise<A>): Promise<A | undefined> => {
      if (current.current) return undefined;
      const own = new AbortController();
      current.current = own;
      setState({ status: 'busy', error: undefined });
      const end = (next: Pick<Act, 'status' | 'error'>) => {
        if (current.current !== own) return;
        current.current = undefined;
        setState(next);
      };
      try {
        const answer = await act(own.signal).catch(async (failure: unknown) => {
          // The server stopped it before it did anything: after the step it is done once.
          const owed = owedBy(failure);
          if (!owed || !(await stepUps.ask(owed))) throw failure;
          own.signal.throwIfAborted();
          return act(own.signal);
        });
        if (own.signal.aborted) return undefined;
        end({ status: 'done', error: undefined });
        return answer;
      } catch (failure) {
        if (isAbort(failure) || own.signal.aborted) end({ status: 'idle', error: undefined });
        else {
          const error = asError(failure);
          end({ status: 'failed', error });
          if (changes(error)) refresh();
        }
        return undefined;
      }
    },
    [stepUps, refresh],
  );
  const clear = useCallback(() => setState({ status: 'idle', error: undefined }), []);
  return { status, error, run, clear };
}

/** What was begun is over, or was ended in another tab. */
export function isGone(error: MfaClientError | undefined): boolean {
  return error?.code === 'session.mfa.pending_info_not_found';
}

/** Signed out in another tab, locked, suspended: where the person stands is another by now. */
function changes(error: MfaClientError): boolean {
  const { status, details } = error;
  return [401, 403, 404, 409, 429].includes(status) || details.remainingAttempts === 0 || isGone(error);
}

function asError(failure: unknown): MfaClientError {
  return isMfaClientError(failure) ? failure : new MfaClientError('client.unexpected', { cause: failure });
}

function owedBy(failure: unknown): OwedStep | undefined {
  if (!isMfaClientError(failure) || failure.code !== 'session.mfa.step_up_required') return undefined;
  const { url = '', stepUp, availableFactors = [] } = failure.details;
  return { step: 'step-up', url, availableFactors, ...(stepUp ? { stepUp } : {}) };
}
