// export: every record as a line of JSON, sealed values still sealed, between a header and a last line that says it is
// complete.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { textOf, type Command } from './command.js';
import { Failure } from './configuration.js';
import { forEverybody } from './everybody.js';
import { count } from '../checks/count.js';

export const exportFormat = 'express-mfa-export';

export const exportCommand: Command = {
  name: 'export',
  summary: 'writes all records as lines of JSON; what is sealed stays sealed',
  positionals: [],
  options: { out: { type: 'string', value: 'FILE', summary: 'a new file, readable by its owner alone; else stdout' } },
  notes: [
    'Only an app of the same namespace and secrets can take it in again. It holds hashes and public keys: keep it safe.',
  ],
  examples: ['export --out mfa-records.jsonl', 'export | gzip > mfa-records.jsonl.gz'],
  needs: 'store',
  async run({ mfa, values, terminal }) {
    const path = textOf(values, 'out');
    const target: Writable = path === undefined ? process.stdout : await openNew(path);
    const write = async (line: object) => {
      if (!target.write(`${JSON.stringify(line)}\n`)) await once(target, 'drain');
    };
    const { store } = mfa.kernel;
    const namespace = store.namespace ?? 'default';
    await write({ format: exportFormat, v: 1, namespace, at: new Date().toISOString() });
    const { looked, unread, stopped } = await forEverybody(mfa, terminal, async (met) => {
      for (const { userId, record } of met) await write({ userId, record });
    });
    // Without this line an import takes the file for cut off, which it is.
    if (!stopped) await write({ end: true, records: looked });
    if (path !== undefined) {
      target.end();
      await once(target, 'finish');
    }
    terminal.tell(
      stopped ? 'Stopped before the end: this export is not complete.' : `${count(looked, 'record')} written.`,
    );
    if (unread > 0) terminal.tell(`${count(unread, 'record')} left out.`);
    return stopped || unread > 0 ? 1 : 0;
  },
};

async function openNew(path: string): Promise<Writable> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await once(file, 'open');
    return file;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Failure(code === 'EEXIST' ? `${path} exists already.` : `${path} cannot be written: ${message}`, {
      cause,
    });
  }
}
