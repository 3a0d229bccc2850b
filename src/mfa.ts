// The only assembly file: options become ports, factors and settings; the flows get them as one kernel. Knows neither
// Express nor the session; `middleware/` puts those around it.
import * as administer from './core/administer.js';
import type { MfaEvent } from './core/events.js';
import type { Kernel } from './core/kernel.js';
import { createQueue } from './core/queue.js';
import { createRemembered } from './core/remembered.js';
import { userIdOf } from './core/user-id.js';
import { createSealer } from './crypto/seal.js';
import { readOptions, type MfaConfig, type MfaOptions, type User } from './options.js';
import { checkTogether } from './start-up-checks.js';

type Id = User['id'];

/** A secret that another system made: see the guide "I have a speakeasy or otplib column". */
export type TotpImport = {
  secret: string;
  encoding?: 'base32' | 'hex' | 'ascii';
  algorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  digits?: number;
  period?: number;
};

/** What createMfa makes, without the part that needs a session. */
export interface MfaCore {
  readonly config: MfaConfig;
  readonly kernel: Kernel;
  /** Resolves when the store may be used; rejects with MfaError `config.*` for what Redis tells of its set-up. */
  readonly ready: Promise<void>;
  /** Takes all authenticators of a user away; they are unprotected until they enrol again. */
  reset(userId: Id, byAdmin: administer.ByAdmin): Promise<void>;
  /** Opens locks and closed lanes. A disabled authenticator must be bound again. */
  unlock(userId: Id, byAdmin?: administer.ByAdmin): Promise<void>;
  /** To be called when a password was changed or reset: trusted browsers end, closed lanes open. */
  passwordChanged(userId: Id): Promise<void>;
  /** Forgets remembered skips. */
  resetPrompts(userId: Id): Promise<void>;
  /** Takes over an authenticator-app secret; idempotent. `weak`: shorter than 128 bits (RFC 4226 R6). */
  importTotp(userId: Id, secret: TotpImport): Promise<administer.Imported>;
  /** How a user stands; undefined where there is no record. */
  status(userId: Id): Promise<administer.Status | undefined>;
  /** Everybody, in no particular order; for operators. */
  list(): AsyncIterable<administer.Status>;
  /** For a user whom the host has deleted: removes the record, leaves a tombstone. */
  deprovision(userId: Id): Promise<void>;
}

/** @throws MfaError `config.*` when the options cannot work, at once. */
export function createMfaCore(options: MfaOptions): MfaCore {
  const config = readOptions(options);
  const kernel = createKernel(config);
  checkTogether(config, options);
  const ready = config.store.ready?.() ?? Promise.resolve();
  // Whoever awaits `ready` hears of it; who does not must not crash by an unhandled rejection, the guard tells too.
  ready.catch(() => undefined);
  return {
    config,
    kernel,
    ready,
    reset: (userId, byAdmin) => administer.resetUser(kernel, userIdOf(userId), byAdmin),
    unlock: (userId, byAdmin) => administer.unlockUser(kernel, userIdOf(userId), byAdmin),
    passwordChanged: (userId) => administer.passwordChanged(kernel, userIdOf(userId)),
    resetPrompts: (userId) => administer.resetPrompts(kernel, userIdOf(userId)),
    importTotp: (userId, secret) => {
      const id = userIdOf(userId);
      return administer.importSecret(kernel, 'totp', { id, label: id }, 'en', { ...secret });
    },
    async status(userId) {
      const id = userIdOf(userId);
      const { record } = await kernel.store.load(id);
      return record && administer.statusOf(kernel, id, record);
    },
    async *list() {
      for await (const { userId, record } of kernel.store.scan()) yield administer.statusOf(kernel, userId, record);
    },
    deprovision: (userId) => administer.deprovisionUser(kernel, userIdOf(userId)),
  };
}

function createKernel(config: MfaConfig): Kernel {
  const { clock, store, onEvent, notify } = config;
  return {
    settings: config.settings,
    factors: config.factors,
    store,
    sealer: createSealer({ secrets: config.secrets, namespace: store.namespace ?? 'default' }),
    random: config.random,
    queue: createQueue(),
    remembered: createRemembered(config.recordMaxAgeSeconds),
    now: () => Math.floor(clock.now() / 1000),
    tell({ user, hints }, happened) {
      if (!onEvent) return;
      const common = { ...hints, userId: user.id, at: new Date(clock.now()).toISOString() };
      const tenant = user.tenant === undefined ? {} : { tenant: user.tenant };
      for (const each of happened) {
        const event: MfaEvent = { actor: 'user', ...each, ...common, ...tenant };
        aside(() => onEvent(event));
      }
    },
    notify(about, _before, notices) {
      if (!notify) return;
      const { ip, userAgent } = about.hints;
      for (const notice of notices) {
        const whole = {
          ...notice,
          ...(ip === undefined ? {} : { ip }),
          ...(userAgent === undefined ? {} : { userAgent }),
        };
        aside(() => notify({ ...whole, userId: about.user.id }, about));
      }
    },
  };
}

/** Runs a listener of the host's: one that throws, rejects or hangs changes nothing. */
function aside(listener: () => void | Promise<void>): void {
  try {
    Promise.resolve(listener()).catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  const reason = error instanceof Error ? error.message : 'a value that is no Error';
  process.emitWarning(`A listener of express-mfa failed: ${reason}`, { type: 'ExpressMfaWarning' });
}
