// A zip archive, written as its files are read: sizes stand behind each file (APPNOTE 6.3.10, 4.3.9), so nothing is kept. Of files below 4 GB.
import { crc32, createDeflateRaw } from 'node:zlib';

export type ZipFile = { name: string; content: AsyncIterable<string> };

type Written = { name: Buffer; crc: number; packed: number; size: number; at: number };

const utf8WithSizesBehind = 0x0808;
const deflated = 8;
const version = 20;

export async function* zipOf(files: Iterable<ZipFile>, at: Date): AsyncGenerator<Uint8Array> {
  const when = dosTime(at);
  const written: Written[] = [];
  let place = 0;
  const out = (bytes: Buffer): Buffer => {
    place += bytes.length;
    return bytes;
  };
  for (const file of files) {
    const one: Written = { name: Buffer.from(file.name), crc: 0, packed: 0, size: 0, at: place };
    yield out(
      fields(0x04034b50, [version, utf8WithSizesBehind, deflated, ...when], [0, 0, 0], [one.name.length, 0], one.name),
    );
    for await (const bytes of packed(file.content, one)) yield out(bytes);
    yield out(fields(0x08074b50, [], [one.crc, one.packed, one.size], []));
    written.push(one);
  }
  const start = place;
  for (const { name, crc, packed: short, size, at: offset } of written) {
    const head = [version, version, utf8WithSizesBehind, deflated, ...when];
    const more = Buffer.alloc(8);
    more.writeUInt32LE(offset, 4);
    yield out(fields(0x02014b50, head, [crc, short, size], [name.length, 0, 0, 0, 0], more, name));
  }
  const { length } = written;
  const end = Buffer.alloc(10);
  end.writeUInt32LE(place - start, 0);
  end.writeUInt32LE(start, 4);
  yield fields(0x06054b50, [0, 0, length, length], [], [], end);
}

/** Deflated; `file` is told size and checksum. */
async function* packed(content: AsyncIterable<string>, file: Written): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  const fed = (async () => {
    for await (const text of content) {
      // Nobody takes the rest: what is read is closed. It is closed already, so that no word of it would come.
      if (deflate.destroyed) return;
      const bytes = Buffer.from(text);
      file.crc = crc32(bytes, file.crc);
      file.size += bytes.length;
      if (!deflate.write(bytes))
        await new Promise<void>((resolve) => {
          // Both are taken off, or those that never come would be kept for each of a million people.
          const goOn = () => {
            deflate.off('drain', goOn).off('close', goOn);
            resolve();
          };
          deflate.on('drain', goOn).on('close', goOn);
        });
    }
    deflate.end();
  })();
  fed.catch((error: unknown) => deflate.destroy(error as Error));
  for await (const bytes of deflate as AsyncIterable<Buffer>) {
    file.packed += bytes.length;
    yield bytes;
  }
  await fed;
}

/** A signature, numbers of 16, 32 and 16 bits, and what follows as it is. */
function fields(signature: number, shorts: number[], longs: number[], more: number[], ...rest: Buffer[]): Buffer {
  const bytes = Buffer.alloc(4 + 2 * shorts.length + 4 * longs.length + 2 * more.length);
  let at = bytes.writeUInt32LE(signature, 0);
  for (const number of shorts) at = bytes.writeUInt16LE(number, at);
  for (const number of longs) at = bytes.writeUInt32LE(number >>> 0, at);
  for (const number of more) at = bytes.writeUInt16LE(number, at);
  return Buffer.concat([bytes, ...rest]);
}

/** Time and day, of two seconds, in UTC. */
function dosTime(at: Date): [number, number] {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return [time, day];
}
