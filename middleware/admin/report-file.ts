// `/reports/:report.json`, `.csv` and `.html`: a report as a file, written as it is read, at the pace of whoever takes it. Each fetching is told.
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { tableNames } from '../../src/insight/report-files.js';
import { reportStyle } from '../../src/insight/report-html.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { AdminVisit } from './admin-visit.js';
import { auditOf } from './audit-entries.js';
import { invalidField } from './typed-fields.js';
import { isTheirs, type reportFormats } from './reports-page.js';

type Report = NonNullable<Awaited<ReturnType<AdminVisit['mfa']['reports']['open']>>>;
type File = { type: string; extension: string; inline?: true; parts: () => AsyncIterable<string | Uint8Array> };

/** The page is read where it is: it may be styled as it was made, and do nothing. */
const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(reportStyle).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`;

export function fetchReport(format: (typeof reportFormats)[number]): (visit: AdminVisit) => Promise<void> {
  return async (visit) => {
    const report = await reportAt(visit);
    const { type, extension, inline, parts } = fileOf(visit, report, format);
    const { res, req, mfa, asker, admin } = visit;
    const [from, to] = [report.summary.head.from, report.summary.head.to].map((time) => time.slice(0, 10));
    res.status(200).set({
      'Content-Type': type,
      'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename="report-${from}-${to}.${extension}"`,
      'X-Content-Type-Options': 'nosniff',
      ...(inline ? { 'Content-Security-Policy': pagePolicy } : {}),
    });
    if (req.method === 'HEAD') return void res.end();
    let whole = false;
    try {
      // A file that was cut off does not look like a whole one: the connection breaks.
      await pipeline(parts(), res);
      whole = true;
    } catch {
      // Who takes it went away, or the folder did: there is nobody left to tell but the log.
    } finally {
      const detail = { format: extension, report: report.id, whole };
      mfa.kernel.tell({ hints: asker.hints, signIn: asker.signIn }, [
        { name: 'export-made', actor: 'admin', by: admin.name, detail },
      ]);
    }
  };
}

/** @throws MfaError `session.verification_session_not_found` */
async function reportAt(visit: AdminVisit): Promise<Report> {
  auditOf(visit);
  const report = await visit.mfa.reports.open(String(visit.req.params['report']));
  if (report && isTheirs(visit, report.summary.head)) return report;
  throw new MfaError('session.verification_session_not_found', 'There is no such report.');
}

/** @throws MfaError `request.invalid` for a table that there is not */
function fileOf({ req }: AdminVisit, report: Report, format: (typeof reportFormats)[number]): File {
  const { table } = req.query;
  if (format === 'json') return { type: 'application/json; charset=utf-8', extension: 'json', parts: report.json };
  if (format === 'html')
    return { type: 'text/html; charset=utf-8', extension: 'html', inline: true, parts: report.html };
  if (table === undefined) return { type: 'application/zip', extension: 'zip', parts: report.csv };
  if (typeof table !== 'string' || !tableNames.includes(table)) throw invalidField('table');
  const type = 'text/csv; charset=utf-8; header=present';
  return { type, extension: `${table}.csv`, parts: () => report.table(table) };
}
