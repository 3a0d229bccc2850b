// Rivals in processes of their own, on one store: every count is exact.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { program } from './programs.js';
import type { RivalStore } from './store-rival.js';

type Won = { lost: number; taken: number; claimed: number; saved: number };

/** Three processes lose no change, and exactly one of them has every single use. @param scale in hundreds */
export async function expectExactRivals(store: MfaStore, told: RivalStore, scale = 3): Promise<void> {
  const each = 100 * scale;
  for (let flow = 0; flow < each; flow += 1) await store.put('shared', `flow-${flow}`, flow, 600);
  const script = program(fileURLToPath(new URL('store-rival.ts', import.meta.url)));
  const rivals = ['a', 'b', 'c'].map((me) => fork(script, [JSON.stringify(told), me], { execArgv: [] }));
  await Promise.all(rivals.map((rival) => once(rival, 'message')));
  const reports = rivals.map((rival) => once(rival, 'message'));
  rivals.forEach((rival) => rival.send(scale));
  const won = (await Promise.all(reports)).map(([report]) => report as Won);
  const sum = (of: keyof Won) => won.reduce((total, one) => total + one[of], 0);

  expect((await store.load('shared')).record?.skipped.count).to.equal(3 * each);
  expect(sum('lost'), 'the first saves at least').to.be.at.least(rivals.length - 1);
  expect((await store.increment('shared', 'sent', 60, 0)).count).to.equal(3 * each);
  const once_ = { taken: sum('taken'), claimed: sum('claimed'), saved: sum('saved') };
  expect(once_).to.deep.equal({ taken: each, claimed: each, saved: each });
}
