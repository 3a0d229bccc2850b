// Makes the tables and takes them back, by as many processes at once as there are: each step runs under a lock that ends with its
// transaction, or, where tables are not made in transactions, may be run by two. Knows no table but that of what was made.
import type { StoreMigrations } from '../../core/kernel/ports.js';
import { MfaError } from '../../core/words/errors.js';
import { bookkeeping, migrationsTable, steps } from './migrations.js';
import type { Run, Sql } from './sql.js';

/** A table that others use is waited for; nobody's sign-in waits for this. */
const stepMs = 60_000;

export function migrationsOf(sql: Sql): StoreMigrations {
  const { dialect, transaction } = sql;
  const books = bookkeeping(dialect);

  async function made(run?: Run): Promise<Set<unknown>> {
    const text = `SELECT name FROM ${migrationsTable}`;
    const { rows } = await (run ? run(text) : sql.ask('reading which tables were made', text));
    return new Set(rows.map(([name]) => name));
  }

  async function known(): Promise<Set<unknown>> {
    try {
      return await made();
    } catch (error) {
      if (dialect.classify((error as MfaError).cause) === 'missing') return new Set();
      throw error;
    }
  }

  /** One after the other, each process: a lock of a killed one ends with its connection. */
  const alone = <T>(doing: string, work: (run: Run) => Promise<T>): Promise<T> =>
    transaction(
      doing,
      async (run) => {
        await run(books.table);
        if (dialect.name === 'PostgreSQL') await run(`LOCK TABLE ${migrationsTable} IN EXCLUSIVE MODE`);
        return work(run);
      },
      stepMs,
    );

  return {
    status: async () => {
      const done = await known();
      return steps.map(({ name }) => ({ name, made: done.has(name) }));
    },

    async migrate() {
      const now: string[] = [];
      for (const { name, up } of steps) {
        const mine = await alone(`making ${name}`, async (run) => {
          if ((await made(run)).has(name)) return false;
          for (const text of up(dialect)) await run(text);
          return (await run(books.made(name))).changed > 0;
        });
        if (mine) now.push(name);
      }
      return now;
    },

    async rollback() {
      const done = await known();
      const last = steps.filter(({ name }) => done.has(name)).at(-1);
      if (!last) return undefined;
      await alone(`taking ${last.name} back`, async (run) => {
        for (const text of last.down(dialect)) await run(text);
        await run(books.taken(last.name));
      });
      return last.name;
    },
  };
}

/** @throws MfaError `config.store_not_migrated` */
export async function requireTables(store: string, migrations: StoreMigrations): Promise<void> {
  const missing = (await migrations.status()).filter(({ made }) => !made);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new MfaError(
    'config.store_not_migrated',
    `${store}: the database lacks tables (${names}). Run \`npx express-mfa sql migrate\`, or \`sqlMigrations\` with your own.`,
  );
}
