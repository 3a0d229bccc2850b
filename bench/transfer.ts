// How long it takes to move everybody from Redis to PostgreSQL and back, by the commands themselves; the way there is broken off
// in the middle and gone on with. Ends with an error where what comes back is not what went.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { exportCommand } from '../src/cli/export.js';
import { importCommand } from '../src/cli/import.js';
import type { MfaStore } from '../src/core/kernel/ports.js';
import { orderedJson } from '../src/core/words/ordered-json.js';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { totp } from '../src/factors/totp/totp.js';
import { createMfaCore, type MfaCore } from '../src/mfa.js';
import { sqlStore } from '../src/sql.js';
import { redisStore } from '../src/stores/redis-store.js';
import { runHere } from '../test/support/command-here.js';
import { startPostgres } from '../test/support/databases.js';
import { removeNamespace } from '../test/support/redis.js';
import { usualPerson, usualSecret } from '../test/support/usual-person.js';

/** Seconds of each way. `resumed`: of what was left of the way there after it was broken off. */
export type TransferSpeed = { people: number; exported: number; resumed: number; back: number; returned: number };

export async function measureTransfer(redisUrl: string, namespace: string, people: number): Promise<TransferSpeed> {
  const redis = new Redis(redisUrl);
  const database = await startPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'express-mfa-bench-'));
  const [there, back] = [join(folder, 'there.jsonl'), join(folder, 'back.jsonl')];
  try {
    const from = redisStore(redis, { namespace, timeoutMs: 30_000, warn: () => undefined });
    const into = sqlStore(database.connect(), { namespace, timeoutMs: 30_000 });
    await into.migrations?.migrate();
    await fill(from, people);
    const before = await digestOf(from);
    const exported = await timed(() => run(exportCommand, from, ['--out', there]));
    await breakOff(into, there, people);
    const resumed = await timed(() => run(importCommand, into, [there, '--by', 'bench']));
    const backSeconds = await timed(() => run(exportCommand, into, ['--out', back]));
    await removeNamespace(redis, namespace);
    const returned = await timed(() => run(importCommand, from, [back, '--by', 'bench']));
    if ((await digestOf(into)) !== before || (await digestOf(from)) !== before)
      throw new Error('What came back is not what went.');
    return { people, exported, resumed, back: backSeconds, returned };
  } finally {
    redis.disconnect();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Usual people; of each twentieth a tombstone, of each second a claim, some of them nobody's. */
async function fill(store: MfaStore, people: number): Promise<void> {
  await usualPerson(store, 'someone');
  const { record } = await store.load('someone');
  if (!record) throw new Error('Nobody is there.');
  for (let at = 0; at < people; at += 500)
    await Promise.all(
      Array.from({ length: Math.min(500, people - at) }, async (_, index) => {
        const [number, id] = [at + index, `person-${at + index}`];
        if (number % 20 === 0) await store.remove(id);
        else await store.save(id, { ...record, epoch: `epoch of ${id}` }, undefined);
        if (number % 2 === 0) await store.claim(`webauthn:credential:${id}`, id);
        if (number % 20 === 0) await store.abandon(id, [`webauthn:credential:${id}`]);
      }),
    );
}

async function breakOff(store: MfaStore, path: string, people: number): Promise<void> {
  let saves = 0;
  const failing: MfaStore = {
    ...store,
    save(...args) {
      saves += 1;
      return saves > people / 2 ? Promise.reject(new Error('Broken off.')) : store.save(...args);
    },
  };
  delete failing.saveAll;
  const ended = await run(importCommand, failing, [path, '--by', 'bench']).catch((error: unknown) => error);
  if (!(ended instanceof Error) || ended.message !== 'Broken off.') throw new Error('It was not broken off.');
}

async function run(command: typeof exportCommand, store: MfaStore, args: string[]): Promise<void> {
  const { code, stderr } = await runHere(command, appOn(store), args);
  if (code !== 0) throw new Error(stderr);
}

function appOn(store: MfaStore): MfaCore {
  const notices = { notify: () => undefined };
  const factors = [totp(), backupCodes()];
  return createMfaCore({ appName: 'Bench', secrets: [usualSecret], store, factors, user: () => null, ...notices });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same for the same people and claims, in whatever order they are met. */
async function digestOf(store: MfaStore): Promise<string> {
  const seen = new Set<string>();
  let sum = 0n;
  const add = (name: string, value: unknown) => {
    if (seen.has(name)) return;
    seen.add(name);
    const digest = createHash('sha256')
      .update(`${name}\n${orderedJson(value ?? null)}`)
      .digest('hex');
    sum = (sum + BigInt(`0x${digest}`)) % 2n ** 256n;
  };
  for await (const { userId, record } of store.scan({ tombstones: true })) add(`p${userId}`, record);
  for await (const { key, userId } of store.claims()) add(`c${key}`, userId);
  return `${seen.size} ${sum.toString(16)}`;
}
