// What every flow works with: the ports, the factors in use and the settings, put together once by `mfa.ts`; and the
// asker, that is, who asks in which sign-in. Knows neither requests nor sessions.
import type { Happened, RequestHints } from '../words/events.js';
import type { Factor, FactorContext } from './factor.js';
import type { MfaUser } from './mfa-user.js';
import type { Notice } from '../words/notices.js';
import type { Case } from './cases.js';
import type { BoundStore } from './bound-store.js';
import type { Sealer } from './ports.js';
import type { Valve } from './few-at-once.js';
import type { Random } from '../words/random.js';
import type { Queue } from './queue.js';
import type { MfaRecord } from './record.js';
import type { Remembered } from './remembered.js';
import type { LookedUp, RiskAssessor } from './risk.js';
import type { SharedLoads } from './shared-loads.js';
import type { Settings } from './settings.js';
import type { SignIn } from './sign-in.js';

export type Kernel = {
  readonly settings: Settings;
  /** In the order in which the app lists them, backup factors last. */
  readonly factors: readonly Factor[];
  /** What comes out of it was put there by this app, for this person. */
  readonly store: BoundStore;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly queue: Queue;
  readonly loads: SharedLoads;
  /** What is posted from browsers that are not known goes through it, and what is refused without a look. */
  readonly strangers: Valve;
  readonly remembered: Remembered;
  /** As whom operators act: the command line says so before it begins. */
  operator?: 'cli';
  /** Whole Unix seconds. */
  now(): number;
  /** A user agent in a few words, `Firefox · Linux`. */
  nameBrowser(userAgent: string | undefined): string | undefined;
  /** Where there is an audit log: for what may not be told before it holds it. */
  readonly logbook?: Logbook;
  /** Where risk is assessed. */
  readonly risk?: Risk;
  /** Lists something for administrators; the same again changes nothing. @throws MfaError `store.unavailable`, `config.*` */
  readonly openCase?: (one: Case) => Promise<void>;
  /** Tells listeners; never throws, never waits. `isLogged`: the audit log has it already. */
  tell(about: Heard, happened: readonly Happened[], isLogged?: boolean): void;
  /** Hands notices to delivery; never throws, never waits. `before`: the record as it was before the change. */
  notify(about: Told, before: MfaRecord | undefined, notices: readonly Notice[]): void;
};

/** Assesses sign-ins; neither half ever throws, nor takes longer than it may. */
export type Risk = {
  /** What has to be looked up of a request; asked of each once. */
  lookUp(about: Told): Promise<LookedUp>;
  assess: RiskAssessor['assess'];
};

/** An entry of the audit log that is not there yet; nothing but its id is known of it. */
export type LogEntry = { readonly id: string };

/** The audit log, for what may not be told before it holds it. */
export interface Logbook {
  /** Whether anything waits for it. */
  readonly refuses: boolean;
  entryOf(about: Heard, happened: Happened): LogEntry;
  /** @throws MfaError `audit.unavailable` where it takes nothing now */
  reach(): Promise<void>;
  /** Appends each once by its id, whoever else does. @throws MfaError `audit.unavailable`; they are tried again all the same */
  append(entries: readonly LogEntry[]): Promise<void>;
  /** Whether this process knows that it holds the entry. */
  isStored(entry: LogEntry): boolean;
}

/** Whom an event is about, and the hints of the request that caused it. */
export type Told = {
  user: Pick<MfaUser, 'id' | 'tenant'> & Partial<MfaUser>;
  hints: RequestHints;
  locale?: string;
  /** Where the notices of what was done here go, masked; there once there are any, where this app delivers them. */
  noticesGo?: () => string[];
  /** The epoch whose place was taken by what was done here. */
  replaced?: string;
};

/** What is done to an account from outside a request is about the person alone. */
export function aboutUser(id: string): Told {
  return { user: { id }, hints: {} };
}

/** As `Told` where perhaps nobody is known; the sign-in in which it happened, where there is one. */
export type Heard = Pick<Told, 'hints'> & Partial<Pick<Told, 'user'>> & { signIn?: SignIn };

/** Who asks, in which sign-in and from which browser. */
export type Asker = {
  user: MfaUser;
  signIn: SignIn;
  locale: string;
  hints: RequestHints;
  /** The known-browser cookie as it came, `id.secret`. */
  knownBrowser?: string;
  /** The trusted-browser cookie as it came. */
  trustedBrowser?: string;
  /** The cookie of a recovery that awaits an administrator, `id.secret`, as it came. */
  recoveryCookie?: string;
  noticesGo?: () => string[];
  replaced?: string;
};

/** Runs the work of one answer, for which the store has one deadline where it has such. */
export function withinAnswer<T>(kernel: Kernel, work: (kernel: Kernel) => Promise<T>): Promise<T> {
  return kernel.store.within((store) => work({ ...kernel, store }));
}

export function factorOf(kernel: Kernel, kind: string): Factor | undefined {
  return kernel.factors.find((factor) => factor.kind === kind);
}

export function backupFactorOf(kernel: Kernel): Factor | undefined {
  return kernel.factors.find((factor) => factor.rank === 'backup');
}

/** What the authenticators of a record have claimed for their person, such as credential ids. */
export function claimsOf(kernel: Kernel, record: MfaRecord): string[] {
  return record.authenticators.flatMap((own) => [...(factorOf(kernel, own.kind)?.claimsOf?.(own) ?? [])]);
}

export function contextOf(kernel: Kernel, { user, locale, signIn, hints }: Asker): FactorContext {
  return contextWith(kernel, { user, locale, flowId: signIn.flowId, ip: hints.ip });
}

/** The same where nobody asks in a sign-in of theirs: an operator, a notice, the link of one. */
export function contextWith(
  { settings, random, sealer, store, now }: Kernel,
  { user, locale, flowId, ip }: Pick<FactorContext, 'user' | 'locale' | 'flowId'> & { ip?: string | undefined },
): FactorContext {
  const { appName, origins } = settings;
  const told = { user, now: now(), appName, locale, origins, flowId, random, sealer, store };
  return ip === undefined ? told : { ...told, ip };
}
