// What start-up refuses or warns of: senders that deliver to nobody in production, alone or inside another one; domains and
// origins that passkeys cannot be of; plain http; factors that are weak alone.
import { expect } from 'chai';
import {
  backupCodes,
  createMfa,
  emailCode,
  fallback,
  memoryStore,
  smsCode,
  totp,
  webauthn,
  type Factor,
  type MfaOptions,
  type Sender,
} from '../src/index.js';
import { isMfaError } from '../src/core/words/errors.js';
import { consoleSender } from '../src/senders/console-sender.js';
import { outboxSender } from '../src/senders/outbox-sender.js';
import { inEnvironment } from './support/environment.js';
import { warningsOf } from './support/warnings.js';

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
    const warned = await warningsOf(async () => {
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
    });
    expect(warned.map(({ code }) => code)).to.deep.equal(['express-mfa.no_help']);
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

  const started = async (environment: string, options: Partial<MfaOptions>): Promise<string> =>
    inEnvironment(environment, () => {
      try {
        createMfa({
          appName: 'Acme',
          secrets: ['the secret of the app in these tests, 32 bytes and more'],
          store: { ...memoryStore(), name: 'own' },
          factors: [totp(), webauthn()],
          user: () => null,
          notify: () => undefined,
          ...options,
        });
        return 'started';
      } catch (error) {
        return (error as Error).message;
      }
    });

  for (const [rpId, origin] of [
    ['com', 'https://acme.com'],
    ['co.uk', 'https://acme.co.uk'],
    ['com.au', 'https://app.acme.com.au'],
    ['ac.jp', 'https://acme.ac.jp'],
    ['example', 'https://app.acme.example'],
  ] as const)
    it(`refuses the rpId ${rpId}, which many share`, async () => {
      expect(await started('production', { origin, factors: [webauthn({ rpId })] })).to.contain(`rpId "${rpId}"`);
    });

  it('takes an rpId that is one’s own', async () => {
    for (const [rpId, origin] of [
      ['acme.co.uk', 'https://app.acme.co.uk'],
      ['co.example', 'https://app.co.example'],
      ['acme.com', 'https://acme.com'],
    ] as const)
      expect(await started('production', { origin, factors: [webauthn({ rpId })] })).to.equal('started');
    expect(
      await started('test', { origin: 'http://localhost:3000', factors: [webauthn({ rpId: 'localhost' })] }),
    ).to.equal('started');
  });

  it('refuses an origin of another site than the passkeys are of, and takes it without passkeys', async () => {
    const origins = ['https://app.acme.example', 'https://friend.example'];
    expect(await started('production', { origins })).to.contain('"https://friend.example" is another site');
    expect(await started('production', { origins, factors: [totp()] })).to.equal('started');
    const within = ['https://acme.example', 'https://www.acme.example'];
    expect(await started('production', { origins: within })).to.equal('started');
  });

  it('refuses plain http in production, this machine excepted', async () => {
    const factors = [totp()];
    const plain = await started('production', { origins: ['https://acme.example', 'http://acme.example'], factors });
    expect(plain).to.contain('http://acme.example is not encrypted');
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(await started('production', { origin, factors })).to.equal('started');
    expect(await started('test', { origin: 'http://acme.example', factors })).to.equal('started');
  });

  it('warns where codes by e-mail or SMS are the only second factor', async () => {
    const warned = await warningsOf(async () => {
      const sender = real;
      await started('test', { factors: [emailCode({ sender }), backupCodes()] });
      await started('test', { factors: [smsCode({ sender: { ...real, channel: 'sms' } }), emailCode({ sender })] });
      await started('test', { factors: [totp(), emailCode({ sender })] });
    });
    const warnings = warned.filter(({ code }) => code === 'express-mfa.weak_factors_alone');
    expect(warnings.map(({ message }) => message.slice(0, 34))).to.deep.equal([
      'Codes by e-mail are the only secon',
      'Codes by SMS and e-mail are the on',
    ]);
  });
});
