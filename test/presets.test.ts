// Each preset: which options break it, told together; what it fills in; and that two at once take the stricter of each.
import { expect } from 'chai';
import {
  backupCodes,
  createMfa,
  emailCode,
  isMfaError,
  outboxSender,
  smsCode,
  totp,
  webauthn,
  type Factor,
  type MfaOptions,
} from '../src/index.js';
import type { Preset } from '../src/core/words/presets.js';

const email = () => emailCode({ sender: outboxSender('email') });
const sms = () => smsCode({ sender: outboxSender('sms') });

function appWith(options: Partial<MfaOptions> & { factors: readonly Factor[] }) {
  const secrets = ['the secret of the app in these tests, 32 bytes and more'];
  return createMfa({
    appName: 'Acme',
    secrets,
    origin: 'https://acme.example',
    user: () => null,
    notify: () => undefined,
    ...options,
  });
}

/** What is told where these options are refused; undefined where they are not. */
function refusal(options: Parameters<typeof appWith>[0]): string | undefined {
  try {
    appWith(options);
    return undefined;
  } catch (error) {
    if (!isMfaError(error)) throw error;
    expect(error.code).to.equal('config.preset_not_met');
    return error.message;
  }
}

const breaching: Partial<MfaOptions> = {
  trustedNetworks: ['10.0.0.0/8'],
  upstream: { 'https://idp.example': { mfa: 'accept', insteadOfOwnFactor: true } },
};
const networks = '`trustedNetworks` is 10.0.0.0/8; it must be empty';
const upstream = '`upstream.insteadOfOwnFactor` is true for https://idp.example; it must be false';

/** By preset: each breach alone, with what is told of it and the section. */
const breaches: { [name in Preset]: readonly [Partial<MfaOptions>, RegExp | string][] } = {
  'nist-aal2': [
    [
      { factors: [totp()] },
      '`factors` is without webauthn; it must be with webauthn (NIST SP 800-63B-4, AAL2: §2.2.2)',
    ],
    [{ factors: [webauthn(), email()] }, '`factors` is with email; it must be without email'],
    [
      { factors: [sms(), email()] },
      '`factors` is with sms; it must be with sms only beside a method that is no message',
    ],
    [{ factors: [webauthn(), totp({ period: 180 })] }, '`totp({ period })` is 180; it must be at most 120'],
    [{ trustBrowser: { days: 7 } }, '`trustBrowser` is { days: 7 }; it must be false'],
    [{ elevationMaxAgeSeconds: 90_000 }, '`elevationMaxAgeSeconds` is 90000; it must be at most 86400'],
  ],
  'nist-aal3': [
    [{ factors: [totp()] }, 'it must be with webauthn'],
    [{ factors: [webauthn(), totp()] }, '`factors` is with totp; it must be with webauthn as the only primary factor'],
    [{ factors: [webauthn(), email()] }, '`factors` is with email; it must be'],
    [{ factors: [webauthn(), sms()] }, '`factors` is with sms; it must be with webauthn as the only primary factor'],
    [{ factors: [webauthn({ synced: true })] }, '`webauthn({ synced })` is true; it must be false'],
    [{ factors: [webauthn({ userVerification: 'preferred' })] }, '`webauthn({ userVerification })` is "preferred"'],
    [{ trustBrowser: { days: 7 } }, '`trustBrowser`'],
    [{ elevationMaxAgeSeconds: 43_201 }, '`elevationMaxAgeSeconds` is 43201; it must be at most 43200'],
  ],
  'asvs-l2': [
    [{ factors: [totp({ window: 'standard' })] }, '`totp({ window })` is "standard"; it must be "strict"'],
    [{ factors: [totp({ period: 60 })] }, '`totp({ period })` is 60; it must be at most 30'],
    [
      { factors: [sms(), email()] },
      '`factors` is with sms; it must be with sms only beside a method that is no message',
    ],
  ],
  'asvs-l3': [
    [{ factors: [totp()] }, 'it must be with webauthn (OWASP ASVS 5.0, level 3: 6.3.3)'],
    [{ factors: [webauthn(), email()] }, '`factors` is with email; it must be without email'],
    [{ factors: [webauthn(), sms()] }, '`factors` is with sms; it must be without sms'],
    [{ factors: [webauthn(), totp({ window: 'standard' })] }, '`totp({ window })`'],
    [{ factors: [webauthn(), totp({ period: 60 })] }, '`totp({ period })` is 60; it must be at most 30'],
  ],
  pci: [
    [{ lockout: { after: 11 } }, '`lockout.after` is 11; it must be at most 10 (PCI DSS 4.0.1: 8.3.4)'],
    [{ lockout: { firstWaitSeconds: 60 } }, '`lockout.firstWaitSeconds` is 60; it must be at least 1800'],
    [{ lockout: { maxWaitSeconds: 900 } }, '`lockout.maxWaitSeconds` is 900; it must be at least 1800'],
    [{ policy: 'prompt-only-at-sign-in' }, '`policy` is "prompt-only-at-sign-in"; it must be "mandatory"'],
  ],
};

/** By preset: the least factors that it demands. */
const least: { [name in Preset]: () => Factor[] } = {
  'nist-aal2': () => [webauthn()],
  'nist-aal3': () => [webauthn()],
  'asvs-l2': () => [totp()],
  'asvs-l3': () => [webauthn()],
  pci: () => [totp()],
};

for (const preset of Object.keys(breaches) as Preset[]) {
  describe(`the preset ${preset}`, () => {
    it('starts with the least factors that it demands', () => {
      expect(refusal({ preset, factors: least[preset]() })).to.equal(undefined);
    });

    for (const [options, told] of [
      ...breaches[preset],
      [{ trustedNetworks: ['10.0.0.0/8'] }, networks] as const,
      [{ upstream: breaching.upstream ?? {} }, upstream] as const,
    ]) {
      it(`refuses ${JSON.stringify(options, (_, value: unknown) => (typeof value === 'object' && value && 'kind' in value ? value.kind : value))}: ${String(told)}`, () => {
        expect(refusal({ preset, factors: least[preset](), ...options })).to.include(told);
      });
    }
  });
}

describe('presets', () => {
  it('tell every breach in one message, each on a line of its own, with its section', () => {
    const told = refusal({
      preset: ['nist-aal3', 'pci'],
      factors: [webauthn({ synced: true, userVerification: 'preferred' }), totp(), backupCodes()],
      elevationMaxAgeSeconds: 90_000,
      trustBrowser: { days: 30 },
      policy: 'no-prompt',
      lockout: { after: 20, firstWaitSeconds: 30, maxWaitSeconds: 60 },
      ...breaching,
    });
    const lines = told?.split('\n').slice(1) ?? [];
    expect(lines).to.have.length(11);
    for (const line of lines) expect(line).to.match(/^- `.+` is .+; it must be .+ \(.+: .+\)\.$/);
  });

  it('take the stricter of two, and tell a value that breaks both once', () => {
    const factors = [webauthn()];
    const { config } = appWith({ preset: ['nist-aal2', 'nist-aal3', 'pci', 'asvs-l2'], factors });
    expect(config.settings.elevationMaxAgeSeconds).to.equal(43_200);
    expect(config.settings.lockout).to.include({ firstWaitSeconds: 1800, after: 5 });
    expect(config.policy).to.equal('mandatory');
    expect(config.factors[0]?.inForce).to.include({ synced: false, userVerification: 'required' });
    const both = refusal({ preset: ['nist-aal3', 'nist-aal2'], factors, elevationMaxAgeSeconds: 90_000 });
    expect(both?.match(/elevationMaxAgeSeconds/g)).to.have.length(1);
    expect(both).to.include('at most 43200');
    const slow = refusal({ preset: ['nist-aal2', 'asvs-l2'], factors: [webauthn(), totp({ period: 180 })] });
    expect(slow?.match(/period/g)).to.have.length(1);
    expect(slow).to.include('at most 30');
    expect(refusal({ preset: ['asvs-l2', 'pci'], factors: [totp({ window: 'standard' })] })).to.include('6.5.5');
  });

  it('fill in what was left out alone, and change nothing where there is none', () => {
    const given: Partial<MfaOptions> = { lockout: { firstWaitSeconds: 3600 }, policy: () => 'mandatory' };
    const { config } = appWith({ preset: 'pci', factors: [totp()], ...given });
    expect(config.settings.lockout.firstWaitSeconds).to.equal(3600);
    expect(config.policy).to.equal('by-person');
    expect(appWith({ preset: 'asvs-l2', factors: [totp()] }).config.factors[0]?.inForce).to.include({
      window: 'strict',
    });
    const plain = appWith({ factors: [totp(), webauthn()] }).config;
    expect(plain.settings.elevationMaxAgeSeconds).to.equal(86_400);
    expect(plain.factors.map(({ inForce }) => inForce)).to.deep.include.members([
      { digits: 6, period: 30, maxPerPerson: 1, window: 'standard' },
    ]);
  });

  it('need not judge what no option can be: a method is disabled after a hundred failures at most', () => {
    const lax = () => appWith({ factors: [webauthn()], lockout: { disableAfter: 101 } });
    expect(lax).to.throw().with.property('code', 'config.invalid_option');
  });

  it('are named by their names alone', () => {
    for (const preset of ['pci-dss', [], ['pci', 'iso'], 3])
      expect(() => appWith({ preset: preset as unknown as Preset, factors: [totp()] })).to.throw('`preset');
  });
});
