// A syslog receiver on loopback, written from RFC 5424, RFC 6587 and RFC 5425: reads frames, keeps the messages, and can
// be made to vanish, to freeze, or never to end its side.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from '../../support/certificate.js';

export type Received = { pri: number; time: string; host: string; app: string; proc: string; id: string; text: string };

export type SyslogReceiver = {
  port: number;
  messages: Received[];
  /** How many connections there were. */
  connections: number;
  /** Resets every connection, as a crash does. */
  crash(): void;
  /** Stops to read. */
  freeze(): void;
  close(): Promise<void>;
};

export async function startSyslogReceiver(
  options: { tls?: Certificate; framing?: 'octets' | 'lines'; port?: number; neverEnds?: true } = {},
): Promise<SyslogReceiver> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const serve = (socket: Socket) => {
    receiver.connections += 1;
    sockets.add(socket);
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const frame = options.framing === 'lines' ? lineIn(pending) : frameIn(pending);
        if (!frame) break;
        receiver.messages.push(parseSyslog(frame.message.toString('utf8')));
        pending = pending.subarray(frame.length);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (frozen) socket.pause();
  };
  const half = { allowHalfOpen: options.neverEnds ?? false };
  const server: Server = options.tls ? createTlsServer({ ...options.tls, ...half }, serve) : createServer(half, serve);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const receiver: SyslogReceiver = {
    port: (server.address() as AddressInfo).port,
    messages: [],
    connections: 0,
    crash: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    freeze: () => {
      frozen = true;
      sockets.forEach((socket) => socket.pause());
    },
    close: async () => {
      receiver.crash();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

function frameIn(octets: Buffer): { message: Buffer; length: number } | undefined {
  const digits = /^([1-9]\d{0,8}) /.exec(octets.subarray(0, 10).toString('latin1'));
  if (!digits) {
    if (octets.length > 9) throw new Error(`No length begins the frame: ${octets.subarray(0, 40).toString()}`);
    return undefined;
  }
  const [head, count] = [digits[0].length, Number(digits[1])];
  if (octets.length < head + count) return undefined;
  return { message: octets.subarray(head, head + count), length: head + count };
}

function lineIn(octets: Buffer): { message: Buffer; length: number } | undefined {
  const end = octets.indexOf(0x0a);
  return end === -1 ? undefined : { message: octets.subarray(0, end), length: end + 1 };
}

/** RFC 5424 §6, with no structured data. */
export function parseSyslog(message: string): Received {
  const rule =
    /^<(0|[1-9]\d{0,2})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) - ([^]*)$/;
  const found = rule.exec(message);
  if (!found) throw new Error(`No message of RFC 5424: ${message.slice(0, 120)}`);
  const [, pri, time = '', host = '', app = '', proc = '', id = '', text = ''] = found;
  return { pri: Number(pri), time, host, app, proc, id, text };
}
