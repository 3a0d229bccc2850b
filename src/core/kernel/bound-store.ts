// The store as flows see it: nothing that comes out of it is believed unless this app put it there for this person. A
// record carries a mac, a transient is sealed to its user and key; counters are numbers, and only limits go by them.
import { isMfaError, MfaError } from '../words/errors.js';
import type { Json } from '../words/json.js';
import type { MfaStore, Revision, Saving, SealedFor, Sealer } from './ports.js';
import { suspensionSources, upgradeRecord, type MfaRecord } from './record.js';
import { isGenuine, withMac } from './record-mac.js';

type Bars = Pick<MfaRecord, 'suspended' | 'account'>;

export type BoundStore = Omit<MfaStore, 'within' | 'saveAll'> &
  Required<Pick<MfaStore, 'saveAll'>> & {
    /** Runs the work of one answer; what it asks the store for that it is handed shares one deadline, where the store has such. */
    within<T>(work: (store: BoundStore) => Promise<T>): Promise<T>;
    /**
     * Of a record that may be altered, what is needed to replace it: the revision, and who bars the account, which perhaps ended.
     * Believed, that can only keep somebody out.
     */
    remainsOf(userId: string): Promise<{ revision?: Revision } & Bars>;
  };

/** @param tellAltered told whose record is not as this app saved it, each time that it is read */
export function boundStore(store: MfaStore, sealer: Sealer, tellAltered: (userId: string) => void): BoundStore {
  const transient = (userId: string, key: string): SealedFor => ({
    userId,
    authenticatorId: key,
    purpose: 'transient',
  });
  const sealed = (userId: string, key: string, value: Json): string =>
    sealer.seal(JSON.stringify(value), transient(userId, key));
  const opened = (userId: string, key: string, stored: Json | undefined): Json | undefined => {
    if (stored === undefined || typeof stored === 'number') return stored;
    return JSON.parse(sealer.open(typeof stored === 'string' ? stored : '', transient(userId, key))) as Json;
  };

  function checked(userId: string, record: MfaRecord): MfaRecord {
    if (!isGenuine(sealer, userId, record)) {
      tellAltered(userId);
      throw recordAltered(userId);
    }
    try {
      return upgradeRecord(record);
    } catch (cause) {
      // A newer process wrote it: refused, whatever the store is, for misreading it could let somebody in.
      throw new MfaError('store.unavailable', (cause as Error).message, { cause });
    }
  }

  /** Behind what each answer gets: made once, and not copied. */
  const forOperators = {
    ...(store.name === undefined ? {} : { name: store.name }),
    ...(store.namespace === undefined ? {} : { namespace: store.namespace }),
    ready: async () => store.ready?.(),
    ...(store.count && { count: store.count.bind(store) }),
    ...(store.examine && { examine: store.examine.bind(store) }),

    async *scan(...options: Parameters<MfaStore['scan']>): ReturnType<MfaStore['scan']> {
      for await (const met of store.scan(...options)) {
        const { record, userId, cursor } = met;
        try {
          yield record === undefined ? met : { ...met, record: checked(userId, record) };
        } catch (error) {
          // It was altered, or its secret is not there.
          if (!isMfaError(error)) throw error;
          yield { userId, cursor, unread: error };
        }
      }
    },
    claims: (...args: Parameters<MfaStore['claims']>) => store.claims(...args),
  };

  function over(store: MfaStore): BoundStore {
    const save = ({ userId, record, expected }: Saving) => store.save(userId, record, expected);
    const bound: BoundStore = Object.assign(Object.create(forOperators) as BoundStore, {
      within: (work) => (store.within ? store.within((own) => work(over(own))) : work(bound)),

      async load(userId) {
        const loaded = await store.load(userId);
        return loaded.record === undefined ? loaded : { ...loaded, record: checked(userId, loaded.record) };
      },
      save: (userId, record, expected) => store.save(userId, withMac(sealer, userId, record), expected),
      async saveAll(saves) {
        const genuine = saves.map((each) => ({ ...each, record: withMac(sealer, each.userId, each.record) }));
        if (store.saveAll) return store.saveAll(genuine);
        const saved: (Revision | undefined)[] = [];
        // A few at a time: people who sign in wait for the same connections.
        for (let at = 0; at < genuine.length; at += 4)
          saved.push(...(await Promise.all(genuine.slice(at, at + 4).map((each) => save(each)))));
        return saved;
      },
      remove: (...args) => store.remove(...args),
      abandon: (...args) => store.abandon(...args),
      claim: (...args) => store.claim(...args),
      async remainsOf(userId) {
        const { revision, record } = await store.load(userId);
        return { ...(revision === undefined ? {} : { revision }), ...barsOf(record) };
      },

      put: (userId, key, value, ttlSeconds) => store.put(userId, key, sealed(userId, key, value), ttlSeconds),
      async putIfAbsent(userId, key, value, ttlSeconds) {
        const there = await store.putIfAbsent(userId, key, sealed(userId, key, value), ttlSeconds);
        return opened(userId, key, there) as Json;
      },
      get: async (userId, key) => opened(userId, key, await store.get(userId, key)),
      take: async (userId, key) => opened(userId, key, await store.take(userId, key)),
      increment: (...args) => store.increment(...args),
    } satisfies Partial<BoundStore>);
    return bound;
  }

  return over(store);
}

function barsOf(record: MfaRecord | undefined): Bars {
  const said: { [source: string]: unknown } = record?.suspended ?? {};
  const bars = suspensionSources.flatMap((source) => {
    const since = said[source];
    return typeof since === 'number' ? [[source, since] as const] : [];
  });
  const account = record?.account;
  return {
    ...(bars.length === 0 ? {} : { suspended: Object.fromEntries(bars) }),
    ...(account === 'ended' || account === 'anew' ? { account } : {}),
  };
}

function recordAltered(userId: string): MfaError {
  const message = `The record of ${JSON.stringify(userId)} is not as this app saved it: it was altered, or moved here from another user or namespace. See docs/threat-model.md.`;
  return new MfaError('store.record_altered', message);
}

export function isAltered(error: unknown): boolean {
  return isMfaError(error) && error.code === 'store.record_altered';
}
