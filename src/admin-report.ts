// Compliance: the report, and telling the audit log some seconds after the start that other options are in force. The code of both is
// loaded when it is first needed.
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { besideAnswers, directoryOf } from './admin-census.js';
import type { KeptReport, ReportFolder, ReportOrder } from './admin-report-folder.js';
import type { Making, ReportProgress } from './admin-make-report.js';
import type { StatsStore } from './core/kernel/stats.js';
import type { Heard, Kernel } from './core/kernel/kernel.js';
import type { ReportPerson } from './core/operators/report-people.js';
import { MfaError } from './core/words/errors.js';
import { checkOptionNames } from './core/words/unknown-option.js';
import type { MfaConfig } from './config.js';
import type { ReportSummary } from './insight/report.js';
import { emitWarning } from './listeners.js';

/** What a report is of, and for whom. */
export type ReportOptions = {
  /** Included. */
  from: Date | string;
  /** Not included. */
  to: Date | string;
  /** Who makes it, for the report and the audit log. */
  by: string;
  /** The people and entries of one tenant alone; needs `administration.directory` with `all`. */
  tenant?: string;
  /** How many sign-ins are drawn, 0–500, default 25. */
  sample?: number;
  /** Any text: whoever has it draws the same sample. Default: a random one, which the report names. */
  seed?: string;
  signal?: AbortSignal;
  /** How many people or entries were read, of about how many. */
  onProgress?: (progress: ReportProgress) => void;
};

/** A report that is made. It lies in a folder until it is 30 days old, or removed. */
export interface Report {
  readonly id: string;
  /** All but its people. */
  readonly summary: ReportSummary;
  /** Its people, one by one. */
  people(): AsyncIterable<ReportPerson>;
  /** One JSON document: the summary, and `people`. */
  json(): AsyncIterable<string>;
  /** A zip with a table for each part. */
  csv(): AsyncIterable<Uint8Array>;
  /** One table as CSV: `people`, `exceptions`, `events` and the other files of the zip. */
  table(name: string): AsyncIterable<string>;
  /** A page that prints on A4; lists at most 2,000 people. */
  html(): AsyncIterable<string>;
  /** Takes it off the disk. */
  remove(): Promise<void>;
}

/** Compliance. */
export interface ReportCalls {
  /**
   * What auditors ask of a period: policy, people, exceptions, events, a sample and the proof that the log is whole. Where it was stopped, or its
   * process killed, the next call with the same options goes on.
   * @throws MfaError `config.invalid_option` without `audit`, and for a period that is none; `store.unavailable`, `directory.unavailable`
   */
  report(options: ReportOptions): Promise<Report>;
  /** @internal Ours, for pages: what was made and is being made. */
  readonly reports: Reports;
  /** @internal Ours: `tell` says to the audit log which options are in force, where it does not know them yet. */
  readonly policy: { tell(): Promise<void> };
}

export type Reports = {
  list(): Promise<KeptReport[]>;
  open(id: string): Promise<Report | undefined>;
  /** Whether the app can say who is of which tenant. */
  readonly knowsTenants: boolean;
  /**
   * Makes one beside whoever asks, who waits for its end at most so long; the same is not made twice at a time. What fails then stands in the list, and is a
   * warning of the process.
   * @throws MfaError as `report`, for what is asked; `server.busy` while three are being made; an error of the file system where it cannot begin
   */
  begin(options: Asked, waitMs: number, about: Heard): Promise<void>;
};

/** Long enough for the command line to say that it is no server. */
const startMs = 3_000;
const againMs = 60_000;
/** Each reads everybody and the whole log. */
const mostAtOnce = 3;

export function reportsOf(
  kernel: Kernel,
  config: MfaConfig,
  stats: () => Promise<StatsStore | undefined>,
): ReportCalls {
  const policy: ReportCalls['policy'] = {
    async tell() {
      const { tellPolicyChange } = await import('./policy-change.js');
      await tellPolicyChange(kernel, config);
    },
  };
  // In development options change by the minute, and nobody reads of it.
  if (config.audit && config.environment === 'production') tellSoon(kernel, policy, startMs);
  const root = async (): Promise<string> => {
    const { reportsRoot } = await import('./admin-make-report.js');
    return reportsRoot(kernel, config.administration.reportsFolder);
  };
  const all = directoryOf(config.administration)?.all;
  const making = new Map<string, Promise<ReportFolder>>();
  const beside = besideAnswers();

  function wantedOf(asked: Asked): Pick<Making, 'order' | 'audit'> {
    const order = orderOf(kernel, asked);
    const { audit } = config;
    if (!audit) throw refusal('there is no `audit`, and a report is made of the audit log.');
    if (order.tenant !== undefined && !all) throw refusal('`tenant` needs `administration.directory` with `all`.');
    return { order, audit };
  }

  async function make(
    wanted: ReturnType<typeof wantedOf>,
    about: Heard,
    more: Pick<Making, 'signal' | 'tell'>,
  ): Promise<ReportFolder> {
    const { makeReport } = await import('./admin-make-report.js');
    const { from, to, by, tenant } = wanted.order;
    const folder = await makeReport({
      kernel,
      config,
      stats: await stats(),
      all,
      root: await root(),
      ...wanted,
      ...more,
    });
    const detail = { from, to, ...(tenant === undefined ? {} : { tenant }), report: folder.id };
    kernel.tell(about, [{ name: 'report-made', actor: 'admin', by, detail }]);
    return folder;
  }

  const list = async (): Promise<KeptReport[]> => {
    const { keptReports } = await import('./admin-report-folder.js');
    return keptReports(await root(), config.clock.now());
  };

  return {
    policy,
    async report(options) {
      const { signal, onProgress, ...asked } = options;
      return openReport(await make(wantedOf(asked), { hints: {} }, { signal, tell: onProgress }));
    },
    reports: {
      list,
      knowsTenants: all !== undefined,
      async begin(options, waitMs, about) {
        const wanted = wantedOf(options);
        const key = JSON.stringify(wanted.order);
        const other = (await list()).filter(({ phase }) => phase === 'people' || phase === 'log');
        if (other.some(({ order }) => isDeepStrictEqual(order, wanted.order))) return;
        if (!making.has(key) && Math.max(making.size, other.length) >= mostAtOnce)
          throw new MfaError('server.busy', 'Three reports are being made already.', {
            details: { hint: 'report.busy', retryAfterSeconds: 60 },
          });
        const made = making.get(key) ?? beside(() => make(wanted, about, {})).finally(() => making.delete(key));
        if (!making.has(key)) made.catch(warn);
        making.set(key, made);
        const failed = made.then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
        const failure = await Promise.race([failed, pause(waitMs, undefined, { ref: false })]);
        // Where there is no folder for it, as on a full disk, it stands in no list.
        if (failure && !(await list()).some(({ order }) => isDeepStrictEqual(order, wanted.order))) throw failure.error;
      },
      async open(id) {
        if (!/^[\w-]{16}$/.test(id)) return undefined;
        const { openFolder } = await import('./admin-report-folder.js');
        const folder = openFolder(await root(), id);
        const state = await folder.state().catch(() => undefined);
        return state?.phase === 'ready' ? openReport(folder) : undefined;
      },
    },
  };
}

async function openReport(folder: ReportFolder): Promise<Report> {
  const summary = await folder.summary();
  const { csvFiles, jsonOf, tableOf } = await import('./insight/report-files.js');
  const { htmlOf } = await import('./insight/report-html.js');
  const { zipOf } = await import('./insight/zip.js');
  return {
    id: folder.id,
    summary,
    people: folder.people,
    json: () => jsonOf(summary, folder.people()),
    csv: () => zipOf(csvFiles(summary, folder.people), new Date(summary.head.made)),
    table: (name) => tableOf(name, summary, folder.people),
    html: () => htmlOf(summary, folder.people()),
    remove: folder.remove,
  };
}

type Asked = Omit<ReportOptions, 'signal' | 'onProgress'>;

function orderOf(kernel: Kernel, asked: Asked): ReportOrder {
  checkOptionNames('mfa.report', asked, ['from', 'to', 'by', 'tenant', 'sample', 'seed']);
  const { by, tenant, sample = 25, seed = kernel.random.token(12) } = asked;
  const [from, to] = [asked.from, asked.to].map((time) => new Date(time));
  if (!from || !to || !(from < to)) throw refusal('`from` and `to` are times, the first before the second.');
  if (typeof (by as unknown) !== 'string' || by === '') throw refusal('`by` takes the name of whoever makes it.');
  if (!Number.isInteger(sample) || sample < 0 || sample > 500) throw refusal('`sample` takes a number from 0 to 500.');
  if (seed === '' || seed.length > 200) throw refusal('`seed` takes a text of at most 200 characters.');
  const times = { from: from.toISOString(), to: to.toISOString() };
  return { ...times, by, ...(tenant === undefined ? {} : { tenant }), sample, seed };
}

function warn(error: unknown): void {
  emitWarning(`A report failed; asked for again, it is gone on with: ${String(error)}`);
}

function refusal(what: string): MfaError {
  return new MfaError('config.invalid_option', `mfa.report: ${what}`);
}

function tellSoon(kernel: Kernel, policy: ReportCalls['policy'], ms: number): void {
  setTimeout(() => {
    if (kernel.operator === undefined) policy.tell().catch(() => tellSoon(kernel, policy, againMs));
  }, ms).unref();
}
