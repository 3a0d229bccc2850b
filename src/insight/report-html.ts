// A report as one page that prints on A4: no script, nothing loaded from elsewhere, everything that somebody typed as text.
import { timeOf, type ListedPerson } from './report-files.js';
import type { Heads } from './report-coverage.js';
import type { ReportSummary } from './report.js';

/** People who stand in it at most; the tables have all. */
export const mostListed = 2_000;

/** By its digest a Content-Security-Policy lets it through. */
export const reportStyle =
  '@page{size:A4;margin:15mm}body{font:10pt/1.4 system-ui,sans-serif;color:#111;background:#fff;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}h1{font-size:18pt}h2{font-size:13pt;margin:1.6em 0 .4em;break-after:avoid}table{border-collapse:collapse;width:100%;margin:.4em 0}th,td{text-align:left;vertical-align:top;padding:.2em .5em;border-bottom:1px solid #bbb}td{min-width:5em}th{overflow-wrap:normal}thead{display:table-header-group}tr{break-inside:avoid}caption{text-align:left;font-weight:600;padding:.3em 0}dt{font-weight:600}dd{margin:0 0 .3em}.annex{break-before:page}@media print{body{max-width:none;padding:0;font-size:8.5pt}}';

type Cell = string | number | undefined;

const text = (value: Cell): string =>
  String(value ?? '')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return `<p>${text(caption)}: none.</p>`;
  return [
    `<table><caption>${text(caption)}</caption>${headRow(head)}<tbody>`,
    ...rows.map(bodyRow),
    '</tbody></table>',
  ].join('\n');
}

const headRow = (head: readonly string[]) =>
  `<thead><tr>${head.map((cell) => `<th scope="col">${text(cell)}</th>`).join('')}</tr></thead>`;
const bodyRow = (cells: readonly Cell[]) => `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`;
const facts = (pairs: readonly (readonly [string, Cell])[]) =>
  `<dl>${pairs.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>`;
const list = (lines: readonly string[]) => `<ul>${lines.map((line) => `<li>${text(line)}</li>`).join('')}</ul>`;

const share = (part: number, whole: number) =>
  whole < 10 ? `${part} of ${whole}` : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;

export async function* htmlOf(summary: ReportSummary, people: AsyncIterable<ListedPerson>): AsyncGenerator<string> {
  const { head } = summary;
  const title = `${head.app}: two-step verification, evidence report`;
  yield `<!doctype html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="robots" content="noindex"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(title)}</title><style>${reportStyle}</style></head><body>\n<h1>${text(title)}</h1>\n`;
  for (const part of parts(summary)) yield `${part}\n`;
  yield '<section class="annex"><h2>Annex: people</h2>\n';
  yield `<table>${headRow(['Person', 'Tenant', 'Status', 'Methods', 'Codes left', 'Codes until', 'Browsers', 'Last second factor'])}<tbody>\n`;
  let listed = 0;
  for await (const person of people) {
    listed += 1;
    if (listed > mostListed) break;
    yield `${bodyRow(personCells(person))}\n`;
  }
  yield `</tbody></table>${head.people > mostListed ? `<p>${mostListed} of ${head.people} people stand here; people.csv has all.</p>` : ''}</section>\n</body></html>\n`;
}

function personCells(person: ListedPerson): Cell[] {
  const { id, tenant, isAdmin, status, methods, codesLeft, codesUntil, trustedBrowsers, lastAt } = person;
  const said = methods.map(
    ({ kind, enrolledAt, way, usable }) => `${kind}, since ${day(enrolledAt)} (${way}${usable ? '' : ', not usable'})`,
  );
  return [
    ...[isAdmin ? `${id} (administrator)` : id, tenant, status, said.join('; ')],
    ...[
      codesLeft,
      codesUntil === undefined ? '' : day(codesUntil),
      trustedBrowsers,
      lastAt === undefined ? '' : day(lastAt),
    ],
  ];
}

const day = (seconds: number) => timeOf(seconds)?.slice(0, 10) ?? '';

function parts(summary: ReportSummary): string[] {
  const { head, policy, census, coverage, exceptions, events, sample, integrity, controls } = summary;
  const { all, admins } = coverage;
  const short = (hash: string | undefined) => hash ?? 'not told to the log';
  const row = (name: string, heads: Heads) => [
    ...[name, heads.people, heads.exempt + heads.barred, heads.able],
    ...[share(heads.protected, heads.able), share(heads.phishingResistant, heads.able), heads.owing, heads.none],
  ];
  return [
    `<h2>1 Head</h2>${facts([
      ['Application', head.tenant === undefined ? head.app : `${head.app}, tenant ${head.tenant}`],
      ['Period (UTC)', `${head.from} to ${head.to}, not included`],
      ['Made', `${head.made} by ${head.by}; ${head.product} ${head.version}`],
      ['Policy at the end', `hash ${short(policy.atEnd)}`],
      ['Counted', census ? `census of ${census.day}` : 'never'],
    ])}<p>Left out:</p>${list([...head.leftOut, ...(head.people > mostListed ? [`This page lists ${mostListed} of ${head.people} people; people.csv has all.`] : [])])}`,
    `<h2>2 In one page</h2>${list([
      `${share(all.protected, all.able)} people who can sign in are protected, ${share(all.phishingResistant, all.able)} by a method that resists phishing.`,
      `${share(admins.protected, admins.able)} administrators are protected.`,
      `${events.signIns} sign-ins proved, ${events.lockOuts} lock-outs, ${events.recoveries.length} recoveries, ${events.objections} objections.`,
      `Exceptions: ${exceptions.length}. Changes of the policy: ${policy.changes.length}.`,
      `The log is ${integrity.sound ? 'whole' : 'broken'}.`,
    ])}`,
    `<h2>3 Policy</h2><p>In force when this was made: hash ${text(policy.hash)}${policy.version === undefined ? '' : `, version ${text(policy.version)}`}${policy.atEnd !== undefined && policy.atEnd !== policy.hash ? '; <strong>another one was in force at the end of the period</strong>' : ''}.${policy.byCode.length > 0 ? ` Decided by code: ${text(policy.byCode.join(', '))}.` : ''}</p>${facts(Object.entries(policy.inForce).map(([name, value]) => [name, JSON.stringify(value)] as const))}${table(
      'Standards',
      ['Preset', 'In force', 'What breaks it'],
      policy.presets.map(({ title, chosen, breaches }) => [
        ...[title, chosen ? 'yes' : 'no'],
        breaches.map(({ option, value, must }) => `${option} is ${value}; it must be ${must}`).join('. '),
      ]),
    )}${table(
      'Changes in the period',
      ['When (UTC)', 'Hash', 'What differs', 'Version'],
      policy.changes.map(({ time, hash, before, differs, version }) => [
        time,
        `${before ?? '–'} to ${hash}`,
        differs.join(' '),
        version,
      ]),
    )}`,
    `<h2>4 People and coverage</h2><p>Shares are of those who can sign in; whoever is exempt or barred stands apart.</p>${table(
      'By tenant',
      ['', 'People', 'Apart', 'Can sign in', 'Protected', 'Phishing-resistant', 'Owing', 'None'],
      [row('All', all), row('Administrators', admins), ...coverage.tenants.map((each) => row(each.tenant, each))],
    )}${table(
      'By method',
      ['Method', 'Type in NIST SP 800-63B-4', 'Phishing-resistant', 'Restricted', 'People', 'Only this'],
      coverage.kinds.map((each) => [
        ...[
          each.kind,
          each.type,
          each.phishingResistant ? 'yes' : 'no',
          each.restricted ? 'yes' : 'no',
          each.people,
          each.only,
        ],
      ]),
    )}`,
    `<h2>5 Exceptions</h2>${table(
      'Exemptions, passes, holds, resets',
      ['When (UTC)', 'What', 'Person', 'By', 'Why', 'Ticket', 'Approved by', 'Until'],
      exceptions.map((one) => [one.time, one.what, one.person, one.by, one.why, one.ticket, one.approvedBy, one.until]),
    )}`,
    `<h2>6 Events</h2>${table(
      'By name and outcome',
      ['Event', 'Outcome', 'Count'],
      events.counts.map(({ name, outcome, count }) => [name, outcome, count]),
    )}${table(
      'Recoveries',
      ['From', 'To', 'Person', 'Outcome', 'Steps'],
      events.recoveries.map(({ from, to, person, outcome, steps }) => [from, to, person, outcome, steps.join(', ')]),
    )}${table(
      'What administrators did',
      ['By', 'Event', 'Count'],
      events.actions.map(({ by, name, count }) => [by, name, count]),
    )}`,
    `<h2>7 Sample</h2><p>${sample.drawn.length} of ${sample.of} sign-ins, with the smallest HMAC-SHA-256 of their ids under the seed <code>${text(sample.seed)}</code>.</p>${table(
      'Sign-ins drawn',
      ['Entry', 'Person', 'Writer and number', 'Proof, in order'],
      sample.drawn.map((one) => [
        ...[one.id, one.person, `${one.writer}/${one.seq}`],
        one.proof
          .map(({ time, what, kind, outcome }) => [time, what, kind, outcome].filter(Boolean).join(' '))
          .join('; '),
      ]),
    )}`,
    `<h2>8 Integrity of the log</h2>${facts([
      ['Verified', integrity.sound ? 'whole' : 'broken'],
      ['Entries', `${integrity.entries}, from ${integrity.first ?? '–'} to ${integrity.last ?? '–'}`],
      [
        'Writers',
        Object.entries(integrity.writers)
          .map(([name, number]) => `${name} ${number}`)
          .join(', '),
      ],
      ['Ledger', `${integrity.ledger.lines} lines`],
    ])}${table(
      'Broken',
      ['At', 'What', 'Known to'],
      integrity.broken.map(({ at, what, explained }) => [at, what, explained?.by]),
    )}`,
    `<h2>9 Controls</h2>${table(
      'Whether a control is met is for the auditor to say',
      ['Standard', 'Control', 'Asks', 'State', 'Figures', 'Why'],
      controls.map((each) => [each.standard, each.control, each.asks, each.state, each.figures.join(' '), each.why]),
    )}`,
  ];
}
