// What the pages of the factors are told: challenges, the choice among them, enrolments. One shape for all factors, so that
// no router need know one; times are whole Unix seconds.
import type { Json } from '../../src/core/words/json.js';
import type { PageModel } from './page-model.js';

/** Answers are not looked at: until then, or (`closed`) however long one waits. `until`: Unix seconds. */
export type Lock = { seconds: number; until: number } | { closed: true };

/** A way to verify, in the order offered; backup codes last. */
export type Way = {
  kind: string;
  url: string;
  /** The factor this person used last. */
  lastUsed?: boolean;
  /** A masked address, or the name that the person gave. */
  detail?: string;
  /** At verification: it cannot be used now. */
  lock?: Lock;
};

/**
 * What a factor tells its page: the `shown` half of what was begun, together with `describe` of the authenticator.
 * Fields that a page of ours reads are named; a host's own factor adds what its own page needs.
 */
export type FactorFacts = {
  /** Length of the code. */
  digits?: number;
  /** Where the code went. */
  masked?: string;
  sentAt?: number;
  expiresAt?: number;
  /** Which code of this purpose it is, counted from 1; only the newest counts. */
  number?: number;
  /** Backup codes: groups of four characters in a code, default 2. */
  groupCount?: number;
  /** TOTP set-up: base32 in groups of four. */
  groups?: string[];
  /** TOTP set-up: the `otpauth://` address. */
  uri?: string;
  /** TOTP set-up: a whole `<svg>` made by us, never from input; the one slot that is not escaped. */
  qr?: string;
  algorithm?: string;
  /** TOTP set-up: what the app will show beside the app's name, where another entry is named already. */
  label?: string;
  /** Seconds. */
  period?: number;
  /** Set-up of an address: the one that was typed, else one that the host knows; to fill the field with. */
  address?: string;
  [key: string]: Json | undefined;
};

/** A challenge: `verify/<kind>`. The same shape for every factor, so that no router need know one. */
export type VerifyModel = PageModel & {
  kind: string;
  /** Where the answer goes. */
  action: string;
  /** Where a code is asked for, or WebAuthn request options are fetched; absent: nothing is begun. */
  beginAction?: string;
  /** Whether a code of this session is on its way. */
  sent?: boolean;
  /** Seconds until another code may be asked for; 0 or absent: now. */
  resendAfterSeconds?: number;
  /** Where the other ways stand; absent: there is no other way. */
  chooseUrl?: string;
  /** Offers "Trust this browser". */
  trustDays?: number;
  /** The tick was there when an answer was refused. */
  trustChosen?: boolean;
  /** Seen before anything is typed. */
  lock?: Lock;
  /** Where a locked person may regain this factor themselves. */
  unlockUrl?: string;
  /** `step-up`: the person is signed in and proves themselves again. */
  purpose: 'sign-in' | 'step-up';
  facts: FactorFacts;
};

/** Regaining a locked factor, one code at a time. */
export type UnlockModel = PageModel & {
  kind: string;
  action: string;
  verifyUrl: string;
  /** A code was looked at just now; what came of it is not told. */
  answered?: boolean;
};

export type ChooseModel = PageModel & {
  ways: Way[];
  /** Where a pass from support is typed, where it is none of the ways. */
  passUrl?: string;
  purpose: 'sign-in' | 'step-up';
};

/** Choosing a factor to add; also the suggestion that may be skipped. */
export type SetupIndexModel = PageModel & {
  /** `choose`: from the account page. `required`: must enrol. `asked`: a route takes only these. The others are suggestions of the policy. */
  purpose: 'choose' | 'required' | 'asked' | 'suggest-mfa' | 'suggest-another';
  /** `replaces`: one of this kind is enrolled and a new one takes its place. */
  ways: (Way & { enrolled?: boolean; replaces?: boolean; recommended?: boolean })[];
  /** The form "Not now"; absent: cannot be skipped. */
  skipAction?: string;
  /** Until when it may be skipped. */
  graceUntil?: number;
  /** Back to the account page. */
  cancelUrl?: string;
};

/** Enrolment: `setup/<kind>`. The same shape for every factor. */
export type SetupModel = PageModel & {
  kind: string;
  /** Where the confirming answer goes. */
  action: string;
  /** Begins: sends a code to `address`, makes a new secret, gives WebAuthn creation options. */
  beginAction: string;
  /** Only for an address: typed first, then its code. */
  step?: 'address' | 'code';
  /** Back from the code to the address, as it was typed. */
  changeUrl?: string;
  /** Seconds until another code may be asked for. */
  resendAfterSeconds?: number;
  /** The name as it was entered, when something was refused. */
  typedName?: string;
  /** One of this kind is enrolled; it stays valid until this one is confirmed. */
  replaces?: boolean;
  /** Those of this kind of which one may go for the new one; `full`: one of them has to. */
  replaceable?: { full: boolean; ways: { id: string; name?: string; createdAt: number; chosen?: boolean }[] };
  /** Whether the person may give it a name. */
  named?: boolean;
  /** Back to the list or the account page. */
  cancelUrl?: string;
  facts: FactorFacts;
};

/** The code to the known address, or the granted one, before a first enrolment. */
export type SetupConfirmModel = PageModel & {
  action: string;
  /** `granted`: a one-time code that an administrator gave. */
  via: 'email' | 'sms' | 'granted';
  beginAction?: string;
  sent?: boolean;
  resendAfterSeconds?: number;
  /** Absent: a set-up is demanded, and nothing leads past it. */
  cancelUrl?: string;
  facts: FactorFacts;
};

/** After a backup code in a sign-in that looks risky: one more proof. */
export type ConfirmModel = PageModel & {
  /** The way whose form stands on this page: a code to an address, or (`password`) the password. */
  form?: {
    via: string;
    action: string;
    beginAction?: string;
    sent?: true;
    resendAfterSeconds?: number;
    facts: FactorFacts;
  };
  /** The other ways, each with a page of its own. */
  ways: Way[];
  /** Where a pass from support is typed. */
  passUrl?: string;
};

/** An administrator must approve a recovery. Times are Unix seconds. */
export type WaitModel = PageModel & {
  since: number;
  /** After that the code counts for nothing any more. */
  until: number;
  /** It is approved: where the press goes that leads on; or, after too long, where one signs in anew. */
  action?: string;
  signInAction?: string;
  /** To the person's own methods, where one works. */
  waysUrl?: string;
  passUrl?: string;
};

/** The end of the first set-up: what there is now, what follows at the next sign-in, and one suggestion. */
export type SetupDoneModel = PageModel & {
  /** Asked for at the next sign-in. */
  first: string;
  /** What was set up, by kind. */
  kinds: string[];
  /** Backup codes that were saved. */
  codes?: number;
  /** All of it is lost with one phone (`phone`), or with the only method there is (`single`). */
  exposed?: 'phone' | 'single';
  /** A method that is not had yet, and where it is set up. */
  suggestion?: { kind: string; url: string };
  continueUrl: string;
  manageUrl: string;
};
