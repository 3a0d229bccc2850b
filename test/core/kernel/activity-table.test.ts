// What a person is shown of their account, as tables: what is noted and what is not, eight lines at most, and of which browser each
// is where browsers come and go.
import { expect } from 'chai';
import { recentActivity, shownToPeople, withActivity } from '../../../src/core/kernel/activity.js';
import { emptyRecord, type ActivityRow, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openField, sealField } from '../../../src/core/kernel/sealed-field.js';
import { eventNames, type EventName, type Happened } from '../../../src/core/words/events.js';
import { testKernel } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const kernel = testKernel();
const now = kernel.clock.now;
const empty = emptyRecord('e');
const noting = (record: MfaRecord, happened: Happened[], userAgent?: string) =>
  withActivity(record, happened, kernel, { user: { id: 'ann' }, hints: userAgent === undefined ? {} : { userAgent } });
const locked: Happened = { name: 'locked', kind: 'totp' };
const rowsOf = ({ activity }: MfaRecord): ActivityRow[] => activity?.rows ?? [];
const browsersIn = ({ activity }: MfaRecord): string[] | undefined =>
  activity?.sealed === undefined
    ? undefined
    : (JSON.parse(openField(kernel.sealer, 'ann', 'activity', { sealed: activity.sealed })) as string[]);
/** A record with these browsers, and rows that count in them. */
function shownFrom(browsers: string[], ...indexes: number[]): MfaRecord {
  const rows = indexes.map((index): ActivityRow => [now - 1, 'locked', '', index]);
  return { ...empty, activity: { rows, ...sealField(kernel.sealer, 'ann', 'activity', JSON.stringify(browsers)) } };
}

describe('a line of what happened lately', () => {
  it('is made of what a person is shown, and of nothing else', () => {
    for (const name of eventNames) {
      const record = noting(empty, [{ name }], 'Firefox');
      if (!shownToPeople.includes(name)) expect(record, name).to.equal(empty);
      else expect(rowsOf(record), name).to.deep.equal([[now, name, '', 0]]);
    }
    expect(noting(empty, [])).to.equal(empty);
  });

  it('has its kind where there is one, in the order in which things happened', () => {
    const record = noting(empty, [locked, { name: 'code-sent' }, { name: 'reset' }]);
    expect(record.activity).to.deep.equal({
      rows: [
        [now, 'locked', 'totp', -1],
        [now, 'reset', '', -1],
      ],
    });
    expect(recentActivity(kernel, 'ann', record)).to.deep.equal([
      { at: now, what: 'reset' },
      { at: now, what: 'locked', kind: 'totp' },
    ]);
  });

  it('is one of eight: the oldest give way, all of those before if need be', () => {
    const before = noting(
      empty,
      shownToPeople.slice(0, 3).map((name) => ({ name })),
    );
    const names = (count: number): EventName[] => shownToPeople.slice(3, 3 + count);
    for (const count of [5, 6, 9]) {
      const after = noting(
        before,
        names(count).map((name) => ({ name })),
      );
      expect(rowsOf(after).map(([, what]) => what)).to.deep.equal(
        [...shownToPeople.slice(0, 3), ...names(count)].slice(-8),
      );
    }
  });

  it('is none of a record that has none', () => expect(recentActivity(kernel, 'ann', empty)).to.deep.equal([]));
});

describe('the browsers of what happened lately', () => {
  it('stand once each, and rows count in them', () => {
    const rows: [
      before: string[],
      indexes: number[],
      now: string | undefined,
      after: string[] | undefined,
      counts: number[],
    ][] = [
      [[], [], 'A', ['A'], [0]],
      [['A'], [0], 'A', ['A'], [0, 0]],
      [['A'], [0], 'B', ['A', 'B'], [0, 1]],
      [['A', 'B'], [1, 0], 'B', ['A', 'B'], [1, 0, 1]],
      [['A', 'B'], [1], undefined, ['B'], [0, -1]],
      [['A', 'B'], [1], 'C', ['B', 'C'], [0, 1]],
      [['A', 'B', 'C'], [2, 0], 'C', ['A', 'C'], [1, 0, 1]],
      [['A'], [], undefined, undefined, [-1]],
      [['A'], [0, -1], undefined, ['A'], [0, -1, -1]],
      [['A'], [1, 0], 'A', ['A'], [-1, 0, 0]],
      [['A'], [1], 'B', ['B'], [-1, 0]],
    ];
    for (const [before, indexes, userAgent, after, counts] of rows) {
      const record = noting(shownFrom(before, ...indexes), [locked], userAgent);
      const what = JSON.stringify([before, indexes, userAgent]);
      expect(browsersIn(record), what).to.deep.equal(after);
      expect(
        rowsOf(record).map((row) => row[3]),
        what,
      ).to.deep.equal(counts);
    }
  });

  it('are not sealed anew where they are the same', () => {
    const before = shownFrom(['A', 'B'], 0, 1);
    for (const userAgent of ['A', 'B', undefined])
      expect(noting(before, [locked], userAgent).activity?.sealed).to.equal(before.activity?.sealed);
    expect(noting(before, [locked], 'C').activity?.sealed).not.to.equal(before.activity?.sealed);
  });

  it('are told where a line has one', () => {
    const told = recentActivity(kernel, 'ann', shownFrom(['A', 'B'], 1, -1, 7, 0));
    expect(told.map((line) => ('browser' in line ? line.browser : 'none'))).to.deep.equal(['A', 'none', 'none', 'B']);
  });

  it('are an error of ours where they open and do not read', () => {
    const broken = { ...empty, activity: { rows: [], ...sealField(kernel.sealer, 'ann', 'activity', 'no list') } };
    expect(thrownBy(() => recentActivity(kernel, 'ann', broken))).to.be.instanceOf(SyntaxError);
  });
});
