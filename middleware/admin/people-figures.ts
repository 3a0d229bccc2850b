// The figures of the census: people by method, at risk, and where their backup codes are.
import type { CensusCounts } from '../../src/core/kernel/stats.js';
import { listsAtRisk, mostLeft } from '../../src/core/rules/headcount.js';
import type { AdminVisit } from './admin-visit.js';
import { bars, histogram, stacked, type Bar } from './charts/bars.js';
import { picture } from './charts/svg.js';
import { perCent, type MadeFigure, type Told } from './figure.js';
import { listUrl } from './people-lists.js';

export function peopleFigures(visit: AdminVisit, told: Told, counts: CensusCounts): MadeFigure[] {
  const { t, number, percent } = told;
  const of = (name: string): number => counts[name] ?? 0;
  const able = of('able');
  const kinds = visit.mfa.kernel.factors
    .filter(({ rank }) => rank === 'primary')
    .map(({ kind }) => ({ kind, label: told.kind(kind), people: of(`kind/${kind}`), alone: of(`alone/${kind}`) }))
    .sort((a, b) => b.people - a.people);
  const none: Bar = { label: t('admin.filter.none'), text: number(of('none')), value: of('none'), tone: 'bad' };
  const methodBars: Bar[] = kinds.map(({ label, people, alone }) => ({
    label,
    text: t('admin.chart.people_share', { people, share: percent(perCent(people, able) ?? 0) }),
    value: people,
    part: alone,
  }));
  const saysOf = (rows: readonly Bar[]) => rows.map(({ label, text }) => `${label}: ${text}`).join('; ');
  const draw = (name: string, rows: readonly Bar[], max: number) =>
    picture(`fig-${name}`, t(`admin.figure.${name}`), saysOf(rows), bars(rows, max));
  const risk = listsAtRisk.filter((name) => name !== 'unread' || of(name) > 0);
  return [
    {
      name: 'people-at-risk',
      says: t('admin.says.people-at-risk'),
      hasBars: true,
      size: 'wide',
      columns: [
        ['who', 'text'],
        ['people', 'number'],
        ['meaning', 'text'],
      ],
      rows: risk.map((name) => [t(`admin.filter.${name}`), of(name), t(`admin.meaning.${name}`)]),
      urls: risk.map((name) => listUrl(visit, name)),
    },
    {
      name: 'people-by-method',
      says: t('admin.says.people-by-method', { able }),
      svg: draw('people-by-method', [...methodBars, none], Math.max(1, able)),
      columns: [
        ['method', 'text'],
        ['people', 'number'],
        ['alone', 'number'],
        ['share', 'percent'],
      ],
      rows: [
        ...kinds.map(({ label, people, alone }) => [label, people, alone, perCent(people, able)]),
        [none.label, none.value, undefined, perCent(none.value, able)],
      ],
      urls: [...kinds.map(({ kind }) => listUrl(visit, `kind/${kind}`)), listUrl(visit, 'none')],
    },
    ...codeFigures(visit, told, counts),
  ];
}

function codeFigures(visit: AdminVisit, told: Told, counts: CensusCounts): MadeFigure[] {
  const { t, number } = told;
  const of = (name: string): number => counts[name] ?? 0;
  if (of('codes') === 0) return [];
  const total = of('codes-total');
  const parts = (['left', 'spent', 'expired'] as const).map((part): Bar => {
    const value = of(`codes-${part}`);
    return { label: t(`admin.codes.${part}`), text: t(`admin.chart.codes.${part}`, { codes: value }), value };
  }) as [Bar, Bar, Bar];
  const left = Array.from({ length: mostLeft + 1 }, (_, codes) => ({
    label: codes === mostLeft ? t('admin.chart.or_more', { codes }) : number(codes),
    value: of(`left/${codes}`),
    text: number(of(`left/${codes}`)),
    low: of(`low-left/${codes}`) > 0,
  }));
  return [
    {
      name: 'backup-codes',
      says: t('admin.says.backup-codes', { codes: total, people: of('codes') }),
      svg: picture(
        'fig-backup-codes',
        t('admin.figure.backup-codes'),
        parts.map(({ text }) => text).join('; '),
        stacked(parts),
      ),
      columns: [
        ['state', 'text'],
        ['codes', 'number'],
        ['share', 'percent'],
      ],
      rows: parts.map(({ label, value }) => [label, value, perCent(value, total)]),
      urls: [listUrl(visit, 'codes'), listUrl(visit, 'codes-used'), listUrl(visit, 'low')],
    },
    {
      name: 'codes-left',
      says: t('admin.says.codes-left', { count: of('low') }),
      svg: picture(
        'fig-codes-left',
        t('admin.figure.codes-left'),
        left.map(({ label, text }) => `${label}: ${text}`).join('; '),
        histogram(left, t('admin.column.left'), t('admin.chart.hatched_low')),
      ),
      columns: [
        ['left', 'text'],
        ['people', 'number'],
      ],
      rows: left.map(({ label, value }) => [label, value]),
      urls: left.map((_, codes) => listUrl(visit, `left/${codes}`)),
    },
  ];
}
