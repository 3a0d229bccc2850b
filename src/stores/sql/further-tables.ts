// The tables of what stands beside records: the audit log, the figures of a census, cases. The second step of the migrations.
import type { Dialect } from './dialect.js';

/** Columns of each, and its primary key behind `namespace`. */
const tables = ({ key, text }: Dialect['types']): { [name: string]: [columns: string, primary: string] } => ({
  mfa_audit: [
    `first_place bigint NOT NULL, last_place bigint NOT NULL, bytes bigint NOT NULL, line ${text} NOT NULL, line_count bigint NOT NULL`,
    '',
  ],
  mfa_audit_entries: [
    `place bigint NOT NULL, time_ms bigint NOT NULL, subject ${key}, flow ${key}, watched smallint, entry ${text} NOT NULL`,
    'place',
  ],
  mfa_audit_spans: ['bucket bigint NOT NULL, from_ms bigint NOT NULL, to_ms bigint NOT NULL', 'bucket'],
  mfa_audit_keys: [`key_id ${key} NOT NULL, last_place bigint NOT NULL`, 'key_id'],
  mfa_audit_once: [`id ${key} NOT NULL, expires_at bigint NOT NULL`, 'id'],
  mfa_audit_writers: [
    `writer ${key} NOT NULL, seq bigint NOT NULL, hash ${text} NOT NULL, heard_ms bigint NOT NULL, closed smallint NOT NULL`,
    'writer',
  ],
  mfa_audit_lines: [`number bigint NOT NULL, line ${text} NOT NULL`, 'number'],
  mfa_audit_days: [`day ${key} NOT NULL, counter ${key} NOT NULL, total bigint NOT NULL`, 'day, counter'],
  mfa_audit_people: [`day ${key} NOT NULL, sketch ${text} NOT NULL`, 'day'],
  mfa_audit_sinks: [
    `sink ${key} NOT NULL, fence bigint NOT NULL, place bigint NOT NULL, line bigint NOT NULL, holder ${key} NOT NULL, until_ms bigint NOT NULL`,
    'sink',
  ],
  mfa_audit_letters: [`sink ${key} NOT NULL, number bigint NOT NULL, letter ${text} NOT NULL`, 'sink, number'],
  mfa_census: [`fence bigint NOT NULL, held_until bigint NOT NULL, state ${text} NOT NULL`, ''],
  mfa_census_counts: [
    `run bigint NOT NULL, scope ${key} NOT NULL, name ${key} NOT NULL, total bigint NOT NULL`,
    'run, scope, name',
  ],
  mfa_census_lists: [
    `run bigint NOT NULL, scope ${key} NOT NULL, name ${key} NOT NULL, place bigint NOT NULL, id ${text} NOT NULL`,
    'run, scope, name, place',
  ],
  mfa_census_days: [`day ${key} NOT NULL, counts ${text} NOT NULL`, 'day'],
  mfa_cases: [`id ${key} NOT NULL, body ${text} NOT NULL`, 'id'],
  mfa_case_admins: [`admin ${key} NOT NULL`, 'admin'],
});

const indexed = ['subject', 'flow', 'watched'];

export const furtherTables = {
  name: 'express-mfa-002-audit-census-cases',
  up: ({ types, tableOptions }: Dialect): string[] => [
    ...Object.entries(tables(types)).map(
      ([name, [columns, primary]]) =>
        `CREATE TABLE IF NOT EXISTS ${name} (namespace ${types.key} NOT NULL, ${columns}, PRIMARY KEY (namespace${primary && `, ${primary}`})) ${tableOptions}`,
    ),
    ...indexed.map(
      (column) =>
        `CREATE INDEX IF NOT EXISTS mfa_audit_entries_${column} ON mfa_audit_entries (namespace, ${column}, place)`,
    ),
  ],
  down: ({ types }: Dialect): string[] => Object.keys(tables(types)).map((name) => `DROP TABLE IF EXISTS ${name}`),
};
