// What a rotation seals anew and what it must leave: values of a record beside its methods, secrets that are gone, and many at once.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openField, sealField } from '../../../src/core/kernel/sealed-field.js';
import { rotated, rotateMany, rotateUser } from '../../../src/core/operators/rotate.js';
import { riddle } from '../../support/core-factors.js';
import { secretOfTests, testKernel, type TestKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const newest = 'the newest secret of the tests, thirty-two bytes';
const other = 'a secret that nobody here has, of thirty-two bytes';
const belongsTo = (userId: string, { id }: Authenticator) => ({ userId, authenticatorId: id, purpose: 'word' });

/** A method whose word is sealed, or, as `hash`, made with the secret that its data names. */
const sealing = (): Factor => ({
  ...(riddle() as Factor),
  sealed: (userId, own) =>
    typeof own.data === 'string'
      ? { value: own.data, belongsTo: belongsTo(userId, own), with: (resealed) => resealed }
      : undefined,
  hashedWith: ({ data }) => (data as { hash?: string[] }).hash ?? [],
});

/** Two processes: of the secret of before, and of one more. */
function processes() {
  const before = testKernel({ factors: [sealing()] });
  return { before, kernel: before.withSecrets(newest, secretOfTests), strange: before.withSecrets(other) };
}

function sealedBy({ sealer }: TestKernel, id: string): Authenticator {
  const own = { id, kind: 'riddle', createdAt: 1, data: null };
  return { ...own, data: sealer.seal('sesame', belongsTo('ann', own)) };
}

const having = (...authenticators: Authenticator[]): MfaRecord => ({ ...emptyRecord('e'), authenticators });

describe('what a rotation finds', () => {
  it('seals methods and fields anew, each that is of an older secret', () => {
    const { before, kernel } = processes();
    const record = {
      ...having(sealedBy(before, 'old'), sealedBy(kernel, 'new'), {
        id: 'plain',
        kind: 'riddle',
        createdAt: 1,
        data: {},
      }),
      spent: sealField(before.sealer, 'ann', 'spent', 'digests'),
      history: sealField(kernel.sealer, 'ann', 'history', 'places'),
    };
    const { record: after, ...found } = rotated(kernel, 'ann', record);
    expect(found).to.deep.equal({ resealed: 2, renews: true, left: [] });
    expect(after.authenticators.slice(1)).to.deep.equal(record.authenticators.slice(1));
    const [old] = after.authenticators;
    expect(kernel.sealer.isCurrent(old?.data as string)).to.equal(true);
    expect(kernel.sealer.open(old?.data as string, belongsTo('ann', old!))).to.equal('sesame');
    expect(after.history).to.deep.equal(record.history);
    expect(kernel.sealer.isCurrent(after.spent!.sealed)).to.equal(true);
    expect(openField(kernel.sealer, 'ann', 'spent', after.spent!)).to.equal('digests');
    expect(rotated(kernel, 'ann', after)).to.deep.include({ resealed: 0, left: [] });
  });

  it('leaves what it cannot open, with its name, and goes on', () => {
    const { before, kernel, strange } = processes();
    const record = {
      ...having(sealedBy(strange, 'lost'), sealedBy(before, 'old')),
      spent: sealField(strange.sealer, 'ann', 'spent', 'digests'),
      history: sealField(before.sealer, 'ann', 'history', 'places'),
    };
    const { record: after, ...found } = rotated(kernel, 'ann', record);
    expect(found).to.deep.equal({
      ...{ resealed: 2, renews: true },
      left: [
        { authenticatorId: 'lost', kind: 'riddle', why: 'unopened' },
        { authenticatorId: '', kind: 'spent', why: 'unopened' },
      ],
    });
    expect(after.authenticators[0]).to.deep.equal(record.authenticators[0]);
    expect(after.spent).to.deep.equal(record.spent);
  });

  it('tells what is hashed with an older secret, or one that is gone, and what no method is of', () => {
    const { before, kernel, strange } = processes();
    const hash = [kernel.sealer.keyId, before.sealer.keyId, strange.sealer.keyId];
    const record = having(
      { id: 'h', kind: 'riddle', createdAt: 1, data: { hash } },
      { id: 's', kind: 'song', createdAt: 1, data: {} },
    );
    const about = { authenticatorId: 'h', kind: 'riddle' };
    expect(rotated(kernel, 'ann', record).left).to.deep.equal([
      { ...about, why: 'hashed', keyId: before.sealer.keyId },
      { ...about, why: 'hashed-unknown', keyId: strange.sealer.keyId },
      { authenticatorId: 's', kind: 'song', why: 'no-factor' },
    ]);
  });

  it('renews the mac of a record alone, and nothing of one that is not there', () => {
    const { before, kernel } = processes();
    const mac = (of: TestKernel) => ({ keyId: of.sealer.keyId, value: 'm' });
    for (const [record, renews] of [
      [{ ...having(), mac: mac(kernel) }, false],
      [{ ...having(), mac: mac(before) }, true],
      [having(), true],
      [emptyRecord(''), false],
    ] as const) {
      const { record: after, ...found } = rotated(kernel, 'ann', record);
      expect(found).to.deep.equal({ resealed: 0, renews, left: [] });
      expect(after).to.equal(record);
    }
  });

  it('fails where a method breaks', () => {
    const { before } = processes();
    const broken: Factor = {
      ...sealing(),
      sealed: () => {
        throw new TypeError('a bug');
      },
    };
    const kernel = { ...before.withSecrets(newest, secretOfTests), factors: [broken] };
    expect(() => rotated(kernel, 'ann', having(sealedBy(before, 'old')))).to.throw(TypeError, 'a bug');
  });
});

describe('a rotation', () => {
  it('of many saves where there is something to do, and begins whom a rival changed anew, alone', async () => {
    const { before, kernel } = processes();
    await before.store.save('ann', having(sealedBy(before, 'old')), undefined);
    await before.store.save('bob', emptyRecord('b'), undefined);
    await kernel.store.save('cyd', emptyRecord('c'), undefined);
    const met = await Promise.all(
      ['ann', 'bob', 'cyd'].map(async (userId) => {
        const { record, revision } = await kernel.store.load(userId);
        return { userId, record: record!, revision: revision! };
      }),
    );
    await before.store.save('bob', { ...emptyRecord('b'), skipped: { rival: 1 } }, met[1]!.revision);
    const saved: string[] = [];
    const { saveAll } = kernel.store;
    kernel.store.saveAll = (saves) => (saved.push(...saves.map(({ userId }) => userId)), saveAll(saves));
    const results = await rotateMany(kernel, met);
    expect(saved).to.deep.equal(['ann', 'bob']);
    expect(results.map(({ resealed, renews }) => [resealed, renews])).to.deep.equal([
      [1, true],
      [0, true],
      [0, false],
    ]);
    expect((await kernel.store.load('bob')).record?.skipped).to.deep.equal({ rival: 1 });
    expect((await kernel.store.load('bob')).record?.mac?.keyId).to.equal(kernel.sealer.keyId);
    expect((await kernel.store.load('cyd')).revision).to.equal(met[2]?.revision);
  });

  it('of one person fails where the store does, after one try', async () => {
    const { before, kernel } = processes();
    await before.store.save('ann', emptyRecord('a'), undefined);
    let saves = 0;
    kernel.store.save = () => ((saves += 1), Promise.reject(new TypeError('a bug')));
    expect(await codeOf(rotateUser(kernel, 'ann'))).to.equal('TypeError: a bug');
    expect(saves).to.equal(1);
  });
});
