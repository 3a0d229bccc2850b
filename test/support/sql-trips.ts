// What a store in SQL costs: a statement for each method, and each answer as many as Redis is asked commands, in as many trips.
import { expect } from 'chai';
import type { Knex } from 'knex';
import { countTrips } from '../../bench/round-trips.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { sqlStore } from '../../src/sql.js';
import { countStatements } from './counting-statements.js';
import { patienceMs } from './patience.js';
import { freshNamespace } from './redis.js';
import { storeMethods } from './store-methods.js';

/** Sequential trips, and commands, of what docs/cost.md names. */
const answers = {
  'TOTP, right': [2, 2],
  'TOTP, wrong': [2, 2],
  // One of them for a notice, or to tidy up, which nobody waits for.
  'backup code, right': [3, 3],
  'backup code, wrong': [2, 2],
  'passkey, verify': [2, 3],
  'e-mail code, verify': [3, 4],
  locked: [1, 1],
};

export async function expectFewStatements(knex: Knex): Promise<void> {
  const store = sqlStore(knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
  const statements = countStatements(knex);
  for (const [name, method] of Object.entries(storeMethods)) {
    statements.reset();
    await method(store);
    expect(statements.count, name).to.equal(1);
  }
  statements.reset();
  const many = Array.from({ length: 100 }, (_, at) => ({ userId: `many-${at}`, record: emptyRecord('e') }));
  await store.saveAll?.(many.map((one) => ({ ...one, expected: undefined })));
  expect(statements.count, 'saveAll').to.equal(1);

  const own = sqlStore(knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
  const counted = await countTrips(own, knex);
  const inMemory = await countTrips();
  const table = (rows: typeof counted) => rows.map(({ operation, trips, commands }) => [operation, trips, commands]);
  expect(table(counted)).to.deep.equal(table(inMemory));
  for (const { operation, statements: sent } of counted)
    expect(sent, `statements of a command: ${operation}`).to.equal(1);
  const found = Object.fromEntries(counted.map(({ operation, trips, commands }) => [operation, [trips, commands]]));
  expect(found).to.deep.include(answers);
}
