// report: what auditors ask of a period, into a file. Stopped or killed, it is gone on with when it is run again with the same options.
import { open, rm, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Report } from '../admin-report.js';
import { count } from '../checks/count.js';
import { tableNames } from '../insight/report-files.js';
import { byOf, byOption, textOf, type Command } from './command.js';
import { Failure } from './configuration.js';
import { UsageError } from './usage-error.js';

const formats: { readonly [name: string]: (report: Report) => AsyncIterable<string | Uint8Array> } = {
  json: (report) => report.json(),
  zip: (report) => report.csv(),
  html: (report) => report.html(),
};

export const reportCommand: Command = {
  name: 'report',
  summary: 'makes a compliance report of a period, from the audit log',
  positionals: [],
  options: {
    from: { type: 'string', value: 'TIME', summary: 'the period begins then' },
    to: { type: 'string', value: 'TIME', summary: 'and ends before then' },
    tenant: { type: 'string', value: 'NAME', summary: 'of this tenant alone' },
    sample: { type: 'string', value: 'NUMBER', summary: 'sign-ins that are drawn, 0 to 500, default 25' },
    seed: { type: 'string', value: 'TEXT', summary: 'whoever has it draws the same sample; default: one at random' },
    format: { type: 'string', value: 'json|zip|html', summary: 'default json; zip: all tables as CSV' },
    table: { type: 'string', value: 'NAME', summary: 'this table alone, as CSV' },
    out: { type: 'string', value: 'FILE', summary: 'a new file, readable by its owner alone; else stdout' },
    ...byOption,
  },
  notes: [
    `Times are RFC 3339, such as 2026-07-01. Tables: ${tableNames.join(', ')}.`,
    'Give --seed, or a run that was stopped is not gone on with. Exit code 1 where the log is not whole; the report says so too.',
  ],
  examples: [
    'report --from 2026-07-01 --to 2026-10-01 --by "Ines" --seed 2026-q3 --format html --out q3.html',
    'report --from 2026-07-01 --to 2026-10-01 --by "Ines" --seed 2026-q3 --table people',
  ],
  needs: 'store',
  async run({ mfa, values, terminal }) {
    const by = byOf(values, 'report');
    const [from, to, tenant, sample, seed, table, path] = [
      'from',
      'to',
      'tenant',
      'sample',
      'seed',
      'table',
      'out',
    ].map((name) => textOf(values, name));
    if (from === undefined || to === undefined)
      throw new UsageError('--from TIME and --to TIME are missing.', 'report');
    const write = formats[textOf(values, 'format') ?? 'json'];
    if (!write) throw new UsageError('--format takes json, zip or html.', 'report');
    if (table !== undefined && !tableNames.includes(table))
      throw new UsageError(`There is no table ${table}; there are ${tableNames.join(', ')}.`, 'report');
    // Whether it can be made is seen before the work; whoever is stopped meanwhile leaves none behind.
    if (path !== undefined) {
      await (await opened(path)).close();
      await rm(path);
    }
    const progress = terminal.progress();
    const report = await mfa
      .report({
        ...{ from, to, by },
        ...(tenant === undefined ? {} : { tenant }),
        ...(sample === undefined ? {} : { sample: Number(sample) }),
        ...(seed === undefined ? {} : { seed }),
        onProgress: ({ phase, done, about }) =>
          progress.show(
            `${done.toLocaleString('en')} of about ${about.toLocaleString('en')} ${phase === 'log' ? 'entries' : 'people'} read`,
          ),
      })
      .finally(() => progress.end());
    const target = path === undefined ? process.stdout : await opened(path).then((file) => file.createWriteStream());
    await pipeline(table === undefined ? write(report) : report.table(table), target, { end: path !== undefined });
    const { head, events, integrity } = report.summary;
    const people = count(head.people, 'person', 'people');
    terminal.tell(
      `${people}, ${count(events.entries, 'entry', 'entries')}; the log is ${integrity.sound ? 'whole' : 'broken'}.`,
    );
    await report.remove();
    return integrity.sound ? 0 : 1;
  },
};

/** A new file alone, readable by its owner. */
async function opened(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new Failure(`${path} cannot be written, or exists already.`, { cause });
  });
}
