// The figures that are counted while it happens: verifications, refused shares, used backup codes, lock-outs, messages, times.
import {
  dayFigures,
  kindFigures,
  messageFigures,
  weekFigures,
  type DayFigures,
  type KindFigures,
} from '../../src/insight/day-figures.js';
import { shareOf } from '../../src/insight/shares.js';
import { bars, spans, type Bar } from './charts/bars.js';
import { columns, line, type DayLine } from './charts/days.js';
import { picture, roundUp, stack } from './charts/svg.js';
import { perCent, type MadeFigure, type Told } from './figure.js';
import type { Facts } from './overview-facts.js';

type Days = NonNullable<Facts['days']>;

/** @param clock the time of day until which the running day is counted */
export function figuresOfDays(told: Told, all: Days, range: number, clock: string): MadeFigure[] {
  const days = all.slice(-range);
  const figures = dayFigures(days);
  const kinds = kindFigures(days);
  return [
    verifications(told, figures, clock),
    refusedShare(told, kinds),
    codesUsed(told, figures),
    lockOuts(told, figures, clock),
    messages(told, days),
    times(told, kinds),
  ];
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** What two panels of days share. */
function panel(
  told: Told,
  days: readonly DayFigures[],
  title: string,
  values: readonly number[],
  clock: string,
): DayLine {
  const steps =
    days.length > 14 ? days.flatMap(({ day }, at) => (day.endsWith('-01') ? [{ at, text: told.month(day) }] : [])) : [];
  const named =
    days.length > 14
      ? steps
      : days.map(({ day }, at) => ({ at, text: told.day(day) })).filter(({ at }) => at % 2 === 0);
  return {
    title,
    values,
    now: told.t('admin.chart.today', { count: values.at(-1) ?? 0, time: clock }),
    marks: named,
    number: told.number,
  };
}

function verifications(told: Told, days: readonly DayFigures[], clock: string): MadeFigure {
  const { t } = told;
  const [accepted, refused] = [days.map((day) => day.accepted), days.map((day) => day.refused)];
  const [right, wrong] = [sum(accepted), sum(refused)];
  const says = t('admin.says.verifications', { accepted: right, refused: wrong, days: days.length });
  const drawing = stack(
    line(panel(told, days, t('admin.chart.accepted'), accepted, clock)),
    line({ ...panel(told, days, t('admin.chart.refused'), refused, clock), tone: 'bad', height: 76 }),
  );
  return {
    name: 'verifications',
    size: 'wide',
    isRunning: true,
    says,
    svg: picture('fig-verifications', t('admin.figure.verifications'), says, drawing),
    columns: [
      ['day', 'text'],
      ['accepted', 'number'],
      ['refused', 'number'],
      ['share_refused', 'percent'],
    ],
    rows: days
      .map((each) => [each.day, each.accepted, each.refused, perCent(each.refused, each.accepted + each.refused)])
      .reverse(),
  };
}

function refusedShare(told: Told, kinds: readonly KindFigures[]): MadeFigure {
  const { t, percent } = told;
  const rows = kinds.map(({ kind, accepted, refused }) => {
    const answers = accepted + refused;
    return { label: told.kind(kind), accepted, refused, answers, found: shareOf(refused, answers) };
  });
  const drawn = rows.map(({ label, refused, answers, found }): Bar => {
    if (!found) return { label, text: t('admin.chart.few', { refused, answers }), value: 0 };
    const text = t('admin.chart.share_of', { share: percent(100 * found.share), answers });
    return { label, text, value: found.share, tone: 'bad', from: found.low, to: found.high };
  });
  const max = Math.max(0.05, ...rows.map(({ found }) => found?.high ?? 0));
  const says = drawn.map(({ label, text }) => `${label}: ${text}`).join('; ');
  const per = (part: number | undefined) => (part === undefined ? undefined : Math.round(1000 * part) / 10);
  return {
    name: 'refused-share',
    says: t('admin.says.refused-share'),
    ...(rows.length > 0 && {
      svg: picture('fig-refused-share', t('admin.figure.refused-share'), says, bars(drawn, max)),
    }),
    columns: [
      ['method', 'text'],
      ['accepted', 'number'],
      ['refused', 'number'],
      ['answers', 'number'],
      ['share_refused', 'percent'],
      ['from', 'percent'],
      ['to', 'percent'],
    ],
    rows: rows.map(({ label, accepted, refused, answers, found }) => [
      ...[label, accepted, refused, answers],
      ...[per(found?.share), per(found?.low), per(found?.high)],
    ]),
  };
}

function codesUsed(told: Told, days: readonly DayFigures[]): MadeFigure {
  const { t } = told;
  const weeks = weekFigures(days);
  const values = weeks.map((week) => week.codesUsed);
  const says = t('admin.says.codes-used', { codes: sum(values), weeks: weeks.length });
  const drawing = line({
    title: t('admin.chart.per_week'),
    values,
    now: t('admin.chart.this_week', { codes: values.at(-1) ?? 0 }),
    marks: weeks.flatMap(({ week }, at) =>
      at === 0 || at === Math.floor(weeks.length / 2) ? [{ at, text: told.day(week) }] : [],
    ),
    number: told.number,
    height: 76,
  });
  return {
    name: 'codes-used',
    says,
    svg: picture('fig-codes-used', t('admin.figure.codes-used'), says, drawing),
    columns: [
      ['week', 'text'],
      ['days', 'number'],
      ['used', 'number'],
    ],
    rows: weeks.map(({ week, days: counted, codesUsed: used }) => [week, counted, used]).reverse(),
  };
}

function lockOuts(told: Told, days: readonly DayFigures[], clock: string): MadeFigure {
  const { t } = told;
  const [locks, recoveries] = [days.map((day) => day.lockOuts), days.map((day) => day.recoveries)];
  const says = t('admin.says.lock-outs', { locks: sum(locks), recoveries: sum(recoveries), days: days.length });
  const drawing = stack(
    columns({ ...panel(told, days, t('admin.chart.lock_outs'), locks, clock), tone: 'bad' }),
    columns({ ...panel(told, days, t('admin.chart.recoveries'), recoveries, clock), height: 48 }),
  );
  return {
    name: 'lock-outs',
    size: 'wide',
    isRunning: true,
    says,
    svg: picture('fig-lock-outs', t('admin.figure.lock-outs'), says, drawing),
    columns: [
      ['day', 'text'],
      ['lock_outs', 'number'],
      ['recoveries', 'number'],
    ],
    rows: days.map((each) => [each.day, each.lockOuts, each.recoveries]).reverse(),
  };
}

const became = ['sent', 'failed', 'limited'] as const;
const tones = { sent: 'good', failed: 'bad', limited: 'soft' } as const;

function messages(told: Told, days: Days): MadeFigure {
  const { t, number } = told;
  const senders = messageFigures(days).map((each) => ({
    ...each,
    label: t([`admin.sender.${each.what}.${each.kind}`, `admin.sender.${each.what}`]),
  }));
  const panels = became.map((what) => {
    const drawn = senders.map((sender): Bar => ({
      label: sender.label,
      text: number(sender[what]),
      value: sender[what],
      tone: tones[what],
    }));
    const says = drawn.map(({ label, text }) => `${label}: ${text}`).join('; ');
    const title = t(`admin.column.${what}`);
    const drawing = bars(drawn, roundUp(Math.max(1, ...senders.map((sender) => sender[what]))), 36);
    return `<div><p class="mfa-soft">${title}</p>${picture(`fig-messages-${what}`, title, says, drawing)}</div>`;
  });
  return {
    name: 'messages',
    size: 'full',
    says: t('admin.says.messages'),
    ...(senders.length > 0 && { svg: `<div class="mfa-panels">${panels.join('')}</div>` }),
    columns: [
      ['sender', 'text'],
      ['sent', 'number'],
      ['failed', 'number'],
      ['limited', 'number'],
      ['share_failed', 'percent'],
    ],
    rows: senders.map(({ label, sent, failed, limited }) => [
      label,
      sent,
      failed,
      limited,
      perCent(failed, sent + failed),
    ]),
  };
}

/** The end of the scale where an answer took longer than all that is counted apart. */
const longest = 900;

function times(told: Told, kinds: readonly KindFigures[]): MadeFigure {
  const { t } = told;
  const timed = kinds.filter(({ answers }) => answers > 0);
  const within = (seconds: number) =>
    Number.isFinite(seconds) ? t('admin.seconds', { seconds }) : t('admin.seconds.more');
  const rows = timed.map(({ kind, median = 0, p95 = 0 }) => ({
    label: told.kind(kind),
    text: t('admin.chart.within', { median: within(median), p95: within(p95) }),
    median: Math.min(median, longest),
    p95: Math.min(p95, longest),
  }));
  const max = Math.max(60, ...rows.map(({ p95 }) => p95));
  const says = rows.map(({ label, text }) => `${label}: ${text}`).join('; ');
  const drawing = spans(rows, max, [within(0), within(max)]);
  return {
    name: 'time-to-second-step',
    says: t('admin.says.time-to-second-step'),
    ...(rows.length > 0 && { svg: picture('fig-time', t('admin.figure.time-to-second-step'), says, drawing) }),
    columns: [
      ['method', 'text'],
      ['answers', 'number'],
      ['median', 'seconds'],
      ['p95', 'seconds'],
    ],
    rows: timed.map(({ kind, answers, median, p95 }) => [told.kind(kind), answers, median, p95]),
  };
}
