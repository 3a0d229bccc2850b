// Sends the log to a syslog receiver: RFC 5424 over TLS (RFC 5425), TCP (RFC 6587) or UDP (RFC 5426). Assembles message,
// frame and transport.
import { createSocket } from 'node:dgram';
import { hostname as ownHostname } from 'node:os';
import type { Clock } from '../../core/kernel/ports.js';
import type { FormatOptions } from '../formats/format.js';
import { settingsOf } from '../formats/format.js';
import type { AuditItem, AuditSink, Delivered } from '../sink.js';
import { readSinkOptions } from './sink-options.js';
import { connectSyslog } from './syslog-connection.js';
import type { Peer } from './syslog-connection.js';
import { syslogMessage } from './syslog-message.js';
import { syslogStream } from './syslog-stream.js';

/** Options of `syslogSink`. */
export type SyslogSinkOptions = FormatOptions & {
  host: string;
  /** Default 6514 with TLS, else 514. */
  port?: number;
  /** Default `tls`, which is always verified. `tcp` and `udp` let the network read along; `udp` loses messages too. */
  transport?: 'tls' | 'tcp' | 'udp';
  /** How messages are told apart in TLS and TCP: by their length (default), or one a line for receivers without that. */
  framing?: 'octet-counting' | 'newline';
  /** PEM file of the authorities to trust; without it those of Node.js. Files are read at each connection. */
  caFile?: string;
  /** PEM files of the certificate to show to the receiver, and of its key. */
  certFile?: string;
  keyFile?: string;
  /** The name that the receiver's certificate must be for, where that is not `host`. */
  servername?: string;
  /** Octets of a message; default 8192, with UDP 1400. Longer ones get their text cut; RFC 5424 §6.1. */
  maxBytes?: number;
  /** HOSTNAME; default that of this machine. */
  hostname?: string;
  /** Milliseconds to connect, and to write a batch; default 10000. */
  timeoutMs?: number;
  /** Names its place in the log; default `syslog`. */
  name?: string;
  /** Where the time comes from, for tests. */
  clock?: Clock;
};

type Framed = { frames: Buffer[]; indexes: number[]; refused: { index: number; why: string }[] };

/**
 * Sends syslog, facility 10, the event's name as MSGID, the line in `format` (default `cef`) as the message. Syslog
 * acknowledges nothing: after a broken connection the last 30 seconds are sent again.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function syslogSink(options: SyslogSinkOptions): AuditSink {
  const read = readSinkOptions('syslogSink', options, [
    ...['host', 'port', 'transport', 'framing', 'caFile', 'certFile', 'keyFile', 'servername', 'maxBytes', 'hostname'],
    ...['timeoutMs', 'clock'],
  ]);
  const transport = read.oneOf('transport', ['tls', 'tcp', 'udp'], 'tls');
  const framing = read.oneOf('framing', ['octet-counting', 'newline'], 'octet-counting');
  if ((options.certFile === undefined) !== (options.keyFile === undefined)) read.fail('keyFile', 'given with certFile');
  const peer: Peer = {
    host: read.text('host', 'a host name or an address'),
    port: read.whole('port', 1, 65_535, transport === 'tls' ? 6514 : 514),
    tls: transport === 'tls',
    caFile: read.optionalText('caFile', 'the path of a PEM file'),
    certFile: read.optionalText('certFile', 'the path of a PEM file'),
    keyFile: read.optionalText('keyFile', 'the path of a PEM file'),
    servername: read.optionalText('servername', 'a host name'),
    timeoutMs: read.whole('timeoutMs', 50, 120_000, 10_000),
  };
  const now = () => options.clock?.now() ?? Date.now();
  const settings = {
    ...settingsOf(options),
    format: options.format ?? 'cef',
    hostname: read.optionalText('hostname', 'a host name') ?? ownHostname(),
    maxBytes: read.whole('maxBytes', 480, 65_000, transport === 'udp' ? 1400 : 8192),
  };
  const stream = transport === 'udp' ? undefined : syslogStream(peer, now);

  /** Messages that fit; what does not is put aside, and never stops the others. */
  const framed = (batch: readonly AuditItem[]): Framed => {
    const result: Framed = { frames: [], indexes: [], refused: [] };
    batch.forEach((item, index) => {
      const message = syslogMessage(item, settings);
      if (!message) result.refused.push({ index, why: `does not fit into ${settings.maxBytes} octets` });
      else result.frames.push(transport === 'udp' ? message : frame(message, framing));
      if (message) result.indexes.push(index);
    });
    return result;
  };

  return {
    name: options.name ?? 'syslog',
    batchSize: 500,
    async deliver(batch, signal) {
      const { frames, indexes, refused } = framed(batch);
      const sent =
        frames.length === 0 ? { done: 0 } : await (stream?.send(frames, signal) ?? sendDatagrams(peer, frames));
      // Of what was put aside, what stands before the first that was not taken.
      const done = sent.done === frames.length ? batch.length : (indexes[sent.done] ?? 0);
      const aside = refused.filter(({ index }) => index < done);
      return { ...sent, done, ...(aside.length > 0 ? { refused: aside } : {}) };
    },
    async check(signal) {
      if (!stream) return undefined;
      try {
        const connection = await connectSyslog(peer, signal);
        await connection.finish();
        connection.destroy();
        return undefined;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        return `${peer.host}:${peer.port}: ${code ?? message}`;
      }
    },
    close: async () => await stream?.close(),
  };
}

/** RFC 6587 §3.4.1 and RFC 5425 §4.3, or RFC 6587 §3.4.2; no line of ours has a line feed in it. */
function frame(message: Buffer, framing: 'octet-counting' | 'newline'): Buffer {
  if (framing === 'newline') return Buffer.concat([message, Buffer.from('\n')]);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/** RFC 5426: one message a datagram; whether it arrives, nobody says. */
async function sendDatagrams({ host, port }: Peer, frames: readonly Buffer[]): Promise<Delivered> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.unref();
  let done = 0;
  try {
    for (const message of frames) {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.send(message, port, host, (error) => {
          socket.off('error', reject);
          if (error) reject(error);
          else resolve();
        });
      });
      done += 1;
    }
    return { done };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { done, why: `${host}:${port}: ${code ?? message}` };
  } finally {
    socket.close();
  }
}
