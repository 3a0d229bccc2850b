// One of two processes on one database: writes to the audit log, and asks for the same cases and the same census as the other.
import knex, { type Knex } from 'knex';
import { sqlAuditStore, sqlCaseStore, sqlStatsStore } from '../../src/sql.js';
import { openLog } from '../audit/open-log.js';
import { patienceMs } from './patience.js';
import { sqliteKnex } from './sqlite.js';

/** Of SQLite the file, of others what Knex takes. */
export type Reached = { file: string } | { settings: Knex.Config };
export type BesideRival = { me: string; namespace: string; reached: Reached };
export type BesideReport = { lost: number; opened: number; began: number };

const { me, namespace, reached } = JSON.parse(process.argv[2] ?? '') as BesideRival;
const database = 'file' in reached ? sqliteKnex(reached.file) : knex(reached.settings);
const options = { namespace, timeoutMs: patienceMs };
const cases = sqlCaseStore(database, options);
const stats = sqlStatsStore(database, options);
const { log, tell } = openLog(sqlAuditStore(database, options));

const ids = Array.from({ length: 50 }, (_, at) => `case-${at}`);
const many = async (attempt: (id: string) => Promise<boolean>) =>
  (await Promise.all(ids.map(attempt))).filter(Boolean).length;

async function write(): Promise<BesideReport> {
  for (let i = 0; i < 300; i += 1) {
    tell('verification-accepted', { userId: `${me}-${i}`, kind: 'totp', outcome: 'accepted', ip: '192.0.2.7' });
    if (i % 50 === 49) await log.settled();
  }
  const by = { id: me, name: me };
  const rest = { action: 'reset', userId: 'ann', epoch: 'e', reason: `of ${me}`, by, openedAt: 1, expiresAt: 2 };
  await cases.acted(me);
  const opened = await many((id) => cases.open({ id, ...rest, options: {} }));
  const began = (await stats.begin({ startedAt: 1_790_000_000, resumeAfter: 0, ttlSeconds: 600 })) ? 1 : 0;
  await log.close();
  return { lost: (await log.health()).lost, opened, began };
}

const take = () => many(async (id) => (await cases.take(id)) !== undefined);
const orders = { write, take };

process.on('message', (order: keyof typeof orders) => void orders[order]().then((said) => process.send?.(said)));
process.once('disconnect', () => process.exit());
void cases.list().then(() => process.send?.('ready'));
