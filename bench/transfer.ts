// How long it takes to move everybody from Redis to PostgreSQL and back, by the commands themselves, each of which is killed
// (SIGKILL) in the middle and gone on with. Ends with an error where what arrives is not what went.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { MfaStore } from '../src/core/kernel/ports.js';
import { orderedJson } from '../src/core/words/ordered-json.js';
import { sqlStore } from '../src/sql.js';
import { redisStore } from '../src/stores/redis-store.js';
import { startPostgres } from '../test/support/databases.js';
import { removeNamespace } from '../test/support/redis.js';
import { usualPerson } from '../test/support/usual-person.js';
import { killedHalfway, type Way } from './transfer-command.js';

/** `digest`: the same before, there and back. */
export type TransferSpeed = { people: number; ways: Way[]; fileMegabytes: number; digest: string };

export async function measureTransfer(redisUrl: string, namespace: string, people: number): Promise<TransferSpeed> {
  const redis = new Redis(redisUrl);
  const database = await startPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'express-mfa-bench-'));
  const [there, back] = [join(folder, 'there.jsonl'), join(folder, 'back.jsonl')];
  const inRedis = { namespace, redis: redisUrl };
  const inSql = { namespace, knex: database.settings };
  try {
    const from = redisStore(redis, { namespace, timeoutMs: 30_000, warn: () => undefined });
    const into = sqlStore(database.connect(), { namespace, timeoutMs: 30_000 });
    await into.migrations?.migrate();
    const perPerson = await fill(from, people);
    const digest = await digestOf(from);
    const isWritten = (path: string) => async () =>
      ((await stat(path).catch(() => undefined))?.size ?? 0) > (people * perPerson) / 2;
    const exporting = (path: string): [string[], string[]] => {
      const args = ['export', '--out', path];
      return [args, [...args, '--resume']];
    };
    const importing = (path: string): [string[], string[]] => {
      const args = ['import', path, '--by', 'bench'];
      return [args, args];
    };

    const ways = [await killedHalfway('export from Redis', inRedis, exporting(there), isWritten(there))];
    const fileMegabytes = Math.round((await stat(there)).size / 1e6);
    const isThere = async () => ((await into.count?.()) ?? 0) > people / 2;
    ways.push(await killedHalfway('import into PostgreSQL', inSql, importing(there), isThere));
    await expectSame(into, digest);
    ways.push(await killedHalfway('export from PostgreSQL', inSql, exporting(back), isWritten(back)));
    await removeNamespace(redis, namespace);
    const others = await redis.dbsize();
    const isBack = async () => (await redis.dbsize()) - others > people / 2;
    ways.push(await killedHalfway('import into Redis', inRedis, importing(back), isBack));
    await expectSame(from, digest);
    return { people, ways, fileMegabytes, digest };
  } finally {
    await removeNamespace(redis, namespace);
    redis.disconnect();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Usual people; of each twentieth a tombstone, of each second a claim, some of them nobody's. @returns signs of one record */
async function fill(store: MfaStore, people: number): Promise<number> {
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
  return JSON.stringify(record).length;
}

async function expectSame(store: MfaStore, digest: string): Promise<void> {
  const arrived = await digestOf(store);
  if (arrived !== digest) throw new Error(`What arrived (${arrived}) is not what went (${digest}).`);
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
