// What Redis must allow for the store to work, tried for real at start-up: each command once on every master, with keys of
// this namespace that nobody has and that lapse. What is stored is not known here.
import { storeUnavailable, type Ask, type RedisClient } from './redis-client.js';
import type { RedisKeys } from './redis-keys.js';

/** The client of the store, and how its keys are named. */
export type Tried = { client: RedisClient; ask: Ask; keys: RedisKeys; namespace: string; waitReplicas: number };

const doing = 'trying what the store will need';
const lapsesAfterMs = 60_000;

/**
 * The rights that are missing, as `ACL SETUSER` takes them, e.g. `+eval`, `~acme:*`; none where all is well. A user's
 * rights are those of each server, so every master of a cluster is asked.
 */
export async function missingRights(masters: RedisClient[], tried: Tried): Promise<string[]> {
  const missing = await Promise.all(masters.map((server) => tryOn(server, tried)));
  return [...new Set(missing.flat())];
}

async function tryOn(server: RedisClient, { client, ask, keys, namespace, waitReplicas }: Tried): Promise<string[]> {
  const prefix = client.options?.keyPrefix ?? '';
  // A node of a cluster puts no prefix before keys, a single server does.
  const full = (key: string) => (server === client ? key : `${prefix}${key}`);
  const name = `ready/${globalThis.crypto.randomUUID()}`;
  // No user has the empty id.
  const key = full(keys.transient('', name));
  const commands: [right: string, ...command: unknown[]][] = [
    ['+set', 'set', key, '1', 'PX', lapsesAfterMs],
    ['+get', 'get', key],
    // What is no number: where only SET is forbidden this would make a key that stays.
    ['+incrby', 'incrby', key, 'one'],
    ['+pttl', 'pttl', key],
    ['+pexpire', 'pexpire', key, lapsesAfterMs],
    ['+eval', 'eval', 'return 1', 1, key],
    ['+scan', 'scan', '0', 'MATCH', keys.pattern('record', prefix), 'COUNT', 1],
    ...(waitReplicas > 0 ? [['+wait', 'wait', 0, 1] as [string, ...unknown[]]] : []),
    ['+del', 'del', key],
    ['+del', 'del', full(keys.record(''))],
    ['+del', 'del', full(keys.owner(name))],
  ];
  const replies = await ask(doing, () => server.pipeline(commands.map(([, ...command]) => command)).exec());
  return commands.flatMap(([right], index) => {
    const [error] = replies?.[index] ?? [new Error('No reply.')];
    if (!error || answered.test(error.message)) return [];
    if (!refused.test(error.message)) throw storeUnavailable(doing, error);
    // "No permissions to access a key", "… one of the keys used as arguments"
    return [/\bkeys?\b/.test(error.message) ? `~${prefix}${namespace}:*` : right];
  });
}

/** Rights are looked at before the slot of a key, and before what stands in an argument. */
const answered = /^(MOVED|ASK)\b|^ERR value is not an integer/;
const refused = /^(ERR|NOPERM)\b/;
