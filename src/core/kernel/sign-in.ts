// What is true of one sign-in: who, since when, and which factors were proved in it. It lives in the session, whose
// last writer wins; so nothing in it may be a counter, a challenge or a code, and losing a proof only means to be
// asked again.
import type { Sealer } from './ports.js';

import type { Assessment } from './risk.js';

/** A factor answered rightly in this sign-in. */
export type Proof = { kind: string; authenticatorId: string; at: number; userVerified: boolean };

/** Something that was done a moment ago, to be said once: a key of the catalogue, whose kind and name it has, and where, masked, a message about it goes. */
export type Said = { what: string; kind?: string; name?: string; to?: string[] };

/** A form that a step-up stopped. Paths as they reached the app. */
export type StoppedForm = {
  path: string;
  at: number;
  /** What the host calls it. */
  label?: string;
  /** The page that it stands on. */
  page?: string;
  /** Names what was kept of it; hard to guess. */
  id?: string;
};

/**
 * What was assessed of a sign-in. `seenFrom`: a digest of network and browser; where that changes it is assessed anew. `since`:
 * when it rose to what it is, Unix seconds.
 */
export type AssessedRisk = Assessment & { seenFrom: string; since: number };

/** `isStale`: what it said was too old, so that a session which it still has is not enough. */
export type Enforced = { issuer: string; isStale?: true };

/** What an identity provider said that counts. `at`: when it authenticated the person, Unix seconds. */
export type Vouched = {
  issuer: string;
  subject: string;
  at: number;
  amr: string[];
  /** Of the record when it was believed. */
  epoch: string;
  /** When the provider's own session ends, where it says so. */
  endsAt?: number;
};

export type SignIn = {
  userId: string;
  /** Of what the host names this sign-in by, `signInName`: it may be the token that opens its whole app. */
  signInId?: string;
  /** Hard to guess; names this session's ceremonies and pending sets. */
  flowId: string;
  /** When express-mfa first saw this sign-in, or when it took place, as the host tells; Unix seconds. */
  startedAt: number;
  /** That start stands on the server as well, under the host's `signInId`: it does not begin anew. */
  startKept?: true;
  moment: 'sign-up' | 'sign-in';
  /** The epoch of the record when the last proof was made, or the last own change. */
  epoch?: string;
  proofs: Proof[];
  /** The CSRF secret of our forms. */
  csrf: string;
  returnTo?: string;
  /** A suggestion interrupts one page view per sign-in at most. */
  suggested?: true;
  /** Challenges that were sent by themselves in this sign-in, by kind. */
  sent?: string[];
  /** What a step-up asks for, while it is owed. */
  stepUp?: { maxAgeSeconds?: number; factors?: string[] };
  /** A page that takes only factors of these kinds, none of which the person has. */
  asked?: { kinds: string[]; url?: string };
  /** The last form that was stopped, to be offered after the step. */
  stopped?: StoppedForm;
  /** What the account page says next. */
  said?: Said;
  /** The first set-up began in this sign-in and is not over: backup codes, or a code, are still owed. */
  settingUp?: true;
  /** It is over: where its last page leads on to. */
  setUpLeadsTo?: string;
  /** A backup code was used: where the page that says how many are left leads on to. */
  codeUsedLeadsTo?: string;
  /** A trusted browser stood in for the sign-in step; by its id in the record. */
  trusted?: string;
  /** When it did; Unix seconds. */
  trustedAt?: number;
  /** By its id: the recovery of an earlier sign-in that this one, in the same browser, goes on with. */
  recovery?: string;
  /** How risky it looked, at its worst. */
  risk?: AssessedRisk;
  /** What an identity provider vouches for: no proof, and no more than the sign-in step. */
  vouched?: Vouched;
  /** The issuer without whose word nobody who came by it goes on. */
  enforced?: Enforced;
  /** The first enrolment was confirmed with a code, Unix seconds. */
  firstEnrollmentConfirmedAt?: number;
};

/** By what we keep a sign-in: 43 characters, however long the host's `signInId` is, from which nobody reads it back. */
export function signInName({ sealer }: { sealer: Pick<Sealer, 'hashToken'> }, signInId: string): string {
  return sealer.hashToken(`sign-in ${signInId}`);
}

/** What this sign-in lets its session do, as a text to compare; empty where that is nothing beyond being signed in. */
export function rightsOf(signIn: SignIn | undefined): string {
  if (!signIn) return '';
  const { userId, signInId, epoch, proofs, trusted, trustedAt, vouched, firstEnrollmentConfirmedAt } = signIn;
  const none = proofs.length === 0 && trusted === undefined && vouched === undefined;
  if (none && firstEnrollmentConfirmedAt === undefined) return '';
  return JSON.stringify([userId, signInId, epoch, proofs, trusted, trustedAt, firstEnrollmentConfirmedAt, vouched]);
}

/** Two servers' clocks differ a little: a proof of that much ahead counts as of now. One from further ahead is not believed. */
export const clockSkewSeconds = 60;

/** Whether a proof made at `at` is at most `maxAgeSeconds` old. One from further ahead than clocks differ is stale. */
export function isYoung(at: number, maxAgeSeconds: number, now: number): boolean {
  return at <= now + clockSkewSeconds && now - at <= maxAgeSeconds;
}
