// Senders that deliver to nobody are for development: production refuses them, alone or inside another one.
import { expect } from 'chai';
import { createMfa, emailCode, fallback, memoryStore, smsCode, totp, type Factor, type Sender } from '../src/index.js';
import { isMfaError } from '../src/core/words/errors.js';
import { consoleSender } from '../src/senders/console-sender.js';
import { outboxSender } from '../src/senders/outbox-sender.js';

const real: Sender = { channel: 'email', name: 'smtp', send: () => Promise.resolve() };

/** The code with which createMfa refuses `factor` where NODE_ENV is `environment`. */
function refusalIn(environment: string, factor: Factor): string | undefined {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = environment;
  try {
    createMfa({
      appName: 'Acme',
      secrets: ['the secret of the app in these tests, 32 bytes and more'],
      origin: 'https://acme.example',
      // A store of the host's own: that the memory store is refused is another rule.
      store: { ...memoryStore(), name: 'own' },
      factors: [totp(), factor],
      user: () => null,
    });
    return undefined;
  } catch (error) {
    if (!isMfaError(error)) throw error;
    expect(error.message).to.contain(factor.kind);
    return error.code;
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

describe('createMfa', () => {
  const development: [what: string, factor: () => Factor][] = [
    ['the console sender', () => emailCode({ sender: consoleSender('email') })],
    ['the outbox', () => smsCode({ sender: outboxSender('sms') })],
    ['the console sender as second choice', () => emailCode({ sender: fallback([real, consoleSender('email')]) })],
  ];
  for (const [what, factor] of development) {
    it(`refuses ${what} in production, and takes it in development`, () => {
      expect(refusalIn('production', factor())).to.equal('config.console_sender_in_production');
      expect(refusalIn('staging', factor())).to.equal('config.console_sender_in_production');
      expect(refusalIn('development', factor())).to.equal(undefined);
      expect(refusalIn('test', factor())).to.equal(undefined);
    });
  }

  it('takes real senders in production', () => {
    for (const sender of [real, fallback([real, { ...real, name: 'http' }])])
      expect(refusalIn('production', emailCode({ sender }))).to.equal(undefined);
  });
});
