// The options in force as digests: one of all, by which an auditor knows a configuration again, and one of each, by which two are
// told apart. Of no option can its value be read back from an entry of the log.
import { hash } from 'node:crypto';
import { canonical } from './audit/canonical.js';
import type { MfaConfig } from './config.js';

/** `digests`: by the option's name. */
export type PolicyVersion = { hash: string; version?: string; digests: { [option: string]: string } };

const digest = (value: unknown, length: number) => hash('sha256', canonical(value), 'hex').slice(0, length);

/** What a function decides counts by `policyVersion`. */
export function policyVersionOf(config: MfaConfig): PolicyVersion {
  const { settings, factors, policyVersion: version, administration, audit, web } = config;
  const { lockout, riskActions, upstream } = settings;
  const options: { [option: string]: unknown } = {
    preset: config.presets,
    policyVersion: version,
    policy: config.policy,
    graceUntil: config.graceUntil,
    confirmFirstEnrollment: settings.confirmFirstEnrollment,
    autoBind: settings.autoBind,
    factors: factors.map(({ kind }) => kind),
    ...Object.fromEntries(factors.map(({ kind, inForce = {} }) => [`factors.${kind}`, inForce])),
    elevationMaxAgeSeconds: settings.elevationMaxAgeSeconds,
    pendingMaxAgeSeconds: settings.pendingMaxAgeSeconds,
    freshSeconds: settings.freshSeconds,
    recordMaxAgeSeconds: config.recordMaxAgeSeconds,
    trustBrowser: settings.trustDays,
    trustedNetworks: web.trustedNetworks,
    lockout,
    holdHours: settings.holdHours,
    risk: config.risk !== undefined,
    riskActions,
    upstream: [...upstream].map(([issuer, { isEnough: _function, ...rule }]) => [issuer, rule]),
    proofs: web.proofs,
    'administration.fourEyes': administration.fourEyes,
    audit: audit && { days: audit.store.keep.days, refuses: audit.refuses },
  };
  const digests = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, digest(value ?? null, 6)]));
  return { hash: digest(options, 16), digests, ...(version === undefined ? {} : { version }) };
}

/** Names of the options that are not as they were, in alphabetical order. */
export function differing(before: PolicyVersion['digests'], now: PolicyVersion['digests']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}
