// The option `administration`: who is who, where cases wait, what needs a second administrator, and where figures are kept.
import type { CaseStore } from './core/kernel/cases.js';
import type { StatsStore } from './core/kernel/stats.js';
import type { Directory } from './core/operators/desk.js';
import type { AdminAction } from './core/rules/admin-rights.js';
import type { MfaOptions } from './options.js';

/** The option `administration`. */
export type AdministrationOptions = NonNullable<MfaOptions['administration']>;

export type AdministrationConfig = {
  directory: Directory | undefined;
  cases: CaseStore | undefined;
  fourEyes: readonly AdminAction[] | undefined;
  stats: StatsStore | undefined;
  censusEveryHours: number | undefined;
  reportsFolder: string | undefined;
};

export function readAdministration(options: AdministrationOptions = {}): AdministrationConfig {
  const { directory, cases, fourEyes, stats, censusEveryHours, reportsFolder } = options;
  return { directory, cases, fourEyes: fourEyes && [...fourEyes], stats, censusEveryHours, reportsFolder };
}
