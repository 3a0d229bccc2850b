// The filters of the audit page, as its address says them: a person sealed, a group of events or one, outcome, days, a sign-in. What
// cannot be read is refused; free text never stands there.
import { eventNames, type EventName } from '../../src/core/words/events.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { AdminVisit } from './admin-visit.js';
import { personAt, type Person } from './people-of.js';
import type { Audit } from './story.js';

export type Query = NonNullable<Parameters<Audit['read']>[0]>;

/** Events that are looked for together, by a word of the catalogue. */
export const eventGroups: { readonly [group: string]: RegExp } = {
  verifications: /^(verification|challenge|step-up|locked|unlocked|lane|session)/,
  methods: /^(authenticator|enrollment|address|turned-off|preferred|sign-in-step)/,
  codes: /^(backup-code|pass)/,
  messages: /^(code-|send-|notice-)/,
  admins: /^(admin|case|reset|pass-issued|released|exempt|suspended|resumed|enrollment-granted|unlocked|readmitted)/,
  log: /^(audit|export|report|record-altered|request-refused)/,
};

/** What the form holds. */
export type Filters = { person?: string; name?: string; outcome?: string; from?: string; to?: string; flow?: string };

const fields = ['person', 'name', 'outcome', 'from', 'to', 'flow'] as const;

export function filtersIn({ req }: AdminVisit): Filters {
  const given = fields.flatMap((field) => {
    const value: unknown = req.query[field];
    if (value === undefined || value === '') return [];
    if (typeof value !== 'string' || value.length > 2000) throw invalid(field);
    return [[field, value] as const];
  });
  return Object.fromEntries(given);
}

function invalid(field: string): MfaError {
  return new MfaError('request.invalid', `The filter "${field}" cannot be used as it is.`, { details: { field } });
}

function namesOf(name: string): EventName[] {
  const group = Object.hasOwn(eventGroups, name) ? eventGroups[name] : undefined;
  const names = eventNames.filter((each) => group?.test(each) ?? each === name);
  if (names.length === 0) throw invalid('name');
  return names;
}

/** A day counts as a whole, in UTC. */
function timeOf(field: 'from' | 'to', text: string): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = new Date(isDay ? `${text}T${field === 'from' ? '00:00:00' : '23:59:59.999'}Z` : text);
  if (Number.isNaN(time.getTime())) throw invalid(field);
  return time;
}

/** @throws MfaError `request.invalid`; `session.verification_session_not_found` for a person who is not there */
export async function queryOf(visit: AdminVisit, filters: Filters): Promise<{ query: Query; person?: Person }> {
  const { name, outcome, from, to, flow } = filters;
  if (outcome !== undefined && outcome !== 'success' && outcome !== 'failure') throw invalid('outcome');
  const person = filters.person === undefined ? undefined : await personAt(visit, filters.person);
  return {
    query: {
      ...(person ? { userId: person.id } : {}),
      ...(name === undefined ? {} : { names: namesOf(name) }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(from === undefined ? {} : { from: timeOf('from', from) }),
      ...(to === undefined ? {} : { to: timeOf('to', to) }),
      ...(flow === undefined ? {} : { flow }),
    },
    ...(person ? { person } : {}),
  };
}

/** The same filters as the end of an address. */
export function asSearch(filters: Filters, cursor?: string): string {
  const search = new URLSearchParams({ ...filters, ...(cursor === undefined ? {} : { cursor }) }).toString();
  return search === '' ? '' : `?${search}`;
}
