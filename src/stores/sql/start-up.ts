// What is asked of a database before a store may be used, and by the doctor: its version, whether its settings would lose or
// hide what was written, and its tables. Of what is stored it knows nothing.
import type { StoreExamination, StoreMigrations } from '../../core/kernel/ports.js';
import { isMfaError, MfaError } from '../../core/words/errors.js';
import { requireTables } from './migrate.js';
import type { Sql } from './sql.js';

type Told = (string | null)[];
type Judged = { wrong?: string; unwise?: string };

/** That another server copies this one, and when it takes over may lack what was answered. */
const followed = (setting: string): Judged => ({
  unwise: `a server follows this one that no commit waits for (${setting}), so a fail-over to it brings spent codes and lifted locks back`,
});

/** Of each database: what is asked, and what is said of the answer. */
const questions: { [name in Sql['dialect']['name']]: { columns: string; judge: (told: Told) => Judged } } = {
  PostgreSQL: {
    columns: `current_setting('server_version_num'), current_setting('transaction_read_only'), current_setting('synchronous_commit'), current_setting('fsync'), current_setting('synchronous_standby_names'), (SELECT count(*) FROM pg_stat_replication)`,
    judge: ([version, readOnly, commit, fsync, awaited, followers]) => {
      if (Number(version) < 120_000) return { wrong: 'it needs PostgreSQL 12 or later' };
      if (readOnly === 'on') return { wrong: 'connections are read-only (`default_transaction_read_only`)' };
      if (commit === 'off' || fsync === 'off')
        return {
          unwise: `\`${fsync === 'off' ? 'fsync' : 'synchronous_commit'}\` is off, so a crash brings spent codes and lifted locks back`,
        };
      if (Number(followers) === 0) return {};
      if (awaited === '') return followed('`synchronous_standby_names` is empty');
      return commit === 'local' ? followed('`synchronous_commit` is local') : {};
    },
  },
  MariaDB: {
    columns:
      "VERSION(), @@autocommit, @@tx_isolation, @@global.innodb_flush_log_at_trx_commit, @@global.rpl_semi_sync_master_enabled, (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'SLAVES_CONNECTED')",
    judge: ([version, autocommit, isolation, flush, awaited, followers]) => {
      const [, major, minor] = /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version ?? '') ?? [];
      if (Number(major ?? 0) * 100 + Number(minor) < 1005 || major === undefined)
        return { wrong: `it needs MariaDB 10.5 or later; this is ${version ?? 'another'}` };
      if (autocommit !== '1') return { wrong: 'connections have `autocommit` off, so nothing would be kept' };
      if (isolation === 'READ-UNCOMMITTED')
        return {
          wrong: 'connections read what was not committed (READ UNCOMMITTED), so a save that never was would count',
        };
      if (flush !== '1')
        return {
          unwise: '`innodb_flush_log_at_trx_commit` is not 1, so a crash brings spent codes and lifted locks back',
        };
      if (Number(followers) > 0 && awaited !== '1') return followed('`rpl_semi_sync_master_enabled` is off');
      return {};
    },
  },
  SQLite: {
    columns: `sqlite_version()`,
    judge: ([version]) => {
      const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
      return major * 100 + minor < 335 ? { wrong: `it needs SQLite 3.35 or later; this is ${version}` } : {};
    },
  },
};

/**
 * @throws MfaError `config.database_unsuitable`, `config.store_not_migrated`; `store.unavailable` where it is to be asked again
 */
export async function checkDatabase(store: string, sql: Sql, migrations: StoreMigrations): Promise<void> {
  const { wrong, unwise } = await judged(sql);
  if (wrong) throw unsuitable(store, wrong);
  if (unwise) process.emitWarning(sentence(store, unwise), 'ExpressMfaWarning');
  await requireTables(store, migrations);
}

/** The same for operators, and the server's clock. */
export async function examineDatabase(store: string, sql: Sql, migrations: StoreMigrations): Promise<StoreExamination> {
  const { wrong, unwise } = await judged(sql);
  const findings: StoreExamination['findings'] = [];
  if (wrong) findings.push({ level: 'fail', text: unsuitable(store, wrong).message });
  if (unwise) findings.push({ level: 'warn', text: sentence(store, unwise) });
  await requireTables(store, migrations).catch((error: unknown) => {
    if (!isMfaError(error) || error.code !== 'config.store_not_migrated') throw error;
    findings.push({ level: 'fail', text: error.message });
  });
  const { rows } = await sql.ask('reading its clock', `SELECT ${sql.dialect.now} AS now`);
  return { findings, serverTimeMs: Number(rows[0]?.[0]) };
}

async function judged({ dialect, ask }: Sql): Promise<Judged> {
  const { columns, judge } = questions[dialect.name];
  const { rows } = await ask('reading its settings', `SELECT ${columns}`);
  return judge(rows[0] ?? []);
}

function unsuitable(store: string, wrong: string): MfaError {
  return new MfaError('config.database_unsuitable', sentence(store, wrong));
}

function sentence(store: string, said: string): string {
  return `${store}: ${said}.`;
}
