// What is known of a set of codes without its codes.
import { expect } from 'chai';
import type { Authenticator } from '../../../src/core/kernel/record.js';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import { expiring } from '../../../src/core/rules/expiry.js';
import type { CodeSet } from '../../../src/factors/backup-codes/code-set.js';
import { contextAt, day, noon } from '../../support/factor-context.js';

const factor = backupCodes();

function withLeft(left: number, rest: Partial<CodeSet> = {}): Authenticator {
  const codes = Array.from({ length: 10 }, (_, at) => (at < 10 - left ? { usedAt: noon + at } : { hash: `h${at}` }));
  const data: CodeSet = { salt: 'c2FsdA', keyId: 'key', createdAt: noon, expiresAt: noon + 365 * day, codes, ...rest };
  return { id: 'a1', kind: 'backup-codes', createdAt: noon, data };
}

describe('how a set stands', () => {
  it('is usable, low from three left on, and empty', () => {
    const states = [10, 4, 3, 1, 0].map((left) => factor.standing(withLeft(left), noon));
    expect(states.map(({ state, left }) => [state, left])).to.deep.equal([
      ['usable', 10],
      ['usable', 4],
      ['low', 3],
      ['low', 1],
      ['empty', 0],
    ]);
    expect(states[0]).to.deep.equal({ state: 'usable', left: 10, total: 10, expiresAt: noon + 365 * day });
  });

  it('warns from as many left as the app says', () => {
    expect(backupCodes({ lowAt: 5 }).standing(withLeft(5), noon).state).to.equal('low');
    expect(backupCodes({ lowAt: 0 }).standing(withLeft(1), noon).state).to.equal('usable');
  });

  it('is expired from the second on at which it ends, and never without an end', () => {
    expect(factor.standing(withLeft(10), noon + 365 * day - 1).state).to.equal('usable');
    expect(factor.standing(withLeft(10), noon + 365 * day)).to.include({ state: 'expired', left: 10 });
    const forever = factor.standing(withLeft(10, { expiresAt: null }), noon + 9999 * day);
    expect(forever).to.deep.equal({ state: 'usable', left: 10, total: 10 });
  });
});

describe('what may be seen of a set', () => {
  it('is made, used and expiring, by number; no hash, salt or address', () => {
    const shown = factor.describe?.(contextAt(noon), withLeft(9));
    expect(shown).to.deep.include({ total: 10, remaining: 9 });
    const codes = shown?.['codes'] as object[];
    expect(codes[0]).to.deep.equal({ index: 1, createdAt: noon, usedAt: noon, expiresAt: noon + 365 * day });
    expect(codes[9]).to.deep.equal({ index: 10, createdAt: noon, expiresAt: noon + 365 * day });
    expect(JSON.stringify(shown)).not.to.match(/h\d|c2FsdA|203\.0/);
  });
});

describe('reminders that a set expires', () => {
  it('are due 30, 7 and 1 days before', () => {
    const end = noon + 365 * day;
    const due = [31 * day, 30 * day + 1, 30 * day, 8 * day, 7 * day, 2 * day, day, 1, 0, -1].map((left) =>
      expiring(end, end - left),
    );
    expect(due).to.deep.equal([undefined, undefined, 30, 30, 7, 7, 1, 1, undefined, undefined]);
    expect(expiring(undefined, noon)).to.equal(undefined);
  });
});
