// One request of an administrator: who acts, with which rights, and where the pages of administration are. Made by the gate
// alone; whoever holds one was let through.
import type { Request } from 'express';
import type { AdminRight } from '../../src/core/rules/admin-rights.js';
import type { Visit } from '../visit/visit.js';

/** What the app says of an administrator: a name for the audit log (default: the id), and what they may do. */
export type AdminTold = { name?: string; may: readonly AdminRight[]; tenant?: string };

type Answer = AdminTold | null | undefined | false;

/** Options of `mfaAdminRouter`. */
export type MfaAdminRouterOptions = {
  /**
   * What the signed-in person may do here; nothing for whoever is no administrator, to whom every address is 404. `name` is
   * for events, `tenant` the only one whose people exist for them.
   */
  admin: (req: Request) => Answer | Promise<Answer>;
  /** The path of this router as browsers see it, where a proxy strips a prefix. Default: where it is mounted. */
  publicBasePath?: string;
};

/** Who acts. `id` is that of `user(req)`. */
export type ActingAdmin = { id: string; name: string; may: readonly AdminRight[]; tenant?: string };

export type AdminVisit = Visit & {
  admin: ActingAdmin;
  /** Where these pages are, as browsers see it, without a slash at the end. */
  home: string;
  /** Whether a proof of a primary factor is young enough for a change. */
  fresh: boolean;
};

/** One of these is enough. */
export function hasRight({ may }: Pick<ActingAdmin, 'may'>, rights: readonly AdminRight[]): boolean {
  return rights.length === 0 || rights.some((right) => may.includes(right));
}
