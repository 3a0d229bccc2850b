// What a store in SQL sends for each method, and what it sends nothing for. By what a server is sent, and what it answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { sqlStore } from '../../src/sql.js';
import { steps } from '../../src/stores/sql/migrations.js';
import { knexStandIn, type KnexStandIn } from '../support/knex-stand-in.js';

const storeOn = ({ knex }: KnexStandIn) => sqlStore(knex, { namespace: 'acme', timeoutMs: 30_000 });
const race = Object.assign(new Error('It lost.'), { code: '40001' });
const revision = '1'.repeat(32);
const textsOf = ({ asked }: KnexStandIn) => asked.map(({ sql }) => sql);
const names = steps.map(({ name }) => name);

describe('a record in SQL', () => {
  it('is saved by one statement, and not where another was faster', async () => {
    for (const expected of [undefined, revision]) {
      const won = knexStandIn(() => 1);
      expect(await storeOn(won).save('u', emptyRecord('e'), expected)).to.match(/^[0-9a-f]{32}$/);
      expect(won.asked).to.have.length(1);
      for (const answer of [() => 0, () => Promise.reject(race)])
        expect(await storeOn(knexStandIn(answer)).save('u', emptyRecord('e'), expected)).to.equal(undefined);
    }
  });

  it('is asked about by no revision that no record ever had', async () => {
    const seen = knexStandIn(() => 1);
    for (const invented of ['', 'é', revision.slice(1), `${revision}0`]) {
      expect(await storeOn(seen).save('u', emptyRecord('e'), invented)).to.equal(undefined);
      expect(await storeOn(seen).remove('u', { revision: invented })).to.equal(false);
    }
    expect(seen.asked).to.deep.equal([]);
  });
});

describe('a walk in SQL', () => {
  const walked = async (after?: string) => {
    const seen = knexStandIn(() => [['0', null, null]]);
    for await (const _one of storeOn(seen).scan(after === undefined ? {} : { after })) expect.fail('There is none.');
    expect(seen.asked).to.have.length(1);
    return seen.asked[0];
  };

  it('begins behind its cursor, and at the beginning for what is none', async () => {
    for (const none of [undefined, '', 'é', 'aé', 'éa', 'a b', 'a\n']) {
      const asked = await walked(none);
      expect(asked?.sql, String(none)).to.not.include('>');
      expect(asked?.bindings, String(none)).to.deep.equal(['acme']);
    }
    const behind = await walked('%00e9~!');
    expect(behind?.sql).to.include('AND user_id > ?');
    expect(behind?.bindings).to.deep.equal(['acme', '%00e9~!']);
  });
});

describe('claims in SQL', () => {
  it('are released two hundred at once, each once', async () => {
    for (const [count, sent] of [
      [0, []],
      [200, [200]],
      [201, [200, 1]],
      [400, [200, 200]],
    ] as const) {
      const seen = knexStandIn(() => 0);
      const keys = Array.from({ length: count }, (_, at) => `k${at}`);
      await storeOn(seen).abandon('u', [...keys, ...keys]);
      expect(seen.asked.map(({ bindings }) => bindings.length - 3)).to.deep.equal(sent);
      expect(seen.asked.flatMap(({ bindings }) => bindings.slice(3))).to.deep.equal(keys);
    }
  });
});

describe('what lapses in SQL', () => {
  it('is deleted until there is less than a statement takes, and by no more statements', async () => {
    const left = [500, 500, 499];
    const seen = knexStandIn((sql) => (sql.startsWith('DELETE') ? (left.shift() ?? 0) : 1));
    await storeOn(seen).put('u', 'flow', 'x', 60);
    const deletes = () => textsOf(seen).filter((sql) => sql.startsWith('DELETE'));
    for (let tries = 0; deletes().length < 3 && tries < 600; tries += 1) await sleep(20);
    await sleep(250);
    expect(deletes()).to.have.length(3);
    for (const sql of deletes()) expect(sql).to.match(/ IN \(SELECT namespace, user_id, name FROM .* LIMIT 500\)$/);
  });

  it('is deleted by MariaDB without a sub-query, and counted down by what is there alone', async () => {
    const seen = knexStandIn((sql) => (sql.includes('RETURNING') ? [['2', '5001']] : 0), 'mysql2');
    expect(await storeOn(seen).increment('u', 'sent', 60, -1)).to.deep.equal({ count: 2, expiresInSeconds: 6 });
    const [counting, deleting] = textsOf(seen);
    expect(counting).to.match(
      /^INSERT INTO mfa_transients \(.*\) SELECT .* AS t WHERE .* ON DUPLICATE KEY UPDATE counter = /,
    );
    expect(deleting)
      .to.match(/^DELETE FROM mfa_transients WHERE .* ORDER BY expires_at LIMIT 500$/)
      .and.not.include('IN (');
    const other = knexStandIn((sql) => (sql.includes('RETURNING') ? [['2', '5001']] : 0));
    await storeOn(other).increment('u', 'sent', 60, -1);
    expect(textsOf(other)[0]).to.match(/^UPDATE mfa_transients SET counter = /);
  });
});

describe('the tables of a store in SQL', () => {
  it('are said to be made by whoever noted it, and by nobody who found it noted', async () => {
    for (const driver of ['pg', 'mysql2'] as const)
      for (const changed of [0, 1]) {
        const answer = (sql: string) => (sql.startsWith('SELECT name') ? [] : changed);
        const seen = knexStandIn(answer, driver);
        expect(await storeOn(seen).migrations?.migrate()).to.deep.equal(changed === 1 ? names : []);
        const noted = textsOf(seen).filter((sql) => /^INSERT .*INTO mfa_migrations/.test(sql));
        expect(noted).to.have.length(names.length);
        for (const sql of noted)
          expect(sql).to.match(driver === 'pg' ? /^INSERT INTO .* ON CONFLICT DO NOTHING$/ : /^INSERT IGNORE INTO /);
      }
  });
});
