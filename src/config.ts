// The options with every default filled in, once, at start-up: after this nobody asks again whether an option was given.
// Their shapes are checked in `validation.ts`, what they mean together in `start-up-checks.ts`.
import type { Request, Response } from 'express';
import { readAdministration, type AdministrationConfig } from './administration-options.js';
import type { AuditLog } from './audit/audit-log.js';
import { lockoutDefaults } from './core/rules/attempts.js';
import type { MfaEvent } from './core/words/events.js';
import type { EndSessions } from './core/flows/end-sign-ins.js';
import type { Factor } from './core/kernel/factor.js';
import type { MfaUser } from './core/kernel/mfa-user.js';
import type { Settings } from './core/kernel/settings.js';
import type { Notice } from './core/words/notices.js';
import type { Preset } from './core/words/presets.js';
import { strictest, type Policy } from './core/kernel/policy.js';
import type { Clock, MfaStore } from './core/kernel/ports.js';
import type { RiskAssessor } from './core/kernel/risk.js';
import type { Random } from './core/words/random.js';
import { cryptoRandom } from './crypto/random.js';
import type { CodeFactor } from './factors/one-time-code/code-factor.js';
import type { AllowedRoute, Brand, MfaOptions, UpstreamOptions } from './options.js';
import { originsOfProviders, readOrigins } from './origins.js';
import { readNetworks } from './trusted-networks.js';
import { readRiskActions } from './risk-options.js';
import { presetsIn, withPresets } from './presets.js';
import { readFactors, readNotices } from './read-factors.js';
import { memoryStore } from './stores/memory-store.js';
import { upstreamRule } from './upstream/rule.js';
import { readUser, requestOf } from './user.js';
import { checkDate, checkedNonce, checkedPassword, checkPolicy } from './host-answers.js';
import { emitWarning } from './listeners.js';
import { checkOptions } from './validation.js';

const defaultPolicy: Policy = 'prompt-at-sign-in-and-sign-up';

/** The options, checked. Web options are read by `middleware/` only. */
export type MfaConfig = {
  environment: 'production' | 'development' | 'unset';
  presets: readonly Preset[];
  policyVersion: string | undefined;
  secrets: readonly (string | undefined)[];
  settings: Settings;
  /** As they were given, where the app decides for each person by a function: so. */
  policy: Policy | 'by-person';
  /** Unix seconds. */
  graceUntil: number | 'by-person' | undefined;
  factors: readonly Factor[];
  store: MfaStore;
  clock: Clock;
  random: Random;
  recordMaxAgeSeconds: number;
  notify: ((notice: Notice & { userId: string }) => void | Promise<void>) | undefined;
  /** Delivers notices by mail in the stead of the factor. */
  notices: CodeFactor | undefined;
  onEvent: ((event: MfaEvent) => void | Promise<void>) | undefined;
  endSessions: EndSessions | undefined;
  audit: AuditLog | undefined;
  administration: AdministrationConfig;
  risk: RiskAssessor | undefined;
  web: WebConfig;
};

export type WebConfig = Pick<
  MfaOptions,
  'publicBasePath' | 'csrf' | 'viewsDir' | 'layout' | 'render' | 'locale' | 'messages'
> & {
  nonce?: (req: Request, res: Response) => string | undefined;
  user: (req: Request) => MfaUser | null | Promise<MfaUser | null>;
  /** As they were given; for the doctor. */
  trustedNetworks: readonly string[];
  /** As it was given: only `true` is a right password; what it throws is told as the host's failure. */
  verifyPassword: ((req: Request, text: string) => Promise<boolean>) | undefined;
  proofs: 'session' | 'cookie' | 'token';
  signInUrl: string;
  signOut: { method: 'GET' | 'POST'; path: string; then: string | undefined };
  allow: readonly AllowedRoute[];
  brand: Brand;
  openApi: boolean;
  origins: readonly string[];
  /** To which the answer to a form of ours may lead on, by the app's own log-in and log-out: pages of identity providers. */
  formOrigins: readonly string[];
  /** By issuer, where one is enforced. */
  reauthenticate: ReadonlyMap<string, NonNullable<UpstreamOptions['reauthenticate']>>;
};

/**
 * Checks the options and fills in the defaults. The caller's object is never changed.
 * @throws MfaError `config.*` with what was received and what to do
 */
export function readOptions(given: MfaOptions): MfaConfig {
  checkOptions(given);
  const options = withPresets(given);
  const clock = options.clock ?? { now: () => Date.now() };
  const origins = readOrigins(options);
  const { policy = defaultPolicy, graceUntil } = options;
  return {
    environment: environment(),
    presets: presetsIn(options.preset),
    policyVersion: options.policyVersion,
    secrets: [...options.secrets],
    settings: readSettings(options, origins),
    policy: typeof policy === 'function' ? 'by-person' : policy,
    graceUntil: typeof graceUntil === 'function' ? 'by-person' : graceUntil && checkDate(graceUntil),
    factors: readFactors(options.factors, options.templates),
    store: options.store ?? memoryStore({ clock }),
    clock,
    random: options.random ?? cryptoRandom,
    recordMaxAgeSeconds: options.recordMaxAgeSeconds ?? 30,
    notify: options.notify,
    notices: options.notices && readNotices(options.notices.sender, options.factors, options.templates),
    onEvent: options.onEvent,
    endSessions: options.endSessions,
    audit: options.audit,
    administration: readAdministration(options.administration),
    risk: options.risk,
    web: readWeb(options, origins),
  };
}

function environment(): MfaConfig['environment'] {
  const name = process.env.NODE_ENV;
  if (name === undefined || name === '') return 'unset';
  return name === 'development' || name === 'test' ? 'development' : 'production';
}

function readSettings(options: MfaOptions, origins: readonly string[]): Settings {
  const { policy = defaultPolicy, graceUntil } = options;
  const riskActions = readRiskActions(options.riskActions);
  const untilOf = typeof graceUntil === 'function' ? graceUntil : () => graceUntil;
  return {
    appName: options.appName,
    origins,
    freshSeconds: options.freshSeconds ?? 600,
    pendingMaxAgeSeconds: options.pendingMaxAgeSeconds ?? 900,
    elevationMaxAgeSeconds: options.elevationMaxAgeSeconds ?? 86_400,
    lockout: { ...lockoutDefaults, ...options.lockout },
    confirmFirstEnrollment: options.confirmFirstEnrollment ?? 'when-possible',
    autoBind: options.autoBind ?? true,
    holdHours: options.holdHours ?? 24,
    riskActions: options.risk && options.riskMode !== 'report' ? riskActions : undefined,
    trustDays: options.trustBrowser ? options.trustBrowser.days : undefined,
    upstream: readUpstream(options),
    policyOf:
      typeof policy === 'function' ? (user) => strictest(checkPolicy(policy(user, requestOf(user)))) : () => policy,
    graceUntilOf: (user) => {
      const until = untilOf(user, requestOf(user));
      return until === undefined ? undefined : checkDate(until);
    },
  };
}

function readUpstream({ upstream = {}, elevationMaxAgeSeconds = 86_400 }: MfaOptions): Settings['upstream'] {
  return new Map(
    Object.entries(upstream).map(([issuer, given]) => [issuer, upstreamRule(given, elevationMaxAgeSeconds)]),
  );
}

function readWeb(options: MfaOptions, origins: readonly string[]): WebConfig {
  const isInTrustedNetwork = readNetworks(options.trustedNetworks ?? []);
  const { publicBasePath, csrf, viewsDir, layout, render, nonce, locale, messages } = options;
  return {
    ...(publicBasePath === undefined ? {} : { publicBasePath: publicBasePath.replace(/\/+$/, '') }),
    ...(csrf && { csrf }),
    ...(viewsDir === undefined ? {} : { viewsDir }),
    ...(layout && { layout }),
    ...(render && { render }),
    ...(nonce && { nonce: checkedNonce(nonce, emitWarning) }),
    ...(locale && { locale }),
    ...(messages && { messages }),
    user: (req) => readUser(options.user, req, isInTrustedNetwork),
    trustedNetworks: options.trustedNetworks ?? [],
    verifyPassword: options.verifyPassword && checkedPassword(options.verifyPassword),
    proofs: options.proofs ?? 'session',
    signInUrl: options.signInUrl ?? '/login',
    signOut: { method: 'POST', path: '/logout', then: undefined, ...options.signOut },
    allow: options.allow ?? [],
    brand: { ...options.brand },
    openApi: options.openApi ?? false,
    origins,
    formOrigins: originsOfProviders(options.upstream ?? {}),
    reauthenticate: new Map(
      Object.entries(options.upstream ?? {}).flatMap(([issuer, { reauthenticate }]) =>
        reauthenticate ? [[issuer, reauthenticate] as const] : [],
      ),
    ),
  };
}
