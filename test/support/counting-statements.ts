// Counts what a Knex sends to its database. What deletes that which has lapsed is left out: it goes by the time, and nobody waits.
import type { Knex } from 'knex';

type CountingStatements = { readonly count: number; reset(): void };

export function countStatements(knex: Knex): CountingStatements {
  let count = 0;
  knex.on('query', ({ sql }: { sql: string }) => {
    if (!sql.includes('expires_at <= ')) count += 1;
  });
  return {
    get count() {
      return count;
    },
    reset() {
      count = 0;
    },
  };
}
