// The audit log in Redis, single or cluster, over a client that the host made and closes; best a Redis of its own. It
// knows how places, chains and positions stand in keys, and nothing of what is in an entry.
import { hash } from 'node:crypto';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { checkSettings, findingsOf, type Kept } from '../../stores/redis-checks.js';
import { readClient, type NodeRedisClient } from '../../stores/node-redis.js';
import { askWithin, mastersOf, storeUnavailable, type RedisClient } from '../../stores/redis-client.js';
import { escapeKey } from '../../stores/escaped-key.js';
import { readNamespace } from '../../stores/redis-keys.js';
import type { Appended, AuditStore, DeadLetter, PageQuery } from '../audit-store.js';
import { readKeep, requireWhole, type KeepOptions } from './keep.js';
import * as entryScripts from './redis-audit-scripts.js';
import * as sinkScripts from './redis-sink-scripts.js';

const scripts = { ...entryScripts, ...sinkScripts };

/** Options of the audit log in Redis. */
export type RedisAuditStoreOptions = KeepOptions & {
  /** Names the keys of this app's log. No "{", "}" or control characters. */
  namespace: string;
  /** How long any command may take, in milliseconds; 1–60000, default 3000. */
  timeoutMs?: number;
};

/** Only leases have a TTL: who loses one is fed by another process. */
const entriesKept: Kept = {
  store: 'redisAuditStore',
  stays: 'entries of the audit log',
  lost: 'the audit log',
};

/** ioredis may be told to answer numbers as texts. */
type Figure = number | string;

/** A short key for an id of any length, half a surrogate pair in it too; who collides is told apart when entries are read. */
const shortKey = (text: string | undefined): string =>
  text === undefined ? '' : hash('sha256', escapeKey(text), 'base64url').slice(0, 16);

/** A sign-in is told by a digest, which needs no other. */
const flowKey = (flow: string | undefined): string =>
  flow !== undefined && /^[\w-]{22}$/.test(flow) ? flow.slice(0, 16) : shortKey(flow);

/**
 * Keeps the audit log in Redis 5 or later, all of it in one slot of a cluster. The client is of ioredis 5 or 6
 * or of node-redis 5 or 6; a Redis of the log's own keeps a full log from stopping MFA.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function redisAuditStore(
  given: RedisClient | NodeRedisClient,
  options: RedisAuditStoreOptions = { namespace: '' },
): AuditStore {
  const client = readClient('redisAuditStore', given);
  checkOptionNames('redisAuditStore', options, ['namespace', 'retentionDays', 'maxBytes', 'timeoutMs']);
  const { timeoutMs = 3000 } = options;
  requireWhole('redisAuditStore', 'timeoutMs', timeoutMs, 1, 60_000);
  const base = `${readNamespace('redisAuditStore', options.namespace)}:{audit}`;
  const ask = askWithin(client, timeoutMs);
  const run = (doing: string, script: string, ...args: (string | number)[]): Promise<unknown> =>
    ask(doing, () => client.eval(script, 1, base, ...args));

  return {
    name: 'redis',
    keep: readKeep('redisAuditStore', options),

    async append({ writer, after, entries, once = [], counts, line, keyId, closes, nowMs }) {
      const times = entries.map(({ timeMs }) => timeMs);
      const reply = await run(
        'appending to the audit log',
        scripts.appendScript,
        ...[writer, after.seq, after.hash, entries.at(-1)?.hash ?? after.hash, nowMs, closes ? 1 : 0, keyId],
        ...[line?.expected ?? '', line?.hash ?? '', line?.text ?? '', entries.length, counts.length],
        ...[Math.min(...times, nowMs), Math.max(...times, 0)],
        JSON.stringify(entries.flatMap(({ watched }, at) => (watched ? [at] : []))),
        ...entries.map(({ subject, flow, text }) => `${shortKey(subject)}\t${flowKey(flow)}\t${text}`),
        ...counts.flatMap(({ day, counts: added, people }) => [
          day,
          JSON.stringify(Object.entries(added).flat()),
          JSON.stringify(people),
        ]),
        ...once,
      );
      return appendedOf(reply as [string, ...(string | number)[]]);
    },

    async heads() {
      const reply = (await run('reading the writers', scripts.readScript, 'heads')) as string[];
      return pairs(reply).flatMap(([writer, head]) => {
        const [, seq, hash, heard, closed] = /^(\d+) (\S+) (\d+) (\d)$/.exec(head) ?? [];
        if (seq === undefined || hash === undefined) return [];
        const shown = hash === '-' ? '' : hash;
        return [{ writer, seq: Number(seq), hash: shown, heardMs: Number(heard), closed: closed === '1' }];
      });
    },

    async lines(after, limit) {
      return (await run('reading the ledger', scripts.readScript, 'lines', after, after + limit - 1)) as string[];
    },

    async lastLine() {
      return ((await run('reading the ledger', scripts.readScript, 'lines', -1, -1)) as string[])[0];
    },

    async page(query) {
      const { limit, fromMs, toMs } = query;
      const index = indexOf(query);
      const way = 'before' in query ? [-1, whole(query.before)] : [1, query.after];
      const span = fromMs === undefined && toMs === undefined ? ['', ''] : [fromMs ?? 0, whole(toMs ?? Infinity)];
      const reply = await run('reading the audit log', scripts.pageScript, index, ...way, limit, ...span);
      const [place, found] = reply as [Figure, string[]];
      return {
        place: Number(place),
        items: pairs(found.map(String)).map(([at, text]) => ({ place: Number(at), text })),
      };
    },

    async extent() {
      const reply = await run('measuring the audit log', scripts.readScript, 'extent');
      const [first, last, bytes, lines, keyIds] = reply as [Figure, Figure, Figure, Figure, string[]];
      return {
        first: Math.max(1, Number(first)),
        last: Number(last),
        bytes: Number(bytes),
        lines: Number(lines),
        keyIds,
      };
    },

    async rewrite(place, expected, text) {
      return Number(await run('erasing', scripts.rewriteScript, place, expected, text)) === 1;
    },

    async oldest(untilMs) {
      const reply = (await run('looking for the oldest', scripts.oldestScript, untilMs ?? '')) as Figure[];
      const [first, last] = reply;
      return first === undefined || last === undefined ? undefined : { first: Number(first), last: Number(last) };
    },

    async drop(first, last, line, forgetWriters) {
      const day = new Date(Date.now() - 400 * 86_400_000).toISOString().slice(0, 10);
      const args = [first, last, line.expected, line.hash, line.text, day, ...forgetWriters];
      return (await run('trimming the audit log', scripts.dropScript, ...args)) as 'dropped' | 'ledger' | 'gone';
    },

    async days(from, to) {
      const reply = (await run('reading the figures', scripts.readScript, 'days', from, to)) as [
        string,
        string[],
        Figure,
      ][];
      return reply
        .map(([day, counts, people]) => ({ day, counts: numbers(counts), people: Number(people) }))
        .sort((a, b) => (a.day < b.day ? -1 : 1));
    },

    async lease(sink, holder, ttlMs) {
      const reply = (await run('taking a sink', scripts.leaseScript, sink, holder, ttlMs)) as Figure[];
      const [fence, place, line] = reply;
      if (fence === undefined || place === undefined || line === undefined) return undefined;
      return { fence: Number(fence), position: { place: Number(place), line: Number(line) } };
    },

    async advance(sink, fence, from, to) {
      const moved = [`${from.place} ${from.line}`, `${to.place} ${to.line}`];
      return Number(await run('moving on a sink', scripts.advanceScript, sink, String(fence), ...moved)) === 1;
    },

    async release(sink, holder) {
      await run('letting go of a sink', scripts.releaseScript, sink, holder);
    },

    async positions() {
      const reply = (await run('reading positions', scripts.readScript, 'sinks')) as string[];
      const found = pairs(reply).filter(([name]) => !name.includes('\t'));
      return Object.fromEntries(
        found.map(([name, at]) => {
          const [place = 0, line = 0] = at.split(' ').map(Number);
          return [name, { place, line }];
        }),
      );
    },

    async putAside(sink, letters) {
      await run('putting aside', scripts.putAsideScript, sink, ...letters.map((letter) => JSON.stringify(letter)));
    },

    async deadLetters(sink, limit) {
      const reply = await run('reading dead letters', scripts.readScript, 'letters', sink, -limit);
      const [total, letters] = reply as [Figure, string[]];
      return { total: Number(total), letters: letters.map((letter) => JSON.parse(letter) as DeadLetter) };
    },

    async dropDeadLetters(sink) {
      return Number(await run('dropping dead letters', scripts.dropLettersScript, sink));
    },

    examine: async () => findingsOf(await checkSettings(await mastersOf(client, ask, base), ask, entriesKept)),
  };
}

function appendedOf([is, ...rest]: [string, ...(string | number)[]]): Appended {
  if (is === 'stored') return { is, bytes: Number(rest[0]), last: Number(rest[1]) };
  if (is === 'gap') return { is, seq: Number(rest[0]), hash: String(rest[1]) };
  if (is === 'known') return { is, ids: rest.map(String) };
  if (is === 'sealed' || is === 'ledger') return { is };
  throw storeUnavailable('appending to the audit log', new TypeError('The head of a writer is unreadable.'));
}

/** Which list of places a query reads; none: all of them. */
function indexOf({ subject, flow, watched }: PageQuery): string {
  if (watched) return 'w';
  if (subject !== undefined) return `s:${shortKey(subject)}`;
  return flow === undefined ? '' : `f:${flowKey(flow)}`;
}

/** Lua's numbers hold whole ones up to 2⁵³. */
const whole = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);

/** A flat reply as pairs; ioredis may be told to answer a hash as an object, scripts never do. */
function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []));
}

function numbers(flat: readonly string[]): { [name: string]: number } {
  return Object.fromEntries(pairs(flat).map(([name, value]) => [name, Number(value)]));
}
