// Verifying the log, while somebody writes into Redis who holds the server and not the secret.
import { expect } from 'chai';
import type { AuditCheckpoint } from '../../src/audit/checkpoint.js';
import type { AuditEntry } from '../../src/audit/entry.js';
import { freshNamespace, redisDuring, removeNamespace } from '../support/redis.js';
import { openLog, type TestLog } from './open-log.js';
import { patientAuditStore } from '../support/patience.js';

describe('verifying the audit log', () => {
  const redis = redisDuring();
  let namespace: string;
  let opened: TestLog;
  let others: TestLog;
  const key = (name: string) => `${namespace}:{audit}:${name}`;
  const open = () => openLog(patientAuditStore(redis(), { namespace }));

  beforeEach(async () => {
    namespace = freshNamespace();
    opened = open();
    others = open();
    await opened.fill(120);
    await others.fill(30, 500);
    await opened.fill(80, 200);
  });
  afterEach(() => removeNamespace(redis(), namespace));

  const bucketOf = (place: number) => key(`e:${Math.floor(place / 256)}`);
  const valueAt = async (place: number) => (await redis().hget(bucketOf(place), String(place))) ?? '';
  const entryAt = async (place: number) => JSON.parse((await valueAt(place)).split('\t')[2] ?? '') as AuditEntry;
  const put = (place: number, value: string) => redis().hset(bucketOf(place), String(place), value);
  const drop = (place: number) => redis().hdel(bucketOf(place), String(place));
  const broken = async (checkpoints: AuditCheckpoint[] = []) => {
    const found = await opened.log.verify({ checkpoints });
    expect(found.sound).to.equal(false);
    return [...found.writers, found.ledger].flatMap((each) => each.broken ?? []);
  };

  it('finds nothing wrong with a log that nobody touched', async () => {
    await opened.log.close();
    const found = await others.log.verify();
    expect(found.sound).to.equal(true);
    expect(found.entries).to.equal(230);
    expect(found.writers.map(({ state, entries }) => [state, entries])).to.have.deep.members([
      ['ended', 200],
      ['open', 30],
    ]);
  });

  it('says how much is not proved yet, and when a writer fell silent', async () => {
    await opened.fill(50, 900);
    opened.advance(11 * 60_000);
    const found = await opened.log.verify();
    expect(found.sound).to.equal(true);
    expect(found.writers.map(({ state }) => state)).to.deep.equal(['abandoned', 'abandoned']);
    expect(found.writers.map(({ unproved }) => unproved).sort()).to.deep.equal([0, 150]);
  });

  it('is found again in one look, however much happened since, and by the sign-in of nobody', async () => {
    expect(await opened.log.lastVerified()).to.equal(undefined);
    await opened.log.verify({ by: 'ann' });
    await opened.log.settled();
    await opened.log.verify();
    for (let at = 0; at < 250; at += 1) opened.tell('backup-code-used', { userId: `u${at}`, detail: { left: 3 } });
    await opened.log.settled();
    const last = await others.log.lastVerified();
    expect(last).to.deep.include({ name: 'audit-verified', detail: { entries: 230, broken: 0, sound: true } });
    expect(last?.actor.id).to.equal('ann');
    expect(last).not.to.have.property('flow');
    expect((await opened.log.watched(200)).map(({ name }) => name)).not.to.include('audit-verified');
    await others.log.verify({ by: 'bob' });
    await others.log.settled();
    expect((await opened.log.lastVerified())?.actor.id).to.equal('bob');
  });

  it('names a changed byte', async () => {
    const entry = await entryAt(7);
    await put(7, (await valueAt(7)).replace('"outcome":"success"', '"outcome":"failure"'));
    expect(await broken()).to.deep.equal([{ at: `${entry.writer}/${entry.seq}`, what: 'changed', place: 7 }]);
  });

  it('names a changed address', async () => {
    const entry = await entryAt(9);
    await put(9, (await valueAt(9)).replace('192.0.2.7', '192.0.2.8'));
    expect(await broken()).to.deep.equal([{ at: `${entry.writer}/${entry.seq}`, what: 'changed', place: 9 }]);
  });

  it('names entries that are missing in the middle', async () => {
    const { writer } = await entryAt(50);
    for (const place of [50, 51, 52]) await drop(place);
    expect(await broken()).to.deep.equal([{ at: `${writer}/50`, what: 'missing', place: 53 }]);
  });

  it('names two that were swapped', async () => {
    const { writer } = await entryAt(10);
    const [a, b] = [await valueAt(10), await valueAt(14)];
    await put(10, b);
    await put(14, a);
    expect((await broken()).map(({ at, what }) => [at, what])).to.deep.equal([[`${writer}/10`, 'swapped']]);
  });

  it('names one that was inserted', async () => {
    const { writer } = await entryAt(230);
    const last = Number(await redis().hget(key('meta'), 'last'));
    await put(last + 1, (await valueAt(40)).replace('u40', 'u41'));
    await redis().hset(key('meta'), 'last', last + 1);
    expect((await broken()).map(({ at, what }) => [at, what])).to.deep.equal([[`${writer}/40`, 'inserted']]);
  });

  it('names one that was written after the end', async () => {
    const { writer } = await entryAt(230);
    await put(231, (await valueAt(230)).replace(/"seq":200/, '"seq":201'));
    await redis().hset(key('meta'), 'last', 231);
    expect((await broken()).map(({ at, what }) => [at, what])).to.deep.equal([[`${writer}/201`, 'inserted']]);
  });

  it('names a tail that was cut', async () => {
    const { writer } = await entryAt(230);
    for (const place of [228, 229, 230]) await drop(place);
    expect(await broken()).to.deep.equal([{ at: `${writer}/198`, what: 'cut off' }]);
  });

  it('names a writer all of whose entries are gone', async () => {
    const { writer } = await entryAt(121);
    for (let place = 121; place <= 150; place += 1) await drop(place);
    await redis().hdel(key('heads'), writer);
    expect(await broken()).to.deep.equal([{ at: `${writer}/1`, what: 'missing' }]);
  });

  it('names a line of the ledger that is gone or changed', async () => {
    await redis().lpop(key('ledger'));
    expect((await broken()).map(({ what }) => what)).to.include('missing');
  });

  it('finds a cut through log and ledger only by what a sink has kept, and then does', async () => {
    const kept = (await redis().lrange(key('ledger'), 0, -1)).map((line) => JSON.parse(line) as AuditCheckpoint);
    const { writer } = await entryAt(121);
    for (let place = 121; place <= 150; place += 1) await drop(place);
    await redis().hdel(key('heads'), writer);
    await redis().rpop(key('ledger'));
    await redis().hset(key('meta'), 'line', kept[0]?.hash ?? '');
    expect((await opened.log.verify()).sound).to.equal(true);
    expect((await broken(kept)).map(({ at, what }) => [at, what])).to.have.deep.members([
      ['ledger/2', 'cut off'],
      [`${writer}/1`, 'missing'],
    ]);
  });

  it('keeps a break that somebody acknowledged, as explained', async () => {
    await put(7, (await valueAt(7)).replace('"outcome":"success"', '"outcome":"failure"'));
    const [found] = await broken();
    await opened.log.acknowledge(found?.at ?? '', { by: 'Ana', reason: 'restored a backup' });
    const after = await opened.log.verify();
    expect(after.sound).to.equal(true);
    const known = after.writers.find((each) => each.broken)?.broken;
    expect(known?.explained).to.deep.include({ by: 'Ana', reason: 'restored a backup' });
  });

  it('finds what was changed beside a break that somebody acknowledged, in a chain and in the ledger', async () => {
    const change = async (place: number) => put(place, (await valueAt(place)).replace('192.0.2.7', '192.0.2.8'));
    const changeLine = async (index: number) => {
      const line = (await redis().lindex(key('ledger'), index)) ?? '';
      await redis().lset(key('ledger'), index, line.replace('"time":"2026', '"time":"2025'));
    };
    await change(7);
    await changeLine(0);
    for (const { at } of await broken()) await opened.log.acknowledge(at, { by: 'Ana', reason: 'restored a backup' });
    expect((await opened.log.verify()).sound).to.equal(true);

    const { writer } = await entryAt(9);
    await change(9);
    await changeLine(1);
    expect((await broken()).map(({ at, explained }) => [at, explained])).to.have.deep.members([
      [`${writer}/9`, undefined],
      ['ledger/2', undefined],
    ]);
  });

  it('believes no line of the ledger that excuses a break and was made without the secret', async () => {
    await put(7, (await valueAt(7)).replace('"outcome":"success"', '"outcome":"failure"'));
    const { writer } = await entryAt(7);
    const whole = JSON.parse((await redis().lindex(key('ledger'), -1)) ?? '') as AuditCheckpoint;
    const forge = (n: number, at: string) =>
      JSON.stringify({ ...whole, n, kind: 'explained', points: [], detail: { at, by: 'Ana', reason: 'a backup' } });
    await redis().rpush(key('ledger'), forge(3, 'ledger/3'), forge(4, `${writer}/7`), forge(5, 'ledger/4'));
    const kept = [JSON.parse(forge(6, 'ledger/6')) as AuditCheckpoint];
    for (const checkpoints of [[], kept]) {
      const found = await broken(checkpoints);
      expect(found.map(({ at, explained }) => [at, explained])).to.have.deep.members([
        [`${writer}/7`, undefined],
        ['ledger/3', undefined],
      ]);
    }
  });

  it('lets a chain be acknowledged that the ledger does not name', async () => {
    const { writer } = await entryAt(1);
    await redis().lset(key('ledger'), 0, 'gone');
    for (const expected of ['ledger/1', `ledger/${writer}`]) {
      expect((await broken()).map(({ at }) => at)).to.deep.equal([expected]);
      await opened.log.acknowledge(expected, { by: 'Ana', reason: 'restored a backup' });
    }
    expect((await opened.log.verify()).sound).to.equal(true);
  });

  it('says so where an acknowledgement cannot be noted', async () => {
    await redis().lset(key('ledger'), -1, 'gone');
    const noted = opened.log.acknowledge('ledger/2', { by: 'Ana', reason: 'restored a backup' });
    expect(await noted.catch((error: unknown) => error)).to.include({ code: 'store.unavailable' });
  });

  it('takes erasing and trimming for no break', async () => {
    expect(await opened.log.erase('u3', { by: 'Ana', reason: 'asked' })).to.deep.equal({ entries: 1 });
    await opened.fill(60, 2000);
    opened.advance(401 * 86_400_000);
    others.advance(401 * 86_400_000);
    await opened.fill(300, 1000);
    await opened.log.tend();
    await opened.log.settled();
    const found = await opened.log.verify();
    expect(found.entries).to.be.lessThan(345);
    expect(found.sound).to.equal(true);
    expect(opened.own.map(({ name }) => name)).to.include.members(['audit-erased', 'audit-trimmed']);
  });

  it('says which secret is missing, and keeps verifying with an old one', async () => {
    const newer = openLog(patientAuditStore(redis(), { namespace }), {
      secrets: ['another secret of 32 bytes and more!'],
    });
    expect((await newer.log.verify()).writers.map(({ broken: each }) => each?.what)).to.deep.equal([
      'unknown key',
      'unknown key',
    ]);
    const acknowledge = async () => {
      const { writers, ledger } = await newer.log.verify();
      for (const { at } of [...writers, ledger].flatMap((each) => each.broken ?? []))
        await newer.log.acknowledge(at, { by: 'Ana', reason: 'the secret was lost' });
    };
    await acknowledge();
    expect((await newer.log.verify()).sound).to.equal(true);
    await opened.fill(1, 3000);
    expect((await newer.log.verify()).sound).to.equal(false);
  });
}).timeout(30_000);
