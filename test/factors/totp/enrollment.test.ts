// Setting up an authenticator app.
import { expect } from 'chai';
import type { Begun } from '../../../src/core/kernel/factor.js';
import type { TotpData } from '../../../src/factors/totp/data.js';
import type { ShownSecret } from '../../../src/factors/totp/enrollment.js';
import { fromBase32 } from '../../../src/factors/totp/one-time-password.js';
import { totp } from '../../../src/factors/totp/totp.js';
import { answer, appCode, enrol, enrolled, wrongCode } from './fixture.js';
import { contextAt, noon } from '../../support/factor-context.js';

const factor = totp();
const { enrollment } = factor;
const context = contextAt(noon);
const shownOf = (begun: Begun) => begun.shown as ShownSecret;

describe('beginning to set up an app', () => {
  it('shows a new secret of 160 bits as text, in groups of four, as address and as picture', async () => {
    const shown = shownOf(await enrollment.begin(context, [], null));
    expect(fromBase32(shown.secret).length).to.equal(20);
    expect(shown.groups.join('')).to.equal(shown.secret);
    expect(shown.groups.every((group) => group.length === 4)).to.equal(true);
    expect(shown.uri).to.contain(`secret=${shown.secret}&`);
    expect(shown.qr).to.match(/^<svg [^>]*viewBox/);
    expect(shown).to.include({ algorithm: 'SHA1', digits: 6, period: 30 });
    expect(shownOf(await enrollment.begin(context, [], null)).secret).not.to.equal(shown.secret);
  });

  it('makes secrets as long as the hash, and as long as asked', async () => {
    const lengthOf = async (options: Parameters<typeof totp>[0]) =>
      fromBase32(shownOf(await totp(options).enrollment.begin(context, [], null)).secret).length;
    expect(await lengthOf({ algorithm: 'SHA256' })).to.equal(32);
    expect(await lengthOf({ algorithm: 'SHA512' })).to.equal(64);
    expect(await lengthOf({ secretBytes: 16 })).to.equal(16);
  });
});

describe('confirming', () => {
  it('spends the confirming code', async () => {
    const { secret, own } = await enrol(factor, context);
    expect(await answer(factor, context, own, appCode(secret, noon))).to.include({ is: 'wrong' });
    const later = contextAt(noon + 30);
    expect(await answer(factor, later, own, appCode(secret, noon + 30))).to.include({ is: 'right' });
  });

  it('refuses a wrong code, and takes the right one after it', async () => {
    const begun = await enrollment.begin(context, [], null);
    const { secret } = shownOf(begun);
    const miss = await enrollment.weigh(context, [], { code: wrongCode(secret, noon) }, begun);
    expect(enrollment.judge(context, [], miss)).to.deep.equal({ is: 'wrong', reason: 'session.mfa.invalid_totp_code' });
    const hit = await enrollment.weigh(context, [], { code: appCode(secret, noon) }, begun);
    expect(enrollment.judge(context, [], hit)).to.include({ is: 'right' });
  });

  it('says that a code is too long without comparing it', async () => {
    const begun = await enrollment.begin(context, [], null);
    const evidence = await enrollment.weigh(context, [], { code: `${appCode(shownOf(begun).secret, noon)}0` }, begun);
    expect(enrollment.judge(context, [], evidence)).to.deep.include({
      reason: 'request.invalid',
      details: { field: 'code', hint: 'totp.too_long', params: { digits: 6, typed: 7 } },
      attempt: false,
    });
  });

  it('stores the secret sealed under the id that the authenticator gets', async () => {
    const { secret, own } = await enrol(factor, context);
    const data = own[0]?.data as TotpData;
    const place = { userId: 'u1', authenticatorId: String(own[0]?.id), purpose: 'totp' };
    expect(context.sealer.open(data.secret, place)).to.equal(secret);
    expect(() => context.sealer.open(data.secret, { ...place, authenticatorId: 'another' })).to.throw();
  });
});

describe('setting up again', () => {
  it('takes the place of the old app, and keeps the later of both last steps', async () => {
    const late = await enrol(factor, contextAt(noon + 3000));
    const again = await enrol(factor, context, late.own);
    expect(again.own).to.have.length(1);
    expect(again.own[0]?.id).not.to.equal(late.own[0]?.id);
    expect((again.own[0]?.data as TotpData).lastStep).to.equal((noon + 3000) / 30);
    const usual = await enrol(factor, contextAt(noon + 6000), again.own);
    expect((usual.own[0]?.data as TotpData).lastStep).to.equal((noon + 6000) / 30);
  });

  it('leaves the old app in force until the new one is confirmed', async () => {
    const { secret, own } = await enrol(factor, context);
    await enrollment.begin(contextAt(noon + 60), own, null);
    expect(await answer(factor, contextAt(noon + 60), own, appCode(secret, noon + 60))).to.include({ is: 'right' });
  });

  it('is refused where another app was confirmed while this one was being set up', async () => {
    const begun = await enrollment.begin(context, [], null);
    const evidence = await enrollment.weigh(context, [], { code: appCode(shownOf(begun).secret, noon) }, begun);
    const rival = enrolled(context, [], enrollment.judge(context, [], evidence));
    expect(enrollment.judge(context, rival, evidence)).to.deep.equal({
      is: 'wrong',
      reason: 'user.totp_already_in_use',
      attempt: false,
    });
  });

  it('counts the last step in seconds where the periods differ', async () => {
    const slow = totp({ period: 60 });
    const old = await enrol(slow, contextAt(noon + 600));
    const again = await enrol(factor, context, old.own);
    expect((again.own[0]?.data as TotpData).lastStep).to.equal((noon + 600) / 30);
  });
});
