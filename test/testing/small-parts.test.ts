// The small parts of the test kit: the clock, the outbox, the code of an authenticator app.
import { expect } from 'chai';
import { outbox, testClock, totpCode } from 'express-mfa/testing';
import { otpauthUri } from '../../src/factors/totp/otpauth-uri.js';
import { sampleMessage } from '../../src/testing/sender-samples.js';
import { codeOnPhone } from '../support/phone.js';

describe('testClock', () => {
  it('stands where it was put, and moves when it is told to', () => {
    const clock = testClock(new Date('2027-01-15T08:00:00Z'));
    expect(clock.now()).to.equal(1_800_000_000_000);
    clock.advance(90.5);
    expect([clock.now(), clock.seconds]).to.deep.equal([1_800_000_090_500, 1_800_000_090]);
    clock.set(1_000_000_000_000);
    expect(clock.seconds).to.equal(1_000_000_000);
    clock.set(new Date(5000));
    expect(clock.now()).to.equal(5000);
  });

  it('begins with the present, and then stands still', async () => {
    const clock = testClock();
    const begun = clock.now();
    expect(begun).to.be.closeTo(Date.now(), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clock.now()).to.equal(begun);
  });
});

describe('outbox', () => {
  it('tells the newest message and the newest code, of everybody or of one address', async () => {
    const mail = outbox('email');
    await mail.send(sampleMessage('email', { to: 'ada@example.com', code: '111111' }));
    await mail.send(sampleMessage('email', { to: 'bob@example.com', code: '222222' }));
    const { code: _none, ...notice } = sampleMessage('email', { to: 'ada@example.com', usage: 'Notice' });
    await mail.send(notice);
    expect([mail.code(), mail.code('ada@example.com')]).to.deep.equal(['222222', '111111']);
    expect(mail.newest()?.usage).to.equal('Notice');
    expect(mail.newest('bob@example.com')?.code).to.equal('222222');
    expect([mail.channel, mail.messages.length]).to.deep.equal(['email', 3]);
  });

  it('says what it holds where there is no such code', async () => {
    const texts = outbox('sms');
    expect(() => texts.code()).to.throw('holds no code, but nothing');
    await texts.send(sampleMessage('sms'));
    expect(() => texts.code('+15550100199')).to.throw('no code for +15550100199, but MfaVerification to +15550100123');
    texts.clear();
    expect(texts.newest()).to.equal(undefined);
  });
});

describe('totpCode', () => {
  const clock = testClock(1_800_000_000_000);

  it('is what an authenticator app shows, at any algorithm, length and period', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    expect(totpCode(secret, { clock })).to.equal(await codeOnPhone(`otpauth://totp/x?secret=${secret}`, clock.now()));
    const uri = otpauthUri(secret, 'Acme', 'ada', { algorithm: 'SHA512', digits: 8, periodSeconds: 60 });
    expect(totpCode(uri, { clock })).to.equal(await codeOnPhone(uri, clock.now()));
    expect(totpCode(uri, { clock, steps: -1 })).to.equal(await codeOnPhone(uri, clock.now() - 60_000));
  });

  it('takes a secret as pages show it, and refuses what is none', () => {
    const secret = 'JBSWY3DPEHPK3PXP';
    expect(totpCode('jbsw y3dp ehpk 3pxp', { clock })).to.equal(totpCode(secret, { clock }));
    expect(() => totpCode('no secret, 1 0 8')).to.throw();
    expect(() => totpCode('otpauth://totp/x')).to.throw();
    expect(() => totpCode('AAAA')).to.throw();
  });

  it('is of the present where there is no clock', () => {
    const near = [-1, 0, 1].map((steps) => totpCode('JBSWY3DPEHPK3PXP', { clock: testClock(), steps }));
    expect(near).to.include(totpCode('JBSWY3DPEHPK3PXP'));
  });
});
