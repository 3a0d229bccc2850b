// Rivals who save one after the other for as long as a test wants, while servers die and slots move: what was told, what was
// accepted twice, and whether all is quiet again.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';

const people = Array.from({ length: 24 }, (_, index) => `user-${index}`);

/** Two rivals for each person, who save one after the other on what they last loaded. */
export function startLoad(store: MfaStore) {
  let running = true;
  let failedAt = 0;
  let saves = 0;
  const last = new Map<string, number>();
  const used = new Set<string>();
  const twice: string[] = [];

  async function saveOnce(id: string): Promise<void> {
    const { record, revision } = await store.load(id);
    const epoch = Number(record?.epoch ?? 0) + 1;
    if ((await store.save(id, emptyRecord(String(epoch)), revision)) === undefined) return;
    const use = `${id} on ${revision}`;
    if (used.has(use)) twice.push(use);
    used.add(use);
    saves += 1;
    last.set(id, Math.max(epoch, last.get(id) ?? 0));
  }

  const rivals = [...people, ...people].map(async (id) => {
    while (running) {
      await saveOnce(id).catch(() => (failedAt = Date.now()));
      await sleep(40);
    }
  });
  return {
    told: () => saves,
    twice: () => twice,
    last: () => last,
    /** Throws unless everything was answered for that long. */
    async quiet(forMs: number): Promise<void> {
      const since = Date.now();
      const before = saves;
      await sleep(forMs);
      expect(failedAt, 'a 503').to.be.below(since);
      expect(saves).to.be.above(before + people.length);
    },
    async stop(): Promise<void> {
      running = false;
      await Promise.all(rivals);
    },
  };
}
