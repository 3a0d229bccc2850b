// Codes of an app: the window, that each works once, evidence of an older record, and the sealed secret.
import { expect } from 'chai';
import { isMfaError } from '../../../src/core/words/errors.js';
import { createSealer } from '../../../src/crypto/seal.js';
import type { TotpData } from '../../../src/factors/totp/data.js';
import { totp } from '../../../src/factors/totp/totp.js';
import { applied } from '../../../src/testing/factor-contract.js';
import { answer, appCode, enrol, wrongCode } from './fixture.js';
import { contextAt, noon, secretOfTheApp } from '../../support/factor-context.js';

const factor = totp();
const start = Math.floor(noon / 30) * 30;
const before = contextAt(start - 3000);
const refused = { is: 'wrong', reason: 'session.mfa.invalid_totp_code' };

describe('the window', () => {
  const ages = [-31, -30, -1, 0, 29, 30, 59, 60, 89, 90];
  const taken: { [window: string]: number[] } = {
    strict: [0, 29],
    standard: [-30, -1, 0, 29, 30, 59],
  };

  for (const window of ['strict', 'standard'] as const) {
    it(`takes a code at exactly these ages when ${window}: ${String(taken[window]?.join(', '))} seconds`, async () => {
      const { secret, own } = await enrol(totp({ window }), before);
      const code = appCode(secret, start);
      const accepted: number[] = [];
      for (const age of ages) {
        const verdict = await answer(totp({ window }), contextAt(start + age), own, code);
        if (verdict.is === 'right') accepted.push(age);
        else expect(verdict).to.deep.equal(refused);
      }
      expect(accepted).to.deep.equal(taken[window]);
    });
  }

  it('is that of standard by default', async () => {
    const { secret, own } = await enrol(factor, before);
    expect((await answer(factor, contextAt(start + 59), own, appCode(secret, start))).is).to.equal('right');
    expect((await answer(factor, contextAt(start + 60), own, appCode(secret, start))).is).to.equal('wrong');
    expect((await answer(factor, contextAt(start - 30), own, appCode(secret, start))).is).to.equal('right');
    expect((await answer(factor, contextAt(start - 31), own, appCode(secret, start))).is).to.equal('wrong');
  });
});

describe('a code that was accepted', () => {
  it('is refused in the same step and in the next one, in the same words as a wrong one', async () => {
    const { secret, own } = await enrol(factor, before);
    const code = appCode(secret, start);
    const used = applied(own, await answer(factor, contextAt(start), own, code));
    expect(await answer(factor, contextAt(start + 1), used, code)).to.deep.equal(refused);
    expect(await answer(factor, contextAt(start + 31), used, code)).to.deep.equal(refused);
    expect(await answer(factor, contextAt(start), used, wrongCode(secret, start))).to.deep.equal(refused);
  });

  it('makes the code of the step before worthless, and not the one after', async () => {
    const { secret, own } = await enrol(factor, before);
    const used = applied(own, await answer(factor, contextAt(start + 30), own, appCode(secret, start + 30)));
    expect(await answer(factor, contextAt(start + 31), used, appCode(secret, start))).to.deep.equal(refused);
    expect((await answer(factor, contextAt(start + 60), used, appCode(secret, start + 60))).is).to.equal('right');
  });

  it('is right for one of two rivals: the second is judged against the record of the first', async () => {
    const { secret, own } = await enrol(factor, before);
    const context = contextAt(start);
    const evidence = await factor.weigh(context, own, { code: appCode(secret, start) });
    const first = factor.judge(context, own, evidence);
    expect(first.is).to.equal('right');
    expect(factor.judge(context, applied(own, first), evidence)).to.deep.equal(refused);
  });
});

describe('a code of another length than the app shows', () => {
  it('is refused before anything is compared, and says which way it is wrong', async () => {
    const { secret, own } = await enrol(factor, before);
    const long = `${appCode(secret, start)}00`;
    expect(await answer(factor, contextAt(start), own, long)).to.deep.equal({
      is: 'wrong',
      reason: 'request.invalid',
      details: { field: 'code', hint: 'totp.too_long', params: { digits: 6, typed: 8 } },
      attempt: false,
    });
    const eight = totp({ digits: 8 });
    const other = await enrol(eight, before);
    expect(await answer(eight, contextAt(start), other.own, '123456')).to.deep.include({
      details: { field: 'code', hint: 'totp.too_short', params: { digits: 8, typed: 6 } },
      attempt: false,
    });
  });

  it('follows the enrolled app, not the option of today', async () => {
    const { secret, own } = await enrol(totp({ digits: 8, algorithm: 'SHA512', period: 60 }), before);
    const code = appCode(secret, start, { digits: 8, algorithm: 'SHA512', periodSeconds: 60 });
    expect((await answer(factor, contextAt(start), own, code)).is).to.equal('right');
  });
});

describe('evidence', () => {
  it('is stale where the app was replaced, added or removed since', async () => {
    const { secret, own } = await enrol(factor, before);
    const context = contextAt(start);
    const evidence = await factor.weigh(context, own, { code: appCode(secret, start) });
    const again = await enrol(factor, before, own);
    expect(factor.judge(context, again.own, evidence)).to.deep.equal({ is: 'stale' });
    expect(factor.judge(context, [...own, ...again.own], evidence)).to.deep.equal({ is: 'stale' });
    expect(factor.judge(context, [], evidence)).to.deep.equal({ is: 'stale' });
    const ofNobody = await factor.weigh(context, [], { code: appCode(secret, start) });
    expect(factor.judge(context, own, ofNobody)).to.deep.equal({ is: 'stale' });
  });
});

describe('the sealed secret', () => {
  const newer = createSealer({
    secrets: ['a newer secret of the app, 32 bytes and more', secretOfTheApp],
    namespace: 'acme',
  });

  it('is sealed again with the newest secret when a code is accepted, and still opens', async () => {
    const { secret, own } = await enrol(factor, before);
    const used = applied(own, await answer(factor, contextAt(start, { sealer: newer }), own, appCode(secret, start)));
    const data = used[0]?.data as TotpData;
    expect(newer.isCurrent(data.secret)).to.equal(true);
    const onlyNewer = createSealer({ secrets: ['a newer secret of the app, 32 bytes and more'], namespace: 'acme' });
    const later = contextAt(start + 30, { sealer: onlyNewer });
    expect((await answer(factor, later, used, appCode(secret, start + 30))).is).to.equal('right');
  });

  it('is left as it is while its key is the newest', async () => {
    const { secret, own } = await enrol(factor, before);
    const used = applied(own, await answer(factor, contextAt(start), own, appCode(secret, start)));
    expect((used[0]?.data as TotpData).secret).to.equal((own[0]?.data as TotpData).secret);
  });

  it('does not open for another user or under another authenticator id: 503, not a wrong code', async () => {
    const { secret, own } = await enrol(factor, before);
    const code = appCode(secret, start);
    const stranger = contextAt(start, { user: { id: 'u2', label: 'mallory@example.com' } });
    const moved = own.map((one) => ({ ...one, id: 'elsewhere' }));
    for (const attempt of [answer(factor, stranger, own, code), answer(factor, contextAt(start), moved, code)]) {
      const error: unknown = await attempt.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(isMfaError(error) && error.code).to.equal('store.unavailable');
    }
  });
});
