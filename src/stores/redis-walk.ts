// Walks the keys of one kind over every server that takes writes, page by page, and can go on where another walk ended.
// Knows SCAN and its cursors, not what stands behind the keys.
import type { Cursor } from '../core/kernel/ports.js';
import { mastersOf, unlessRefused, type Ask, type RedisClient } from './redis-client.js';

/** `from` leads to this page again, `to` behind it. */
export type Page = { keys: string[]; from: Cursor; to: Cursor };

type Walk = { client: RedisClient; ask: Ask; anyKey: string; pattern: string; after?: Cursor | undefined };

/** Servers that are done, and how far the walk is on another one. */
type Place = { done: readonly string[]; server?: string; at: string };

/** Keys per SCAN, and with it how many reads are sent at once. */
const keysPerPage = 500;

/**
 * Meets every key that is there from beginning to end, some twice. SCAN's cursor means something to the very process
 * that gave it (its hash seed), so a server that is another one by now is walked from its beginning.
 */
export async function* walkKeys({ client, ask, anyKey, pattern, after }: Walk): AsyncGenerator<Page> {
  const place = readPlace(after);
  const servers = await named(await mastersOf(client, ask, anyKey), ask);
  // The one that an earlier walk stopped in goes first: its place would not fit into a cursor beside another.
  servers.sort((a, b) => Number(b.name === place.server) - Number(a.name === place.server));
  const done = [...place.done];
  for (const { server, name: first } of servers) {
    if (done.includes(first)) continue;
    let name = first;
    let at = name === place.server ? place.at : '0';
    for (;;) {
      const [next, keys] = await ask('scanning', () => server.scan(at, 'MATCH', pattern, 'COUNT', keysPerPage));
      const from = written({ done, server: name, at });
      const isLast = next === '0';
      const now = isLast ? await nameOf(server, ask, name) : name;
      if (now !== name) {
        // Restarted, or another one took over: what was passed over there may never have been met.
        yield { keys, from, to: from };
        name = now;
        at = '0';
        continue;
      }
      yield { keys, from, to: written(isLast ? { done: [...done, name], at: '0' } : { done, server: name, at: next }) };
      if (isLast) break;
      at = next;
    }
    done.push(name);
  }
}

/** What is read of each page, one page ahead: Redis works on the next one while whoever walks works on this one. */
export async function* readAhead<T>(pages: AsyncGenerator<Page>, read: (page: Page) => Promise<T>): AsyncGenerator<T> {
  const next = async (): Promise<{ found: T } | undefined> => {
    const page = await pages.next();
    return page.done ? undefined : { found: await read(page.value) };
  };
  for (let coming = next(); ;) {
    const there = await coming;
    if (!there) return;
    coming = next();
    // Whoever goes on hears that it failed; nobody else need.
    coming.catch(() => undefined);
    yield there.found;
  }
}

async function named(servers: RedisClient[], ask: Ask): Promise<{ server: RedisClient; name: string }[]> {
  return Promise.all(servers.map(async (server) => ({ server, name: await nameOf(server, ask) })));
}

/** The running process of a server, by its `run_id`. One that may not tell gets a name that no later walk knows. */
async function nameOf(server: RedisClient, ask: Ask, known?: string): Promise<string> {
  const told = await ask('asking a server for its name', () => server.info('server')).catch(unlessRefused);
  const id = /^run_id:([0-9a-f]{12})/m.exec(told ?? '')?.[1];
  return id ?? known ?? `-${globalThis.crypto.randomUUID().slice(0, 11).replaceAll('-', '')}`;
}

/** `done,done;server:cursor` */
function written({ done, server, at }: Place): Cursor {
  return `${done.join(',')};${server === undefined ? '' : `${server}:${at}`}`;
}

function readPlace(cursor: Cursor = ';'): Place {
  const [, done = '', server, at = '0'] = /^([\w,-]*);(?:([\w-]+):(\d+))?$/.exec(cursor) ?? [];
  return { done: done.split(',').filter(Boolean), ...(server === undefined ? {} : { server }), at };
}
