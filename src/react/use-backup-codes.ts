// The backup codes of the person as a state machine. Codes are held here alone, and emptied when the component goes.
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  isMfaClientError,
  type BackupCodesAnswer,
  type CodesFile,
  type GoOnAnswer,
  type MfaClientError,
} from '../client/index.js';
import { useProvided } from './provider.js';
import { useAct, type ActStatus } from './use-act.js';

export type BackupCodesHere = {
  status: 'loading' | ActStatus;
  error: MfaClientError | undefined;
  /** The set in force, and the pending one with its codes; emptied when the component goes. */
  set: BackupCodesAnswer | undefined;
  generate: () => Promise<void>;
  extend: () => Promise<void>;
  /** `code`: where one has to be typed. */
  confirm: (code?: string) => Promise<GoOnAnswer | undefined>;
  download: () => Promise<CodesFile | undefined>;
  remove: () => Promise<GoOnAnswer | undefined>;
  /** The pending set's time is over: its codes are dropped. */
  lapse: () => void;
};

/** The backup codes of the person. */
export function useBackupCodes(): BackupCodesHere {
  const { client } = useProvided();
  const { status, error, run } = useAct();
  const [set, setSet] = useState<BackupCodesAnswer>();
  const [failure, setFailure] = useState<MfaClientError>();
  const [asked, setAsked] = useState(0);
  const shown = useRef<string[] | undefined>(undefined);

  const show = useCallback((answer: BackupCodesAnswer | undefined) => {
    // What React may still hold of an older state holds no code.
    if (shown.current !== answer?.pending?.codes) shown.current?.splice(0);
    shown.current = answer?.pending?.codes;
    setSet(answer);
  }, []);
  useEffect(() => {
    const own = new AbortController();
    client.backupCodes.status({ signal: own.signal }).then(
      (answer) => {
        show(answer);
        setFailure(undefined);
      },
      (refused: unknown) => {
        if (isMfaClientError(refused) && !own.signal.aborted) setFailure(refused);
      },
    );
    return () => own.abort();
  }, [client, asked, show]);
  useEffect(
    () => () => {
      shown.current?.splice(0);
      shown.current = undefined;
    },
    [],
  );

  const revealToken = set?.pending?.revealToken ?? '';
  const again = useCallback(() => setAsked((count) => count + 1), []);
  const taken = useCallback(
    async (act: (signal: AbortSignal) => Promise<BackupCodesAnswer>) => {
      const answer = await run(act);
      if (answer) show(answer);
    },
    [run, show],
  );
  const ended = useCallback(
    async (act: (signal: AbortSignal) => Promise<GoOnAnswer>) => {
      const answer = await run(act);
      if (answer) again();
      return answer;
    },
    [run, again],
  );
  return {
    status: status === 'idle' && !set && !failure ? 'loading' : failure && status === 'idle' ? 'failed' : status,
    error: error ?? failure,
    set,
    generate: () => taken((signal) => client.backupCodes.generate({ signal })),
    extend: () => taken((signal) => client.backupCodes.extend(revealToken, { signal })),
    confirm: (code) =>
      ended((signal) =>
        client.backupCodes.confirm(
          { revealToken, ...(code === undefined ? { saved: 'yes' as const } : { code }) },
          { signal },
        ),
      ),
    download: () => run((signal) => client.backupCodes.download(revealToken, { signal })),
    remove: () => ended((signal) => client.backupCodes.remove({ signal })),
    lapse: again,
  };
}
