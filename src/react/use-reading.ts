// What a component reads when it is there: again when it is told to, and by itself once there is a connection. Ends with the component.
import { useCallback, useEffect, useState } from 'react';
import { isMfaClientError, type MfaClientError } from '../client/index.js';

export type Reading = {
  failure: MfaClientError | undefined;
  /** Reads once more. */
  again: () => void;
  /** Forgets what failed. */
  forget: () => void;
};

/** @param read stable; called again where it becomes another; absent: nothing is read */
export function useReading(read: ((signal: AbortSignal) => Promise<void>) | undefined): Reading {
  const [failure, setFailure] = useState<MfaClientError>();
  const [asked, setAsked] = useState(0);
  const again = useCallback(() => setAsked((count) => count + 1), []);
  const forget = useCallback(() => setFailure(undefined), []);
  useEffect(() => {
    if (!read) return undefined;
    const own = new AbortController();
    read(own.signal).then(forget, (refused: unknown) => {
      if (isMfaClientError(refused) && !own.signal.aborted) setFailure(refused);
    });
    return () => own.abort();
  }, [read, asked, forget]);
  useEffect(() => {
    if (!failure) return undefined;
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [failure, again]);
  return { failure, again, forget };
}
