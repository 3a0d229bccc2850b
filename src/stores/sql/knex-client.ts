// The host's Knex as far as it is used: its connections, and statements as its driver takes them, past builders and past whatever
// the host has Knex do with results. The only file that knows Knex, and only its types.
import type { Knex } from 'knex';
import { MfaError } from '../../core/words/errors.js';

export type { Knex };

/** One connection of the pool. Knex throws away what carries a reason why it is not fit for use. */
export type Connection = { __knex__disposed?: unknown };

export type Query = { sql: string; bindings: readonly unknown[]; options?: object };

/** The client within a Knex. */
export type KnexClient = {
  dialect: string;
  driverName: string;
  connectionSettings?: { filename?: unknown };
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): unknown;
  /** Answers the query, with what the driver responded. */
  query(connection: Connection, query: Query): Promise<{ response: unknown }>;
};

/**
 * @param store names whose option it is
 * @throws MfaError `config.invalid_option` for a transaction, and for all that is no Knex with a pool
 */
export function clientOf(store: string, knex: Knex): KnexClient {
  const { client, isTransaction } = ((knex as Knex | undefined) ?? {}) as {
    client?: Partial<KnexClient> & { pool?: unknown };
    isTransaction?: boolean;
  };
  if (isTransaction) {
    // What it writes would be gone, or not yet there for other processes, for as long as somebody else decides.
    throw invalid(store, 'this is a transaction. Give the Knex that it was begun on');
  }
  if (typeof client?.acquireConnection !== 'function' || typeof client.query !== 'function' || !client.pool) {
    throw invalid(
      store,
      'this is no Knex with a pool of connections. Give what `knex({ client, connection })` returned',
    );
  }
  return client as KnexClient;
}

export function invalid(store: string, wrong: string): MfaError {
  return new MfaError('config.invalid_option', `${store}: ${wrong}.`);
}
