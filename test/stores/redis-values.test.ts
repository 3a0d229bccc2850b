// Values as they stand in Redis: what is said of those that cannot be read, and how many are read or saved at once.
import { expect } from 'chai';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { storeUnavailable } from '../../src/stores/redis-client.js';
import { recordText, storedValues } from '../../src/stores/stored-values.js';
import { patientCaseStore, patientStatsStore, patientStore } from '../support/patience.js';
import { redisStandIn } from '../support/redis-stand-in.js';
import { codeOf, rejectionOf, thrownBy } from '../support/thrown.js';

describe('values that cannot be read', () => {
  const { readRecord, readText, unreadable } = storedValues(storeUnavailable);
  const revision = '0123456789abcdef'.repeat(2);

  it('are never taken for none', () => {
    expect(readRecord(revision, recordText(emptyRecord('e')), 'u')).to.deep.equal({
      revision,
      record: emptyRecord('e'),
    });
    expect(readRecord(revision, recordText(), 'u')).to.deep.equal({ revision });
    const spoilt: [string | undefined, string | undefined][] = [
      [revision, undefined],
      [undefined, recordText()],
      [`${revision}0`, recordText()],
      [`0${revision}`, recordText()],
      [revision.toUpperCase(), recordText()],
      [revision, '{'],
      [revision, '{"v":2,"epoch":1,"authenticators":[]}'],
      [revision, '{"v":1,"epoch":"e","authenticators":{}}'],
    ];
    for (const [known, text] of spoilt)
      expect(thrownBy(() => readRecord(known, text, 'u')).message, String(text)).to.include(
        'reading the record of "u"',
      );
    for (const nothing of [null, undefined]) expect(readText(nothing, 'transient', 'u')).to.equal(undefined);
    expect(readText('null', 'transient', 'u')).to.equal(null);
    expect(thrownBy(() => readText('{', 'transient', 'u')).message).to.include(
      'reading the transient of "u": Malformed.',
    );
  });

  it('are told without what stands there, but with the version that is not known', () => {
    expect(thrownBy(() => readRecord(revision, '{"v":2,"SECRET', 'u')).message).to.match(/Malformed\.$/);
    expect(thrownBy(() => readRecord(revision, '{"v":99}', 'u')).message).to.not.match(/Malformed\.$/);
    expect(unreadable('owner', 'k').message).to.include('reading the owner of "k": Malformed.');
  });

  it('fail cases and figures as well', async () => {
    const answering = (answer: unknown) => redisStandIn({ eval: () => answer });
    const cases = patientCaseStore(answering(['{']), { namespace: 'acme' });
    expect(await codeOf(cases.list())).to.equal('store.unavailable');
    const figures = patientStatsStore(answering([1, '{', 1, 1, 1]), { namespace: 'acme' });
    expect(await codeOf(figures.running())).to.equal('store.unavailable');
    const none = patientStatsStore(answering([]), { namespace: 'acme' });
    expect([
      await none.running(),
      await none.latest(),
      await none.begin({ startedAt: 1, resumeAfter: 0, ttlSeconds: 1 }),
    ]).to.deep.equal([undefined, undefined, undefined]);
    const unasked = answering(['"a"']);
    expect(
      await patientStatsStore(unasked, { namespace: 'acme' }).list({ name: 'all', after: 0, limit: 0 }),
    ).to.deep.equal([]);
    expect(unasked.asked).to.deep.equal([]);
  });
});

describe('the end of a census in Redis', () => {
  it('sends a command for days that are to be dropped only where there are such', async () => {
    for (const [days, sent] of [
      [['2025-01-31', '2026-11-30'], 2],
      [['2025-01-30', '2025-01-31', '2026-11-30'], 3],
    ] as const) {
      const replies = [[1_796_040_000, '', 0, 0, 1], [1, [...days]], 1];
      const client = redisStandIn({ eval: () => replies.shift() });
      const store = patientStatsStore(client, { namespace: 'acme' });
      expect(await store.finish(1, { endedAt: 1_796_040_009, keepFrom: '2026-01-01' })).to.equal(true);
      expect(client.asked).to.have.length(sent);
    }
  });
});

describe('pages of values in Redis', () => {
  const revision = 'a'.repeat(32);
  const stored = `${revision}\n${recordText(emptyRecord('e'))}`;
  const scan = () => ['0', ['acme:{u}:record', 'acme:{v}:record', 'acme:{u}:record', 'other']];
  const info = () => 'run_id:0123456789abcdef';

  it('are read in one message, each key once, and key by key in a cluster', async () => {
    const get = (key: string) => (key === 'acme:{v}:record' ? null : stored);
    const single = redisStandIn({ scan, info, get });
    const nodes = () => [redisStandIn({ scan, info, get })];
    const pipeline = () => expect.fail('Keys of a cluster lie on several servers.');
    const cluster = redisStandIn({ get }, { nodes, pipeline });
    for (const one of [single, cluster]) {
      const met = [];
      for await (const { userId, cursor } of patientStore(one, { namespace: 'acme' }).scan())
        met.push([userId, cursor]);
      // It leads behind the page, also where a key that is there no more comes after the last one.
      expect(met).to.deep.equal([['u', '0123456789ab;']]);
      expect(one.asked.filter(([name, key]) => name === 'get' && key === 'acme:{u}:record')).to.have.length(1);
    }
  });

  it('tell of a key of another type, and fail where the server does', async () => {
    const fails = (message: string) => () => {
      throw new Error(message);
    };
    const get = (message: string) => (key: string) => (key.endsWith('ready}:owner') ? null : fails(message)());
    for (const cluster of [true, false]) {
      const walk = async (message: string) => {
        const answers = { scan, info, get: get(message) };
        const one = redisStandIn(answers, cluster ? { nodes: () => [redisStandIn(answers)] } : {});
        const met = [];
        for await (const { userId, unread } of patientStore(one, { namespace: 'acme' }).scan())
          met.push([userId, unread?.code]);
        return met;
      };
      expect(await walk('WRONGTYPE Operation against a key')).to.deep.equal([
        ['u', 'store.unavailable'],
        ['v', 'store.unavailable'],
      ]);
      for (const message of ['LOADING Redis', 'ERR no WRONGTYPE'])
        expect(await codeOf(walk(message))).to.equal('store.unavailable');
    }
    for (const replies of [[] as [null, unknown][], null]) {
      const silent = redisStandIn(
        { scan, info, get: () => null },
        { pipeline: () => ({ exec: () => Promise.resolve(replies) }) },
      );
      const store = patientStore(silent, { namespace: 'acme' });
      const walked = async () => {
        for await (const _record of store.scan()) expect.fail('Nothing was answered.');
      };
      const saving = () => store.saveAll?.([{ userId: 'u', record: emptyRecord('e'), expected: undefined }]);
      for (const asked of [walked, saving])
        expect((await rejectionOf(asked)).message).to.match(/^Redis failed while .*: No reply\.$/);
    }
  });

  it('are not asked for where a page has none, and are counted by their names alone', async () => {
    for (const [options, pattern] of [
      [undefined, 'acme:{*}:record'],
      [{}, 'acme:{*}:record'],
      [{ keyPrefix: 'p:' }, 'p:acme:{*}:record'],
    ] as const) {
      const pipeline = () => expect.fail('There is nothing to read.');
      const asked = redisStandIn(
        { scan: () => ['0', ['other', 'another']], info, get: () => null },
        { pipeline, ...(options && { options }) },
      );
      const store = patientStore(asked, { namespace: 'acme' });
      for await (const _record of store.scan()) expect.fail('There is none.');
      expect(await store.count?.()).to.equal(2);
      for (const [, , , given] of asked.asked.filter(([name]) => name === 'scan')) expect(given).to.equal(pattern);
    }
  });

  it('are saved together, each told apart, and fail where one is unreadable', async () => {
    const said: { [userId: string]: number } = { one: 1, lost: 0, spoilt: -1 };
    const saving = redisStandIn({
      eval: (_script: string, _count: number, key: string) => said[/\{(\w+)\}/.exec(key)?.[1] ?? ''],
    });
    const store = patientStore(saving, { namespace: 'acme' });
    const of = (...ids: string[]) =>
      ids.map((userId) => ({ userId, record: emptyRecord('e'), expected: userId === 'lost' ? 'r' : undefined }));
    const [first, second] = (await store.saveAll?.(of('one', 'lost'))) ?? [];
    expect(first).to.match(/^[0-9a-f]{32}$/);
    expect(second).to.equal(undefined);
    expect(saving.asked.map(([, , , , known, revision]) => [known, revision === first])).to.deep.equal([
      ['', true],
      ['=r', false],
    ]);
    expect((await rejectionOf(() => store.saveAll?.(of('one', 'spoilt')))).message).to.include(
      'the record of "spoilt"',
    );
    const failing = redisStandIn({});
    expect(await codeOf(() => patientStore(failing, { namespace: 'acme' }).saveAll?.(of('one')))).to.equal(
      'store.unavailable',
    );
    const idle = redisStandIn({}, { pipeline: () => expect.fail('There is nothing to save.') });
    expect(await patientStore(idle, { namespace: 'acme' }).saveAll?.([])).to.deep.equal([]);
    expect(await codeOf(store.save('spoilt', emptyRecord('e'), undefined))).to.equal('store.unavailable');
    expect(await store.save('lost', emptyRecord('e'), 'r')).to.equal(undefined);
  });
});
