// Many requests over one connection, none of which waits for the answer to the one before: a client that is made anew for each
// costs as much as the answer. Knows of HTTP/1.1 what Node.js answers with, and nothing of what is asked.
import { once } from 'node:events';
import { connect } from 'node:net';

export type Asked = { method: string; path: string; headers: { [name: string]: string }; body?: string };

const longestMs = 30_000;

/** @returns the answers as they stand, heads and all, in order; fewer where the next one did not come in time */
export async function answersTo(url: string, asked: readonly Asked[]): Promise<string[]> {
  const answers: string[] = [];
  let came: string[];
  // An answer may close the connection; what waited behind it is asked again.
  do {
    came = await overOneConnection(new URL(url), asked.slice(answers.length));
    answers.push(...came);
  } while (came.length > 0 && answers.length < asked.length);
  return answers;
}

async function overOneConnection({ hostname, port, host }: URL, asked: readonly Asked[]): Promise<string[]> {
  const answers: string[] = [];
  let received = '';
  const socket = connect(Number(port), hostname).setEncoding('latin1').setTimeout(longestMs);
  socket.on('data', (part: string) => {
    received += part;
    for (let end = -1; (end = endOf(received, asked[answers.length])) > 0; received = received.slice(end)) {
      answers.push(received.slice(0, end));
    }
    if (answers.length === asked.length) socket.destroy();
  });
  socket.on('timeout', () => socket.destroy());
  // Whether all were answered is what the caller sees.
  socket.on('error', () => undefined);
  socket.write(asked.map((each) => written(host, each)).join(''));
  await once(socket, 'close');
  return answers;
}

function written(host: string, { method, path, headers, body }: Asked): string {
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const lines = Object.entries({ Host: host, ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

/** Where the first answer ends in what was received; 0 while more of it is to come, or nothing was asked. */
function endOf(received: string, asked: Asked | undefined): number {
  const body = received.indexOf('\r\n\r\n') + 4;
  if (body < 4 || !asked) return 0;
  const head = received.slice(0, body);
  if (asked.method === 'HEAD' || /^HTTP\/1\.1 (204|304) /.test(head)) return body;
  const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
  const end = length === undefined ? endOfChunks(received, body) : body + Number(length);
  return end <= received.length ? end : 0;
}

function endOfChunks(received: string, from: number): number {
  const last = received.indexOf('\r\n0\r\n\r\n', from - 2);
  return last < 0 ? 0 : last + 7;
}
