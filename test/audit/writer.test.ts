// What one writer does where the store answers otherwise than it should: it says so, and tells nothing twice.
import { expect } from 'chai';
import { memoryAuditStore, type AuditStore } from '../../src/audit.js';
import { logThatGoes } from './log-that-goes.js';
import { openLog } from './open-log.js';

const namesIn = async (store: AuditStore) => {
  const { items } = await store.page({ after: 0, limit: 100 });
  return items.map(({ text }) => (JSON.parse(text) as { name: string }).name);
};

describe('a writer of the audit log', () => {
  it('appends nothing again where the answer about an old entry was lost, and misses nothing', async () => {
    const store = memoryAuditStore();
    const shaky = logThatGoes(store);
    const { log, own, tell, nowMs } = openLog(shaky);
    const at = new Date(nowMs() - 2 * 3_600_000).toISOString();
    const old = log.draft({ name: 'reset', at, userId: 'u1', actor: 'system' });
    tell('verification-accepted');
    shaky.loses = true;
    expect(await log.append([old]).catch((error: unknown) => error)).to.include({ code: 'store.unavailable' });
    shaky.loses = false;
    tell('locked');
    await log.settled();
    expect(await namesIn(store)).to.deep.equal(['reset', 'verification-accepted', 'locked']);
    expect(own.map(({ name }) => name)).to.deep.equal([]);
    expect((await log.verify()).sound).to.equal(true);
  });

  it('appends an old entry once, also where it appended so much since that it forgot', async () => {
    const store = memoryAuditStore();
    const forgetful = logThatGoes(store);
    forgetful.forgets = true;
    const { log, nowMs } = openLog(forgetful);
    const at = new Date(nowMs() - 2 * 3_600_000).toISOString();
    const draftOf = (userId: string) => log.draft({ name: 'reset', at, userId, actor: 'system' });
    const old = draftOf('u1');
    await log.append([old]);
    await log.append(Array.from({ length: 1_000 }, (_, index) => draftOf(`other-${index}`)));
    expect(log.isStored(old.id)).to.equal(false);
    await log.append([old]);
    expect((await log.read({ userId: 'u1' })).entries).to.have.length(1);
  });

  it('fails where the ledger takes no line of it, instead of asking for ever', async () => {
    const store = memoryAuditStore();
    await openLog(store).fill(1);
    const damaged: AuditStore = { ...store, lastLine: () => Promise.resolve('gone') };
    const { log, fill } = openLog(damaged);
    await fill(1);
    expect((await log.health()).failing).to.include('ledger');
    const draft = log.draft({ name: 'reset', at: '2026-03-01T10:00:00.000Z', userId: 'u1', actor: 'system' });
    expect(await log.append([draft]).catch((error: unknown) => error)).to.include({ code: 'store.unavailable' });
  });
});
