// What was claimed for a person by authenticators that are gone: which keys are remembered, within which bounds, and when it must be
// said that there may be others, which only a walk over all claims finds.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { everClaimed, unbelieved, withFormerClaims } from '../../../src/core/kernel/former-claims.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openField, sealField } from '../../../src/core/kernel/sealed-field.js';
import { riddle } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

/** Claims a key of its id, and those in its data. */
const key: Factor = {
  ...(riddle({ kind: 'key' }) as Factor),
  claimsOf: ({ id, data }) => [`key:${id}`, ...((data as { more?: string[] }).more ?? [])],
};
const kernel = testKernel({ factors: [key, riddle()] });
const empty = emptyRecord('e');
const own = (id: string, kind = 'key', data = {}): Authenticator => ({ id, kind, createdAt: 1, data });
const having = (...all: (string | Authenticator)[]): MfaRecord => ({
  ...empty,
  authenticators: all.map((each) => (typeof each === 'string' ? own(each) : each)),
});
type Kept = { keys: string[]; more?: true };
const keeping = (kept: unknown, userId = 'ann') => ({
  formerClaims: sealField(kernel.sealer, userId, 'formerClaims', JSON.stringify(kept)),
});
const keptIn = ({ formerClaims }: MfaRecord): Kept | undefined =>
  formerClaims && (JSON.parse(openField(kernel.sealer, 'ann', 'formerClaims', formerClaims)) as Kept);
const after = (before: MfaRecord, save: MfaRecord, loose?: string[]) =>
  withFormerClaims(kernel, 'ann', before, save, loose);
const broken = { ...empty, formerClaims: sealField(kernel.sealer, 'ann', 'formerClaims', 'no JSON') };

describe('claims of authenticators that are gone', () => {
  it('are remembered, unreadable in the store; those of what stays are not', () => {
    const saved = after(having('a', 'b', own('r', 'riddle')), having('b'));
    expect(keptIn(saved)).to.deep.equal({ keys: ['key:a'] });
    expect(saved.authenticators.map(({ id }) => id)).to.deep.equal(['b']);
    expect(JSON.stringify(saved.formerClaims)).not.to.include('key:a');
  });

  it('are remembered along with those of an enrolment of which nothing came', () => {
    expect(keptIn(after(empty, empty, ['key:x', 'key:x', 'key:y']))).to.deep.equal({ keys: ['key:x', 'key:y'] });
    expect(after(having('a'), having('a'), ['key:a'])).to.deep.equal(having('a'));
  });

  it('are added to those before, each once, and not where somebody has them again', () => {
    const before = { ...having('a', 'b'), ...keeping({ keys: ['key:x', 'key:c', 'key:a'] }) };
    const { formerClaims } = before;
    expect(keptIn(after(before, { ...having('c'), formerClaims }))).to.deep.equal({
      keys: ['key:x', 'key:a', 'key:b'],
    });
    const moved = { ...having(own('other', 'key', { more: ['key:a'] })), formerClaims };
    expect(keptIn(after(before, moved))).to.deep.equal({ keys: ['key:x', 'key:c', 'key:b'] });
  });

  it('are kept where a save forgot them, or has others', () => {
    const before = { ...having('a'), ...keeping({ keys: ['x'] }) };
    expect(keptIn(after(before, having('a')))).to.deep.equal({ keys: ['x'] });
    expect(keptIn(after(before, { ...having('a'), ...keeping({ keys: ['y'], more: true }) }))).to.deep.equal({
      keys: ['x', 'y'],
      more: true,
    });
    expect(keptIn(after({ ...before, ...keeping({ keys: ['x'], more: true }) }, empty))).to.deep.equal({
      keys: ['x', 'key:a'],
      more: true,
    });
  });

  it('are not sealed anew where nothing went', () => {
    const before = { ...having('a'), ...keeping({ keys: ['x'] }) };
    for (const save of [before, { ...having('a', 'b'), formerClaims: before.formerClaims }])
      expect(after(before, save)).to.equal(save);
    const first = { ...having('a'), ...keeping({ keys: ['x'] }) };
    expect(after(having('a'), first)).to.equal(first);
    expect(after(having(own('r', 'riddle')), empty)).to.equal(empty);
  });

  it('are not all of them where a factor goes that the app has no more', () => {
    expect(keptIn(after(having(own('g', 'gone'), 'a'), empty))).to.deep.equal({ keys: ['key:a'], more: true });
    const stays = having(own('g', 'gone'));
    expect(keptIn(after(having(own('g', 'gone'), 'a'), stays))).to.deep.equal({ keys: ['key:a'] });
  });

  it('are thirty-two at most: of more the latest, and that there are others', () => {
    const keys = Array.from({ length: 33 }, (_none, index) => `k${index}`);
    expect(keptIn(after(empty, empty, keys.slice(1)))).to.deep.equal({ keys: keys.slice(1) });
    expect(keptIn(after(empty, empty, keys))).to.deep.equal({ keys: keys.slice(1), more: true });
  });

  it('have four thousand characters at most', () => {
    const [long, short] = ['l'.repeat(3999), 's'];
    expect(keptIn(after(empty, empty, [long, short]))).to.deep.equal({ keys: [long, short] });
    expect(keptIn(after(empty, empty, [long, short, 't']))).to.deep.equal({ keys: [short, 't'], more: true });
    expect(keptIn(after(empty, empty, ['x'.repeat(4001)]))).to.deep.equal({ keys: [], more: true });
  });

  it('keep nobody from removing a factor where they do not open; what is broken otherwise is an error', () => {
    const before = { ...having('a'), ...keeping({ keys: ['x'] }, 'bob') };
    expect(keptIn(after(before, empty))).to.deep.equal({ keys: ['key:a'], more: true });
    expect(thrownBy(() => after({ ...having('a'), ...broken, authenticators: [own('a')] }, empty))).to.be.instanceOf(
      SyntaxError,
    );
  });
});

describe('all that was ever claimed for a person', () => {
  const ever = (record: MfaRecord) => everClaimed(kernel, 'ann', record);

  it('is what they have, the accounts that vouch for them and what is gone, each once', () => {
    const upstream = [{ issuer: 'i', claim: 'upstream:d.1' }];
    expect(ever({ ...having('a', 'b'), upstream, ...keeping({ keys: ['key:x', 'key:a'] }) })).to.deep.equal({
      keys: ['key:a', 'key:b', 'upstream:d.0', 'upstream:d.1', 'key:x'],
      isAll: true,
    });
    expect(ever(empty)).to.deep.equal({ keys: [], isAll: true });
  });

  it('may be more, where it was said so, does not open, or is of a factor that the app has no more', () => {
    const rows: [MfaRecord, string[]][] = [
      [{ ...having('a'), ...keeping({ keys: ['x'], more: true }) }, ['key:a', 'x']],
      [{ ...having('a'), ...keeping({ keys: ['x'] }, 'bob') }, ['key:a']],
      [having('a', own('g', 'gone')), ['key:a']],
    ];
    for (const [record, keys] of rows) expect(ever(record)).to.deep.equal({ keys, isAll: false });
  });

  it('is not known of a record that is not believed', () => {
    const record = unbelieved(kernel, 'ann');
    expect(record).to.deep.include({ ...emptyRecord(''), protectedBefore: true });
    expect(ever(record)).to.deep.equal({ keys: [], isAll: false });
  });
});
