// What programs send: the JSON bodies of our routes. Types alone; `src/validation.ts` and the factors look at what really came.
import type { Json } from '../core/words/json.js';

/** What a browser makes of a WebAuthn ceremony, `toJSON()` of the credential. */
export type WebauthnResponse = { [member: string]: Json | undefined };

/** A code, or the answer of a passkey. */
export type AnswerBody = {
  code?: string;
  response?: WebauthnResponse;
  /** Trust this browser: it is not asked at sign-in for a while. */
  trustBrowser?: boolean | 'yes' | 'on';
};

/** What confirms a spent backup code; `factor`: the kind, where it is not the first way offered. */
export type ConfirmRecoveryBody = {
  factor?: string;
  code?: string;
  response?: WebauthnResponse;
  password?: string;
};

/** What confirms an enrolment; `name` and `replaces` where there can be several. */
export type ConfirmBody = {
  code?: string;
  response?: WebauthnResponse;
  name?: string;
  /** The id of the authenticator app that goes. */
  replaces?: string;
};

/** One of them at least. */
export type PreferencesBody = {
  /** The question at sign-in. */
  signInStep?: 'on' | 'off';
  /** The kind asked for first; empty: the one used last. */
  preferred?: string;
  /** Suggestions that were skipped come again. */
  resetPrompts?: 'yes' | 'on' | true;
  /** A lane that too many wrong answers closed is opened. */
  openLane?: 'yes' | 'on' | true;
};

/** `saved`, or `code` where one has to be typed. */
export type SavedBody = { revealToken: string; saved?: 'yes' | 'on' | true; code?: string };
