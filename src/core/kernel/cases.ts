// What waits for a second administrator, and where it is kept: the port of a store of cases. What a case asks for, and who
// may answer it, is not known here.
import type { Json } from '../words/json.js';
import type { StoreMigrations } from './ports.js';

/** Who asked for a case: the id decides, the name is for the audit. */
export type Asked = { id: string; name: string; tenant?: string };

/** One action on one person that another administrator must approve. Times are whole Unix seconds. */
export type Case = {
  id: string;
  /** `reset`, `pass` …: as in `mfa.requestAction`. */
  action: string;
  userId: string;
  /** Of the person, where a directory tells it. */
  tenant?: string;
  /** Of the person's record when it was asked for; another one voids the case. */
  epoch: string;
  reason: string;
  ticket?: string;
  /** Who asked. */
  by: Asked;
  openedAt: number;
  expiresAt: number;
  /** What the action takes beside a reason. */
  options: { [name: string]: Json };
  /** Who approved it, where what it makes is for the eyes of who asked: it waits for them. */
  approved?: { id: string; name: string; at: number };
};

/** Where cases wait: few, for a day or so, seen by every process. Failures are MfaErrors `store.unavailable`. */
export interface CaseStore {
  /** `memory` is refused in production. */
  readonly name: string;
  /** For operators: the tables of a store that has such. */
  readonly migrations?: StoreMigrations;
  /** Keeps a case under its id. @returns whether it stands there now: false where that id has another one */
  open(one: Case): Promise<boolean>;
  /** Every case that nobody took, lapsed ones as well, in any order. */
  list(): Promise<Case[]>;
  /** Reads and removes in one step: one winner among any number of takers, `undefined` for all others. */
  take(id: string): Promise<Case | undefined>;
  /** Remembers for good that this administrator acted. @returns how many different ones did so far */
  acted(adminId: string): Promise<number>;
}
