// One connection to a syslog receiver over TLS or TCP: opened, written to, and closed so that it is known whether all
// was read. Keeps no queue and knows no message.
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { withTimeLimit } from '../time-limit.js';

/** Where to connect, and how. */
export type Peer = {
  host: string;
  port: number;
  tls: boolean;
  /** Certificates of authorities, PEM; without it those that Node.js trusts. */
  caFile?: string | undefined;
  certFile?: string | undefined;
  keyFile?: string | undefined;
  /** The name that the certificate must be for, where that is not `host`. */
  servername?: string | undefined;
  timeoutMs: number;
};

export type Connection = {
  /** Resolves once the operating system took all; rejects where the peer is gone, or takes nothing for `timeoutMs`. */
  write(octets: Buffer): Promise<void>;
  /**
   * Says that nothing more comes and waits for the peer to say the same, which it does after it read everything.
   * Resolves with whether it did so in time.
   */
  finish(): Promise<boolean>;
  isOpen(): boolean;
  destroy(): void;
};

/** A probe after ten seconds of silence, so that a peer that vanished is noticed. */
const keepAliveMs = 10_000;

/** Opens a connection: looks the name up and reads the certificates, each time anew. */
export async function connectSyslog(peer: Peer, signal: AbortSignal): Promise<Connection> {
  const { host, port, timeoutMs } = peer;
  return await withTimeLimit(timeoutMs, signal, async (clock) => {
    const socket = peer.tls ? connectTls(await tlsOptions(peer)) : connectTcp({ host, port });
    // Nothing of an audit log keeps a process alive.
    socket.unref();
    socket.setKeepAlive(true, keepAliveMs);
    await within(clock, socket, (done, fail) => {
      socket.once(peer.tls ? 'secureConnect' : 'connect', done);
      socket.once('error', fail);
      socket.once('close', () => fail(new Error('the peer closed')));
    });
    return overSocket(socket, timeoutMs);
  });
}

async function tlsOptions({ host, port, caFile, certFile, keyFile, servername = host }: Peer) {
  const [ca, cert, key] = await Promise.all(
    [caFile, certFile, keyFile].map(async (file) => (file === undefined ? undefined : await readFile(file))),
  );
  return {
    host,
    port,
    // RFC 5425 §5.2: verified, always; there is no option that says otherwise.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    ...(isIP(servername) === 0 ? { servername } : {}),
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  };
}

function overSocket(socket: Socket, timeoutMs: number): Connection {
  let broken: Error | undefined;
  let isEnded = false;
  // A receiver never speaks; one that ends is gone, though writing to it would succeed once more.
  socket.on('end', () => (isEnded = true));
  socket.on('error', (error) => (broken = error));
  socket.on('close', () => (broken ??= new Error('the connection was closed')));
  socket.resume();
  return {
    isOpen: () => !broken && !isEnded && !socket.destroyed,
    async write(octets) {
      if (broken ?? isEnded) throw broken ?? new Error('the peer ended the connection');
      let left = (): void => undefined;
      await within(AbortSignal.timeout(timeoutMs), socket, (done, fail) => {
        left = () => fail(broken ?? new Error('the connection was closed'));
        socket.once('close', left);
        // Of what a socket still held as it was destroyed, Node.js says that all is well.
        socket.write(octets, (error) => (error ? fail(error) : socket.destroyed ? left() : done()));
      }).finally(() => socket.off('close', left));
    },
    async finish() {
      if (broken ?? isEnded) return false;
      const confirmed = within(AbortSignal.timeout(timeoutMs), socket, (done, fail) => {
        socket.once('end', done);
        socket.once('error', fail);
        socket.once('close', () => (isEnded && !broken ? done() : fail(new Error('closed without an end'))));
      });
      socket.end();
      return await confirmed.then(
        () => (socket.destroy(), true),
        () => false,
      );
    },
    destroy: () => void socket.destroy(),
  };
}

/** Waits for `work`; once `clock` ends, the socket goes with it. */
async function within(
  clock: AbortSignal,
  socket: Socket,
  work: (done: () => void, fail: (error: Error) => void) => void,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      socket.destroy();
      reject(new Error('no answer in time'));
    };
    if (clock.aborted) return stop();
    clock.addEventListener('abort', stop, { once: true });
    const settle = (then: () => void) => () => {
      clock.removeEventListener('abort', stop);
      then();
    };
    work(settle(resolve), (error) => settle(() => reject(error))());
  });
}
