// Where people stand: seven numbers, each with the list behind it, and as it was a month before.
import { dayFigures } from '../../src/insight/day-figures.js';
import type { CensusCounts } from '../../src/core/kernel/stats.js';
import type { NumberRow, ShownNumber } from '../pages/overview-models.js';
import type { AdminVisit } from './admin-visit.js';
import { perCent, type Told } from './figure.js';
import type { Facts } from './overview-facts.js';
import { listUrl } from './people-lists.js';

const passkey = 'kind/webauthn';

export function peopleNumbers(visit: AdminVisit, { census, before, days }: Facts): NumberRow[] {
  const { directory } = visit.mfa.config.administration;
  const counted = (what: string, list: string, up?: boolean, admin?: 'yes'): NumberRow => {
    const name = admin ? `${list}/admins` : list;
    const of = (counts: CensusCounts) => counts[name] ?? 0;
    return {
      what,
      value: of(census?.counts ?? {}),
      unit: 'people',
      url: listUrl(visit, list, admin ? { admin } : {}),
      ...(before ? { was: of(before.counts) } : {}),
      ...(up === undefined ? {} : { up }),
    };
  };
  const shared = (what: string, list: string): NumberRow => {
    const of = (counts: CensusCounts) => perCent(counts[list] ?? 0, counts['able'] ?? 0) ?? 0;
    const { counts = {} } = census ?? {};
    return {
      what,
      value: of(counts),
      unit: 'percent',
      of: { part: counts[list] ?? 0, whole: counts['able'] ?? 0 },
      url: listUrl(visit, list),
      ...(before ? { was: of(before.counts) } : {}),
      up: true,
    };
  };
  const offersPasskeys = visit.mfa.kernel.factors.some(({ kind }) => `kind/${kind}` === passkey);
  return [
    ...(census
      ? [
          counted('people', 'all'),
          shared('protected', 'protected'),
          ...(offersPasskeys ? [shared('passkey', passkey)] : []),
          ...(directory ? [counted('admins', 'none', false, 'yes')] : []),
          counted('locked', 'locked', false),
          counted('hold', 'hold'),
        ]
      : []),
    ...(days ? [recoveries(days)] : []),
  ];
}

/** Of thirty days, against the thirty before. */
function recoveries(days: NonNullable<Facts['days']>): NumberRow {
  const sum = (some: NonNullable<Facts['days']>) => dayFigures(some).reduce((all, each) => all + each.recoveries, 0);
  return {
    what: 'recoveries',
    value: sum(days.slice(-30)),
    unit: 'times',
    url: '#lock-outs',
    was: sum(days.slice(-60, -30)),
  };
}

/** A change is a number, and a word where it is for better or worse. */
export function shownNumber(told: Told, { what, value, unit, of, url, was, up }: NumberRow): ShownNumber {
  const { t, number, percent } = told;
  const change = was === undefined ? 0 : Math.round(10 * (value - was)) / 10;
  const size =
    unit === 'percent'
      ? t('admin.change.points', { count: Math.abs(change), points: number(Math.abs(change)) })
      : number(Math.abs(change));
  return {
    what,
    text: unit === 'percent' ? percent(value) : number(value),
    ...(of ? { of: t('admin.number.of', of) } : {}),
    url,
    change: was === undefined ? '–' : change === 0 ? t('admin.change.none') : `${change > 0 ? '+' : '−'}${size}`,
    ...(change !== 0 && up !== undefined ? { tone: change > 0 === up ? 'better' : 'worse' } : {}),
  };
}
