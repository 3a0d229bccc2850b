// When the end of a set of backup codes is told: by what has come since the last use of anything.
import { expect } from 'chai';
import { expiring, expiryNews } from '../../../src/core/rules/expiry.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import { totp } from '../../../src/factors/totp/totp.js';
import { testKernel } from '../../support/core-kernel.js';
import { app, codes, having, now, own, ruleKernel } from '../../support/rule-person.js';

const day = 86_400;

/** Somebody whose set ends `left` days from now, and who last signed in `ago` days ago. */
function news(left: number, ago: number) {
  const kernel = testKernel({ factors: [totp(), backupCodes()] });
  const set = { salt: '', keyId: '', createdAt: now - 300 * day, expiresAt: now + left * day, codes: [{ hash: 'x' }] };
  const record: MfaRecord = {
    ...emptyRecord('epoch'),
    authenticators: [
      { id: 'app', kind: 'totp', createdAt: now - 300 * day, lastUsedAt: now - ago * day, data: {} },
      { id: 'set', kind: 'backup-codes', createdAt: now - 300 * day, data: set },
    ],
  };
  const { happened, notices } = expiryNews(kernel, record);
  const reminders = happened.filter(({ name }) => name === 'backup-codes-expiring');
  expect(notices).to.deep.equal(
    reminders.map(({ name, kind }) => ({ what: name, kind, at: now, expiresAt: set.expiresAt })),
  );
  return happened.map(({ name, detail }) => [name, detail?.['days']]);
}

describe('the end of a set of backup codes', () => {
  it('is told 30, 7 and 1 days before, each at the first sign-in since', () => {
    expect(news(40, 1)).to.deep.equal([]);
    expect(news(29, 5)).to.deep.equal([['backup-codes-expiring', 30]]);
    expect(news(28, 0.5)).to.deep.equal([]);
    expect(news(6.5, 1)).to.deep.equal([['backup-codes-expiring', 7]]);
    expect(news(0.5, 1)).to.deep.equal([['backup-codes-expiring', 1]]);
    expect(news(0.4, 0.05)).to.deep.equal([]);
  });

  it('is told in the last second of each of these days, and no longer in that of the end', () => {
    expect(news(30, 1)).to.deep.equal([['backup-codes-expiring', 30]]);
    expect(news(30 + 1 / day, 1)).to.deep.equal([]);
    expect(news(7, 1)).to.deep.equal([['backup-codes-expiring', 7]]);
    expect(news(0, 3)).to.deep.equal([['backup-codes-expired', undefined]]);
    expect(news(-3, 3)).to.deep.equal([]);
    expect([1, 0, -1].map((left) => expiring(now + left, now))).to.deep.equal([1, undefined, undefined]);
  });

  it('is told of no set that never ends, and of nothing that is no set', () => {
    const ends = { data: { expiresAt: now + day } };
    const newsOf = (record: MfaRecord) => expiryNews(ruleKernel(), record);
    expect(expiring(undefined, now)).to.equal(undefined);
    expect(newsOf(having([own(app, { createdAt: now - 9 * day }), codes]))).to.deep.equal({
      happened: [],
      notices: [],
    });
    expect(newsOf(having([own(app, { ...ends, createdAt: now - 9 * day })]))).to.deep.equal({
      happened: [],
      notices: [],
    });
    expect(newsOf(having([own(codes, { ...ends, createdAt: now - 9 * day })])).happened).to.have.length(1);
  });

  it('is told once when it has come', () => {
    expect(news(-1, 3)).to.deep.equal([['backup-codes-expired', undefined]]);
    expect(news(-4, 3)).to.deep.equal([]);
  });
});
