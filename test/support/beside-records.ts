// What a database keeps beside records: the contracts of audit log, figures and cases, and what must hold with processes beside one
// another. The same for every database; which one it is on is not known here.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Knex } from 'knex';
import { exportCommand } from '../../src/cli/export.js';
import { importCommand } from '../../src/cli/import.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { totp } from '../../src/factors/totp/totp.js';
import { memoryStore } from '../../src/index.js';
import { createMfaCore } from '../../src/mfa.js';
import { oddIds } from '../../src/testing/store-contract-tools.js';
import { sqlAuditStore, sqlCaseStore, sqlStatsStore, sqlStore } from '../../src/sql.js';
import { auditStoreContract } from '../../src/testing/audit-store-contract.js';
import { caseStoreContract } from '../../src/testing/case-store-contract.js';
import { statsStoreContract } from '../../src/testing/stats-store-contract.js';
import { openLog } from '../audit/open-log.js';
import { secrets } from './cli.js';
import { runHere } from './command-here.js';
import { everythingIn } from './everything-in.js';
import { patienceMs } from './patience.js';
import { program } from './programs.js';
import { freshNamespace } from './redis.js';
import type { BesideReport, BesideRival, Reached } from './beside-rival.js';
import { newFolder } from './folder.js';

const script = fileURLToPath(new URL('beside-rival.ts', import.meta.url));

/** What a process says next; it says nothing any more where it ended. */
const heard = (child: ChildProcess) =>
  Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The other process ended, ${String(code)}.`);
    }),
  ]);

/** @param reached what another process makes its own Knex of */
export function describeBesideRecords(name: string, knexOf: () => Knex, reached: () => Reached): void {
  const close = () => Promise.resolve();
  const options = () => ({ namespace: freshNamespace(), timeoutMs: patienceMs });
  auditStoreContract(`sqlAuditStore on ${name}`, async () => ({ store: sqlAuditStore(knexOf(), options()), close }));
  statsStoreContract(`sqlStatsStore on ${name}`, async () => ({ store: sqlStatsStore(knexOf(), options()), close }));
  caseStoreContract(`sqlCaseStore on ${name}`, async () => ({ store: sqlCaseStore(knexOf(), options()), close }));

  describe(`beside records on ${name}`, function () {
    this.timeout(300_000);

    it('two processes: one audit log that lacks nothing and verifies, counted with it; each case and the census for one of them', async () => {
      const { namespace } = options();
      const children = ['first', 'second'].map((me) => {
        const rival: BesideRival = { me, namespace, reached: reached() };
        return fork(program(script), [JSON.stringify(rival)], { execArgv: [] });
      });
      await Promise.all(children.map(heard));
      const told = async <T>(order: string): Promise<T[]> => {
        const reports = children.map(heard);
        children.forEach((child) => child.send(order));
        return (await Promise.all(reports)).map(([report]) => report as T);
      };
      const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);
      const reports = await told<BesideReport>('write');
      expect(reports.map(({ lost }) => lost)).to.deep.equal([0, 0]);
      expect(sum(reports.map(({ opened }) => opened))).to.equal(50);
      expect(sum(reports.map(({ began }) => began))).to.equal(1);
      expect(sum(await told<number>('take'))).to.equal(50);
      children.forEach((child) => child.disconnect());
      expect(await sqlCaseStore(knexOf(), { namespace }).acted('third')).to.equal(3);

      const store = sqlAuditStore(knexOf(), { namespace, timeoutMs: patienceMs });
      const found = await openLog(store).log.verify();
      expect(found).to.include({ sound: true, entries: 600 });
      const [day] = await store.days('2026-03-01', '2026-03-01');
      expect(day?.counts['event/verification-accepted/success/totp/-']).to.equal(600);
      expect(day?.people).to.be.within(570, 630);
      expect((await sqlAuditStore(knexOf(), options()).extent()).last, 'of another app').to.equal(0);
    });

    it('takes everybody in from another store, broken off in between, and gives them back as they were', async () => {
      const folder = newFolder('transfer');
      const [there, back] = [join(folder, 'there.jsonl'), join(folder, 'back.jsonl')];
      const appOn = (store: MfaStore) =>
        createMfaCore({
          appName: 'Acme',
          secrets: [secrets.old],
          store,
          factors: [totp()],
          user: () => null,
          notify: () => undefined,
        });
      const { namespace, timeoutMs } = options();
      const [from, into, home] = [memoryStore(), sqlStore(knexOf(), { namespace, timeoutMs }), memoryStore()].map(
        (store) => ({ ...store, namespace }),
      );
      if (!from || !into || !home) throw new Error('There are three stores.');
      for (const [at, id] of [
        ...oddIds.filter(Boolean),
        ...Array.from({ length: 400 }, (_, index) => `u${index}`),
      ].entries()) {
        await from.save(id, emptyRecord(`of ${id}`), undefined);
        await from.claim(`key ${id}`, id);
        if (at % 5 !== 0) continue;
        await from.remove(id);
        await from.abandon(id, [`key ${id}`]);
      }
      await runHere(exportCommand, appOn(from), ['--out', there]);
      let saves = 0;
      const { saveAll: _together, ...alone } = into;
      const failing = {
        ...alone,
        save: (...args: Parameters<MfaStore['save']>) =>
          (saves += 1) > 250 ? Promise.reject(new Error('Gone.')) : into.save(...args),
      };
      const died = await runHere(importCommand, appOn(failing), [there, '--by', 'ops']).catch(
        (error: unknown) => error,
      );
      expect(died).to.have.property('message', 'Gone.');
      const resumed = await runHere(importCommand, appOn(into), [there, '--by', 'ops']);
      expect(resumed.code, resumed.stderr).to.equal(0);
      expect(resumed.stderr).to.contain('Goes on behind line');
      await runHere(exportCommand, appOn(into), ['--out', back]);
      expect((await runHere(importCommand, appOn(home), [back, '--by', 'ops'])).code).to.equal(0);
      const before = await everythingIn(from);
      expect(await everythingIn(into)).to.deep.equal(before);
      expect(await everythingIn(home)).to.deep.equal(before);
    });

    it('keeps what is hashed to the letter, and trims it in small steps while others append', async () => {
      const store = sqlAuditStore(knexOf(), options());
      const text = JSON.stringify({
        odd: 'é ~00e9 \\ \' " ? :a 🙂 \ud800',
        at: '2026-03-01T10:00:00.000Z',
        b: 1,
        a: 1.0,
      });
      const entry = (seq: number) => ({ seq, hash: `h${seq}`, timeMs: 1, text, subject: 'Bob ' });
      for (let from = 1; from < 900; from += 300)
        await store.append({
          writer: 'w',
          after: { seq: from - 1, hash: from === 1 ? '' : `h${from - 1}` },
          entries: Array.from({ length: 300 }, (_, at) => entry(from + at)),
          counts: [],
          keyId: 'k',
          nowMs: 1,
        });
      expect((await store.page({ after: 0, limit: 1 })).items[0]?.text).to.equal(text);
      expect((await store.page({ after: 0, limit: 1, subject: 'bob' })).items).to.deep.equal([]);
      let line = 0;
      const appends: Promise<unknown>[] = [];
      /** Drops the oldest steps, until there is nothing. */
      const trim = async (): Promise<void> => {
        const span = await store.oldest();
        if (!span) return;
        expect(span.last - span.first).to.be.below(256);
        line += 1;
        const written = { expected: line === 1 ? '' : `l${line - 1}`, hash: `l${line}`, text: '{}' };
        const writer = `v${line}`;
        if (line < 4)
          appends.push(
            store.append({
              writer,
              after: { seq: 0, hash: '' },
              entries: [entry(1)],
              counts: [],
              keyId: 'k',
              nowMs: 1,
            }),
          );
        expect(await store.drop(span.first, span.last, written, [])).to.equal('dropped');
        await trim();
      };
      await trim();
      // Any of them may have come after the last step.
      expect(await Promise.all(appends)).to.have.length(3);
      await trim();
      expect((await store.extent()).bytes).to.equal(0);
    });
  });
}
