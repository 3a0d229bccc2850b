// What is asked of Redis before the store may be used, and by the doctor: whether it allows what the store will need, how
// it is set up, and what time it has there. Of what is stored it knows only what its loss would mean.
import { MfaError } from '../core/words/errors.js';
import type { StoreExamination } from '../core/kernel/ports.js';
import { checkSettings, findingsOf, type Checked, type Kept } from './redis-checks.js';
import { isRefusal, mastersOf, storeUnavailable, unlessRefused } from './redis-client.js';
import { missingRights, type Tried } from './redis-rights.js';

const records: Kept = {
  store: 'redisStore',
  stays: "a record, and with it somebody's second factor",
  lost: 'every record and switches MFA off',
  lapses: 'codes and passkey ceremonies under way, and how much was sent. Records stay, as they have no TTL.',
};

/** `tryScripts` runs what the store runs, on keys of nobody that lapse. */
type Examined = Tried & { tryScripts(): Promise<void> };

/**
 * Checks every master.
 * @throws MfaError `config.redis_forbids` where Redis does not allow what the store needs, `config.redis_evicts` where
 *   NODE_ENV is production and a record could be evicted
 */
export async function checkServers(server: Examined, warn: (message: string) => void): Promise<void> {
  const { wrong, unwise } = await check(server);
  if (wrong) throw wrong;
  unwise.forEach(warn);
}

/** The same for operators, and the clock of one server. */
export async function examineServers(server: Examined): Promise<StoreExamination> {
  const findings = findingsOf(await check(server));
  const serverTimeMs = await serverTime(server);
  if (serverTimeMs !== undefined) return { findings, serverTimeMs };
  const text = 'redisStore: Redis does not allow TIME, so its clock cannot be compared with that of this machine.';
  return { findings: [...findings, { level: 'warn', text }] };
}

async function check(server: Examined): Promise<Checked> {
  const { client, ask, keys } = server;
  const masters = await mastersOf(client, ask, keys.owner('ready')).catch(unlessRefused);
  // Not even a key may be read: then the one that is asked tells for all.
  const missing = await missingRights(masters ?? [client], server);
  if (missing.length > 0) return forbids(`lacks ${missing.join(' ')}`);
  if (masters === undefined) return forbids('may not read a key');
  try {
    await server.tryScripts();
  } catch (error) {
    if (isRefusal(error)) return forbids(`may not do in a script what it may do: ${error.message}`);
    throw error;
  }
  return checkSettings(masters, ask, records);
}

function forbids(what: string): Checked {
  const words = `redisStore: the Redis user of this client ${what}. docs/deploy-on-redis.md has the whole \`ACL SETUSER\` line.`;
  return { wrong: new MfaError('config.redis_forbids', words), unwise: [] };
}

/**
 * In milliseconds; undefined where that is forbidden. TIME is a command of its own here: some services refuse a script
 * without keys.
 */
async function serverTime({ client, ask }: Examined): Promise<number | undefined> {
  const doing = 'reading its clock';
  const replies = await ask(doing, () => client.pipeline([['time']]).exec());
  const [error, reply] = replies?.[0] ?? [new Error('No reply.'), undefined];
  if (error) return unlessRefused(storeUnavailable(doing, error));
  const [seconds, microseconds] = reply as [string, string];
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}
