// What a route of administration is: an entry of one list, from which the router, its documentation and the tests of who may
// do what are made. Knows no route.
import type { AdminRight } from '../../src/core/rules/admin-rights.js';
import type { AdminVisit } from './admin-visit.js';

export type AdminRoute = {
  method: 'GET' | 'POST';
  path: string;
  /** One of them is enough; none named: any administrator. */
  rights: readonly AdminRight[];
  /** `look`: shows. `ask`: a POST that changes nothing. `change`: takes a fresh proof. */
  does: 'look' | 'ask' | 'change';
  /** Of a POST: the page with its form, below the mount, to come back to. */
  form?: (visit: AdminVisit) => string;
  flow: (visit: AdminVisit) => Promise<void>;
};
