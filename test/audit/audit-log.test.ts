// The audit log as a host holds it: what each call tells, refuses and leaves alone; over a log in memory.
import { expect } from 'chai';
import { auditLog } from '../../src/audit/create-audit-log.js';
import type { AuditStore, PageQuery } from '../../src/audit/audit-store.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import type { AuditItem, AuditSink } from '../../src/audit/sink.js';
import { isCheckpoint } from '../../src/audit/checkpoint.js';
import { parseLine } from '../../src/audit/ledger.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { eventually } from '../support/eventually.js';
import { codeOf } from '../support/thrown.js';
import { openLog, sealer, secret, type TestLog } from './open-log.js';

const ana = { by: 'Ana', reason: 'asked' };
const toldBy = ({ own }: TestLog) => own.map(({ name, detail, actor, by }) => ({ name, detail, actor, by }));

/** A sink that keeps what it takes. */
function sinkNamed(name: string) {
  const taken: AuditItem[] = [];
  const sink: AuditSink & { closed: number; taken: AuditItem[] } = {
    ...{ name, taken, closed: 0 },
    deliver: async (batch) => ({ done: taken.push(...batch) && batch.length }),
    close: async () => void (sink.closed += 1),
  };
  return sink;
}

describe('an audit log that no app has yet', () => {
  it('has no keys: it waits for nothing, and refuses the rest', async () => {
    const log = auditLog({ store: memoryAuditStore() });
    await log.settled();
    const event = { name: 'reset', at: '2026-03-01T10:00:00.000Z', actor: 'system' } as const;
    expect(() => log.take(event)).to.throw('The audit log has no keys yet. Give it to createMfa as `audit`.');
    expect(() => log.isStored('x')).to.throw('no keys yet');
    for (const work of [log.verify(), log.tend(), log.feed(), log.health(), log.close(), log.append([])])
      expect(await codeOf(work)).to.equal('config.invalid_option');
  });

  it('is given keys once', () => {
    const { log } = openLog(memoryAuditStore());
    const world = {
      sealer,
      ...{ random: cryptoRandom, now: Date.now, tell: () => undefined },
    };
    expect(() => log.attach(world)).to.throw('belongs to another createMfa already');
  });

  it('says what it was made with', () => {
    const store = memoryAuditStore();
    const sinks = [sinkNamed('a')];
    expect(auditLog({ store, sinks, whenUnavailable: 'refuse' })).to.include({ store, sinks, refuses: true });
    expect(auditLog({ store })).to.include({ refuses: false });
  });
});

describe('an audit log', () => {
  it('tells who read it and how much, where they say who they are', async () => {
    const opened = openLog(memoryAuditStore());
    await opened.fill(3);
    expect((await opened.log.read()).entries).to.have.length(3);
    expect(opened.own).to.deep.equal([]);
    await opened.log.read({ userId: 'u2', by: 'Ana' });
    expect(toldBy(opened)).to.deep.equal([{ name: 'audit-read', detail: { entries: 1 }, actor: 'admin', by: 'Ana' }]);
    expect(await codeOf(opened.log.read({ user: 'u2' } as never))).to.equal('config.unknown_option');
  });

  it('tells who verified it, how much and what was found', async () => {
    const store = memoryAuditStore();
    const opened = openLog(store);
    await opened.fill(3);
    await opened.log.verify();
    expect(opened.own).to.deep.equal([]);
    const [item] = (await store.page({ after: 0, limit: 1 })).items;
    await store.rewrite(1, item?.text ?? '', item?.text.replace('u1', 'u9') ?? '');
    expect((await opened.log.verify({ by: 'Ana' })).sound).to.equal(false);
    const detail = { entries: 3, broken: 1, sound: false };
    expect(toldBy(opened)).to.deep.equal([{ name: 'audit-verified', detail, actor: 'admin', by: 'Ana' }]);
    expect(await codeOf(opened.log.verify({ since: 'no time' }))).to.equal('request.invalid');
  });

  it('verifies from a time on, however that is said, and by lines that a sink has kept', async () => {
    const asked: (number | undefined)[] = [];
    const memory = memoryAuditStore();
    const page = (query: PageQuery) => {
      asked.push(query.fromMs);
      return memory.page(query);
    };
    const { log, fill, nowMs } = openLog({ ...memory, page });
    await fill(1);
    for (const since of [new Date(nowMs()), new Date(nowMs()).toISOString()]) {
      asked.length = 0;
      expect((await log.verify({ since })).sound).to.equal(true);
      expect(new Set(asked)).to.deep.equal(new Set([nowMs()]));
    }
    const kept = parseLine(await memory.lastLine())!;
    expect((await log.verify({ checkpoints: [kept] })).sound).to.equal(true);
    expect((await log.verify({ checkpoints: [{ ...kept, hash: 'another' }] })).sound).to.equal(false);
  });

  it('erases under every name that a person has, and tells why', async () => {
    const store = memoryAuditStore();
    const secrets = ['a newer secret of 32 bytes or more!', secret];
    const older = openLog(store, { subjectAs: 'digest', secrets: [secret] });
    await older.fill(2);
    const opened = openLog(store, { subjectAs: 'digest', secrets });
    opened.tell('unlocked', { userId: 'u1', ip: '192.0.2.7' });
    expect(await opened.log.erase('u1', ana), 'also what was just told').to.deep.equal({ entries: 2 });
    const detail = { entries: 2, reason: 'asked' };
    expect(toldBy(opened)).to.deep.equal([{ name: 'audit-erased', detail, actor: 'admin', by: 'Ana' }]);
    const without = openLog(store, { subjectAs: 'digest', secrets: secrets.slice(0, 1) });
    expect((await without.log.read({ userId: 'u1' })).entries, 'its secret is gone').to.have.length(1);
    for (const work of [
      opened.log.erase('u1', { ...ana, by: '' }),
      opened.log.acknowledge('x', { ...ana, reason: '' }),
    ])
      expect(await codeOf(work)).to.equal('config.invalid_option');
  });

  it('hands out what is watched, the latest verification and dead letters, as many as are asked for', async () => {
    const asked: PageQuery[] = [];
    const memory = memoryAuditStore();
    const store: AuditStore = {
      ...memory,
      page: (query) => {
        asked.push(query);
        return memory.page(query);
      },
    };
    const { log, tell } = openLog(store);
    for (const name of ['locked', 'reset', 'audit-verified', 'pass-used', 'audit-verified'] as const) tell(name);
    await log.settled();
    asked.length = 0;
    expect((await log.watched(1)).map(({ name }) => name)).to.deep.equal(['pass-used']);
    expect((await log.watched(9)).map(({ name }) => name)).to.deep.equal(['pass-used', 'locked']);
    expect(await log.lastVerified()).to.include({ name: 'audit-verified', seq: 5 });
    expect(asked.map(({ limit }) => limit)).to.deep.equal([1, 9, 1]);
    const letter = (at: number) => ({ id: `id ${at}`, time: 't', why: 'w', text: '{}' });
    await store.putAside(
      'sink',
      Array.from({ length: 120 }, (_, at) => letter(at)),
    );
    expect((await log.deadLetters('sink')).letters).to.have.length(100);
    expect(await log.deadLetters('sink', 1)).to.deep.equal({ total: 120, letters: [letter(119)] });
    expect(await log.dropDeadLetters('sink')).to.equal(120);
    expect((await log.days('2026-03-01', '2026-03-01')).map(({ day }) => day)).to.deep.equal(['2026-03-01']);
  });

  it('passes over what is no entry where it looks at the latest', async () => {
    const store = memoryAuditStore();
    const { log, tell } = openLog(store);
    for (const name of ['locked', 'audit-verified'] as const) tell(name);
    await log.settled();
    for (const { place, text } of (await store.page({ after: 0, limit: 9 })).items)
      await store.rewrite(place, text, 'no entry');
    expect([await log.watched(9), await log.lastVerified()]).to.deep.equal([[], undefined]);
  });

  it('appends drafts of events each once, and knows then that they are stored', async () => {
    const { log, nowMs } = openLog(memoryAuditStore());
    const draft = log.draft({ name: 'reset', at: new Date(nowMs()).toISOString(), userId: 'u1', actor: 'system' });
    expect(log.isStored(draft.id)).to.equal(false);
    await Promise.all([log.append([draft]), log.append([draft]), log.reach()]);
    expect(log.isStored(draft.id)).to.equal(true);
    expect((await log.read()).entries).to.have.length(1);
  });

  it('tells what was counted of a flood as its minute is over, as somebody asks, or as it is tended', async () => {
    for (const end of ['take', 'settled', 'tend'] as const) {
      const { log, tell, advance } = openLog(memoryAuditStore());
      for (let at = 0; at < 30; at += 1) tell('request-refused', { outcome: 'refused' });
      if (end !== 'settled') advance(60_000);
      if (end === 'take') tell('reset');
      if (end === 'tend') await log.tend();
      else await log.settled();
      const { entries } = await log.read({ names: ['request-refused'] });
      expect(entries.map(({ detail }) => detail?.count ?? 1)).to.deep.equal([10, ...Array<number>(20).fill(1)]);
    }
    const { log, tell } = openLog(memoryAuditStore());
    for (let at = 0; at < 30; at += 1) tell('request-refused', { outcome: 'refused' });
    await log.tend();
    expect((await log.read()).entries, 'its minute goes on').to.have.length(20);
  });

  it('feeds all of its sinks, also by itself from the first event on, and lets go of them as it is closed', async () => {
    const sinks = [sinkNamed('a'), sinkNamed('b')];
    const { log, tell, fill } = openLog(memoryAuditStore(), { sinks });
    await fill(3);
    await log.feed();
    for (const { taken } of sinks) expect(taken).to.have.length(4);
    tell('reset');
    await log.settled();
    await eventually(async () => sinks.forEach(({ taken }) => expect(taken).to.have.length(5)));
    expect((await log.health()).sinks.map(({ name, behind }) => [name, behind])).to.deep.equal([
      ['a', 0],
      ['b', 0],
    ]);
    tell('unlocked');
    await log.close();
    expect(sinks.map(({ closed }) => closed)).to.deep.equal([1, 1]);
    expect((await log.read()).entries, 'what was told before is stored').to.have.length(5);
    tell('reset');
    await log.settled();
    await eventually(async () => expect(sinks[0]?.taken.filter(isCheckpoint)).to.have.length(3));
    await log.close();
  });
});
