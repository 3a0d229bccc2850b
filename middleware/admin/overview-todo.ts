// "To do today": what the reader may act on, worst first, each by a rule and with a way to it; at most seven lines. It holds only
// what counters, census, cases and health know already.
import { dayAfter, dayFigures, messageFigures, unusualDay } from '../../src/insight/day-figures.js';
import { recoveryAction } from '../../src/core/operators/recovery-cases.js';
import type { Todo } from '../pages/overview-models.js';
import { hasRight, type AdminVisit } from './admin-visit.js';
import { listUrl } from './people-lists.js';
import type { Facts } from './overview-facts.js';
import { partRights } from './page-frame.js';

const most = 7;
const dayMs = 86_400_000;

export type ToDoToday = { todo: Todo[]; checked: string[] };

export function toDoToday(visit: AdminVisit, facts: Facts): ToDoToday {
  const checks: [what: string, isKnown: boolean, lines: () => Todo[]][] = [
    ['log', facts.health !== undefined, () => logBroken(visit, facts)],
    ['cases', hasRight(visit.admin, ['decide']), () => [...casesWait(visit, facts, true), ...casesWait(visit, facts)]],
    ['senders', facts.days !== undefined, () => sendersFail(visit, facts)],
    [
      'admins',
      facts.census !== undefined && visit.mfa.config.administration.directory !== undefined,
      () => adminsWithout(visit, facts),
    ],
    ['sinks', (facts.health?.sinks.length ?? 0) > 0, () => sinksBehind(visit, facts)],
    ['disabled', facts.census !== undefined, () => methodsDisabled(visit, facts)],
    ['refusals', facts.days !== undefined, () => manyRefused(visit, facts)],
    ['verified', facts.health !== undefined, () => notVerified(visit, facts)],
  ];
  const known = checks.filter(([, isKnown]) => isKnown);
  return {
    todo: known.flatMap(([, , lines]) => lines()).slice(0, most),
    checked: [...new Set(known.map(([what]) => (what === 'verified' ? 'log' : what)))],
  };
}

/** A page that this administrator may open, else the place on this one. */
function pageOr(visit: AdminVisit, part: string, path: string, place: string): string {
  const rights = partRights.find(([name]) => name === part)?.[1];
  return rights && hasRight(visit.admin, rights) ? `${visit.home}${path}` : place;
}

function logBroken(visit: AdminVisit, facts: Facts): Todo[] {
  if (facts.verified?.detail?.['sound'] !== false) return [];
  return [{ what: 'log-broken', params: {}, url: pageOr(visit, 'audit', '/audit', '#latest') }];
}

/** A verification that nobody did is seen by its count of the last seven days. */
function notVerified(visit: AdminVisit, { days = [], health }: Facts): Todo[] {
  const isVerified = days
    .slice(-7)
    .some(({ counts }) => Object.keys(counts).some((name) => name.startsWith('event/audit-verified/')));
  if (isVerified || (health?.entries ?? 0) === 0) return [];
  return [{ what: 'log-unverified', params: {}, url: pageOr(visit, 'audit', '/audit', '#latest') }];
}

/** Whoever recovers gets nowhere meanwhile: they come before what colleagues asked for. */
function casesWait({ home, admin }: AdminVisit, { cases }: Facts, recoveries = false): Todo[] {
  const waiting = cases.filter(
    ({ action, by, approved }) => by.id !== admin.id && !approved && (action === recoveryAction) === recoveries,
  );
  const [first] = waiting;
  if (!first) return [];
  return [
    {
      what: recoveries ? 'recoveries' : 'cases',
      params: { count: waiting.length, date: first.expiresAt },
      url: `${home}/approvals`,
    },
  ];
}

function sendersFail({ words }: AdminVisit, { days = [] }: Facts): Todo[] {
  return messageFigures(days.slice(-3))
    .filter(({ sent, failed }) => failed >= 5 && failed >= 0.05 * (sent + failed))
    .map(({ what, kind, sent, failed }) => ({
      what: 'sender',
      params: {
        sender: words.forPages([`admin.sender.${what}.${kind}`, `admin.sender.${what}`]),
        failed,
        total: sent + failed,
      },
      url: '#messages',
    }));
}

function adminsWithout(visit: AdminVisit, { census }: Facts): Todo[] {
  const count = census?.counts['none/admins'] ?? 0;
  return count === 0 ? [] : [{ what: 'admins', params: { count }, url: listUrl(visit, 'none', { admin: 'yes' }) }];
}

function sinksBehind(visit: AdminVisit, { health }: Facts): Todo[] {
  return (health?.sinks ?? [])
    .filter(({ behindSeconds }) => behindSeconds > 900)
    .map(({ name, behindSeconds }) => ({
      what: 'sink',
      params: { name, minutes: Math.floor(behindSeconds / 60) },
      url: pageOr(visit, 'health', '/health', '#latest'),
    }));
}

function methodsDisabled(visit: AdminVisit, { census }: Facts): Todo[] {
  const count = census?.counts['disabled'] ?? 0;
  return count === 0 ? [] : [{ what: 'disabled', params: { count }, url: listUrl(visit, 'disabled') }];
}

function manyRefused(visit: AdminVisit, { days = [] }: Facts): Todo[] {
  const found = unusualDay(dayFigures(days));
  if (!found) return [];
  const { day, refused, usual } = found;
  const search = new URLSearchParams({ name: 'verifications', outcome: 'failure', from: day, to: day });
  const date = Date.parse(`${dayAfter(day, 0)}T12:00:00Z`) / 1000;
  const params = { refused, usual, date, day: Math.floor(date / (dayMs / 1000)) };
  return [{ what: 'refusals', params, url: pageOr(visit, 'audit', `/audit?${search.toString()}`, '#verifications') }];
}
