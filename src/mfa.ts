// The only assembly file: options become ports, factors and settings; the flows get them as one kernel. Knows neither
// Express nor the session; `middleware/` puts those around it.
import { censusOf, type CensusCalls } from './admin-census.js';
import { adminRequestsOf, casesOf, type AdminRequests } from './admin-requests.js';
import { reportsOf, type ReportCalls } from './admin-report.js';
import { administrationOf, type Administration } from './administration.js';
import type { AuditLog } from './audit/audit-log.js';
import { commonOf } from './audit/common-fields.js';
import { logbookOf } from './audit/logbook.js';
import type { ByAdmin } from './core/operators/by-admin.js';
import * as administer from './core/operators/administer.js';
import { deprovisionUser } from './core/operators/deprovision.js';
import { importSecret, type Imported } from './core/operators/import-secret.js';
import type { Happened, MfaEvent } from './core/words/events.js';
import { boundStore } from './core/kernel/bound-store.js';
import { withinAnswer, type Heard, type Kernel } from './core/kernel/kernel.js';
import { endHostSessions, endSignIns, type EndSignIns } from './core/flows/end-sign-ins.js';
import { checkOptionNames } from './core/words/unknown-option.js';
import { grantEnrollment } from './core/flows/enrollment-grant.js';
import { untilReady } from './core/kernel/until-ready.js';
import { createValve } from './core/kernel/few-at-once.js';
import { createQueue } from './core/kernel/queue.js';
import { createRemembered } from './core/kernel/remembered.js';
import { createSharedLoads } from './core/kernel/shared-loads.js';
import { userIdOf } from './core/words/user-id.js';
import { createSealer } from './crypto/seal.js';
import { nameBrowser } from './notices/browser-name.js';
import { emitWarning, runAside } from './listeners.js';
import { createListening, type Listening } from './listening.js';
import { whereTo } from './notices/deliver.js';
import { tellPerson } from './notices/tell-person.js';
import { noticeWays } from './notice-ways.js';
import { readOptions, type MfaConfig } from './config.js';
import type { MfaOptions } from './options.js';
import { checkTogether } from './start-up-checks.js';
import { riskOf } from './risk-port.js';
import type { User } from './user.js';

type Id = User['id'];

/** A secret that another system made: see the guide "I have a speakeasy or otplib column". */
export type TotpImport = {
  secret: string;
  /** How it is written; never guessed. Default `base32`: a text in hex is next to never one in Base32 as well. */
  encoding?: 'base32' | 'hex' | 'ascii';
  algorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  digits?: number;
  /** Seconds. */
  period?: number;
  /** The last time step of which a code was accepted there: none of it, or of an earlier one, is accepted here. */
  lastStep?: number;
  /** Whether it may take the place of what somebody has, or had before. Never one that stood there before. */
  replace?: boolean;
};

/** What createMfa makes, without the part that needs a session. */
export interface MfaCore extends Administration, AdminRequests, CensusCalls, ReportCalls {
  /** @internal Ours, for routers and guard. */
  readonly config: MfaConfig;
  /** @internal Ours, for routers and guard. */
  readonly kernel: Kernel;
  /**
   * Resolves when the store may be used, and waits for a Redis that is not up yet; rejects with MfaError `config.*` alone,
   * for what Redis tells of its set-up.
   */
  readonly ready: Promise<void>;
  /**
   * Takes all authenticators of a user away; they are unprotected until they enrol again.
   * @throws MfaError `config.invalid_option` or `config.unknown_option` for an administrator without a name
   */
  reset(userId: Id, byAdmin: ByAdmin): Promise<void>;
  /**
   * Opens locks and closed lanes. A disabled authenticator must be bound again.
   * @throws MfaError as `reset`, where an administrator is named at all
   */
  unlock(userId: Id, byAdmin?: ByAdmin): Promise<void>;
  /**
   * To be called when a password was changed or reset. No session stays elevated, trusted browsers and waits end, the
   * closed lane opens; known browsers, granted codes and other counts stay.
   */
  passwordChanged(userId: Id): Promise<void>;
  /**
   * Ends every sign-in of a user: nothing proved so far counts, trusted and known browsers are forgotten, the question at
   * sign-in is asked again. With `signInId` only that one. Calls the option `endSessions`.
   * @throws MfaError `config.unknown_option`; `store.unavailable`, also where `endSessions` fails
   */
  endSignIns(userId: Id, options?: EndSignIns): Promise<void>;
  /** Forgets remembered skips. */
  resetPrompts(userId: Id): Promise<void>;
  /**
   * Takes over an authenticator-app secret; idempotent. `weak`: shorter than 128 bits (RFC 4226 R6). Only for whoever was
   * never protected, else say `replace`; a secret that was replaced, removed or reset here is never taken again.
   */
  importTotp(userId: Id, secret: TotpImport): Promise<Imported>;
  /**
   * A one-time code for a first enrolment, to be handed over by whoever knows the person; works once, for 24 hours.
   * Asked for where `confirmFirstEnrollment` is `required` and no verified address is known.
   */
  grantEnrollment(userId: Id, by?: string): Promise<string>;
  /**
   * How a user stands; undefined where there is no record.
   * @throws MfaError `store.record_altered` where the record is not as this app saved it; `reset` replaces it
   */
  status(userId: Id): Promise<administer.Status | undefined>;
  /** Everybody, in no particular order; for operators. Of a record that cannot be believed it says why, and nothing else. */
  list(): AsyncIterable<administer.Status>;
  /** For a user whom the host has deleted: removes the record and leaves a tombstone; no passkey they ever had names them. */
  deprovision(userId: Id, byAdmin?: ByAdmin): Promise<void>;
  /** The audit log that createMfa was given. */
  readonly audit: AuditLog | undefined;
  /** Resolves when every listener, notice and entry of the audit log that is under way has ended; for a process that is about to. */
  settled(): Promise<void>;
}

/** @throws MfaError `config.*` when the options cannot work, at once. */
export function createMfaCore(options: MfaOptions): MfaCore {
  const config = readOptions(options);
  const { clock, onEvent } = config;
  const underWay = new Set<Promise<void>>();
  const aside: Aside = (listener) => {
    const ended = runAside(listener).finally(() => underWay.delete(ended));
    underWay.add(ended);
  };
  const listening = onEvent && createListening((event) => aside(() => onEvent(event)), clock);
  const cases = casesOf(config);
  const kernel = createKernel(config, aside, listening, cases);
  checkTogether(config, options);
  const census = censusOf(kernel, config);
  const ready = Promise.all([untilReady(config.store, emitWarning), config.risk?.ready?.()]).then(() => undefined);
  // Whoever awaits `ready` hears of it; who does not must not crash by an unhandled rejection, the guard tells too.
  ready.catch(() => undefined);
  return {
    config,
    kernel,
    audit: config.audit,
    ready,
    ...administrationOf(kernel, config),
    ...adminRequestsOf(kernel, config, cases),
    ...census,
    ...reportsOf(kernel, config, census.counting.stats),
    reset: (userId, byAdmin) => administer.resetUser(kernel, userIdOf(userId), byAdmin),
    unlock: (userId, byAdmin) => administer.unlockUser(kernel, userIdOf(userId), byAdmin),
    passwordChanged: async (userId) => {
      const id = userIdOf(userId);
      await withinAnswer(kernel, (own) => administer.passwordChanged(own, id));
    },
    async endSignIns(userId, options = {}) {
      checkOptionNames('mfa.endSignIns', options, ['signInId', 'by', 'reason']);
      const id = userIdOf(userId);
      const { signInId } = options;
      await withinAnswer(kernel, (own) => endSignIns(own, id, options));
      await endHostSessions(config.endSessions, id, signInId === undefined ? {} : { signInId });
    },
    resetPrompts: (userId) => administer.resetPrompts(kernel, userIdOf(userId)),
    importTotp: (userId, { replace = false, ...secret }) => {
      const id = userIdOf(userId);
      return importSecret(kernel, 'totp', { id, label: id }, 'en', { encoding: 'base32', ...secret }, replace);
    },
    grantEnrollment: (userId, by) => grantEnrollment(kernel, userIdOf(userId), { by }),
    async status(userId) {
      const id = userIdOf(userId);
      const { record } = await kernel.store.load(id);
      return record && administer.statusOf(kernel, id, record);
    },
    async *list() {
      for await (const { userId, record, unread } of kernel.store.scan()) {
        if (unread) yield administer.statusOfUnread(userId, unread);
        else if (record !== undefined) yield administer.statusOf(kernel, userId, record);
      }
    },
    deprovision: (userId, byAdmin) => deprovisionUser(kernel, userIdOf(userId), byAdmin),
    async settled() {
      listening?.flush();
      // A notice that failed is itself an event, with listeners of its own.
      while (underWay.size > 0) await Promise.all(underWay);
      await config.audit?.settled();
    },
  };
}

type Aside = (listener: () => void | Promise<void>) => void;

function createKernel(
  config: MfaConfig,
  aside: Aside,
  listening: Listening | undefined,
  cases: ReturnType<typeof casesOf>,
): Kernel {
  const { audit, clock, store } = config;
  const ways = noticeWays(config);
  const sealer = createSealer({ secrets: config.secrets, namespace: store.namespace ?? 'default' });
  const tellAltered = (userId: string): void =>
    kernel.tell({ user: { id: userId }, hints: {} }, [{ name: 'record-altered', actor: 'system' }]);
  const eventOf = (about: Heard, happened: Happened): MfaEvent => {
    const { actor = 'user' } = happened;
    const told = actor === 'admin' ? (kernel.operator ?? actor) : actor;
    const shown = about.user?.shown;
    const detail = shown && { detail: { ...happened.detail, shown: shown.id } };
    return { ...happened, ...detail, ...commonOf(sealer, about), actor: told, at: new Date(clock.now()).toISOString() };
  };
  const kernel: Kernel = {
    settings: config.settings,
    factors: config.factors,
    store: boundStore(store, sealer, tellAltered),
    sealer,
    random: config.random,
    queue: createQueue(),
    loads: createSharedLoads(),
    strangers: createValve(),
    remembered: createRemembered(config.recordMaxAgeSeconds),
    now: () => Math.floor(clock.now() / 1000),
    nameBrowser,
    async openCase(one) {
      await (await cases()).open(one);
    },
    ...(config.risk && { risk: riskOf(config.risk) }),
    ...(audit && { logbook: logbookOf(audit, eventOf) }),
    tell(about, happened, isLogged = false) {
      if (!listening && !audit) return;
      for (const each of happened) {
        const event = eventOf(about, each);
        if (audit && !isLogged) aside(() => audit.take(event));
        listening?.hear(event);
      }
    },
    notify(about, before, notices) {
      const { ip, userAgent } = about.hints;
      const hints = { ...(ip === undefined ? {} : { ip }), ...(userAgent === undefined ? {} : { userAgent }) };
      const [first] = notices;
      if (first && !ways.notify)
        about.noticesGo = () => whereTo(kernel, ways.channels, { about, before, notice: first });
      for (const notice of notices)
        aside(() => tellPerson(kernel, ways, { about, before, notice: { ...notice, ...hints } }));
    },
  };
  audit?.attach({
    sealer,
    random: config.random,
    now: () => clock.now(),
    tell: (happened) => kernel.tell({ hints: {} }, [happened]),
  });
  return kernel;
}
