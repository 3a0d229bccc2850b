// What databases do not say alike, and how a statement gets to each of them and back unchanged by any setting: everything is
// sent and read as plain ASCII. It knows no table.
import type { Connection, KnexClient } from './knex-client.js';

/** Every value as text; `changed` counts rows that a statement without RETURNING wrote. */
export type Reply = { rows: (string | null)[][]; changed: number };

/** ASCII, or nothing. Numbers stand in the statement. */
export type Value = string | null;

/** `race`: somebody else was faster, and nothing was done; `busy`: nothing was done yet; `missing`: there is no such table. */
export type Failure = 'race' | 'busy' | 'missing' | 'other';

export type Dialect = {
  readonly name: 'PostgreSQL' | 'MariaDB' | 'SQLite';
  /** An expression: `1` or `ON` where this server is no primary, so that its answers may be old. */
  readonly standby: string;
  /** An expression: the server's clock in milliseconds since the Unix epoch, the same all through one statement. */
  readonly now: string;
  /** Begins what follows VALUES where the key is there already: assignments to its row. */
  onConflict: (key: string) => string;
  /** In such an assignment: the value that did not get in. */
  fresh: (column: string) => string;
  /** Behind VALUES: writes nothing where the key is there already. Without it the failure is a `race`. */
  readonly unlessThere: string;
  /** Whether UPDATE knows RETURNING. */
  readonly updateReturns: boolean;
  /** Column types, of keys of up to 255 signs and of texts of any length, compared byte by byte. */
  readonly types: { key: string; text: string };
  /** Behind the definition of a table. */
  readonly tableOptions: string;
  /** Whether tables are made and dropped within transactions. */
  readonly transactional: boolean;
  /** Begins a transaction that will write. */
  readonly begin: string;
  send: (client: KnexClient, connection: Connection, sql: string, values: readonly Value[]) => Promise<Reply>;
  classify: (error: unknown) => Failure;
  /** Closes a connection on which an answer is still waited for; not there where answers come at once. */
  kill?: (connection: Connection) => void;
};
