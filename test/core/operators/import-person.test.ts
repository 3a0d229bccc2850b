// What another system knew of one person is taken over in one save, or left with a word of why; a second time nothing happens.
import { expect } from 'chai';
import { deprovisionUser } from '../../../src/core/operators/deprovision.js';
import { importPerson, type Brought } from '../../../src/core/operators/import-person.js';
import { loadRecord } from '../../../src/core/kernel/transact.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { Json } from '../../../src/core/words/json.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords, type RiddleData } from '../../support/core-factors.js';
import { testKernel, watchedStore, type TestKernel, type WatchedStore } from '../../support/core-kernel.js';
import { tamper } from '../../support/core-record.js';
import { codeOf } from '../../support/thrown.js';

/** A riddle whose word another system made. Words with a space are none, `mute` is useless, `away` finds the store gone. */
function adopting(kind: string, limit: number, claims = false): Factor {
  return {
    ...(riddle({ kind, limit, claims }) as Factor),
    adoptSecret({ user }, own, input) {
      const word = input as string;
      if (word.includes(' ')) throw new MfaError('config.invalid_option', `"${word}" is no word.`);
      if (word === 'away') throw new MfaError('store.unavailable', 'gone');
      if (word === 'bug') throw new TypeError('a bug');
      const id = `${user.id}-${word}`;
      const data: RiddleData = { word, salt: 's', lastUse: 0 };
      return Promise.resolve({
        ...{ id, data, weak: word.length < 4, replaces: [], fingerprint: word.toLowerCase() },
        same: own.some((one) => one.id === id && one.disabledAt === undefined),
        ...(word === 'mute' && { useless: 'nobody can say it' }),
      });
    },
  };
}

const factors = [adopting('lock', 2, true), adopting('poem', 1), spareWords()];
const lock = (input: Json, more: Partial<Brought> = {}): Brought => ({ kind: 'lock', input, ...more });
const poem = (input: Json, more: Partial<Brought> = {}): Brought => ({ kind: 'poem', input, ...more });
const order = { by: 'ops', from: 'other', dry: false };
const taking = (kernel: TestKernel, brought: readonly Brought[], dry = false) =>
  importPerson(kernel, 'ann', brought, { ...order, dry });
const left = (...why: string[]) => ({ is: 'left', taken: 0, weak: false, left: why });
const taken = (count: number, ...why: string[]) => ({ is: 'taken', taken: count, weak: false, left: why });
const had = 'this person has a second factor here, or had one';
const wordsOf = async (kernel: TestKernel) => (await kernel.recordOf('ann')).authenticators.map(({ id }) => id);
const put = (kernel: TestKernel, more: Partial<MfaRecord>) =>
  kernel.store.save('ann', { ...emptyRecord('e'), ...more }, undefined);

/** Nothing came of it: neither a record nor an event. */
async function expectNothing(kernel: TestKernel): Promise<void> {
  expect(await kernel.store.load('ann')).to.deep.equal({});
  expect([...kernel.events, ...kernel.notices]).to.deep.equal([]);
}

/** `deprovision` finds whatever was claimed for them, though nothing came of it. */
async function expectToNameNobodyAfterTheEnd(kernel: TestKernel): Promise<void> {
  await deprovisionUser(kernel, 'ann');
  for await (const { key, userId } of kernel.store.claims()) expect(userId, key).not.to.equal('ann');
}

describe('the import of a person', () => {
  it('protects them by all that was brought, in one save, and tells of each who did it and from where', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ factors, store: (memory) => (watched = watchedStore(memory)) });
    const createdAt = kernel.now();
    const brought = [lock('open', { lastUsedAt: 5 }), poem('tulip'), lock('sesame', { lastUsedAt: 9 })];
    expect(await taking(kernel, brought)).to.deep.equal(taken(3));
    expect([watched.saves, watched.loads]).to.deep.equal([1, 1]);
    const { epoch, ...record } = await kernel.recordOf('ann');
    expect(epoch).not.to.equal('');
    const made = (kind: string, word: string) => ({
      ...{ id: `ann-${word}`, kind, createdAt, data: { word, salt: 's', lastUse: 0 } },
    });
    const { epoch: _none, ...nobody } = emptyRecord('');
    expect(record).to.deep.equal({
      ...nobody,
      ...{ protected: true, owed: ['backup-codes'] },
      authenticators: [made('lock', 'sesame'), made('lock', 'open'), made('poem', 'tulip')],
    });
    expect(kernel.events).to.deep.equal(
      ['lock sesame', 'lock open', 'poem tulip'].map((each) => ({
        ...{ name: 'authenticator-enrolled', kind: each.slice(0, 4), authenticatorId: `ann-${each.slice(5)}` },
        ...{ outcome: 'accepted', actor: 'admin', by: 'ops', detail: { imported: true, from: 'other' }, userId: 'ann' },
      })),
    );
    expect(kernel.notices, 'whoever migrates tells them').to.deep.equal([]);
    const claims: string[] = [];
    for await (const { key, userId } of kernel.store.claims()) claims.push(`${key} ${userId}`);
    expect(claims, 'of the kind that claims').to.deep.equal(['riddle:sesame ann', 'riddle:open ann']);
  });

  it('keeps what was known of them, but for trust, an exemption and what a first enrolment settles', async () => {
    const kernel = testKernel({ factors: [adopting('lock', 2)] });
    const at = kernel.now();
    const trusted = [{ id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt: at + 9 }];
    const exemptions = [{ from: at - 9, until: at + 9 }];
    const kept = { skipped: { 'suggest-mfa': 7 }, known: [{ id: 'b', hash: 'h', createdAt: 1 }] };
    await put(kernel, { ...kept, trusted, exemptions, account: 'anew', owed: ['primary'] });
    expect(await taking(kernel, [lock('sesame')])).to.deep.equal(taken(1));
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ ...kept, trusted: [], owed: [], exemptions: [{ from: at - 9, until: at }] });
    expect(record).not.to.have.property('account');
    expect(record.epoch).not.to.equal('e');
  });

  it('says whether any of it is weak', async () => {
    for (const [words, weak] of [
      [['abc', 'sesame'], true],
      [['abc'], true],
      [['sesame'], false],
    ] as const) {
      const kernel = testKernel({ factors });
      expect(
        (
          await taking(
            kernel,
            words.map((word) => lock(word)),
          )
        ).weak,
        words.join(),
      ).to.equal(weak);
    }
  });

  it('gives a method the name that it had, one line of fifty characters, or none', async () => {
    for (const [name, kept] of [
      ['My phone', 'My phone'],
      ['\n My\u0007phone\t', 'My phone'],
      ['x'.repeat(51), 'x'.repeat(50)],
      [' '.repeat(60) + 'y', 'y'],
      [' \n ', undefined],
      ['', undefined],
      [undefined, undefined],
    ] as const) {
      const kernel = testKernel({ factors });
      await taking(kernel, [lock('sesame', { name })]);
      const [own] = (await kernel.recordOf('ann')).authenticators;
      expect(own?.name, JSON.stringify(name)).to.equal(kept);
      expect(Object.hasOwn(own ?? {}, 'name')).to.equal(kept !== undefined);
    }
  });

  it('told only what it would do, does nothing, and claims nothing', async () => {
    const kernel = testKernel({ factors });
    await kernel.store.claim('riddle:mine', 'ann');
    await kernel.store.claim('riddle:taken', 'bob');
    expect(await taking(kernel, [lock('sesame'), lock('mine')], true)).to.deep.equal(taken(2));
    const somebodys = 'a lock is somebody else\u0027s here, or was';
    expect(await taking(kernel, [lock('taken'), poem('tulip')], true)).to.deep.equal(taken(1, somebodys));
    await expectNothing(kernel);
    expect(await kernel.store.claim('riddle:sesame')).to.equal(undefined);
  });

  it('leaves what is, or was, somebody else’s, and of that alone nothing', async () => {
    const kernel = testKernel({ factors });
    await kernel.store.claim('riddle:taken', 'bob');
    await kernel.store.claim('riddle:gone', 'eve');
    await kernel.store.abandon('eve', ['riddle:gone']);
    const lost = 'a lock is somebody else\u0027s here, or was';
    for (const dry of [true, false])
      expect(await taking(kernel, [lock('taken'), lock('gone')], dry)).to.deep.equal(left(lost, lost));
    await expectNothing(kernel);
    expect(await taking(kernel, [lock('taken'), lock('sesame'), poem('x y')])).to.deep.equal(
      taken(1, '"x y" is no word', lost),
    );
    expect(await wordsOf(kernel)).to.deep.equal(['ann-sesame']);
    expect(await kernel.store.claim('riddle:taken')).to.equal('bob');
  });

  it('a second time changes nothing, and says that all of it is there', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ factors, store: (memory) => (watched = watchedStore(memory)) });
    await taking(kernel, [lock('sesame'), poem('tulip')]);
    const before = await kernel.store.load('ann');
    kernel.events.length = 0;
    const there = { is: 'there', taken: 0, weak: false };
    expect(await taking(kernel, [lock('sesame'), poem('tulip')])).to.deep.equal({ ...there, left: [] });
    expect(await taking(kernel, [lock('sesame'), lock('x y')])).to.deep.equal({ ...there, left: ['"x y" is no word'] });
    expect(await taking(kernel, [lock('x. y')]), 'nothing that could be').to.deep.equal(left('"x. y" is no word'));
    expect(await taking(kernel, [lock('sesame'), poem('another')])).to.deep.equal(left(had));
    expect(await taking(kernel, [lock('x y'), lock('another')])).to.deep.equal(left('"x y" is no word', had));
    expect(await kernel.store.load('ann')).to.deep.equal(before);
    expect([watched.saves, kernel.events.length]).to.deep.equal([1, 0]);
    await tamper(kernel, ({ authenticators }) => ({
      authenticators: authenticators.map((own) => ({ ...own, disabledAt: 1 })),
    }));
    expect(await taking(kernel, [lock('sesame'), poem('tulip')])).to.deep.equal(left(had));
  });

  it('is for whoever never had a second factor here alone', async () => {
    const own = { id: 'x', kind: 'poem', createdAt: 1, data: {} };
    for (const [what, more] of Object.entries<Partial<MfaRecord>>({
      'protected, by nothing that is left': { protected: true },
      'protected before': { protectedBefore: true },
      'having a method': { authenticators: [own] },
    })) {
      const kernel = testKernel({ factors });
      await put(kernel, more);
      const before = await kernel.store.load('ann');
      expect(await taking(kernel, [lock('sesame')]), what).to.deep.equal(left(had));
      expect(await kernel.store.load('ann'), what).to.deep.equal(before);
    }
  });

  it('brings nobody back who was removed here', async () => {
    const kernel = testKernel({ factors });
    await put(kernel, {});
    await kernel.store.remove('ann');
    const removed = 'this person was removed here';
    expect(await taking(kernel, [lock('sesame'), lock('x y')])).to.deep.equal(left('"x y" is no word', removed));
    expect((await loadRecord(kernel, { id: 'ann' })).record).to.equal(undefined);
    expect(kernel.events).to.deep.equal([]);
  });

  it('leaves what no method of this app takes, what cannot be read and what would be of no use', async () => {
    const kernel = testKernel({ factors });
    const brought = [{ kind: 'song', input: 'la' }, { kind: 'spare-words', input: 'a' }, lock('x y'), lock('mute')];
    expect(await taking(kernel, brought)).to.deep.equal(
      left(
        'song is no method of this app',
        'spare-words is no method of this app',
        '"x y" is no word',
        'nobody can say it',
      ),
    );
    expect(await taking(kernel, [])).to.deep.equal(left());
    await expectNothing(kernel);
  });

  it('takes a row of the file whole, or not at all', async () => {
    const kernel = testKernel({ factors });
    const brought = [lock('x y', { row: 1 }), poem('tulip', { row: 1 }), lock('open', { row: 2 }), lock('sesame')];
    const result = taken(2, '"x y" is no word', 'a poem of that row is left with it');
    expect(await taking(kernel, brought)).to.deep.equal(result);
    expect(await wordsOf(kernel)).to.deep.equal(['ann-open', 'ann-sesame']);
    const other = testKernel({ factors });
    expect(await taking(other, [lock('x y'), poem('tulip')])).to.deep.equal(taken(1, '"x y" is no word'));
  });

  it('takes each secret once, and of a kind as many as one person may have, the ones used last', async () => {
    const kernel = testKernel({ factors });
    const brought = [
      ...[lock('first', { lastUsedAt: 1 }), lock('third', { lastUsedAt: 3 }), lock('THIRD', { lastUsedAt: 2 })],
      ...[lock('fourth', { lastUsedAt: 4 }), lock('never'), poem('third'), poem('tulip')],
    ];
    const more = (kind: string, most: number) =>
      `a ${kind} more than the ${most} that this app allows; the last used stay`;
    expect(await taking(kernel, brought)).to.deep.equal(taken(3, more('lock', 2), more('lock', 2), more('poem', 1)));
    expect(await wordsOf(kernel)).to.deep.equal(['ann-fourth', 'ann-third', 'ann-third']);
  });

  it('fails where the store is away or a factor breaks, and nothing is taken', async () => {
    const kernel = testKernel({ factors });
    expect(await codeOf(taking(kernel, [lock('sesame'), lock('away')]))).to.equal('store.unavailable');
    expect(await codeOf(taking(kernel, [lock('sesame'), lock('bug')]))).to.equal('TypeError: a bug');
    await expectNothing(kernel);
  });

  it('starts over from what a rival made of the person meanwhile', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ factors, store: (memory) => (watched = watchedStore(memory)) });
    watched.beforeSave = async () => {
      watched.beforeSave = () => undefined;
      await put(kernel, { protected: true });
    };
    expect(await taking(kernel, [lock('sesame')])).to.deep.equal(left(had));
    expect(await wordsOf(kernel)).to.deep.equal([]);
    expect(kernel.events).to.deep.equal([]);
    await expectToNameNobodyAfterTheEnd(kernel);
  });

  it('leaves nothing that names a person who is gone, where part of a method was somebody else’s', async () => {
    const pair = { ...adopting('pair', 1), claimsOf: () => ['riddle:mine', 'riddle:taken'] };
    const kernel = testKernel({ factors: [...factors, pair] });
    await kernel.store.claim('riddle:taken', 'bob');
    const brought = [{ kind: 'pair', input: 'open' }, lock('sesame')];
    expect(await taking(kernel, brought)).to.deep.equal(taken(1, 'a pair is somebody else\u0027s here, or was'));
    expect(await kernel.store.claim('riddle:mine')).to.equal('ann');
    await expectToNameNobodyAfterTheEnd(kernel);
    expect(await kernel.store.claim('riddle:taken')).to.equal('bob');
  });
});
