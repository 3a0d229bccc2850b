// What programs are told: the JSON of our routes, declared once. The routers answer with it, the browser client reads it, and the
// OpenAPI document is made from it. Types alone; times are whole Unix seconds.
import type { Done } from '../core/rules/take-back.js';
import type { NextStep } from '../core/rules/next-step.js';
import type { ErrorCode, ErrorDetails } from '../core/words/errors.js';
import type { EventName } from '../core/words/events.js';
import type { Json } from '../core/words/json.js';

/** What somebody does next, and the page for it. `done`: nothing is owed, and `url` is the page first asked for. */
export type NextAnswer = {
  step: Exclude<NextStep['step'], 'nothing' | 'barred' | 'blocked' | 'reauthenticate'> | 'step-up' | 'done';
  url: string;
};

/** What most changes are answered with. */
export type GoOnAnswer = { next: NextAnswer };

/** An enrolled method, as its owner may see it. */
export type AuthenticatorAnswer = {
  id: string;
  kind: string;
  /** The name that the person gave, or the one that the passkey came with. */
  name?: string;
  createdAt: number;
  lastUsedAt?: number;
  /** Too many wrong codes: an administrator or another method helps. */
  disabledAt?: number;
  /** In full, to the elevated person. */
  address?: string;
  /** Of an address: `al***@example.com`. */
  masked?: string;
  /** Of an authenticator app: what it counts with; `weak`: a secret that was imported and is short. */
  algorithm?: string;
  digits?: number;
  period?: number;
  weak?: boolean;
  /** Of a passkey: who made it, and how it lives. */
  provider?: string;
  synced?: boolean;
  syncable?: boolean;
  transports?: string[];
  perhapsCloned?: boolean;
  /** Of a passkey: so that the browser can be told which ones are still accepted. */
  signal?: { rpId: string; credentialId: string; userHandle: string };
};

/** A browser that is not asked at sign-in. `current`: the one that asks. */
export type TrustedBrowserAnswer = {
  id: string;
  name?: string;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt: number;
  current?: boolean;
};

/** Where somebody stands. The last four only for whoever may see them: elevated, or not protected. */
export type StateAnswer = {
  /** `pending`: a factor is owed. `elevated`: one was proved. `none`: nothing is asked of this person. */
  state: 'none' | 'pending' | 'elevated';
  /** `why` an enrolment is demanded; `graceUntil`: until then it may be skipped; `approved`: an administrator has answered. */
  next: NextAnswer & { why?: 'policy' | 'recovery'; graceUntil?: number; approved?: true };
  /** For `X-CSRF-Token`. It changes when somebody is elevated. */
  csrfToken: string;
  /** The sign-in of whoever is not elevated yet looks unusual; nothing else of it is told. */
  unusual?: true;
  /** Kinds that may be answered with, in the order offered. */
  availableFactors: string[];
  /** By kind: seconds until it can be used, or `null` where waiting does not help. */
  locked?: { [kind: string]: number | null };
  authenticators?: AuthenticatorAnswer[];
  /** The kind asked for first, because the person wants it so. */
  preferred?: string;
  backupCodes?: { total: number; remaining: number };
  trustedBrowsers?: TrustedBrowserAnswer[];
};

/** After a right answer; `backupCodes` after one of them. */
export type VerifiedAnswer = GoOnAnswer & { backupCodes?: { remaining: number } };

/** By what a spent backup code is confirmed: a method of theirs, a code to an address, the password; in the order offered. */
export type RecoveryAnswer = {
  next: NextAnswer;
  ways: { kind: string; by: 'factor' | 'address' | 'password'; masked?: string }[];
};

/** A spent backup code awaits an administrator, since when and until when; `approved`: one may go on. */
export type WaitAnswer = { next: NextAnswer & { approved?: true }; since: number; until: number };

/** A code is on its way. */
export type SentAnswer = {
  masked: string;
  /** In full, to whoever entered it a moment ago. */
  address?: string;
  sentAt: number;
  expiresAt: number;
  /** When another one may be asked for. */
  resendAfter: number;
  /** Which code of this purpose it is, counted from 1; only the newest counts. */
  number: number;
  digits: number;
};

/** Options for `navigator.credentials`, as JSON (WebAuthn Level 3 §5.1.8 and §5.1.9). */
export type WebauthnOptionsAnswer = { options: { challenge: string; [member: string]: Json } };

/** The secret of an authenticator app that is being set up. */
export type TotpSecretAnswer = {
  secret: string;
  /** The secret in groups of four. */
  groups: string[];
  /** `otpauth://…` */
  uri: string;
  /** The QR code: a whole `<svg>`, made by the server from nothing that anybody typed. */
  qr: string;
  /** What the app shows beside the app's name, where another entry of this person is named already. */
  label?: string;
  algorithm: string;
  digits: number;
  period: number;
};

/** What a method has begun: a secret is shown, a code was sent, options are made; `{}`: nothing yet. */
export type BegunAnswer = TotpSecretAnswer | SentAnswer | WebauthnOptionsAnswer | { [none: string]: never };

/** How a first enrolment is confirmed: a code to the known address, or one that an administrator gave. */
export type ConfirmationAnswer = Partial<SentAnswer> & { via: string };

/** One code of the set in force; never the code. */
export type BackupCodeAnswer = { index: number; createdAt: number; usedAt?: number; expiresAt: number | null };

/** A set that is shown until it is confirmed. `expiresAt`: when it lapses if it is not. */
export type PendingCodesAnswer = {
  codes: string[];
  /** Names this set to `extend`, `download` and `confirm`. */
  revealToken: string;
  expiresAt: number;
  /** Ten more minutes can be had, once. */
  extendable: boolean;
  /** How it is confirmed: a tick, or one of the codes typed. */
  confirm: 'checkbox' | 'type-one';
  createdAt: number;
  /** Until when the codes work once they are confirmed; `null`: for ever. */
  codesExpireAt: number | null;
};

/** The set of backup codes: the one in force, and the one that this session is about to confirm. */
export type BackupCodesAnswer = {
  total: number;
  remaining: number;
  codes: BackupCodeAnswer[];
  pending?: PendingCodesAnswer;
  /** A set shown in this session was not confirmed in time: what was written down does not count. */
  lapsed?: boolean;
  csrfToken: string;
};

/** Something that happened in the account; `count`: how often at once. */
export type ActivityEntryAnswer = {
  at: number;
  what: EventName;
  kind?: string;
  browser?: string;
  ip?: string;
  count?: number;
};

/** A page of activity, newest first. `before` asks for what is older. */
export type ActivityAnswer = { activity: ActivityEntryAnswer[]; before?: string };

/** What a link of a notice is about; `objectedAt`, `did` and `next` once it was used. */
export type ObjectionAnswer = {
  what?: string;
  at?: number;
  kind?: string;
  name?: string;
  left?: number;
  browser?: string;
  objectedAt?: number;
  did?: Done;
  /** No backup code and no pass works before then. */
  barredUntil?: number;
  next?: NextAnswer;
};

/** What an objection did. */
export type ObjectedAnswer = Partial<ObjectionAnswer> & GoOnAnswer;

/** The sentences in force in one language, by key. `{slot}` stands for a value; `key.one`, `key.other` for plurals. */
export type MessagesAnswer = {
  /** BCP 47: the language that was found for the one asked for. */
  locale: string;
  dir: 'ltr' | 'rtl';
  messages: { [key: string]: string };
};

/** Passkey sign-in: options, the sealed challenge to send back, and the token for it. */
export type PasskeyQuestionAnswer = WebauthnOptionsAnswer & { challenge: string; csrfToken: string };

/** A refusal (RFC 9457). */
export type ProblemAnswer = Omit<ErrorDetails, 'definite' | 'params'> & {
  /** The address of the code's documentation. */
  type: string;
  /** A whole sentence for people, in the language of the request. */
  title: string;
  status: number;
  code: ErrorCode;
  requestId?: string;
};
