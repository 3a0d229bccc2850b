// Many saves at once in SQL: how they are divided among statements, in which order, and whose word counts. By what a server is sent.
import { expect } from 'chai';
import type { Saving } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { sqlStore } from '../../src/sql.js';
import { recordText } from '../../src/stores/stored-values.js';
import { knexStandIn, type KnexStandIn } from '../support/knex-stand-in.js';

const [first, second] = ['1', '2'].map((digit) => digit.repeat(32)) as [string, string];
const saving = (userId: string, expected?: string, signs?: number): Saving => {
  const epoch = signs === undefined ? 'e' : 'e'.repeat(signs - recordText(emptyRecord('')).length);
  return { userId, record: emptyRecord(epoch), expected };
};
const ids = (count: number) => Array.from({ length: count }, (_, at) => `u${String(at).padStart(3, '0')}`);
const saveAll = async ({ knex }: KnexStandIn, saves: Saving[]) =>
  (await sqlStore(knex, { namespace: 'acme', timeoutMs: 30_000 }).saveAll?.(saves)) ?? [];

/** A server that takes everything but what is of `lost`. */
const taking = (lost: readonly string[] = []) =>
  knexStandIn((_sql, bindings) =>
    rowsIn(bindings).flatMap(({ userId, revision }) => (lost.includes(userId) ? [] : [[revision]])),
  );
/** Of an insert five values a row, the namespace first; of an update four, the namespace behind all. */
function rowsIn(bindings: readonly unknown[]): { userId: string; revision: string }[] {
  const values = bindings as string[];
  const [each, key, revision] = values[0] === 'acme' ? [5, 1, 3] : [4, 0, 2];
  return Array.from({ length: Math.floor(values.length / each) }, (_, at) => ({
    userId: values[at * each + key] ?? '',
    revision: values[at * each + revision] ?? '',
  }));
}
const sent = ({ asked }: KnexStandIn) =>
  asked.map(({ sql, bindings }) => [sql.split(' ')[0], rowsIn(bindings).map(({ userId }) => userId)]);

describe('saving many records at once in SQL', () => {
  it('asks once for a hundred people, and for more as often as that takes', async () => {
    for (const [count, parts] of [
      [100, [100]],
      [101, [100, 1]],
      [250, [100, 100, 50]],
    ] as const) {
      const seen = taking();
      const saved = await saveAll(
        seen,
        ids(count).map((id) => saving(id)),
      );
      expect(sent(seen).map(([, people]) => people?.length)).to.deep.equal(parts);
      expect(saved).to.have.length(count);
      for (const revision of saved) expect(revision).to.match(/^[0-9a-f]{32}$/);
    }
  });

  it('sends no more than half a million signs of records at once, but for a single longer one', async () => {
    for (const [signs, parts] of [
      [[250_000, 250_000], [2]],
      [
        [250_000, 250_001],
        [1, 1],
      ],
      [
        [600_000, 100],
        [1, 1],
      ],
      [
        [300_000, 300_000, 200_000, 1000],
        [1, 2, 1],
      ],
    ] as const) {
      const seen = taking();
      const people = ids(signs.length);
      const saved = await saveAll(
        seen,
        signs.map((length, at) => saving(people[at] ?? '', undefined, length)),
      );
      expect(
        sent(seen).map(([, told]) => told?.length),
        signs.join(),
      ).to.deep.equal(parts);
      expect(saved).to.not.include(undefined);
    }
  });

  it('sends each person once in a statement, and people in the order of their keys, so that rivals wait for each other in turn', async () => {
    const seen = taking();
    await saveAll(
      seen,
      ['c', 'a', 'b', 'a'].map((id) => saving(id, first)),
    );
    expect(sent(seen)).to.deep.equal([
      ['UPDATE', ['a', 'b', 'c']],
      ['UPDATE', ['a']],
    ]);
  });

  it('makes new records and changes others by statements of their own, in turn', async () => {
    const seen = taking();
    await saveAll(seen, [saving('b'), saving('a'), saving('d', first), saving('c', second), saving('e')]);
    expect(sent(seen)).to.deep.equal([
      ['INSERT', ['a', 'b']],
      ['UPDATE', ['c', 'd']],
      ['INSERT', ['e']],
    ]);
  });

  it('tells each by what the database says of it, in the order in which they were given', async () => {
    for (const expected of [undefined, first]) {
      const seen = taking(['a']);
      const [ofC, ofA, ofB] = await saveAll(seen, [
        saving('c', expected),
        saving('a', expected),
        saving('b', expected),
      ]);
      const revisions = Object.fromEntries(
        rowsIn(seen.asked[0]?.bindings ?? []).map((row) => [row.userId, row.revision]),
      );
      expect([ofC, ofA, ofB]).to.deep.equal([revisions['c'], undefined, revisions['b']]);
    }
  });

  it('asks nothing for nobody, nor for a revision that no record ever had', async () => {
    const seen = taking();
    expect(await saveAll(seen, [])).to.deep.equal([]);
    expect(await saveAll(seen, [saving('a', 'invented'), saving('b', '')])).to.deep.equal([undefined, undefined]);
    expect(seen.asked).to.deep.equal([]);
  });
});

describe('saving many records at once in MariaDB, whose UPDATE does not say of which rows it was', () => {
  const hexOf = (text: string) => `X'${Buffer.from(text).toString('hex')}'`;

  it('changes them row by row in one transaction, and counts what each statement says', async () => {
    const seen = knexStandIn((sql) => (sql.includes(hexOf('lost')) ? 0 : 1), 'mysql2');
    const [a, lost, b] = await saveAll(seen, [saving('a', first), saving('lost', second), saving('b', first)]);
    expect([typeof a, typeof lost, typeof b]).to.deep.equal(['string', 'undefined', 'string']);
    const statements = seen.asked.map(({ sql }) => sql);
    expect(statements.map((sql) => sql.split(' ')[0])).to.deep.equal(['START', 'UPDATE', 'UPDATE', 'UPDATE', 'COMMIT']);
    for (const [at, [userId, known]] of [
      ['a', first],
      ['b', first],
      ['lost', second],
    ].entries())
      expect(statements[at + 1]).to.match(
        new RegExp(
          `WHERE namespace = ${hexOf('acme')} AND user_id = ${hexOf(userId ?? '')} AND revision = ${hexOf(known ?? '')}$`,
        ),
      );
    expect(statements[1]).to.include(`revision = ${hexOf(a ?? '')}`);
    expect(seen.taken).to.have.length(1);
  });

  it('makes new ones in one statement', async () => {
    const seen = knexStandIn(() => [], 'mysql2');
    expect(await saveAll(seen, [saving('a'), saving('b')])).to.deep.equal([undefined, undefined]);
    expect(seen.asked.map(({ sql }) => sql.split(' ')[0])).to.deep.equal(['INSERT']);
  });
});
