// Secrets that stood in a record: remembered as digests when they go, thirty-two at most, along with that somebody was protected,
// so that no import brings one back. A secret that does not open keeps nobody from removing it.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openField, sealField } from '../../../src/core/kernel/sealed-field.js';
import { wasSpent, withSpent } from '../../../src/core/kernel/spent-secrets.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';
import { codeOf, thrownBy } from '../../support/thrown.js';

const told = new Map<string, Error>([
  ['closed', new MfaError('store.unavailable', 'It does not open.')],
  ['faulty', new TypeError('a fault of ours')],
]);
const app: Factor = {
  ...(riddle({ kind: 'app' }) as Factor),
  fingerprintOf(_sealer, userId, { id }) {
    const fault = told.get(id);
    if (fault) throw fault;
    return `${userId}/${id}`;
  },
};
const kernel = testKernel({ factors: [app, riddle()] });
const empty = emptyRecord('e');
const having = (...ids: string[]): MfaRecord => ({
  ...empty,
  authenticators: ids.map((id) => ({ id, kind: 'app', createdAt: 1, data: {} })),
});
const sealed = (list: unknown, userId = 'ann') => sealField(kernel.sealer, userId, 'spent', JSON.stringify(list));
const spentIn = ({ spent }: MfaRecord): string[] | undefined =>
  spent && (JSON.parse(openField(kernel.sealer, 'ann', 'spent', spent)) as string[]);
const after = (before: MfaRecord, save: MfaRecord) => withSpent(kernel, 'ann', before, save);
const broken = { spent: sealField(kernel.sealer, 'ann', 'spent', 'no list') };

describe('secrets that are gone from a record', () => {
  it('are remembered for this person, unreadable in the store; those that stay are not', () => {
    const saved = after(having('a', 'b', 'c'), having('b'));
    expect(spentIn(saved)).to.deep.equal(['ann/a', 'ann/c']);
    expect(saved.authenticators.map(({ id }) => id)).to.deep.equal(['b']);
    expect(JSON.stringify(saved)).not.to.include('ann/');
    expect(spentIn(after(having('a'), empty))).to.deep.equal(['ann/a']);
  });

  it('are added to those before, each once, newest last', () => {
    const before = { ...having('a', 'b'), spent: sealed(['x', 'ann/a']) };
    expect(spentIn(after(before, { ...empty, spent: before.spent }))).to.deep.equal(['x', 'ann/a', 'ann/b']);
    expect(spentIn(after(before, { ...empty, spent: sealed(['y', 'x']) }))).to.deep.equal(['x', 'ann/a', 'y', 'ann/b']);
  });

  it('are kept where a save forgot them, or has others', () => {
    const before = { ...having('a'), spent: sealed(['x']) };
    expect(spentIn(after(before, having('a')))).to.deep.equal(['x']);
    expect(spentIn(after(before, { ...having('a'), spent: sealed(['y']) }))).to.deep.equal(['x', 'y']);
  });

  it('are thirty-two at most: the oldest give way', () => {
    const ids = Array.from({ length: 33 }, (_none, index) => `k${index}`);
    expect(spentIn(after(having(...ids.slice(1)), empty))).to.deep.equal(ids.slice(1).map((id) => `ann/${id}`));
    expect(spentIn(after(having(...ids), empty))).to.deep.equal(ids.slice(1).map((id) => `ann/${id}`));
  });

  it('are not sealed anew where none went', () => {
    for (const own of [having('a'), { ...having('a'), spent: sealed(['x']) }]) {
      const save = { ...own, authenticators: [...own.authenticators, ...having('new').authenticators] };
      expect(after(own, save)).to.equal(save);
    }
    const first = { ...having('a'), spent: sealed(['x']) };
    expect(after(having('a'), first)).to.equal(first);
  });

  it('are none of a factor that tells no digest or that the app has no more', () => {
    for (const kind of ['riddle', 'gone']) {
      const before = { ...empty, authenticators: [{ id: 'a', kind, createdAt: 1, data: {} }] };
      expect(after(before, empty)).to.equal(empty);
    }
  });

  it('keep nobody from removing what does not open; a fault of ours does', () => {
    expect(spentIn(after(having('closed', 'a'), empty))).to.deep.equal(['ann/a']);
    expect(after(having('closed'), empty)).to.equal(empty);
    expect(thrownBy(() => after(having('faulty'), empty))).to.be.instanceOf(TypeError);
    expect(spentIn(after({ ...having('a'), spent: sealed(['x'], 'bob') }, empty))).to.deep.equal(['ann/a']);
    expect(thrownBy(() => after({ ...having('a'), ...broken }, empty))).to.be.instanceOf(SyntaxError);
  });
});

describe('that somebody was protected', () => {
  it('is remembered as soon as they are not any more', () => {
    const rows: [before: Partial<MfaRecord>, save: Partial<MfaRecord>, kept: true | undefined][] = [
      [{ protected: true }, {}, true],
      [{ protectedBefore: true }, {}, true],
      [{ protected: true, protectedBefore: true }, {}, true],
      [{}, { protectedBefore: true }, true],
      [{}, {}, undefined],
      [{ protected: true }, { protected: true }, undefined],
      [{}, { protected: true }, undefined],
      [{ protectedBefore: true }, { protected: true, protectedBefore: true }, true],
    ];
    for (const [before, save, kept] of rows)
      expect(
        after({ ...empty, ...before }, { ...empty, ...save }).protectedBefore,
        JSON.stringify([before, save]),
      ).to.equal(kept);
  });

  it('is remembered along with a secret that goes', () => {
    const saved = after({ ...having('a'), protected: true }, empty);
    expect(saved.protectedBefore).to.equal(true);
    expect(spentIn(saved)).to.deep.equal(['ann/a']);
  });
});

describe('whether a secret stood in a record before', () => {
  it('is said by its digest, of this person', () => {
    const record = { ...empty, spent: sealed(['x', 'y']) };
    for (const [fingerprint, was] of [
      ['x', true],
      ['y', true],
      ['z', false],
    ] as const)
      expect(wasSpent(kernel, 'ann', record, fingerprint)).to.equal(was);
    expect(wasSpent(kernel, 'ann', empty, 'x')).to.equal(false);
  });

  it('is not guessed where the list does not open', async () => {
    const record = { ...empty, spent: sealed(['x'], 'bob') };
    expect(await codeOf(() => wasSpent(kernel, 'ann', record, 'x'))).to.equal('store.unavailable');
  });
});
