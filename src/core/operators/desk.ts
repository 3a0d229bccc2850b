// What the flow of cases works with, and what it refuses: each refusal is told, with who wanted what.
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import type { Case, CaseStore } from '../kernel/cases.js';
import { tellFirst } from '../kernel/logbook.js';
import {
  adminActions,
  isApplicable,
  isReason,
  type Acting,
  type AdminAction,
  type AdminRight,
  type Target,
} from '../rules/admin-rights.js';
import { MfaError, type ErrorCode } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import type { ByAdmin } from './by-admin.js';

/**
 * What the app's directory tells of a person. `name`: for administrators' eyes, an address in it is masked. `may`: an
 * administrator's rights, where it knows them.
 */
export type DirectoryPerson = { name?: string; tenant?: string; isAdmin?: boolean; may?: readonly AdminRight[] };

/** Somebody whom the directory found. */
export type FoundPerson = DirectoryPerson & { id: string };

/** What the app knows of its people, for administrators. */
export interface Directory {
  /**
   * The person of this id: their tenant, whether they are an administrator, and of one what they may do, where it is known.
   * Nothing for somebody unknown, who is then no administrator and of no tenant. What it throws is 503
   * `directory.unavailable`.
   */
  get(userId: string): DirectoryPerson | null | undefined | Promise<DirectoryPerson | null | undefined>;
  /**
   * The people whom an administrator may mean by this text: by name, address or number, as your app looks for people. Best
   * first, `limit` at most, of `tenant` alone where one is said. Without it only a whole id finds somebody.
   */
  find?(
    text: string,
    options: { limit: number; tenant?: string },
  ): readonly FoundPerson[] | Promise<readonly FoundPerson[]>;
  /**
   * Everybody, for a census: with it those are counted as well who have set nothing up, and administrators are known without asking
   * for each person. Without it `get` is asked for everybody who has a record.
   */
  all?(): AsyncIterable<FoundPerson> | Iterable<FoundPerson>;
}

/** What an action made: a code, for the eyes of who asked, and when it ends, Unix seconds. Empty for most. */
export type Done = { code?: string; expiresAt?: number };

export type CarryOut = (
  kernel: Kernel,
  action: AdminAction,
  userId: string,
  who: Required<ByAdmin>,
  options: Case['options'],
) => Promise<Done>;

/** What the flow of cases works with. */
export type Desk = {
  kernel: Kernel;
  cases: () => CaseStore;
  person: ((userId: string) => Promise<DirectoryPerson | undefined>) | undefined;
  fourEyes: readonly string[] | undefined;
  carryOut: CarryOut;
};

export async function targetOf({ person }: Desk, userId: string): Promise<Target> {
  const { isAdmin = false, tenant } = (await person?.(userId)) ?? {};
  return { userId, isAdmin: person ? isAdmin : undefined, tenant };
}

export function checkReason(reason: string): void {
  if (isReason(reason)) return;
  throw new MfaError('admin.reason_missing', 'Say why: at least three letters, at most 500 characters.');
}

export function refuseUnlessApplicable(action: AdminAction, record: Parameters<typeof isApplicable>[1]): void {
  if (isApplicable(action, record)) return;
  const { of } = adminActions[action];
  const whose = {
    known: 'whom there is a record of',
    protected: 'who is protected',
    unprotected: 'who is not protected',
  };
  throw new MfaError('admin.not_applicable', `\`${action}\` is for somebody ${whose[of ?? 'known']}.`);
}

type About = { action: AdminAction; by: Acting; userId: string };

export function refuseIf(desk: Desk, code: ErrorCode | undefined, about: About): void {
  if (code !== undefined) throw refusal(desk, code, about);
}

const refusals: { readonly [code: string]: string } = {
  'admin.own_account': 'Nobody acts on their own account: ask another administrator.',
  'admin.not_allowed': 'This administrator may not do this.',
};

export function refusal({ kernel }: Desk, code: ErrorCode, { action, by, userId }: About): MfaError {
  kernel.tell(aboutUser(userId), [
    { name: 'admin-refused', actor: 'admin', by: by.name, outcome: 'refused', reason: code, detail: { action } },
  ]);
  return new MfaError(code, refusals[code] ?? 'There is no such person.');
}

type CaseEvent = 'case-opened' | 'case-approved' | 'case-denied' | 'case-lapsed';

export async function tellCase({ kernel }: Desk, name: CaseEvent, one: Case, told: Partial<Happened>): Promise<void> {
  const { id, action, ticket, by } = one;
  const detail = { case: id, action, askedBy: by.name, ...(ticket === undefined ? {} : { ticket }), ...told.detail };
  await tellFirst(kernel, aboutUser(one.userId), [{ name, actor: 'admin', ...told, detail }]);
}
