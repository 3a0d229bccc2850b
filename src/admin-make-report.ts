// Makes a report: people one by one into a folder, then the log entry by entry, then the sample and the proof that the log is whole. Nothing of it
// decides anything.
import { createHmac } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  beatMs,
  openFolder,
  takeLeft,
  type ReportFolder,
  type ReportOrder,
  type ReportState,
} from './admin-report-folder.js';
import type { AuditLog } from './audit/audit-log.js';
import type { AuditEntry } from './audit/entry.js';
import { product } from './audit/formats/product.js';
import { parseEntry } from './audit/verify.js';
import { nearestCensus, policyTold, withProof } from './admin-report-facts.js';
import type { MfaConfig } from './config.js';
import { createIdTable } from './core/kernel/id-table.js';
import type { Kernel } from './core/kernel/kernel.js';
import type { StatsStore } from './core/kernel/stats.js';
import type { Directory } from './core/operators/desk.js';
import { reportedPeople, type ReportPerson } from './core/operators/report-people.js';
import { isMfaError } from './core/words/errors.js';
import { maskLabel } from './core/words/mask.js';
import { controlsOf } from './insight/report-controls.js';
import { createCoverage } from './insight/report-coverage.js';
import { changeOf, createTally, type Tally } from './insight/report-events.js';
import type { ReportSummary } from './insight/report.js';
import { policyEntries } from './policy-change.js';

/** How far a report is: people or entries of the log, of about so many. */
export type ReportProgress = { phase: 'people' | 'log' | 'ready' | 'failed'; done: number; about: number };

export type Making = {
  kernel: Kernel;
  config: MfaConfig;
  audit: AuditLog;
  stats: StatsStore | undefined;
  all: Directory['all'];
  root: string;
  order: ReportOrder;
  signal?: AbortSignal | undefined;
  tell?: ((progress: ReportProgress) => void) | undefined;
};

const pageSize = 500;
const tellMs = 500;
/** How much of the log is read once more at most where it is gone on with. */
const keepMs = 5_000;

/** Where reports of an app are kept, unless it says where. */
export function reportsRoot({ sealer }: Kernel, folder: string | undefined): string {
  if (folder !== undefined) return folder;
  const name = Buffer.from(sealer.digest('reports', 'folder')).toString('hex').slice(0, 16);
  return join(tmpdir(), `express-mfa-reports-${name}`);
}

export const rankBy = (seed: string) => (id: string) => createHmac('sha256', seed).update(id).digest('hex');

/**
 * Makes it, or goes on with one of the same order that was left.
 * @throws MfaError `store.unavailable`, `directory.unavailable`; what was read of people is kept
 */
export async function makeReport(making: Making): Promise<ReportFolder> {
  const { kernel, order, root, config } = making;
  const asked = config.clock.now();
  const folder = openFolder(root, kernel.random.token(12));
  await folder.begin(order);
  let toldAt = 0;
  const say = async (phase: ReportState['phase'], done: number, about: number): Promise<void> => {
    making.signal?.throwIfAborted();
    if (phase !== 'ready' && done > 0 && Date.now() - toldAt < tellMs) return;
    toldAt = Date.now();
    await folder.keepState({ id: folder.id, asked, phase, done, about: Math.max(done, about) });
    making.tell?.({ phase, done, about: Math.max(done, about) });
  };
  // Verifying a long log says nothing for minutes.
  const beat = setInterval(() => void folder.beat(), beatMs).unref();
  try {
    await say('people', 0, 0);
    await takeLeft(root, order, asked, folder.id);
    const people = await readPeople(making, folder, (done, about) => say('people', done, about));
    const summary = await summarize(making, folder, people, (done, about) => say('log', done, about));
    await folder.keepSummary(summary);
    await say('ready', people.count, people.count);
    return folder;
  } catch (error) {
    const why = isMfaError(error) ? { why: error.code } : {};
    const state = { id: folder.id, asked, phase: 'failed' as const, done: 0, about: 0, ...why };
    await folder.keepState(state).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

type People = { count: number; coverage: ReportSummary['coverage']; has(id: string): boolean };
type Say = (done: number, about: number) => Promise<void>;

async function readPeople({ kernel, all, order }: Making, folder: ReportFolder, say: Say): Promise<People> {
  const coverage = createCoverage();
  const seed = () => kernel.random.int(2 ** 32);
  const met = createIdTable([seed(), seed()]);
  let count = 0;
  /** Whether it is somebody new: a walk through a store may come by the same person twice. */
  const take = ({ id, row }: { id: string; row: ReportPerson }): boolean => {
    if (met.get(id) !== undefined) return false;
    met.set(id, 1);
    coverage.add(row);
    count += 1;
    return true;
  };
  for await (const one of folder.resume()) take(one);
  const about = (await kernel.store.count?.().catch(() => 0)) ?? 0;
  await say(0, about);
  for await (const rows of reportedPeople(kernel, all, order.tenant, (id) => met.get(id) !== undefined)) {
    await folder.keepPeople(rows.filter(take));
    await say(count, about);
  }
  return { count, coverage: coverage.result(), has: (id) => met.get(id) !== undefined };
}

async function readLog(
  { audit, order }: Making,
  folder: ReportFolder,
  people: People,
  say: Say,
): Promise<{ tally: Tally; empty: string[] }> {
  const { store } = audit;
  const [fromMs, toMs] = [Date.parse(order.from), Date.parse(order.to)];
  const { first, last } = await store.extent();
  const before = await folder.log();
  const tally = createTally(order.sample, rankBy(order.seed), before?.tally);
  let entries = before?.entries ?? 0;
  let keptAt = Date.now();
  /** Of whom the app did not say the tenant when it happened, the directory does; what is about nobody is theirs where nobody did it. */
  const isTheirs = ({ subject, actor }: AuditEntry): boolean => {
    if (order.tenant === undefined) return true;
    if (!subject) return actor.type === 'system';
    return subject.tenant === undefined ? people.has(subject.id) : subject.tenant === order.tenant;
  };
  let after = before?.after ?? first - 1;
  const keep = () => folder.keepLog({ after, entries, tally: tally.state() });
  try {
    for (;;) {
      const page = await store.page({ after, limit: pageSize, fromMs, toMs });
      for (const { text } of page.items) {
        const entry = parseEntry(text);
        if (!entry) continue;
        const ms = Date.parse(entry.time);
        if (ms < fromMs || ms >= toMs || !isTheirs(entry)) continue;
        tally.add(entry);
        entries += 1;
      }
      after = page.items.at(-1)?.place ?? page.place;
      if (page.items.length === 0) break;
      if (Date.now() - keptAt >= keepMs) {
        await keep();
        keptAt = Date.now();
      }
      await say(entries, last - first + 1);
    }
  } catch (error) {
    await keep().catch(() => undefined);
    throw error;
  }
  return { tally, empty: entries === 0 ? ['The log has no entry of this period.'] : [] };
}

async function summarize(making: Making, folder: ReportFolder, people: People, say: Say): Promise<ReportSummary> {
  const { audit, config, order, stats, all } = making;
  const policy = policyTold(config);
  await audit.settled();
  const { tally, empty } = await readLog(making, folder, people, say);
  const { drawn, exceptions, policy: changes, leftOut, ...events } = tally.result();
  const verified = await audit.verify();
  const census = await nearestCensus(stats, order);
  const made = config.clock.now();
  const { writers, ledger, first, last } = verified;
  const before = (await policyEntries(audit, pageSize)).find(({ time }) => time < order.to);
  const from = Math.max(Date.parse(order.from), made - audit.store.keep.days * 86_400_000);
  const facts: Omit<ReportSummary, 'controls'> = {
    head: {
      app: config.settings.appName,
      ...(order.tenant === undefined ? {} : { tenant: order.tenant }),
      from: order.from,
      to: order.to,
      made: new Date(made).toISOString(),
      by: maskLabel(order.by),
      product: product.name,
      version: product.version,
      people: people.count,
      leftOut: [
        ...empty,
        ...leftOut,
        ...(from > Date.parse(order.from) ? [`Entries before ${new Date(from).toISOString()} are kept no more.`] : []),
        ...(first !== undefined && first > order.from ? [`The log begins at ${first}.`] : []),
        `People are listed as they stood when the report was made, not at ${order.to}.`,
        ...(all
          ? []
          : ['There is no directory: people are those who were seen, and nobody is known as an administrator.']),
        ...(census ? [] : ['People were never counted: there is no census.']),
        ...(events.erased.length > 0 ? ['What is personal was erased in some entries: they are counted.'] : []),
      ],
    },
    policy: {
      ...policy,
      ...(before?.detail?.['hash'] === undefined ? {} : { atEnd: changeOf(before).hash }),
      changes,
    },
    ...(census && { census }),
    coverage: people.coverage,
    exceptions,
    events,
    sample: { seed: order.seed, of: events.signIns, drawn: await withProof(audit, drawn) },
    integrity: {
      sound: verified.sound,
      entries: verified.entries,
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      ledger,
      writers: {
        all: writers.length,
        ended: writers.filter(({ state }) => state === 'ended').length,
        open: writers.filter(({ state }) => state === 'open').length,
        abandoned: writers.filter(({ state }) => state === 'abandoned').length,
        unproved: writers.reduce((sum, { unproved }) => sum + unproved, 0),
      },
      broken: [...writers, ledger]
        .flatMap(({ broken }) => (broken ? [broken] : []))
        .map(({ at, what, explained }) => ({
          at,
          what,
          ...(explained && { explained }),
        })),
    },
  };
  const controls = controlsOf(facts, {
    directory: all !== undefined,
    log: events.entries > 0,
    kept: from <= Date.parse(order.from),
  });
  return { ...facts, controls };
}
