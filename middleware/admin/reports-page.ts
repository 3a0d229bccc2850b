// `/reports`: reports of a period, made beside whoever asks: what is ready, what is being made and how far it is, what went wrong. Whoever may
// see one tenant alone makes and sees those of that tenant.
import { isMfaError, MfaError } from '../../src/core/words/errors.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import type { AdminReportsModel, ReportRow } from '../pages/admin-models.js';
import { goOn, refuseJson } from '../visit/answers.js';
import type { AdminVisit } from './admin-visit.js';
import { auditOf } from './audit-entries.js';
import { leaveSaid, takeSaid } from './left-behind.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { nameForAdmins } from './people-of.js';
import { dayOf, periodsAt } from './report-periods.js';
import { textIn } from './typed-fields.js';

type Kept = Awaited<ReturnType<AdminVisit['mfa']['reports']['list']>>[number];
type Fields = NonNullable<AdminReportsModel['fields']>;
type Order = Parameters<AdminVisit['mfa']['reports']['begin']>[0];

/** A few thousand people are read in it. */
const makingMs = 2000;

export const reportFormats = ['html', 'csv', 'json'] as const;

/** Of another tenant, or of everybody, there is none for whoever may see one tenant alone. */
export function isTheirs({ admin }: AdminVisit, { tenant }: { tenant?: string }): boolean {
  return admin.tenant === undefined || tenant === admin.tenant;
}

function rowOf({ home, admin }: AdminVisit, { id, asked, phase, done, about, why, order }: Kept): ReportRow {
  const { from, to, by, tenant, sample, seed } = order;
  const isMade = phase === 'people' || phase === 'log';
  const isStopped = phase === 'failed' || phase === 'left';
  const again = { from, to, ...(tenant === undefined || admin.tenant !== undefined ? {} : { tenant }), sample, seed };
  return {
    ...{ id, from, to },
    ...(tenant === undefined ? {} : { tenant: nameForAdmins(tenant) }),
    by: nameForAdmins(by),
    at: Math.floor(asked / 1000),
    phase,
    // How many there are of everybody is not for whoever may see one tenant alone.
    ...(isMade ? { done, ...(admin.tenant === undefined ? { about } : {}) } : {}),
    ...(why === undefined ? {} : { why }),
    ...(phase === 'ready'
      ? { files: reportFormats.map((format) => ({ format, url: `${home}/reports/${id}.${format}` })) }
      : {}),
    // What was read is gone on with for whoever asked.
    ...(isStopped && by === admin.name ? { again } : {}),
  };
}

async function rowsFor(visit: AdminVisit): Promise<ReportRow[]> {
  auditOf(visit);
  const kept = await visit.mfa.reports.list();
  return kept.filter(({ order }) => isTheirs(visit, order)).map((one) => rowOf(visit, one));
}

export async function showReports(visit: AdminVisit): Promise<void> {
  const reports = await rowsFor(visit);
  if (visit.json) return sendJson(visit, { reports });
  await sendReports(visit, reports, { ...periodIn(visit), sample: '25', seed: visit.mfa.kernel.random.token(9) });
}

/** Of the address, where it names days; else the last 90. */
function periodIn({ req, mfa }: AdminVisit): Pick<Fields, 'from' | 'to'> {
  const [from, to] = [dayOf(req.query['from']), dayOf(req.query['to'])];
  if (from === undefined || to === undefined) return periodsAt(mfa.kernel.now()).days;
  return { from: from.slice(0, 10), to: to.slice(0, 10) };
}

async function sendReports(
  visit: AdminVisit,
  reports: ReportRow[],
  fields: Fields,
  refusal?: Refused,
  field?: string,
): Promise<void> {
  const { mfa, home, admin } = visit;
  const url = `${home}/reports`;
  const done = refusal ? undefined : await takeSaid(visit, url);
  const { knowsTenants } = mfa.reports;
  const model: AdminReportsModel = {
    ...frameOf(visit, 'reports', refusal, field),
    ...(done === undefined ? {} : { done }),
    url,
    ...(admin.tenant === undefined || knowsTenants ? { fields } : {}),
    ...(admin.tenant === undefined && knowsTenants ? { takesTenant: true } : {}),
    periods: Object.entries(periodsAt(mfa.kernel.now())).map(([what, { from, to }]) => ({
      what,
      url: `${url}?from=${from}&to=${to}`,
      ...(from === fields.from && to === fields.to ? { current: true as const } : {}),
    })),
    reports,
  };
  await sendAdminPage(visit, 'admin/reports', model, refusal);
}

export async function beginReport(visit: AdminVisit): Promise<void> {
  auditOf(visit);
  const { mfa, asker, home } = visit;
  try {
    await mfa.reports.begin(orderIn(visit), makingMs, { hints: asker.hints, signIn: asker.signIn });
  } catch (error) {
    if (!isMfaError(error) || (error.code !== 'request.invalid' && error.code !== 'server.busy')) throw error;
    const refusal = refused(error.code, error.details);
    if (visit.json) return refuseJson(visit, refusal);
    return sendReports(visit, await rowsFor(visit), typedBy(visit), refusal, error.details.field);
  }
  const url = `${home}/reports`;
  if (!visit.json) await leaveSaid(visit, { what: 'report', about: url });
  await goOn(visit, { step: 'done', url });
}

const names = ['from', 'to', 'tenant', 'sample', 'seed'] as const;

function typedBy({ body }: AdminVisit): Fields {
  const [from = '', to = '', tenant, sample = '', seed = ''] = names.map((name) => textIn(body, name)?.slice(0, 500));
  return { from, to, ...(tenant === undefined ? {} : { tenant }), sample, seed };
}

/** @throws MfaError `request.invalid`, with a sentence of its own */
function orderIn({ body, admin, mfa }: AdminVisit): Order {
  const [from, to, tenant = admin.tenant, sample, seed] = names.map((name) => textIn(body, name));
  const begin = dayOf(from);
  const end = dayOf(to);
  if (begin === undefined) throw wrong('from', 'report.period');
  if (end === undefined || begin >= end) throw wrong('to', 'report.period');
  const drawn = sample === undefined ? 25 : Number(sample);
  if (!Number.isInteger(drawn) || drawn < 0 || drawn > 500) throw wrong('sample', 'report.sample');
  if (seed !== undefined && seed.length > 200) throw wrong('seed', 'report.seed');
  const isTenant = tenant === undefined || (mfa.reports.knowsTenants && tenant.length <= 200);
  if (!isTenant || (admin.tenant !== undefined && tenant !== admin.tenant)) throw wrong('tenant', 'report.tenant');
  return {
    ...{ from: begin, to: end, by: admin.name, sample: drawn },
    ...(tenant === undefined ? {} : { tenant }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function wrong(field: string, hint: string): MfaError {
  return new MfaError('request.invalid', `The field "${field}" cannot be used as it is.`, { details: { field, hint } });
}
