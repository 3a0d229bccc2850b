// `/`: the page that an administrator opens every Monday. What to do today, where people stand, and the figures behind it; as a page, as
// JSON, and each figure as a file. It makes no walk: people are counted by the census, the rest while it happens.
import { MfaError } from '../../src/core/words/errors.js';
import { dayAfter } from '../../src/insight/day-figures.js';
import type { AdminOverviewModel, Happening } from '../pages/overview-models.js';
import { goOn, redirect } from '../visit/answers.js';
import { hasRight, type AdminVisit } from './admin-visit.js';
import { figuresOfDays } from './day-figure-list.js';
import { figureCsv, shownFigure, toldIn, type MadeFigure } from './figure.js';
import { factsFor, ranges, type Facts } from './overview-facts.js';
import { toDoToday } from './overview-todo.js';
import { frameOf, partsFor, sendAdminPage, sendJson } from './page-frame.js';
import { peopleFigures } from './people-figures.js';
import { personOf, sealedId } from './people-of.js';
import { peopleNumbers, shownNumber } from './overview-numbers.js';
import { secondsOf, type Entry } from './story.js';

const mostLatest = 50;

/** So that what belongs together stands side by side. */
const order = [
  ...[
    'people-at-risk',
    'people-by-method',
    'verifications',
    'refused-share',
    'backup-codes',
    'codes-left',
    'codes-used',
  ],
  ...['lock-outs', 'time-to-second-step', 'messages'],
];

function figuresFor(visit: AdminVisit, { census, days, range, now }: Facts): MadeFigure[] {
  const told = toldIn(visit.words);
  const made = [
    ...(census ? peopleFigures(visit, told, census.counts) : []),
    ...(days ? figuresOfDays(told, days, range, clockOf(now)) : []),
  ];
  return order.flatMap((name) => made.find((figure) => figure.name === name) ?? []);
}

/** The running day is counted until then, and days are of UTC whatever the reader's zone. */
const clockOf = (now: number): string => `${new Date(now * 1000).toISOString().slice(11, 16)} UTC`;

/** The overview; whoever may not see it goes to the first part that they may open. */
export async function showOverview(visit: AdminVisit): Promise<void> {
  if (!hasRight(visit.admin, ['view'])) return showStart(visit);
  const facts = await factsFor(visit);
  const { name, may } = visit.admin;
  const { now, census, running, keepsStats, before, range, health } = facts;
  const counting = running && (running.held || !census) ? running : undefined;
  const figures = figuresFor(visit, facts);
  const shared = {
    at: now,
    ...(census ? { asOf: census.startedAt } : {}),
    ...(counting ? { counting } : {}),
    ...toDoToday(visit, facts),
    ...(before ? { since: before.day } : {}),
  };
  if (visit.json) {
    const plain = figures.map(({ name: figure, columns, rows }) => ({
      name: figure,
      columns: columns.map(([key]) => key),
      rows,
    }));
    const numbers = peopleNumbers(visit, facts);
    return sendJson(visit, { name, may, parts: partsFor(visit), ...shared, numbers, range, figures: plain });
  }
  const told = toldIn(visit.words);
  await sendAdminPage(visit, 'admin/overview', {
    ...frameOf(visit, 'overview'),
    ...shared,
    numbers: peopleNumbers(visit, facts).map((row) => shownNumber(told, row)),
    lookAgainUrl: `${visit.home}/`,
    ...(keepsStats ? { countAction: `${visit.home}/census` } : {}),
    ranges: ranges.map((days) => ({
      days,
      url: `${visit.home}/?range=${days}`,
      ...(days === range ? { current: true as const } : {}),
    })),
    figures: figures.map((made) => ({
      ...shownFigure(told, made, visit.home, range),
      ...logUrlOf(visit, made, facts),
    })),
    ...(health ? { latest: await latestOf(visit, facts.watched) } : {}),
  } satisfies AdminOverviewModel);
}

/** Which entries of the log a figure counts, by the word of their group. */
const groups: { readonly [figure: string]: string } = {
  verifications: 'verifications',
  'lock-outs': 'verifications',
  'codes-used': 'codes',
  messages: 'messages',
};

function logUrlOf({ admin, home }: AdminVisit, { name }: MadeFigure, { today, range }: Facts): { logUrl?: string } {
  const group = groups[name];
  if (group === undefined || !hasRight(admin, ['audit'])) return {};
  return { logUrl: `${home}/audit?name=${group}&from=${dayAfter(today, 1 - range)}` };
}

function showStart(visit: AdminVisit): void {
  const parts = partsFor(visit);
  const { may, name } = visit.admin;
  const [first] = parts;
  if (visit.json || !first) return sendJson(visit, { name, may, parts });
  redirect(visit, first.url);
}

async function latestOf(
  visit: AdminVisit,
  watched: readonly Entry[],
): Promise<NonNullable<AdminOverviewModel['latest']>> {
  const happened = async (entries: readonly Entry[]): Promise<Happening[]> =>
    Promise.all(
      entries.slice(0, mostLatest).map(async (entry): Promise<Happening> => {
        const { name, factor, subject, detail } = entry;
        const left = detail?.['left'];
        const person = subject && (await personOf(visit, subject.id));
        return {
          at: secondsOf(entry),
          what: name,
          ...(factor ? { kind: factor.kind } : {}),
          ...(typeof left === 'number' ? { left } : {}),
          ...(person
            ? { person: { name: person.name, url: `${visit.home}/people/${sealedId(visit.mfa, person.id)}` } }
            : {}),
        };
      }),
    );
  const isCode = ({ name }: Entry) => name === 'backup-code-used';
  const [codes, troubles] = await Promise.all([
    happened(watched.filter(isCode)),
    happened(watched.filter((entry) => !isCode(entry))),
  ]);
  return { codes, troubles };
}

/** `/charts/:name.csv` */
export async function chartCsv(visit: AdminVisit): Promise<void> {
  const facts = await factsFor(visit);
  const { name } = visit.req.params;
  const figure = figuresFor(visit, facts).find((each) => each.name === name);
  if (!figure) throw new MfaError('session.verification_session_not_found', 'There is no such figure.');
  visit.res
    .status(200)
    .set({
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${figure.name}-${facts.today}.csv"`,
      'X-Content-Type-Options': 'nosniff',
    })
    .send(figureCsv(visit.words, figure));
}

/** A few thousand people are counted in it. */
const countingMs = 2000;

/** `POST /census`: counts; where that takes longer than a moment, beside the answer: then the page says how far it is. */
export async function countNow(visit: AdminVisit): Promise<void> {
  const { mfa, admin, home } = visit;
  await mfa.counting.begin(admin.name, countingMs);
  await goOn(visit, { step: 'done', url: `${home}/` });
}
