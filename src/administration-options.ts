// The option `administration`: who is who, where cases wait, and what needs a second administrator.
import type { CaseStore } from './core/kernel/cases.js';
import type { DirectoryPerson } from './core/operators/desk.js';
import type { AdminAction } from './core/rules/admin-rights.js';

/** What the app knows of its people, for administrators. */
export interface Directory {
  /**
   * The person of this id: their tenant, whether they are an administrator, and of one what they may do, where it is known.
   * Nothing for somebody unknown, who is then no administrator and of no tenant. What it throws is 503
   * `directory.unavailable`.
   */
  get(userId: string): DirectoryPerson | null | undefined | Promise<DirectoryPerson | null | undefined>;
}

/** For what administrators do to other people's accounts. */
export type AdministrationOptions = {
  /** Who is an administrator, and of which tenant. Without it `help` reaches less: anybody may be an administrator. */
  directory?: Directory;
  /** Where cases wait. Default in development `memoryCaseStore()`. */
  cases?: CaseStore;
  /** What a second administrator approves, always. Default: pass, reset, exempt and erase, once more than one has acted. */
  fourEyes?: readonly AdminAction[];
};

export type AdministrationConfig = {
  directory: Directory | undefined;
  cases: CaseStore | undefined;
  fourEyes: readonly AdminAction[] | undefined;
};

export function readAdministration({ directory, cases, fourEyes }: AdministrationOptions = {}): AdministrationConfig {
  return { directory, cases, fourEyes: fourEyes && [...fourEyes] };
}
