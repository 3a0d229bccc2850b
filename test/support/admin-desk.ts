// An app with administrators, for the tests of what they may do: no pages, the calls themselves, a clock that the test moves,
// and all that was told.
import { memoryCaseStore, type Admin, type CaseStore, type Directory, type StatsStore } from 'express-mfa/admin';
import {
  createMfa,
  memoryStore,
  totp,
  backupCodes,
  supportPass,
  type Mfa,
  type MfaEvent,
  type MfaStore,
} from 'express-mfa';
import { testClock, type TestClock } from 'express-mfa/testing';
import { emptyRecord, type Authenticator } from '../../src/core/kernel/record.js';
import { totpOf } from './cli.js';

export type Desk = {
  mfa: Mfa;
  clock: TestClock;
  events: MfaEvent[];
  notices: { what: string; userId: string }[];
  /** What the option `endSessions` was called with. */
  ended: string[];
  /** Puts a protected person in the store, with an authenticator app. */
  put(userId: string, authenticators?: Authenticator[]): Promise<void>;
  /** Puts one who has a record and no method. */
  putUnprotected(userId: string): Promise<void>;
  eventsOf(name: string): MfaEvent[];
};

type DeskOptions = {
  directory?: Directory;
  fourEyes?: NonNullable<Parameters<typeof createMfa>[0]['administration']>['fourEyes'];
  cases?: CaseStore;
  store?: MfaStore;
  stats?: StatsStore;
  clock?: TestClock;
};

export function openDesk({
  directory,
  fourEyes,
  cases = memoryCaseStore(),
  store,
  stats,
  ...rest
}: DeskOptions = {}): Desk {
  const { clock = testClock() } = rest;
  const events: MfaEvent[] = [];
  const notices: { what: string; userId: string }[] = [];
  const ended: string[] = [];
  const mfa = createMfa({
    appName: 'Acme',
    secrets: ['the secret of the tests of administrators'],
    store: store ?? memoryStore({ clock }),
    factors: [totp(), backupCodes(), supportPass()],
    user: () => null,
    clock,
    onEvent: (event) => void events.push(event),
    notify: (notice) => void notices.push(notice),
    endSessions: (userId) => void ended.push(userId),
    administration: { cases, ...(directory && { directory }), ...(fourEyes && { fourEyes }), ...(stats && { stats }) },
  });
  const save = async (userId: string, isProtected: boolean, authenticators: Authenticator[]) => {
    const { revision } = await mfa.kernel.store.remainsOf(userId);
    const epoch = mfa.kernel.random.token();
    await mfa.kernel.store.save(userId, { ...emptyRecord(epoch), protected: isProtected, authenticators }, revision);
  };
  return {
    mfa,
    clock,
    events,
    notices,
    ended,
    put: (userId, authenticators = [totpOf(mfa, userId)]) => save(userId, true, authenticators),
    putUnprotected: (userId) => save(userId, false, []),
    eventsOf: (name) => events.filter((event) => event.name === name),
  };
}

/** Of the helpdesk: may do what lets nobody in. */
export const hal: Admin = { id: 'hal', name: 'hal@example.com', may: ['view', 'help'] };
export const ana: Admin = { id: 'ana', name: 'ana@example.com', may: ['view', 'help', 'decide', 'audit'] };
export const ben: Admin = { id: 'ben', name: 'ben@example.com', may: ['view', 'help', 'decide', 'audit'] };

export const reason = 'lost phone, seen in person';
