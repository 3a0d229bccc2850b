// What the pages of the account are told: what there is, how good it is, and the forms that change it. Times are whole
// Unix seconds.
import type { Leaves } from '../../src/core/flows/removal.js';
import type { Said } from '../../src/core/kernel/sign-in.js';
import type { AccountState } from '../../src/core/rules/account-state.js';
import type { PageModel } from './page-model.js';

export type AuthenticatorModel = {
  id: string;
  kind: string;
  /** The name that the person gave. */
  name?: string;
  /** An address: in full for the elevated person, else masked. */
  detail?: string;
  createdAt: number;
  lastUsedAt?: number;
  /** Asked for first, because the person wants it so. */
  preferred?: boolean;
  /** Disabled after too many wrong codes. */
  disabled?: boolean;
  /** A new name that was refused, as it was entered. */
  typedName?: string;
  /** A passkey, so that the browser can be told which ones are still accepted. */
  signal?: { rpId: string; credentialId: string; userHandle: string };
  renameAction?: string;
  removeAction?: string;
};

export type TrustedBrowserModel = {
  id: string;
  name?: string;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt: number;
  current?: boolean;
  revokeAction: string;
};

/** Something that happened; `what` is the name of an event, `count` how often at once. */
export type ActivityEntryModel = {
  at: number;
  what: string;
  kind?: string;
  browser?: string;
  ip?: string;
  count?: number;
};

/** All activity, a page of it, newest first. */
export type ActivityModel = PageModel & {
  activity: ActivityEntryModel[];
  /** Absent: there is nothing older. */
  olderUrl?: string;
  /** Absent: this is the newest page. */
  newestUrl?: string;
  manageUrl: string;
};

/** The account page. */
export type ManageModel = PageModel & {
  on: boolean;
  /** How good it is. */
  state: AccountState;
  /** Methods that work. */
  methods: number;
  /** Since when, Unix seconds. */
  since?: number;
  /** What was done a moment ago; said once. */
  said?: Said;
  authenticators: AuthenticatorModel[];
  /** Where passkeys are in use: an opaque name of the person, so that one browser's two people are told apart. */
  account?: string;
  /** What their password manager calls the account; for whoever proved who they are. */
  passkeyName?: string;
  /** Absent: not in use in this app, or nothing to have them beside. `generateAction`: makes new ones. */
  backupCodes?: {
    total: number;
    remaining: number;
    createdAt?: number;
    expiresAt?: number | null;
    expired?: boolean;
    url: string;
    generateAction: string;
  };
  /** A set-up was begun and is not over: where it goes on. */
  finishUrl?: string;
  /** Absent: nothing to add. */
  addUrl?: string;
  /** Nothing is missing: what is had can only be replaced. */
  allHad?: true;
  /** The kinds that may be asked for first, where there are several. `current` absent: the one used last. */
  preferable?: { kinds: string[]; current?: string };
  /** Absent: trusted browsers are off. */
  trustedBrowsers?: TrustedBrowserModel[];
  revokeAllAction: string;
  preferencesAction: string;
  /** Ends every other sign-in of this person; where something was proved in them. */
  endOthersAction?: string;
  /** One page that turns it off; absent where it is off, or the policy does not leave it to the person. */
  turnOffUrl?: string;
  /** Help for whoever can use nothing of it; absent where it is off. */
  recoverUrl?: string;
  /** Too many wrong answers from unknown browsers: only browsers that passed before may answer; opened by `openLane`. */
  laneClosed?: boolean;
  /** What happened lately, newest first; `what` is the name of an event. */
  activity?: ActivityEntryModel[];
  /** All of it; absent where the app keeps no audit log. */
  allActivityUrl?: string;
  /** The sign-in switch; absent where the policy does not leave it to the person. */
  signInStep?: 'on' | 'off';
  /** Whether skipped suggestions are remembered and can be reset. */
  promptsSkipped?: boolean;
};

/** "Are you sure": the answer to a removal that was not confirmed yet; the form posts again with `confirmed=yes`. */
export type ManageRemoveModel = PageModel & {
  authenticator: AuthenticatorModel;
  action: string;
  cancelUrl: string;
  /** What is left afterwards; with `backup-codes` it is asked whether they go too (`keepBackupCodes`). */
  leaves: Leaves;
  /** Backup codes that still work. */
  codesLeft?: number;
};

/** What was removed had elevated this sign-in: it is verified no more. */
export type ManageRemovedModel = PageModel & {
  kind: string;
  name?: string;
  /** Where a message about it goes, masked. */
  to?: string[];
  /** What is left: other methods, or only backup codes, of which each works once. */
  left: 'others' | 'backup-codes';
  verifyUrl: string;
};

/** "Turn it off?": what goes with it. */
export type TurnOffModel = PageModel & {
  authenticators: AuthenticatorModel[];
  codesLeft: number;
  browsers: number;
  action: string;
  cancelUrl: string;
};
