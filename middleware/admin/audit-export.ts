// `/audit.csv` and `/audit.jsonl`: all entries that fit, as a file that is written as it is read, at the pace of whoever takes it. An
// export is told, with how many entries it took.
import { once } from 'node:events';
import type { AdminVisit } from './admin-visit.js';
import { auditOf, entriesOf, withoutAddresses } from './audit-entries.js';
import { filtersIn, queryOf } from './audit-query.js';
import { csvHead, csvLine, jsonLine } from './export-lines.js';
import type { Entry } from './story.js';

type Format = { type: string; head: string; line: (entry: Entry) => string };

const formats: { readonly [name in 'csv' | 'jsonl']: Format } = {
  csv: { type: 'text/csv; charset=utf-8; header=present', head: csvHead, line: csvLine },
  jsonl: { type: 'application/jsonl; charset=utf-8', head: '', line: jsonLine },
};

export function exportAs(name: 'csv' | 'jsonl'): (visit: AdminVisit) => Promise<void> {
  const format = formats[name];
  return async (visit) => {
    auditOf(visit);
    const { query } = await queryOf(visit, filtersIn(visit));
    const { res, req, mfa } = visit;
    const day = new Date(mfa.kernel.now() * 1000).toISOString().slice(0, 10);
    res.status(200).set({
      'Content-Type': format.type,
      'Content-Disposition': `attachment; filename="audit-${day}.${name}"`,
      'X-Content-Type-Options': 'nosniff',
    });
    if (req.method === 'HEAD') return void res.end();
    await send(visit, name, query);
  };
}

async function send(visit: AdminVisit, name: 'csv' | 'jsonl', query: Parameters<typeof entriesOf>[1]): Promise<void> {
  const { res, mfa, asker, admin } = visit;
  const { head, line } = formats[name];
  let entries = 0;
  let whole = false;
  try {
    res.write(head);
    for await (const page of entriesOf(visit, query)) {
      if (res.destroyed) return;
      entries += page.length;
      // Who takes it slowly is waited for: nothing piles up here.
      if (!res.write(page.map((entry) => line(withoutAddresses(entry))).join(''))) await taken(res);
    }
    whole = true;
    res.end();
  } catch (error) {
    // A file that was cut off must not look like a whole one.
    res.destroy(error instanceof Error ? error : undefined);
  } finally {
    mfa.kernel.tell({ hints: asker.hints, signIn: asker.signIn }, [
      { name: 'export-made', actor: 'admin', by: admin.name, detail: { format: name, entries, whole } },
    ]);
  }
}

async function taken(res: AdminVisit['res']): Promise<void> {
  if (res.destroyed) return;
  const stop = new AbortController();
  await Promise.race([
    once(res, 'drain', { signal: stop.signal }),
    once(res, 'close', { signal: stop.signal }),
  ]).finally(() => stop.abort());
}
