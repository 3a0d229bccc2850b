// A primary that dies, and a standby that takes over: with synchronous commit nothing that was answered is lost, and no answer ever
// came from the standby before it was primary.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { sqlStore } from '../../../src/sql.js';
import { startPostgres, startStandby } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';

/** The one address of a database that fails over. */
async function addressOf(first: number) {
  let target = first;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port: number) {
      target = port;
      open.forEach((socket) => socket.destroy());
    },
    close() {
      open.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

describe('sqlStore on PostgreSQL while a standby takes over', () => {
  it('keeps all that was answered, gives nothing out twice, and reads nothing from the standby', async () => {
    const primary = await startPostgres(["synchronous_standby_names = ''"]);
    const standby = await startStandby(primary);
    const admin = primary.connect();
    await admin.raw("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await admin.raw('SELECT pg_reload_conf()');
    await eventually(async () => {
      const { rows } = await admin.raw<{ rows: { sync_state: string }[] }>(
        'SELECT sync_state FROM pg_stat_replication',
      );
      expect(rows.map(({ sync_state }) => sync_state)).to.deep.equal(['sync']);
    }, 30);
    const address = await addressOf(primary.port);
    const connection = { ...primary.settings.connection, port: address.port };
    const knex = primary.connect({ connection });
    const store = sqlStore(knex, { namespace: 'fail-over', timeoutMs: 5000 });
    await store.migrations?.migrate();
    const flows = Array.from({ length: 60 }, (_, index) => `flow-${index}`);
    await Promise.all(flows.map((flow) => store.put('u', flow, flow, 600)));
    await store.save('u', emptyRecord('0'), undefined);

    const taken = new Set<unknown>();
    let saved = 0;
    let going = true;
    const use = async () => {
      for (let at = 0; going; at += 1) {
        const { record, revision } = await store.load('u');
        const next = { ...record!, skipped: { count: (record!.skipped.count ?? 0) + 1 } };
        if (await store.save('u', next, revision)) saved = next.skipped.count;
        const flow = await store.take('u', flows[at % flows.length]!);
        if (flow !== undefined) {
          expect(taken).not.to.include(flow);
          taken.add(flow);
        }
      }
    };
    const using = use().then(
      () => 'ended',
      (error: unknown) => (error as { code?: unknown }).code,
    );
    await eventually(async () => expect(taken.size).to.be.above(5), 30);
    await primary.kill();
    expect(await using).to.equal('store.unavailable');
    going = false;

    address.leadTo(standby.port);
    const read = await store.load('u').then(
      () => 'read',
      (error: unknown) => (error as Error).message,
    );
    expect(read).to.match(/no primary|terminated|ended|ECONN/);
    await eventually(async () => {
      const told = await store.load('u').catch((error: unknown) => error as Error);
      expect(told).to.be.instanceOf(Error).with.property('message').that.includes('no primary');
    }, 30);

    await standby.connect().raw('SELECT pg_promote()');
    await eventually(async () => {
      await store.load('u');
    }, 30);
    const { record, revision } = await store.load('u');
    expect(record?.skipped.count, 'no change that was answered is lost').to.be.within(saved, saved + 1);
    for (const flow of taken) expect(await store.take('u', String(flow)), String(flow)).to.equal(undefined);
    expect(await store.save('u', emptyRecord('after'), revision)).to.be.a('string');
    address.close();
    await standby.close();
    await primary.close();
  });
});
