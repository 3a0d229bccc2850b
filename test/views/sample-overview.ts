// The overview of administration, in every state: with all that can be to do, with nothing, before the first count; and its lists.
import { day, now } from './sample-frame.js';
import { figuresOfDays } from '../../middleware/admin/day-figure-list.js';
import { shownFigure, toldIn } from '../../middleware/admin/figure.js';
import { shownNumber } from '../../middleware/admin/overview-numbers.js';
import { peopleFigures } from '../../middleware/admin/people-figures.js';
import type { AdminVisit } from '../../middleware/admin/admin-visit.js';
import type { Words } from '../../middleware/pages/messages.js';
import type { AdminPageModel, PersonRow } from '../../middleware/pages/admin-models.js';
import type { AdminOverviewModel, NumberRow, Todo } from '../../middleware/pages/overview-models.js';
import { everyDay } from '../../src/insight/day-figures.js';
import { censusLists } from '../../src/core/rules/headcount.js';
import { backupCodes, emailCode, outboxSender, smsCode, totp, webauthn } from '../../src/index.js';
import type { Frame } from './sample-frame.js';

const home = '/admin/mfa';
const url = `${home}/people`;
const factors = [
  ...[webauthn(), totp(), emailCode({ sender: outboxSender('email') })],
  ...[smsCode({ sender: outboxSender('sms') }), backupCodes()],
];
const visit = { home, mfa: { kernel: { factors } } } as unknown as AdminVisit;

const counts = {
  ...Object.fromEntries(censusLists.map((list, at) => [list, at * 7 + 3])),
  ...{ able: 96, 'kind/totp': 60, 'alone/totp': 40, 'kind/webauthn': 30, 'alone/webauthn': 9 },
  ...{ 'codes-total': 100, 'codes-spent': 9, 'codes-left': 71, 'codes-expired': 20 },
  ...{ 'left/0': 2, 'low-left/0': 2, 'left/10': 7 },
};

const known = ['totp', 'webauthn', 'email', 'sms', 'backup-codes'];
/** Of a host's own factors, whatever they are called. */
const kinds = [...known, 'carrier-pigeon', '<script>alert(1)', '"><img src=x onerror=alert(1)>', 'x'.repeat(300)];
const days = everyDay(
  Array.from({ length: 40 }, (_, at) => ({
    day: new Date(Date.UTC(2026, 9, 13 + at)).toISOString().slice(0, 10),
    people: 9,
    counts: {
      ...Object.fromEntries(
        kinds.map((kind, index) => [`event/verification-accepted/success/${kind}/-`, index * 9 + at]),
      ),
      'event/verification-refused/failure/totp/session.mfa.invalid_totp_code': at,
      ...{ 'event/locked/-/totp/-': at % 3, 'event/recovery-completed/-/-/-': at % 5, 'codes/used': at % 4 },
      ...{ 'seconds/totp/15': 9, 'seconds/totp/more': 3, 'seconds/webauthn/5': 20 },
      ...{ 'message/codes/email/sent': 9, 'message/codes/sms/failed': 2, 'message/codes/fax/sent': 1 },
      ...{ 'message/notices/email/sent': 4, 'message/notices/sms/sent': 1, 'message/notices/-/limited': 1 },
    },
  })),
  '2026-09-01',
  '2026-11-21',
);

const todo: Todo[] = [
  { what: 'log-broken', params: {}, url },
  { what: 'recoveries', params: { count: 2, date: now + day }, url },
  { what: 'recoveries', params: { count: 1, date: now + day }, url },
  { what: 'cases', params: { count: 2, date: now + day }, url },
  { what: 'cases', params: { count: 1, date: now + day }, url },
  { what: 'sender', params: { sender: 'SMS', failed: 9, total: 40 }, url },
  { what: 'admins', params: { count: 1 }, url },
  { what: 'admins', params: { count: 3 }, url },
  { what: 'sink', params: { name: 'siem', minutes: 20 }, url },
  { what: 'disabled', params: { count: 1 }, url },
  { what: 'disabled', params: { count: 2 }, url },
  { what: 'refusals', params: { refused: 90, usual: 7, date: now - day }, url },
  { what: 'log-unverified', params: {}, url },
];
const number = (what: string, more: Partial<NumberRow>): NumberRow => ({
  what,
  value: 3,
  unit: 'people',
  url,
  ...more,
});
const numbers = [
  number('people', { was: 1 }),
  number('protected', { unit: 'percent', of: { part: 3, whole: 9 }, was: 2.5, up: true }),
  number('passkey', { unit: 'percent', was: 3, up: true }),
  number('admins', { was: 1, up: false }),
  number('locked', {}),
  number('hold', { was: 3 }),
  number('recoveries', { unit: 'times', was: 4 }),
];

export function addOverviewSamples(
  { page, add }: Frame,
  frame: (current: string) => AdminPageModel,
  person: PersonRow,
): void {
  const told = toldIn(page as unknown as Words);
  const made = [...peopleFigures(visit, told, counts), ...figuresOfDays(told, days, 40, '08:12 UTC')];
  const happening = (what: string, kind: string, at: number) => ({ at: now - at * 60, what, kind, person });
  const bare: AdminOverviewModel = {
    ...frame('overview'),
    at: now,
    todo: [],
    checked: ['cases'],
    numbers: [],
    lookAgainUrl: `${home}/`,
    ranges: [7, 30, 90].map((range) => ({
      days: range,
      url: `${home}/?range=${range}`,
      ...(range === 30 ? { current: true as const } : {}),
    })),
    figures: [],
  };
  add('admin overview', 'admin/overview', {
    ...bare,
    asOf: now - 3600,
    since: '2026-10-22',
    countAction: `${home}/census`,
    todo,
    checked: ['log', 'cases', 'senders', 'admins', 'sinks', 'disabled', 'refusals'],
    numbers: numbers.map((row) => shownNumber(told, row)),
    figures: made.map((figure) => ({ ...shownFigure(told, figure, home, 30), logUrl: `${home}/audit` })),
    latest: {
      troubles: Array.from({ length: 9 }, (_, at) =>
        happening(['locked', 'lane-closed', 'pass-used'][at % 3] ?? '', 'totp', at),
      ),
      codes: [{ ...happening('backup-code-used', 'backup-codes', 5), left: 3 }],
    },
  });
  const counting = { people: 212_000, about: 500_000, startedAt: now - 60, by: 'Teo', held: true };
  add('admin overview counting', 'admin/overview', {
    ...bare,
    counting,
    numbers: [shownNumber(told, number('people', {}))],
    countAction: `${home}/census`,
  });
  add('admin overview begun', 'admin/overview', {
    ...bare,
    counting: { ...counting, people: 0, about: 0 },
    countAction: `${home}/census`,
  });
  add('admin overview left', 'admin/overview', {
    ...bare,
    counting: { ...counting, held: false },
    countAction: `${home}/census`,
    latest: { troubles: [], codes: [] },
  });
  add('admin overview uncounted', 'admin/overview', { ...bare, countAction: `${home}/census` });
  const empty = figuresOfDays(told, days.slice(0, 7), 7, '08:12 UTC').map((figure) =>
    shownFigure(told, figure, home, 7),
  );
  add('admin overview nowhere', 'admin/overview', { ...bare, figures: empty });

  const filters = [...censusLists, 'waiting'].map((filter, at) => ({
    filter,
    people: at,
    url,
    ...(filter === 'low' ? { current: true as const } : {}),
  }));
  const people = { ...frame('people'), findAction: url, filters };
  const list = {
    filter: 'low',
    asOf: now - 3600,
    total: 120,
    from: 51,
    to: 100,
    people: [person],
    nextUrl: url,
    firstUrl: url,
  };
  add('admin people list', 'admin/people', { ...people, list });
  add('admin people list of administrators', 'admin/people', {
    ...people,
    list: { ...list, isAdmin: true, filter: 'kind/webauthn' },
  });
  const { asOf: _asOf, ...live } = list;
  add('admin people list waiting', 'admin/people', { ...people, list: { ...live, filter: 'waiting' } });
  add('admin people list by codes', 'admin/people', { ...people, list: { ...list, filter: 'left/3' } });
  add('admin people uncounted', 'admin/people', { ...frame('people'), findAction: url, uncounted: true });
  add('admin people list empty', 'admin/people', {
    ...people,
    list: { ...list, total: 0, from: 0, to: 0, people: [] },
  });
}
