// Counting people: by command, by page, or every so many hours. The code that counts is loaded at the first census.
import { AsyncResource } from 'node:async_hooks';
import type { Kernel } from './core/kernel/kernel.js';
import type { StatsStore } from './core/kernel/stats.js';
import type { CensusProgress, CensusResult, CensusWorld } from './core/operators/census.js';
import { MfaError } from './core/words/errors.js';
import { checkOptionNames } from './core/words/unknown-option.js';
import type { MfaConfig } from './config.js';
import { emitWarning } from './listeners.js';

/** Who asks for a census, how it is stopped, and who hears how far it is. */
export type CensusOptions = {
  by?: string;
  signal?: AbortSignal;
  /** After each step: how many were counted, of about how many. */
  onProgress?: (progress: CensusProgress) => void;
};

/** Counting people. */
export interface CensusCalls {
  /**
   * Counts everybody, for the overview of administration and its lists. One at a time across processes: `busy` where somebody
   * else does. Where it is stopped, or its process killed, the next one goes on.
   * @throws MfaError `config.invalid_option` without `administration.stats`; `store.unavailable`, `directory.unavailable`
   */
  census(options?: CensusOptions): Promise<CensusResult>;
  /** @internal Ours, for pages and command line. */
  readonly counting: Counting;
}

export type Counting = {
  /** Where figures are kept; undefined where nowhere. */
  stats(): Promise<StatsStore | undefined>;
  /** Begins to count by `censusEveryHours`; again does nothing. */
  keep(): void;
  /**
   * Counts beside whoever asks, who waits for the end of it at most so long: people are few where that is enough. What fails later
   * is a warning of the process.
   */
  begin(by: string, waitMs: number): Promise<void>;
};

/** How often a process looks whether a census is due. */
const lookMs = 300_000;
/** So that processes that were started together do not all look at once. */
const firstLookMs = 60_000;

export function censusOf(kernel: Kernel, { environment, administration }: MfaConfig): CensusCalls {
  let memory: StatsStore | undefined;
  let timer: NodeJS.Timeout | undefined;
  const beside = besideAnswers();

  async function stats(): Promise<StatsStore | undefined> {
    if (administration.stats ?? environment === 'production') return administration.stats;
    const { memoryStatsStore } = await import('./stores/memory-stats-store.js');
    return (memory ??= memoryStatsStore());
  }

  function keep(): void {
    const { censusEveryHours } = administration;
    if (censusEveryHours === undefined || timer) return;
    const look = async (): Promise<void> => {
      const latest = await (await stats())?.latest();
      if (latest && kernel.now() - latest.startedAt < censusEveryHours * 3600) return;
      await calls.census();
    };
    const again = (ms: number) => {
      timer = setTimeout(() => {
        look()
          .catch(warn)
          .finally(() => again(lookMs));
      }, ms);
      timer.unref();
    };
    again(firstLookMs * Math.random());
  }

  const calls: CensusCalls = {
    async census(options = {}) {
      checkOptionNames('mfa.census', options, ['by', 'signal', 'onProgress']);
      const { by, signal, onProgress } = options;
      const store = await stats();
      if (!store)
        throw new MfaError(
          'config.invalid_option',
          '`administration` has no `stats`: there is nowhere to keep figures.',
        );
      const directory = directoryOf(administration);
      const { takeCensus } = await import('./core/operators/census.js');
      return takeCensus(
        { kernel, stats: store, ...(directory && { directory }) },
        { ...(by === undefined ? {} : { by }), ...(signal && { signal }), ...(onProgress && { tell: onProgress }) },
      );
    },
    counting: {
      stats,
      keep,
      async begin(by, waitMs) {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), waitMs)));
        const counted = beside(() => calls.census({ by }));
        try {
          if ((await Promise.race([counted, late])) === 'late') counted.catch(warn);
        } finally {
          clearTimeout(timer);
        }
      },
    },
  };
  return calls;
}

/** Runs work as the app's own: it outlives the request that asked for it, whose transaction, tenant or span the host may keep in a context. */
export function besideAnswers(): <T>(work: () => Promise<T>) => Promise<T> {
  const own = new AsyncResource('express-mfa');
  return (work) => own.runInAsyncScope(work);
}

function warn(error: unknown): void {
  emitWarning(`A census failed; the next one goes on with it: ${String(error)}`);
}

/** The app's directory; what it throws is told as its failure. */
export function directoryOf({ directory }: MfaConfig['administration']): CensusWorld['directory'] {
  if (!directory) return undefined;
  const failed = (cause: unknown) =>
    new MfaError('directory.unavailable', '`administration.directory` failed.', { cause });
  const all = directory.all?.bind(directory);
  return {
    async get(id) {
      try {
        return (await directory.get(id)) ?? undefined;
      } catch (error) {
        throw failed(error);
      }
    },
    ...(all && {
      async *all() {
        try {
          yield* all();
        } catch (error) {
          throw failed(error);
        }
      },
    }),
  };
}
