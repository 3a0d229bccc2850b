// The reference implementation of MfaStore, in this process' memory: for development and tests. It keeps everything
// as JSON text, so no caller shares an object with it, and knows nothing of what the values mean.
import { MfaError } from '../core/words/errors.js';
import type { Clock, Cursor, MfaStore, Revision } from '../core/kernel/ports.js';
import type { Json } from '../core/words/json.js';
import type { MfaRecord } from '../core/kernel/record.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import { newRevision } from './revision.js';

/** Options of the store in memory. */
export type MemoryStoreOptions = {
  /** What transients lapse by; default `Date.now`. */
  clock?: Clock;
};

type Slot = { revision: Revision; json?: string };
type Transient = { json: string; expiresAtMs: number };

/** Transients looked at by each write: more than one, so that the sweep overtakes any growth. */
const sweptPerWrite = 4;

/**
 * An MfaStore that forgets everything when the process ends; `createMfa` refuses it in production. Each method does
 * its work before it first awaits, so it is as atomic as a database's.
 * @throws MfaError `config.unknown_option`, `config.invalid_option`
 */
export function memoryStore(options: MemoryStoreOptions = {}): MfaStore {
  checkOptionNames('memoryStore', options, ['clock']);
  const clock = options.clock ?? { now: () => Date.now() };
  if (typeof (clock as Partial<Clock>).now !== 'function') {
    throw new MfaError('config.invalid_option', 'memoryStore: `clock` takes `{ now() }`, in milliseconds.');
  }
  const slots = new Map<string, Slot>();
  const owners = new Map<string, string | null>();
  const transients = new Map<string, Transient>();
  let sweeper = transients.entries();

  function sweep(): void {
    for (let looked = 0; looked < sweptPerWrite; looked += 1) {
      const next = sweeper.next();
      if (next.done) {
        sweeper = transients.entries();
        return;
      }
      const [key, transient] = next.value;
      if (transient.expiresAtMs <= clock.now()) transients.delete(key);
    }
  }

  function living(key: string): Transient | undefined {
    const transient = transients.get(key);
    return transient && transient.expiresAtMs > clock.now() ? transient : undefined;
  }

  function write(key: string, json: string, expiresAtMs: number): void {
    sweep();
    transients.set(key, { json, expiresAtMs });
  }

  return {
    name: 'memory',
    namespace: 'memory',

    async load(userId) {
      const slot = slots.get(userId);
      if (!slot) return {};
      return slot.json === undefined
        ? { revision: slot.revision }
        : { record: JSON.parse(slot.json) as MfaRecord, revision: slot.revision };
    },

    async save(userId, record, expected) {
      if (slots.get(userId)?.revision !== expected) return undefined;
      const revision = newRevision();
      slots.set(userId, { revision, json: JSON.stringify(record) });
      return revision;
    },

    async remove(userId, seen) {
      if (seen && slots.get(userId)?.revision !== seen.revision) return false;
      slots.set(userId, { revision: newRevision() });
      return true;
    },

    async abandon(userId, claims) {
      for (const key of claims) if (owners.get(key) === userId) owners.set(key, null);
    },

    async claim(key, userId) {
      if (userId !== undefined && !owners.has(key)) owners.set(key, userId);
      return owners.get(key);
    },

    async *scan({ after, tombstones = false } = {}) {
      for (const [cursor, userId, { revision, json }] of walk(slots, after)) {
        if (json !== undefined) yield { userId, record: JSON.parse(json) as MfaRecord, revision, cursor };
        else if (tombstones) yield { userId, revision, cursor };
      }
    },

    count: async () => slots.size,

    async *claims({ after } = {}) {
      for (const [cursor, key, userId] of walk(owners, after)) {
        yield { key, ...(userId === null ? {} : { userId }), cursor };
      }
    },

    async put(userId, key, value, ttlSeconds) {
      write(path(userId, key), JSON.stringify(value), clock.now() + ttlSeconds * 1000);
    },

    async putIfAbsent(userId, key, value, ttlSeconds) {
      const there = living(path(userId, key))?.json;
      const json = there ?? JSON.stringify(value);
      if (there === undefined) write(path(userId, key), json, clock.now() + ttlSeconds * 1000);
      return JSON.parse(json) as Json;
    },

    async get(userId, key) {
      const transient = living(path(userId, key));
      return transient && (JSON.parse(transient.json) as Json);
    },

    async take(userId, key) {
      const transient = living(path(userId, key));
      transients.delete(path(userId, key));
      return transient && (JSON.parse(transient.json) as Json);
    },

    async increment(userId, key, ttlSeconds, by = 1) {
      const counter = living(path(userId, key));
      if (!counter && by <= 0) return { count: 0, expiresInSeconds: 0 };
      const before: unknown = counter ? JSON.parse(counter.json) : 0;
      if (typeof before !== 'number') {
        throw new MfaError('store.unavailable', 'memoryStore: increment met a value that is not a counter.');
      }
      const count = Math.max(0, before + by);
      const expiresAtMs = counter?.expiresAtMs ?? clock.now() + ttlSeconds * 1000;
      write(path(userId, key), String(count), expiresAtMs);
      return { count, expiresInSeconds: Math.ceil((expiresAtMs - clock.now()) / 1000) };
    },
  };
}

/** One text for two: as JSON, because any separator could also stand in an id. */
function path(userId: string, key: string): string {
  return JSON.stringify([userId, key]);
}

/** Nothing is ever deleted from these maps, so a place in their order is a place for good. */
function* walk<T>(map: ReadonlyMap<string, T>, after: Cursor = '0'): Generator<[Cursor, string, T]> {
  let place = 0;
  for (const [key, value] of map) {
    place += 1;
    if (place > Number(after)) yield [String(place), key, value];
  }
}
