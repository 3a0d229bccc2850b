// A report as JSON, and as tables of CSV. People are written one by one, as they are read.
import { csvRow, type Field } from './csv-field.js';
import { typeOf } from './report-coverage.js';
import type { ReportSummary } from './report.js';

/** A person, as far as a table has a column for it. Times are Unix seconds. */
export type ListedPerson = {
  id: string;
  tenant?: string;
  isAdmin?: boolean;
  status: string;
  methods: readonly { kind: string; way: string; enrolledAt: number; lastUsedAt?: number; usable: boolean }[];
  codesLeft?: number;
  codesUntil?: number;
  trustedBrowsers: number;
  lastAt?: number;
};

type People = AsyncIterable<ListedPerson>;

export async function* jsonOf(summary: ReportSummary, people: People): AsyncGenerator<string> {
  yield `${JSON.stringify(summary, undefined, 1).slice(0, -2)},\n "people": [`;
  let isFirst = true;
  for await (const person of people) {
    yield `${isFirst ? '' : ','}\n  ${JSON.stringify(person)}`;
    isFirst = false;
  }
  yield '\n ]\n}\n';
}

export const timeOf = (seconds: number | undefined) =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

const yesOr = (is: boolean | undefined, no = 'no') => (is ? 'yes' : no);

const peopleHead = [
  ...['person', 'tenant', 'administrator', 'status', 'methods', 'nist types', 'phishing-resistant', 'restricted'],
  ...[
    'enrolled at',
    'by which way',
    'last used',
    'codes left',
    'codes until',
    'trusted browsers',
    'last second factor at',
  ],
];

function personRow(person: ListedPerson): Field[] {
  const { id, tenant, isAdmin, status, methods, codesLeft, codesUntil, trustedBrowsers, lastAt } = person;
  const types = methods.map(({ kind }) => typeOf(kind));
  const list = (cells: readonly (string | undefined)[]) => cells.map((cell) => cell ?? '-').join('; ');
  return [
    ...[id, tenant, yesOr(isAdmin), status],
    list(methods.map(({ kind, usable }) => (usable ? kind : `${kind} (not usable)`))),
    list(types.map(({ type }) => type)),
    yesOr(methods.some(({ usable }, at) => usable && types[at]?.phishingResistant)),
    yesOr(types.some(({ restricted }) => restricted)),
    list(methods.map(({ enrolledAt }) => timeOf(enrolledAt))),
    list(methods.map(({ way }) => way)),
    list(methods.map(({ lastUsedAt }) => timeOf(lastUsedAt))),
    ...[codesLeft, timeOf(codesUntil), trustedBrowsers, timeOf(lastAt)],
  ];
}

type Table = { head: readonly string[]; rows: (summary: ReportSummary) => Iterable<readonly Field[]> };

const heads = ['people', 'exempt', 'barred', 'able', 'protected', 'phishingResistant', 'owing', 'none'] as const;

/** By the name of its file. */
const tables: { readonly [name: string]: Table } = {
  head: {
    head: ['what', 'value'],
    rows: ({ head, policy }) => [
      ...Object.entries(head).flatMap(([what, value]): Field[][] =>
        [value].flat().map((each: string | number) => [what, each]),
      ),
      ['policy hash', policy.hash],
      ['policy hash at the end', policy.atEnd],
    ],
  },
  policy: {
    head: ['time', 'hash', 'before', 'version', 'differs'],
    rows: ({ policy }) =>
      policy.changes.map(({ time, hash, before, version, differs }) => [
        time,
        hash,
        before,
        version,
        differs.join(' '),
      ]),
  },
  coverage: {
    head: ['of', ...heads],
    rows: ({ coverage: { all, admins, tenants } }) =>
      [
        { of: 'all', ...all },
        { of: 'administrators', ...admins },
        ...tenants.map((each) => ({ of: each.tenant, ...each })),
      ].map((each) => [each.of, ...heads.map((name) => each[name])]),
  },
  methods: {
    head: ['method', 'nist type', 'phishing-resistant', 'restricted', 'people', 'only this'],
    rows: ({ coverage }) =>
      coverage.kinds.map(({ kind, type, phishingResistant, restricted, people, only }) => [
        ...[kind, type, yesOr(phishingResistant), yesOr(restricted), people, only],
      ]),
  },
  exceptions: {
    head: ['time', 'what', 'person', 'by', 'why', 'ticket', 'case', 'approved by', 'until'],
    rows: ({ exceptions }) =>
      exceptions.map((one) => [
        ...[one.time, one.what, one.person, one.by, one.why, one.ticket, one.case, one.approvedBy, one.until],
      ]),
  },
  events: {
    head: ['event', 'outcome', 'count'],
    rows: ({ events }) => events.counts.map(({ name, outcome, count }) => [name, outcome, count]),
  },
  actions: {
    head: ['by', 'event', 'count'],
    rows: ({ events }) => events.actions.map(({ by, name, count }) => [by, name, count]),
  },
  recoveries: {
    head: ['from', 'to', 'person', 'outcome', 'steps'],
    rows: ({ events }) =>
      events.recoveries.map(({ from, to, person, outcome, steps }) => [from, to, person, outcome, steps.join(' ')]),
  },
  sample: {
    head: [
      'sign-in',
      'rank',
      'person',
      'writer',
      'seq',
      'hash',
      'time',
      'entry',
      'event',
      'method',
      'outcome',
      'reason',
    ],
    rows: ({ sample }) =>
      sample.drawn.flatMap(({ id, rank, person, writer, seq, hash, proof }) =>
        proof.map((step) => [
          ...[id, rank, person, writer, seq, hash],
          ...[step.time, step.id, step.what, step.kind, step.outcome, step.reason],
        ]),
      ),
  },
  integrity: {
    head: ['what', 'value'],
    rows: ({ integrity: { sound, entries, first, last, writers, ledger, broken } }) => [
      ['whole', yesOr(sound)],
      ['entries', entries],
      ['first', first],
      ['last', last],
      ['lines of the ledger', ledger.lines],
      ...Object.entries(writers).map(([name, number]) => [`writers, ${name}`, number]),
      ...broken.map(({ at, what, explained }) => [
        `broken at ${at}`,
        `${what}${explained ? ` (${explained.by})` : ''}`,
      ]),
    ],
  },
  controls: {
    head: ['standard', 'control', 'asks', 'state', 'figures', 'why'],
    rows: ({ controls }) =>
      controls.map(({ standard, control, asks, state, figures, why }) => [
        ...[standard, control, asks, state, figures.join(' '), why],
      ]),
  },
};

export const tableNames: readonly string[] = [...Object.keys(tables), 'people'];

/** @throws RangeError for a table that there is not */
export async function* tableOf(name: string, summary: ReportSummary, people: () => People): AsyncGenerator<string> {
  if (name === 'people') {
    yield csvRow(peopleHead);
    for await (const person of people()) yield csvRow(personRow(person));
    return;
  }
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (!table) throw new RangeError(`There is no table ${name}; there are ${tableNames.join(', ')}.`);
  yield csvRow(table.head);
  for (const row of table.rows(summary)) yield csvRow(row);
}

export function csvFiles(summary: ReportSummary, people: () => People) {
  return tableNames.map((name) => ({ name: `${name}.csv`, content: tableOf(name, summary, people) }));
}
