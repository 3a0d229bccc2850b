// A kernel for testing the flows: the real memory store, the real sealer, a clock that the test moves, and all events
// and notices kept in the order in which they were told.
import { lockoutDefaults } from '../../src/core/rules/attempts.js';
import type { Happened, RequestHints } from '../../src/core/words/events.js';
import type { Factor } from '../../src/core/kernel/factor.js';
import { boundStore } from '../../src/core/kernel/bound-store.js';
import type { Kernel } from '../../src/core/kernel/kernel.js';
import type { Settings } from '../../src/core/kernel/settings.js';
import type { Notice } from '../../src/core/words/notices.js';
import type { Policy } from '../../src/core/kernel/policy.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { createValve } from '../../src/core/kernel/few-at-once.js';
import { createQueue } from '../../src/core/kernel/queue.js';
import { emptyRecord, type MfaRecord } from '../../src/core/kernel/record.js';
import { createRemembered } from '../../src/core/kernel/remembered.js';
import { createSharedLoads } from '../../src/core/kernel/shared-loads.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { createSealer } from '../../src/crypto/seal.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import { riddle, spareWords } from './core-factors.js';

type ToldEvent = Happened & { userId?: string } & RequestHints;
type ToldNotice = Notice & { userId: string; before: MfaRecord | undefined };

/** Whole Unix seconds; a test moves it by assigning. */
export type TestClock = { now: number };

export type TestKernel = Kernel & {
  readonly clock: TestClock;
  readonly events: ToldEvent[];
  readonly notices: ToldNotice[];
  /** The events that say how an answer ended. */
  outcomes(): ToldEvent[];
  /** Reads past any wrapping store; an empty record where there is none. Without its mac and the list of what happened lately. */
  recordOf(userId: string): Promise<MfaRecord>;
  /** The same app with other secrets, newest first. */
  withSecrets(...secrets: string[]): TestKernel;
};

/** What was told, in its order. */
export const namesOf = ({ events }: Pick<TestKernel, 'events'>): string[] => events.map(({ name }) => name);

export const secretOfTests = 'a secret of the tests, thirty-two bytes or more';

export type TestKernelOptions = {
  /** Wraps or replaces the memory store. */
  store?: (memory: MfaStore) => MfaStore;
  factors?: readonly Factor[];
  policy?: Policy;
  graceUntil?: number;
  /** Where the clock begins, Unix seconds. */
  now?: number;
  recordMaxAgeSeconds?: number;
  queueLimit?: number;
  settings?: Partial<Settings>;
  /** Another process of the same app: shares the database and the clock, and nothing else. */
  beside?: TestKernel;
};

export function testKernel(options: TestKernelOptions = {}): TestKernel {
  const clock: TestClock = options.beside?.clock ?? { now: options.now ?? 1_800_000_000 };
  const memory = memoryStore({ clock: { now: () => clock.now * 1000 } });
  const events: ToldEvent[] = [];
  const notices: ToldNotice[] = [];
  const raw = options.store?.(memory) ?? memory;
  const tellAltered = (userId: string) =>
    kernel.tell({ user: { id: userId }, hints: {} }, [{ name: 'record-altered' }]);
  const boundTo = (secrets: readonly string[]) => {
    const sealer = createSealer({ secrets, namespace: 'tests' });
    return { sealer, store: options.beside?.store ?? boundStore(raw, sealer, tellAltered) };
  };
  const kernel: TestKernel = {
    clock,
    events,
    notices,
    outcomes: () => events.filter(({ outcome }) => outcome !== undefined),
    recordOf:
      options.beside?.recordOf ??
      (async (userId) => withoutActivity((await memory.load(userId)).record ?? emptyRecord(''))),
    settings: {
      appName: 'Acme',
      origins: ['https://acme.example'],
      freshSeconds: 600,
      pendingMaxAgeSeconds: 900,
      elevationMaxAgeSeconds: 86_400,
      lockout: lockoutDefaults,
      confirmFirstEnrollment: 'open',
      autoBind: false,
      holdHours: 24,
      trustDays: undefined,
      riskActions: undefined,
      upstream: new Map(),
      policyOf: () => options.policy ?? 'prompt-at-sign-in-and-sign-up',
      graceUntilOf: () => options.graceUntil,
      ...options.settings,
    },
    factors: options.factors ?? [riddle(), spareWords()],
    ...boundTo([secretOfTests]),
    withSecrets: (...secrets) => ({ ...kernel, ...boundTo(secrets) }),
    random: cryptoRandom,
    queue: createQueue(options.queueLimit),
    loads: createSharedLoads(),
    strangers: createValve(),
    remembered: createRemembered(options.recordMaxAgeSeconds ?? 0),
    now: () => clock.now,
    nameBrowser: (userAgent) => userAgent,
    tell: ({ user, hints }, happened) => {
      events.push(...happened.map((each) => ({ ...each, ...hints, ...(user && { userId: user.id }) })));
    },
    notify: ({ user }, before, told) => {
      notices.push(...told.map((notice) => ({ ...notice, userId: user.id, before })));
    },
  };
  return kernel;
}

/** Without what is written along: the mac, and what happened lately. */
export function withoutActivity({
  activity: _lately,
  mac: _mac,
  protectedBefore: _before,
  ...record
}: MfaRecord): MfaRecord {
  return record;
}

/** What a test may do to a store from outside: count, fail, let a rival in. */
export type WatchedStore = MfaStore & {
  readonly saves: number;
  readonly loads: number;
  /** Runs before each save: may throw, or write as a rival. */
  beforeSave: (userId: string) => Promise<void> | void;
  beforeLoad: (userId: string) => Promise<void> | void;
};

export function watchedStore(inner: MfaStore): WatchedStore {
  const counts = { saves: 0, loads: 0 };
  const watched: WatchedStore = {
    ...inner,
    get saves() {
      return counts.saves;
    },
    get loads() {
      return counts.loads;
    },
    beforeSave: () => undefined,
    beforeLoad: () => undefined,
    async load(userId) {
      counts.loads += 1;
      await watched.beforeLoad(userId);
      return inner.load(userId);
    },
    async save(userId, record, expected) {
      counts.saves += 1;
      await watched.beforeSave(userId);
      return inner.save(userId, record, expected);
    },
  };
  return watched;
}
