// The log as a file, while it is rotated, torn and taken away.
import { chmod, copyFile, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AuditEntry } from '../../../src/audit/entry.js';
import { fileSink } from '../../../src/audit/sinks/file-sink.js';
import { checkpoint, entryOf, hostileAgent } from '../formats/entries.js';
import { newFolder } from '../../support/folder.js';

const signal = new AbortController().signal;

describe('fileSink', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = newFolder('file-sink');
    path = join(folder, 'audit.jsonl');
  });

  const lines = async (file = path) => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const seqs = async (file = path) => (await lines(file)).map((line) => (JSON.parse(line) as AuditEntry).seq);

  it('appends one line an item, for its owner alone, entries and checkpoints as they stand in the log', async () => {
    const sink = fileSink({ path });
    const entry = entryOf({ personal: { userAgent: hostileAgent } });
    expect(await sink.deliver([entry, checkpoint], signal)).to.deep.equal({ done: 2 });
    expect((await lines()).map((line) => JSON.parse(line) as unknown)).to.deep.equal([entry, checkpoint]);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await sink.check?.(signal)).to.equal(undefined);
    await sink.close?.();
  });

  it('follows logrotate without a signal', async () => {
    const sink = fileSink({ path });
    await sink.deliver([entryOf({ seq: 1 })], signal);
    await rename(path, `${path}.1`);
    await sink.deliver([entryOf({ seq: 2 })], signal);
    await rm(path);
    await sink.deliver([entryOf({ seq: 3 })], signal);
    expect(await seqs(`${path}.1`)).to.deep.equal([1]);
    expect(await seqs()).to.deep.equal([3]);
    await sink.close?.();
  });

  it('leaves no hole where copytruncate emptied the file', async () => {
    const sink = fileSink({ path });
    await sink.deliver([entryOf({ seq: 1 })], signal);
    await copyFile(path, `${path}.1`);
    await truncate(path);
    await sink.deliver([entryOf({ seq: 2 })], signal);
    expect(await readFile(path, 'utf8')).to.match(/^\{/);
    expect(await seqs()).to.deep.equal([2]);
    await sink.close?.();
  });

  it('ends a line that was torn before it begins another', async () => {
    await writeFile(path, '{"half":');
    const sink = fileSink({ path });
    await sink.deliver([entryOf({ seq: 1 })], signal);
    const [torn, whole] = await lines();
    expect(torn).to.equal('{"half":');
    expect(JSON.parse(whole ?? '')).to.include({ seq: 1 });
    await sink.close?.();
  });

  it('goes on behind whole lines without an empty one, in the format that was asked for', async () => {
    const batch = [entryOf({ seq: 1 }), checkpoint];
    await writeFile(path, '');
    for (const format of ['cef', 'ecs'] as const) {
      const sink = fileSink({ path, format, appName: 'Acme' });
      expect(sink.batchSize).to.equal(500);
      await sink.deliver(batch, signal);
      await sink.deliver([], signal);
      await sink.close?.();
    }
    const [first, second, third, fourth, ...rest] = await lines();
    expect([first, second].map((line) => line?.slice(0, 6))).to.deep.equal(['CEF:0|', 'CEF:0|']);
    for (const line of [third, fourth]) expect(JSON.parse(line ?? '')).to.have.nested.property('service.name', 'Acme');
    expect(rest).to.deep.equal([]);
  });

  it('takes nothing where it cannot write, and goes on once it can', async () => {
    const sink = fileSink({ path: join(path, 'audit.jsonl') });
    const batch = [entryOf()];
    const answer = await sink.deliver(batch, signal);
    expect(answer).to.include({ done: 0 });
    expect(answer.why).to.include('ENOENT');
    expect(await sink.check?.(signal)).to.include('ENOENT');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(path);
    expect(await sink.deliver(batch, signal)).to.deep.equal({ done: 1 });
    await sink.close?.();
  });

  it('tells the doctor of a file that everybody may read', async () => {
    await writeFile(path, '');
    const sink = fileSink({ path });
    const said = `${path} may be read by everybody on this machine.`;
    for (const [mode, words] of [
      [0o644, said],
      [0o602, said],
      [0o601, said],
      [0o660, undefined],
    ] as const) {
      await chmod(path, mode);
      expect(await sink.check?.(signal), mode.toString(8)).to.equal(words);
    }
    await sink.close?.();
    await sink.close?.();
  });

  it('refuses options that it does not have', () => {
    expect(() => fileSink({ path: '' })).to.throw('fileSink: path must be the path of a file');
    expect(() => fileSink({ path, mode: 0o644 } as never)).to.throw('there is no option `mode`');
    expect(() => fileSink({ path, format: 'xml' } as never)).to.throw('format must be one of json, ecs, ocsf, cef');
  });
});
