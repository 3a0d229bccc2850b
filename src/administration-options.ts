// The option `administration`: who is who, where cases wait, and what needs a second administrator.
import type { CaseStore } from './core/kernel/cases.js';
import type { Directory } from './core/operators/desk.js';
import type { AdminAction } from './core/rules/admin-rights.js';
import type { MfaOptions } from './options.js';

/** The option `administration`. */
export type AdministrationOptions = NonNullable<MfaOptions['administration']>;

export type AdministrationConfig = {
  directory: Directory | undefined;
  cases: CaseStore | undefined;
  fourEyes: readonly AdminAction[] | undefined;
};

export function readAdministration({ directory, cases, fourEyes }: AdministrationOptions = {}): AdministrationConfig {
  return { directory, cases, fourEyes: fourEyes && [...fourEyes] };
}
