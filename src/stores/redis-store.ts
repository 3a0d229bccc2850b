// The MfaStore for Redis, single or cluster, over a client that the host made and closes: which command each method is, of
// which key. It knows nothing of what is in records and transients.
import { isMfaError } from '../core/words/errors.js';
import type { Cursor, Loaded, MfaStore, Revision, Saving } from '../core/kernel/ports.js';
import type { MfaRecord } from '../core/kernel/record.js';
import type { Json } from '../core/words/json.js';
import { wholeClient, type NodeRedisClient } from './node-redis.js';
import { askWithin, storeUnavailable, type RedisClient } from './redis-client.js';
import { createDeadlines, withinAnswer } from './redis-deadline.js';
import { checkServers, examineServers } from './redis-examination.js';
import { redisKeys } from './redis-keys.js';
import { parseOptions, type RedisStoreOptions } from './redis-options.js';
import {
  claimScript,
  incrementScript,
  putIfAbsentScript,
  releaseScript,
  removeScript,
  saveScript,
  takeScript,
} from './redis-scripts.js';
import { readStored, readText, stringOf, unreadable } from './redis-values.js';
import { readAhead, walkKeys } from './redis-walk.js';
import { redisWriter } from './redis-writer.js';
import { newRevision } from './revision.js';

/** How long all commands of one answer are waited for; a person who waits longer sends it again. */
const answerMs = 2000;

/**
 * Keeps records and transients in Redis 5 or later, over an ioredis 5 or 6 `Redis` or `Cluster`, or a client, sentinel or
 * cluster of node-redis 5 or 6.
 *
 * Every method is one command, and every failure an MfaError `store.unavailable` within `timeoutMs`. After such an
 * error the change counts as not made, yet may have been made: load again before deciding anew. When a connection
 * breaks between a command and its answer, ioredis and a sentinel send the command again; then a save succeeds under its own
 * revision, a claim finds its owner, a take has no winner, and an increment may count twice.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`.
 */
export function redisStore(given: RedisClient | NodeRedisClient, options: RedisStoreOptions): MfaStore {
  const client = wholeClient('redisStore', given);
  const { namespace, waitReplicas, timeoutMs, warn } = parseOptions(client, options);
  const keys = redisKeys(namespace);
  const deadlines = createDeadlines(Math.max(answerMs, timeoutMs), timeoutMs);
  const ask = askWithin(client, deadlines);
  const write = redisWriter(client, { ask, deadlines, waitReplicas });

  async function load(userId: string): Promise<Loaded> {
    const stored = await ask('loading a record', () => client.get(keys.record(userId)));
    return stored === null ? {} : readStored(stored, userId);
  }

  /** By compare-and-set; a tombstone in the place of a record where `record` is undefined. */
  async function replace(
    doing: string,
    userId: string,
    record: MfaRecord | undefined,
    expected: Revision | undefined,
  ): Promise<Revision | undefined> {
    const revision = newRevision();
    const known = expected === undefined ? '' : `=${expected}`;
    const name = keys.record(userId);
    const saved = Number(await write(doing, saveScript, name, known, revision, stringOf(revision, record)));
    if (saved < 0) throw unreadable('record', userId);
    return saved === 1 ? revision : undefined;
  }

  /** Many at once: in one message, which a cluster, whose keys lie on several servers, does not take. */
  async function getAll(names: string[]): Promise<(string | null)[]> {
    const doing = 'reading a page of keys';
    if (client.nodes) return Promise.all(names.map((name) => ask(doing, () => client.get(name)).catch(ofOtherType)));
    const replies = await ask(doing, () => client.pipeline(names.map((name) => ['get', name])).exec());
    if (replies?.length !== names.length) throw storeUnavailable(doing, new Error('No reply.'));
    return replies.map(([error, reply]) =>
      error ? ofOtherType(storeUnavailable(doing, error)) : (reply as string | null),
    );
  }

  /** In one message; each is the script of `save`, on one key. */
  async function saveAll(saves: readonly Saving[]): Promise<(Revision | undefined)[]> {
    if (saves.length === 0) return [];
    const revisions = saves.map(newRevision);
    const commands = saves.map(({ userId, record, expected }, index) => {
      const revision = revisions[index] ?? '';
      const known = expected === undefined ? '' : `=${expected}`;
      return ['eval', saveScript, 1, keys.record(userId), known, revision, stringOf(revision, record)];
    });
    const doing = 'saving records';
    const replies = await ask(doing, () => client.pipeline(commands).exec());
    if (replies?.length !== saves.length) throw storeUnavailable(doing, new Error('No reply.'));
    return replies.map(([error, reply], index) => {
      if (error) throw storeUnavailable(doing, error);
      if (Number(reply) < 0) throw unreadable('record', saves[index]?.userId ?? '');
      return Number(reply) === 1 ? revisions[index] : undefined;
    });
  }

  /** Every key of one kind, with what `read` tells of its value; `undefined` passes it over. */
  async function* walk<T extends object>(
    kind: 'record' | 'owner',
    after: Cursor | undefined,
    read: (name: string, stored: string) => T | undefined,
  ): AsyncGenerator<T & { cursor: Cursor }> {
    const prefix = client.options?.keyPrefix ?? '';
    const pattern = keys.pattern(kind, prefix);
    const walked = walkKeys({ client, ask, anyKey: keys.owner('ready'), pattern, after });
    const pages = readAhead(walked, async (page) => {
      const named = page.keys.map((key) => keys.nameIn(kind, key, prefix)).filter((name) => name !== undefined);
      const names = [...new Set(named)];
      return { page, names, stored: names.length === 0 ? [] : await getAll(names.map((name) => keys[kind](name))) };
    });
    for await (const { page, names, stored } of pages) {
      // One at a time, so that a page is kept as texts; the last one leads behind it.
      let met: T | undefined;
      for (const [index, name] of names.entries()) {
        const text = stored[index] ?? null;
        const one = text === null ? undefined : read(name, text);
        if (!one) continue;
        if (met) yield { ...met, cursor: page.from };
        met = one;
      }
      if (met) yield { ...met, cursor: page.to };
    }
  }

  /** No user has the empty id. */
  async function tryScripts(): Promise<void> {
    const name = `ready/${newRevision()}`;
    await store.putIfAbsent('', name, 1, 60);
    await store.increment('', name, 60);
    await store.take('', name);
  }

  const examined = { client, ask, keys, namespace, waitReplicas, tryScripts };
  const told = new Set<string>();
  const warnOnce = (message: string) => {
    if (!told.has(message)) warn(message);
    told.add(message);
  };

  const store: MfaStore = {
    name: 'redis',
    namespace,
    ready: () => checkServers(examined, warnOnce),
    examine: () => examineServers(examined),
    load,

    save: (userId, record, expected) => replace('saving a record', userId, record, expected),

    // A cluster has its keys on several servers, and replicas are waited for one write at a time.
    ...(client.nodes || waitReplicas > 0 ? {} : { saveAll }),

    async remove(userId, seen) {
      const doing = 'removing a record';
      if (seen) return (await replace(doing, userId, undefined, seen.revision)) !== undefined;
      await write(doing, removeScript, keys.record(userId), stringOf(newRevision()));
      return true;
    },

    async abandon(userId, claims) {
      const owner = JSON.stringify(userId);
      await Promise.all(claims.map((key) => write('releasing a claim', releaseScript, keys.owner(key), owner)));
    },

    async claim(key, userId) {
      const name = keys.owner(key);
      const owner =
        userId === undefined
          ? await ask('reading an owner', () => client.get(name))
          : await write('claiming a key', claimScript, name, JSON.stringify(userId));
      return readText(owner, 'owner', key) as string | null | undefined;
    },

    scan: ({ after, tombstones = false } = {}) =>
      walk('record', after, (userId, stored) => {
        try {
          const read = readStored(stored, userId);
          return read.record === undefined && !tombstones ? undefined : { userId, ...read };
        } catch (error) {
          if (!isMfaError(error)) throw error;
          return { userId, unread: error };
        }
      }),

    async count() {
      const pattern = keys.pattern('record', client.options?.keyPrefix ?? '');
      let met = 0;
      for await (const page of walkKeys({ client, ask, anyKey: keys.owner('ready'), pattern })) met += page.keys.length;
      return met;
    },

    claims: ({ after } = {}) =>
      walk('owner', after, (key, stored) => {
        let owner: Json | undefined;
        try {
          owner = readText(stored, 'owner', key);
        } catch {
          // It is taken, and names nobody.
        }
        return { key, ...(typeof owner === 'string' ? { userId: owner } : {}) };
      }),

    async put(userId, key, value, ttlSeconds) {
      const name = keys.transient(userId, key);
      await ask('putting a transient', () => client.set(name, JSON.stringify(value), 'PX', ttlMs(ttlSeconds)));
    },

    async putIfAbsent(userId, key, value, ttlSeconds) {
      const name = keys.transient(userId, key);
      const kept = await ask('putting a transient', () =>
        client.eval(putIfAbsentScript, 1, name, JSON.stringify(value), ttlMs(ttlSeconds)),
      );
      return readText(kept, 'transient', userId) as Json;
    },

    async get(userId, key) {
      const stored = await ask('reading a transient', () => client.get(keys.transient(userId, key)));
      return readText(stored, 'transient', userId);
    },

    async take(userId, key) {
      const name = keys.transient(userId, key);
      return readText(await ask('taking a transient', () => client.eval(takeScript, 1, name)), 'transient', userId);
    },

    async increment(userId, key, ttlSeconds, by = 1) {
      const name = keys.transient(userId, key);
      const reply = await ask('counting', () => client.eval(incrementScript, 1, name, by, ttlMs(ttlSeconds)));
      const [count, leftMs] = reply as [number | string, number | string];
      return { count: Number(count), expiresInSeconds: Math.ceil(Number(leftMs) / 1000) };
    },
  };
  return { ...store, within: withinAnswer(store, deadlines) };
}

/** A key of another type reads as an empty text, which is no record: it keeps no walk from the next one. */
function ofOtherType(error: unknown): string {
  if (isMfaError(error) && /^WRONGTYPE\b/.test((error.cause as Error).message)) return '';
  throw error;
}

/** Redis refuses 0, and a fraction of a second must not become none. */
function ttlMs(ttlSeconds: number): number {
  return Math.max(1, Math.ceil(ttlSeconds * 1000));
}
