// Many processes write at once; one is killed, one is frozen and woken after it was given up, and the connection is cut
// again and again between a write and its answer. `AUDIT_PROOF=8x5000` makes it 8 processes of 5,000 events each.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseEntry } from '../../src/audit/verify.js';
import type { AuditRivalSays, AuditRivalSettings } from '../support/audit-rival.js';
import { program } from '../support/programs.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';
import { startCuttingProxy } from './cutting-proxy.js';
import { openLog } from './open-log.js';
import { patientAuditStore } from '../support/patience.js';

const [processes = 4, events = 500] = (process.env.AUDIT_PROOF ?? '4x500').split('x').map(Number);
const script = fileURLToPath(new URL('../support/audit-rival.ts', import.meta.url));

type Writer = { name: string; child: ChildProcess; half: Promise<void>; ended: Promise<AuditRivalSays | undefined> };

function startWriter(settings: AuditRivalSettings): Writer {
  const child = fork(program(script), [JSON.stringify(settings)], { execArgv: [] });
  let last: AuditRivalSays | undefined;
  let isHalf: () => void = () => undefined;
  const half = new Promise<void>((resolve) => (isHalf = resolve));
  child.on('message', (says: AuditRivalSays) => {
    last = says;
    if ('told' in says && says.told >= events / 2) isHalf();
  });
  const ended = new Promise<AuditRivalSays | undefined>((resolve) => child.once('exit', () => resolve(last)));
  return { name: settings.name, child, half, ended };
}

describe('an audit log that many processes write at once', () => {
  it('stores nothing twice, lacks nothing but what a killed process had not stored, counts just that, and every chain verifies', async () => {
    const redis = newRedis();
    const namespace = freshNamespace();
    const proxy = await startCuttingProxy(redisUrl(), 17);
    const writers = Array.from({ length: processes }, (_, i) =>
      startWriter({ name: `p${i}`, namespace, port: proxy.port, events }),
    );
    const [killed, frozen, ...others] = writers;
    if (!killed || !frozen) throw new Error('There are not two processes.');
    try {
      await Promise.all([
        killed.half.then(() => killed.child.kill('SIGKILL')),
        frozen.half.then(() => frozen.child.kill('SIGSTOP')),
      ]);
      const said = await Promise.all(others.map(({ ended }) => ended));
      expect(said).to.deep.equal(others.map(() => ({ done: true, lost: 0 })));
      await killed.ended;

      const store = patientAuditStore(redis, { namespace });
      const watcher = openLog(store);
      watcher.advance(11 * 60_000);
      await watcher.log.tend();
      frozen.child.kill('SIGCONT');
      expect(await frozen.ended).to.deep.equal({ done: true, lost: 0 });

      const ids = new Set<string>();
      const told = new Map<string, number[]>(writers.map(({ name }) => [name, []]));
      const recount: { [day: string]: number } = {};
      let entries = 0;
      for (let after = 0; ;) {
        const page = await store.page({ after, limit: 500 });
        if (page.items.length === 0) break;
        for (const { place, text } of page.items) {
          const entry = parseEntry(text);
          const [name = '', number] = entry?.subject?.id.split('-') ?? [];
          expect(entry?.name).to.equal('verification-accepted');
          ids.add(entry?.id ?? '');
          told.get(name)?.push(Number(number));
          const day = entry?.time.slice(0, 10) ?? '';
          recount[day] = (recount[day] ?? 0) + 1;
          entries += 1;
          after = place;
        }
      }
      expect(ids.size).to.equal(entries);
      for (const { name } of [frozen, ...others])
        expect(told.get(name), name).to.deep.equal(Array.from({ length: events }, (_, i) => i));
      const before = told.get(killed.name) ?? [];
      expect(before).to.deep.equal(Array.from({ length: before.length }, (_, i) => i));
      expect(before.length).to.be.lessThan(events);

      const days = await watcher.log.days('2026-01-01', '2026-12-31');
      const counted = days.map(({ day, counts }) => [day, counts['event/verification-accepted/success/totp/-']]);
      expect(Object.keys(recount)).to.have.members(['2026-02-28', '2026-03-01']);
      expect(Object.fromEntries(counted)).to.deep.equal(recount);

      const found = await watcher.log.verify();
      expect(found.sound).to.equal(true);
      expect(found.entries).to.equal(entries);
      expect(found.writers.filter(({ state }) => state === 'ended')).to.have.length(processes - 1);
      expect(found.writers.filter(({ state }) => state === 'abandoned')).to.have.length(2);
      expect(proxy.cuts()).to.be.greaterThan(1);
    } finally {
      for (const { child } of writers) if (child.exitCode === null) child.kill('SIGKILL');
      await proxy.close();
      await removeNamespace(redis, namespace);
      redis.disconnect();
    }
  }).timeout(300_000);
});
