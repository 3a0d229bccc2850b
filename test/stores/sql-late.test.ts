// A statement in SQL that is late: the connection that keeps it waiting is given up, and none that somebody else may have by then.
import { expect } from 'chai';
import { sqlStore } from '../../src/sql.js';

/** What a store asks of a Knex over `pg`, whose server answers every statement like this. */
function knexOver(answer: () => Promise<never>) {
  const seen = { connections: 0, ended: 0 };
  const client = {
    dialect: 'postgresql',
    driverName: 'pg',
    pool: {},
    query: answer,
    acquireConnection: async () => {
      seen.connections += 1;
      return { connection: { stream: { destroy: () => (seen.ended += 1) } } };
    },
    releaseConnection: () => undefined,
  };
  return { seen, store: sqlStore({ client } as never, { namespace: 'late', timeoutMs: 100 }) };
}

async function expectLate(put: Promise<void>): Promise<void> {
  const told = await put.catch((error: unknown) => error);
  expect(told).to.include({ code: 'store.unavailable' });
}

describe('sqlStore when the deadline passes', () => {
  it('ends the connection that does not answer', async () => {
    const { seen, store } = knexOver(() => new Promise(() => undefined));
    await expectLate(store.put('u', 'flow', 'x', 60));
    expect(seen).to.deep.equal({ connections: 1, ended: 1 });
  });

  it('leaves a connection alone that it gave back, for another answer may be waited for on it', async () => {
    const { seen, store } = knexOver(() => Promise.reject(Object.assign(new Error('Lost.'), { code: '40001' })));
    await expectLate(store.put('u', 'flow', 'x', 60));
    expect(seen.connections).to.be.above(0);
    expect(seen.ended).to.equal(0);
  });
});
