// export: every record, tombstone and claim as a line of JSON, sealed values still sealed, between a header and a last line that
// says it is complete. After an earlier one only what changed since; one that was killed goes on where it was.
import { textOf, type Command } from './command.js';
import { count } from '../checks/count.js';
import { newTarget, resumedTarget } from './export-target.js';
import { statesIn, writeAll, type Place, type Target } from './export-walk.js';
import { UsageError } from './usage-error.js';

export const exportCommand: Command = {
  name: 'export',
  summary: 'writes all records and claims as lines of JSON; what is sealed stays sealed',
  positionals: [],
  options: {
    out: { type: 'string', value: 'FILE', summary: 'a new file, readable by its owner alone; else stdout' },
    since: { type: 'string', value: 'FILE', summary: 'only what changed after that export; several with commas' },
    resume: { type: 'boolean', summary: 'goes on with a FILE that was not finished' },
  },
  notes: [
    'Only an app of the same namespace and secrets can take it in again. It holds hashes and public keys: keep it safe.',
  ],
  examples: ['export --out all.jsonl', 'export --since all.jsonl --out rest.jsonl', 'export | gzip > all.jsonl.gz'],
  needs: 'store',
  async run({ mfa, values, terminal }) {
    const path = textOf(values, 'out');
    const resumes = values['resume'] === true;
    if (resumes && path === undefined) throw new UsageError('--resume takes --out FILE.', 'export');
    const place: Place = {
      walk: 'people',
      met: new Set(),
      sums: { records: 0, tombstones: 0, claims: 0, unread: 0 },
    };
    const before = await statesIn(mfa, textOf(values, 'since')?.split(',') ?? []);
    let target: Target | undefined;
    if (path !== undefined && resumes) {
      target = await resumedTarget(mfa, path, before.ids, place);
      if (target === undefined) {
        terminal.tell(`${path} is complete.`);
        return 0;
      }
    } else target = await newTarget(mfa, path, before.ids);
    const stopped = await writeAll(mfa, terminal, place, before.states, target);
    await target.end();
    const { records, tombstones, claims, unread } = place.sums;
    terminal.tell(
      stopped
        ? 'Stopped before the end: this export is not complete. --resume goes on with it.'
        : `${count(records, 'record')} written, ${count(tombstones, 'tombstone')}, ${count(claims, 'claim')}.`,
    );
    if (unread > 0)
      terminal.tell(`${count(unread, 'record')} could not be read. Whoever it is of stays refused until a reset.`);
    return stopped || unread > 0 ? 1 : 0;
  },
};
