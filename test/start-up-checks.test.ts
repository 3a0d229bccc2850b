// Senders that deliver to nobody are for development: production refuses them, alone or inside another one.
import { expect } from 'chai';
import { createMfa, emailCode, fallback, memoryStore, smsCode, totp, type Factor, type Sender } from '../src/index.js';
import { isMfaError } from '../src/core/words/errors.js';
import { consoleSender } from '../src/senders/console-sender.js';
import { outboxSender } from '../src/senders/outbox-sender.js';
import { inEnvironment } from './support/environment.js';

const real: Sender = { channel: 'email', name: 'smtp', send: () => Promise.resolve() };

/** The code with which createMfa refuses `factor` where NODE_ENV is `environment`. */
async function refusalIn(environment: string, factor: Factor): Promise<string | undefined> {
  try {
    await inEnvironment(environment, () =>
      createMfa({
        appName: 'Acme',
        secrets: ['the secret of the app in these tests, 32 bytes and more'],
        origin: 'https://acme.example',
        // A store of the host's own: that the memory store is refused is another rule.
        store: { ...memoryStore(), name: 'own' },
        factors: [totp(), factor],
        user: () => null,
      }),
    );
    return undefined;
  } catch (error) {
    if (!isMfaError(error)) throw error;
    expect(error.message).to.contain(factor.kind);
    return error.code;
  }
}

describe('createMfa', () => {
  it('says in production, and there alone, that nobody is told whom to ask', async () => {
    const told: string[] = [];
    const listen = (warning: Error & { code?: string }) => void told.push(warning.code ?? '');
    process.on('warning', listen);
    for (const environment of ['production', 'development']) {
      for (const brand of [{}, { help: { email: 'help@acme.example' } }]) {
        await inEnvironment(environment, () =>
          createMfa({
            appName: 'Acme',
            secrets: ['the secret of the app in these tests, 32 bytes and more'],
            store: { ...memoryStore(), name: 'own' },
            factors: [totp()],
            user: () => null,
            notify: () => undefined,
            brand,
          }),
        );
      }
    }
    await new Promise((emitted) => setImmediate(emitted));
    process.off('warning', listen);
    expect(told).to.deep.equal(['express-mfa.no_help']);
  });

  it('refuses help that leads nowhere', () => {
    const withHelp = (help: object) => () =>
      createMfa({
        appName: 'Acme',
        secrets: ['the secret of the app in these tests, 32 bytes and more'],
        factors: [totp()],
        user: () => null,
        brand: { help },
      });
    for (const help of [
      {},
      { hours: '9 to 5' },
      { url: 'javascript:alert(1)' },
      { email: 'a@b?cc=c@d' },
      { phone: 'x' },
    ])
      expect(withHelp(help), JSON.stringify(help)).to.throw('help');
    expect(withHelp({ phone: '+44 (20) 7946 0000', url: '/help' })).to.not.throw();
  });

  const development: [what: string, factor: () => Factor][] = [
    ['the console sender', () => emailCode({ sender: consoleSender('email') })],
    ['the outbox', () => smsCode({ sender: outboxSender('sms') })],
    ['the console sender as second choice', () => emailCode({ sender: fallback([real, consoleSender('email')]) })],
  ];
  for (const [what, factor] of development) {
    it(`refuses ${what} in production, and takes it in development`, async () => {
      expect(await refusalIn('production', factor())).to.equal('config.console_sender_in_production');
      expect(await refusalIn('staging', factor())).to.equal('config.console_sender_in_production');
      expect(await refusalIn('development', factor())).to.equal(undefined);
      expect(await refusalIn('test', factor())).to.equal(undefined);
    });
  }

  it('takes real senders in production', async () => {
    for (const sender of [real, fallback([real, { ...real, name: 'http' }])])
      expect(await refusalIn('production', emailCode({ sender }))).to.equal(undefined);
  });
});
