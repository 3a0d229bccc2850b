// What is in force in an app, from its options with every default filled in: plain data, the same for page, program and report.
import { caseSeconds } from '../core/operators/cases.js';
import { exemptionLimits } from '../core/rules/exemption.js';
import { passMinutes } from '../core/operators/pass.js';
import type { Lockout, Settings } from '../core/kernel/settings.js';
import type { Factor, Rank } from '../core/kernel/factor.js';
import type { RiskTable } from '../core/kernel/risk.js';
import type { MfaConfig } from '../config.js';
import { presets, presetTitles, type Preset } from '../core/words/presets.js';
import { policyVersionOf } from '../policy-version.js';
import { breachesOf, type Breach } from '../presets.js';

/** `by-person`: the app decides for each by a function of its own, and nothing more is known here. */
export type InForce = {
  policy: MfaConfig['policy'];
  /** Unix seconds; absent where there is none. */
  graceUntil?: number | 'by-person';
  confirmFirstEnrollment: Settings['confirmFirstEnrollment'];
  exemption: { daysAtOnce: number; daysInYear: number };
  /** In the order in which they are offered. */
  factors: { kind: string; rank: Rank; options: NonNullable<Factor['inForce']> }[];
  elevationMaxAgeSeconds: number;
  pendingMaxAgeSeconds: number;
  freshSeconds: number;
  /** `null`: no browser can be trusted. */
  trustDays: number | null;
  lockout: Lockout;
  holdHours: number;
  /** `none`: not assessed. `report`: told, and nothing follows. */
  risk: 'none' | 'report' | RiskTable;
  administration: {
    /** `usual`: the usual ones, once more than one administrator has acted. */
    fourEyes: readonly string[] | 'usual';
    /** Whether it is known who is an administrator. */
    directory: boolean;
    caseSeconds: number;
  };
  /** `null`: there is no audit log. */
  audit: { retentionDays: number; refuses: boolean } | null;
};

/** A standard, and what of these options keeps the app from it; whether it holds itself to it. */
export type PresetState = { preset: Preset; title: string; chosen: boolean; breaches: Breach[] };

/** What is in force, by which digest it is known again, and which standards it meets, of these options alone. */
export type Policy = InForce & { hash: string; version?: string; presets: PresetState[] };

export function policyIn(mfa: { config: MfaConfig }): Policy {
  const { config } = mfa;
  const { hash, version } = policyVersionOf(config);
  const states = presets.map((preset) => ({
    preset,
    title: presetTitles[preset],
    chosen: config.presets.includes(preset),
    breaches: breachesOf(config, [preset]),
  }));
  return { ...inForceIn(mfa), hash, ...(version === undefined ? {} : { version }), presets: states };
}

export function inForceIn({ config }: { config: MfaConfig }): InForce {
  const { settings, factors, policy, graceUntil, administration, audit, risk } = config;
  return {
    policy,
    ...(graceUntil === undefined ? {} : { graceUntil }),
    confirmFirstEnrollment: settings.confirmFirstEnrollment,
    exemption: { ...exemptionLimits },
    factors: factors.map(({ kind, rank, inForce = {} }) => ({
      kind,
      rank,
      options: rank === 'pass' ? { validMinutes: passMinutes.usual, ...inForce } : { ...inForce },
    })),
    elevationMaxAgeSeconds: settings.elevationMaxAgeSeconds,
    pendingMaxAgeSeconds: settings.pendingMaxAgeSeconds,
    freshSeconds: settings.freshSeconds,
    trustDays: settings.trustDays ?? null,
    lockout: { ...settings.lockout },
    holdHours: settings.holdHours,
    risk: risk ? (settings.riskActions ?? 'report') : 'none',
    administration: {
      fourEyes: administration.fourEyes ?? 'usual',
      directory: administration.directory !== undefined,
      caseSeconds,
    },
    audit: audit ? { retentionDays: audit.store.keep.days, refuses: audit.refuses } : null,
  };
}
