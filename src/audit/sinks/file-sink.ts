// Appends the log to a file, one line an item, and flushes each batch to the disk. Knows nothing of how it is rotated:
// it compares what the path names now with what it has open.
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { FormatOptions } from '../formats/format.js';
import { lineOf, settingsOf } from '../formats/format.js';
import type { AuditSink } from '../sink.js';
import { readSinkOptions } from './sink-options.js';

/** Options of `fileSink`. */
export type FileSinkOptions = FormatOptions & {
  /** Where to append. The folder must be there; the file is made with mode 0600. */
  path: string;
  /** Names its place in the log; default `file`. */
  name?: string;
};

/**
 * Appends to a file, `format` being `json` unless said otherwise: JSON lines. A batch is done once it is on the disk
 * (`fsync`). A file that was moved or removed (logrotate) is noticed at the next batch, without a signal; one that was
 * emptied (`copytruncate`) goes on from its beginning.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function fileSink(options: FileSinkOptions): AuditSink {
  const read = readSinkOptions('fileSink', options, ['path']);
  const path = read.text('path', 'the path of a file');
  const format = options.format ?? 'json';
  const settings = settingsOf(options);
  let file: FileHandle | undefined;

  const close = async () => {
    const was = file;
    file = undefined;
    await was?.close();
  };

  const current = async (): Promise<FileHandle> => {
    if (file && !(await isStillAt(file, path))) await close();
    if (!file) {
      // Opened to append: each write goes to where the end is at that moment, so an emptied file gets no hole.
      file = await open(path, 'a+', 0o600);
      if (await endsTorn(file)) await file.appendFile('\n');
    }
    return file;
  };

  return {
    name: options.name ?? 'file',
    batchSize: 500,
    async deliver(batch) {
      try {
        const target = await current();
        await target.appendFile(batch.map((item) => `${lineOf(format, item, settings)}\n`).join(''));
        await target.sync();
        return { done: batch.length };
      } catch (error) {
        // A full disk may have taken half a line: what opens the file next ends it.
        await close().catch(() => undefined);
        return { done: 0, why: `${path}: ${(error as Error).message}` };
      }
    },
    async check() {
      try {
        const target = await current();
        const { mode } = await target.stat();
        return (mode & 0o007) === 0 ? undefined : `${path} may be read by everybody on this machine.`;
      } catch (error) {
        return `${path}: ${(error as Error).message}`;
      }
    },
    close,
  };
}

/** Whether the path still names the open file. */
async function isStillAt(file: FileHandle, path: string): Promise<boolean> {
  const [mine, theirs] = await Promise.all([
    file.stat({ bigint: true }),
    stat(path, { bigint: true }).catch(() => undefined),
  ]);
  return mine.ino === theirs?.ino && mine.dev === theirs.dev;
}

/** Whether somebody was stopped in the middle of a line. */
async function endsTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
