// The backup codes of the person as a state machine. Codes are held here alone, and emptied when they are confirmed, when their time is
// over and when the component goes.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { BackupCodesAnswer, CodesFile, GoOnAnswer, MfaClientError } from '../client/index.js';
import { useProvided } from './provider.js';
import { isGone, useAct, type ActStatus } from './use-act.js';
import { useReading } from './use-reading.js';

/** What `useBackupCodes` answers. */
export type BackupCodesHere = {
  status: 'loading' | ActStatus;
  error: MfaClientError | undefined;
  /** The set in force, and the pending one with its codes; emptied when the component goes. */
  set: BackupCodesAnswer | undefined;
  /** Reads the set once more. */
  again: () => void;
  /** Begins a new set; the old one works until it is confirmed. */
  generate: () => Promise<void>;
  /** Ten more minutes, once. */
  extend: () => Promise<void>;
  /** `code`: where one has to be typed. */
  confirm: (code?: string) => Promise<GoOnAnswer | undefined>;
  /** The codes as a text file. */
  download: () => Promise<CodesFile | undefined>;
  /** Removes the set. */
  remove: () => Promise<GoOnAnswer | undefined>;
  /** The pending set's time is over: its codes are dropped. */
  lapse: () => void;
};

/** The backup codes of the person. */
export function useBackupCodes(): BackupCodesHere {
  const { client } = useProvided();
  const { status, error, run } = useAct();
  const [set, setSet] = useState<BackupCodesAnswer>();
  const shown = useRef<string[] | undefined>(undefined);

  const show = useCallback((answer: BackupCodesAnswer | undefined) => {
    // What React may still hold of an older state holds no code.
    if (shown.current !== answer?.pending?.codes) shown.current?.splice(0);
    shown.current = answer?.pending?.codes;
    setSet(answer);
  }, []);
  const read = useCallback(
    async (signal: AbortSignal) => {
      const answer = await client.backupCodes.status({ signal });
      if (!signal.aborted) show(answer);
    },
    [client, show],
  );
  const { failure, again } = useReading(read);
  useEffect(
    () => () => {
      shown.current?.splice(0);
      shown.current = undefined;
    },
    [],
  );

  const revealToken = set?.pending?.revealToken ?? '';
  const over = useCallback(() => {
    show(undefined);
    again();
  }, [show, again]);
  useEffect(() => {
    if (isGone(error)) over();
  }, [error, over]);
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
      if (answer) over();
      return answer;
    },
    [run, over],
  );
  return {
    status: set ? status : failure ? 'failed' : 'loading',
    error: error ?? failure,
    set,
    again,
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
    lapse: over,
  };
}
