// What each standard asks of the options, as one table; a preset fills in what was left out, and refuses what breaks it. It judges
// options, not an app: passwords, idle time and the host's own pages are not seen here.
import type { Factor } from './core/kernel/factor.js';
import type { Policy } from './core/kernel/policy.js';
import type { Settings } from './core/kernel/settings.js';
import { MfaError } from './core/words/errors.js';
import { presetTitles, type Preset } from './core/words/presets.js';
import type { MfaOptions } from './options.js';

/** What a rule looks at: the options with every default filled in. */
export type Judged = {
  settings: Settings;
  factors: readonly Factor[];
  policy: Policy | 'by-person';
  web: { trustedNetworks: readonly string[] };
};

/** An option that breaks a standard: what it is, what it must be, and the section that says so. */
export type Breach = { option: string; value: string; must: string; section: string };

type Sections = { readonly [name in Preset]?: string };
/** `breaks`: the value that breaks the rule, in words; undefined where nothing does. */
type Rule = { option: string; must: string; of: Sections; breaks: (config: Judged) => string | undefined };

const kindsOf = ({ factors }: Judged) => factors.filter(({ rank }) => rank === 'primary');
const has = (config: Judged, kind: string) => kindsOf(config).some((factor) => factor.kind === kind);
const optionOf = ({ factors }: Judged, kind: string, option: string) =>
  factors.find((factor) => factor.kind === kind)?.inForce?.[option];

function most(option: string, most: number, of: Sections, read: (config: Judged) => number): Rule {
  return {
    option,
    must: `at most ${most}`,
    of,
    breaks: (config) => (read(config) > most ? String(read(config)) : undefined),
  };
}

function least(option: string, least: number, of: Sections, read: (config: Judged) => number): Rule {
  return {
    option,
    must: `at least ${least}`,
    of,
    breaks: (config) => (read(config) < least ? String(read(config)) : undefined),
  };
}

function never(kind: string, of: Sections): Rule {
  return {
    option: 'factors',
    must: `without ${kind}`,
    of,
    breaks: (config) => (has(config, kind) ? `with ${kind}` : undefined),
  };
}

/** Where two rules speak of one option, the later is the stricter: of a value that breaks both, it alone is told. */
const rules: readonly Rule[] = [
  {
    option: 'factors',
    must: 'with webauthn',
    of: { 'nist-aal2': '§2.2.2', 'nist-aal3': '§2.3.2', 'asvs-l3': '6.3.3' },
    breaks: (config) => (has(config, 'webauthn') ? undefined : 'without webauthn'),
  },
  never('email', { 'nist-aal2': '§3.1.3.1', 'nist-aal3': '§3.1.3.1', 'asvs-l3': '6.3.6' }),
  {
    option: 'factors',
    must: 'with sms only beside a method that is no message',
    of: { 'nist-aal2': '§3.2.9', 'asvs-l2': '6.6.1' },
    breaks: (config) =>
      has(config, 'sms') && kindsOf(config).every(({ channel }) => channel !== undefined) ? 'with sms' : undefined,
  },
  never('sms', { 'asvs-l3': '6.6.1' }),
  {
    option: 'factors',
    must: 'with webauthn as the only primary factor',
    of: { 'nist-aal3': '§2.3.2' },
    breaks: (config) => {
      const others = kindsOf(config).flatMap(({ kind }) => (kind === 'webauthn' ? [] : [kind]));
      return others.length > 0 ? `with ${others.join(' and ')}` : undefined;
    },
  },
  {
    option: 'webauthn({ synced })',
    must: 'false',
    of: { 'nist-aal3': '§2.3.2' },
    breaks: (config) => (optionOf(config, 'webauthn', 'synced') === true ? 'true' : undefined),
  },
  {
    option: 'webauthn({ userVerification })',
    must: '"required"',
    of: { 'nist-aal3': '§2.3.2' },
    breaks: (config) => (optionOf(config, 'webauthn', 'userVerification') === 'preferred' ? '"preferred"' : undefined),
  },
  {
    option: 'totp({ window })',
    must: '"strict"',
    of: { 'asvs-l2': '6.5.5', 'asvs-l3': '6.5.5' },
    breaks: (config) => (optionOf(config, 'totp', 'window') === 'standard' ? '"standard"' : undefined),
  },
  {
    option: 'totp({ period })',
    must: 'at most 120',
    of: { 'nist-aal2': '§3.1.4.1' },
    breaks: (config) => {
      const period = Number(optionOf(config, 'totp', 'period') ?? 0);
      return period > 120 ? String(period) : undefined;
    },
  },
  {
    option: 'totp({ period })',
    must: 'at most 30',
    of: { 'asvs-l2': '6.5.5', 'asvs-l3': '6.5.5' },
    breaks: (config) => {
      const period = Number(optionOf(config, 'totp', 'period') ?? 0);
      return period > 30 ? String(period) : undefined;
    },
  },
  {
    option: 'trustBrowser',
    must: 'false',
    of: { 'nist-aal2': '§5.1', 'nist-aal3': '§5.1' },
    breaks: ({ settings: { trustDays } }) => (trustDays === undefined ? undefined : `{ days: ${trustDays} }`),
  },
  most('elevationMaxAgeSeconds', 86_400, { 'nist-aal2': '§2.2.3' }, ({ settings }) => settings.elevationMaxAgeSeconds),
  most('elevationMaxAgeSeconds', 43_200, { 'nist-aal3': '§2.3.3' }, ({ settings }) => settings.elevationMaxAgeSeconds),
  most(
    'lockout.disableAfter',
    100,
    { 'nist-aal2': '§3.2.2', 'nist-aal3': '§3.2.2' },
    ({ settings }) => settings.lockout.disableAfter,
  ),
  most('lockout.after', 10, { pci: '8.3.4' }, ({ settings }) => settings.lockout.after),
  least('lockout.firstWaitSeconds', 1800, { pci: '8.3.4' }, ({ settings }) => settings.lockout.firstWaitSeconds),
  // The longest wait bounds the first.
  least('lockout.maxWaitSeconds', 1800, { pci: '8.3.4' }, ({ settings }) => settings.lockout.maxWaitSeconds),
  {
    option: 'policy',
    must: '"mandatory", or a function that says so for administrators',
    of: { pci: '8.4.1' },
    breaks: ({ policy }) => (policy === 'mandatory' || policy === 'by-person' ? undefined : `"${policy}"`),
  },
  {
    option: 'trustedNetworks',
    must: 'empty',
    of: { 'nist-aal2': '§5.1', 'nist-aal3': '§5.1', 'asvs-l2': '6.3.4', 'asvs-l3': '6.3.4', pci: '8.5.1' },
    breaks: ({ web: { trustedNetworks } }) => (trustedNetworks.length > 0 ? trustedNetworks.join(', ') : undefined),
  },
  {
    option: 'upstream.insteadOfOwnFactor',
    must: 'false',
    of: { 'nist-aal2': '§5.2', 'nist-aal3': '§5.2', 'asvs-l2': '6.3.4', 'asvs-l3': '6.3.4', pci: '8.5.1' },
    breaks: ({ settings: { upstream } }) => {
      const issuers = [...upstream].flatMap(([issuer, { insteadOfOwnFactor }]) => (insteadOfOwnFactor ? [issuer] : []));
      return issuers.length > 0 ? `true for ${issuers.join(', ')}` : undefined;
    },
  },
];

/** What no option tells, and the app or its operator answers for. */
export const hostsOwn: readonly string[] = [
  'passwords and how they are reset',
  'when an idle session ends',
  'the Content-Security-Policy and transport of pages other than ours',
  'whether security keys are attested',
];

/** What of these options breaks a standard; of several the stricter of each. */
export function breachesOf(config: Judged, names: readonly Preset[]): Breach[] {
  const found = new Map<string, Breach>();
  for (const { option, must, of, breaks } of rules) {
    const sections = names.flatMap((name) => (of[name] === undefined ? [] : [`${presetTitles[name]}: ${of[name]}`]));
    const value = sections.length > 0 ? breaks(config) : undefined;
    if (value === undefined) continue;
    found.set(`${option} ${value}`, { option, value, must, section: sections.join('; ') });
  }
  return [...found.values()];
}

export function sentenceOfBreach({ option, value, must, section }: Breach): string {
  return `\`${option}\` is ${value}; it must be ${must} (${section}).`;
}

/** @throws MfaError `config.preset_not_met`, with every breach in its message */
export function checkPreset(config: Judged & { presets: readonly Preset[] }): void {
  const breaches = breachesOf(config, config.presets);
  if (breaches.length === 0) return;
  const told = breaches.map((breach) => `- ${sentenceOfBreach(breach)}`).join('\n');
  throw new MfaError('config.preset_not_met', `These options break the preset ${config.presets.join(', ')}:\n${told}`);
}

type Defaults = Pick<MfaOptions, 'policy' | 'elevationMaxAgeSeconds' | 'lockout'> & {
  factors?: { readonly [kind: string]: { readonly [option: string]: string | boolean } };
};

/** No two of them speak of one option, so that they are merged as they stand. */
const defaultsOf: { readonly [name in Preset]?: Defaults } = {
  'nist-aal3': {
    elevationMaxAgeSeconds: 43_200,
    factors: { webauthn: { synced: false, userVerification: 'required' } },
  },
  'asvs-l2': { factors: { totp: { window: 'strict' } } },
  'asvs-l3': { factors: { totp: { window: 'strict' } } },
  pci: { policy: 'mandatory', lockout: { firstWaitSeconds: 1800 } },
};

export function presetsIn(preset: MfaOptions['preset']): readonly Preset[] {
  return preset === undefined ? [] : typeof preset === 'string' ? [preset] : [...new Set(preset)];
}

/** The options with what their presets say of those that were left out. */
export function withPresets(options: MfaOptions): MfaOptions {
  return presetsIn(options.preset).reduce<MfaOptions>((filled, name) => {
    const { factors = {}, lockout, ...others } = defaultsOf[name] ?? {};
    return {
      ...others,
      ...filled,
      ...((lockout ?? filled.lockout) && { lockout: { ...lockout, ...filled.lockout } }),
      factors: filled.factors.map((factor) => {
        const defaults = factors[factor.kind];
        return (defaults && factor.under?.(defaults)) ?? factor;
      }),
    };
  }, options);
}
