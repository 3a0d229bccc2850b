// What an app with codes is told at start-up: which combinations are refused, and which are only weak.
import { expect } from 'chai';
import { once } from 'node:events';
import {
  consoleSender,
  createMfa,
  emailCode,
  memoryStore,
  outboxSender,
  smsCode,
  totp,
  type MfaOptions,
} from '../../../src/index.js';
import { appSecret } from '../../support/app.js';
import { inEnvironment } from '../../support/environment.js';
import { thrownBy } from '../../support/thrown.js';

const email = () => emailCode({ sender: outboxSender('email') });
const sms = () => smsCode({ sender: outboxSender('sms') });
const start = (options: Partial<MfaOptions>) =>
  createMfa({ appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null, ...options });

const refusal = (options: Partial<MfaOptions>) => thrownBy(() => start(options));

describe('an app with codes by e-mail and SMS', () => {
  for (const [channel, factor] of [
    ['email', email],
    ['sms', sms],
  ] as const) {
    it(`does not start where ${channel} is how people sign in and their second factor`, () => {
      const { code, message } = refusal({ factors: [totp(), factor()], signInMethods: ['password', channel] });
      expect(code).to.equal(`config.${channel}_code_cannot_be_sign_in_and_mfa`);
      expect(message).to.include('one channel cannot be first and second factor');
      start({ factors: [totp(), factor()], signInMethods: ['password', channel === 'email' ? 'sms' : 'email'] });
    });

    it(`starts with a warning where passwords are reset by ${channel}`, async () => {
      const warned = once(process, 'warning') as Promise<[Error & { code?: string }]>;
      start({ factors: [totp(), factor()], passwordResetMethods: [channel] });
      const [warning] = await warned;
      expect(warning).to.include({ name: 'ExpressMfaWarning', code: 'express-mfa.one_channel_for_both' });
      expect(warning.message).to.include(`Passwords are reset by ${channel}`).and.include('has both');
    });

    it(`does not start with two factors by ${channel}`, () => {
      expect(refusal({ factors: [factor(), factor()] }).code).to.equal('config.duplicated_factors');
    });
  }

  it('does not start with templates that say what has no value, or for a usage that does not exist', () => {
    const en = { text: 'Hi {{name}}' };
    expect(refusal({ factors: [email()], templates: { MfaVerification: { en } } }).code).to.equal(
      'config.invalid_option',
    );
    const unknown = refusal({
      factors: [email()],
      templates: { MfaVerfication: { en } } as MfaOptions['templates'] & {},
    });
    expect(unknown.code).to.equal('config.unknown_option');
    expect(unknown.message).to.include('Did you mean `templates.MfaVerification`?');
  });

  it('does not start in production with a sender that delivers nothing', () =>
    inEnvironment('production', () => {
      const store = { ...memoryStore(), name: 'kept' };
      const origin = 'https://acme.example';
      for (const sender of [consoleSender('email'), outboxSender('email')]) {
        const { code } = refusal({ store, origin, factors: [totp(), emailCode({ sender })] });
        expect(code).to.equal('config.console_sender_in_production');
      }
      const real = { channel: 'sms' as const, name: 'mine', send: async () => undefined };
      start({ store, origin, factors: [smsCode({ sender: real })] });
      expect(refusal({ store, factors: [smsCode({ sender: real })] }).code).to.equal('config.origin_missing');
    }));
});
