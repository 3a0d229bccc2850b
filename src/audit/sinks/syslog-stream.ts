// Frames over a connection that acknowledges nothing: what may have been lost when it broke is sent again on the next
// one. Renews the connection now and then, because only a peer that ended politely is known to have read everything.
import type { Delivered } from '../sink.js';
import { backOff } from './back-off.js';
import { connectSyslog } from './syslog-connection.js';
import type { Connection, Peer } from './syslog-connection.js';

/** What was written in the last 30 seconds may still be on its way, or in the buffers of a peer that is dead. */
const unsureMs = 30_000;
/** Shorter than that: so all that a connection took since the last proof is sent again where the next proof fails. */
const renewMs = 20_000;
const mostUnsureBytes = 8 * 1024 * 1024;

type Written = { at: number; octets: Buffer };

export type SyslogStream = {
  send(frames: readonly Buffer[], signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
};

/** `now` in milliseconds. */
export function syslogStream(peer: Peer, now: () => number): SyslogStream {
  const waits = backOff(1000, 60_000, now);
  let connection: Connection | undefined;
  let openedAt = 0;
  /** Written on this connection, oldest first, as far as it may be lost. */
  let unsure: Written[] = [];
  /** Lost with an earlier connection, perhaps; goes first on the next. */
  let owed: Buffer[] = [];
  /** Some receivers never end their side: from them nothing can be learned. */
  let endsPolitely = true;
  let idle: NodeJS.Timeout | undefined;

  /** Whatever becomes of this connection: it is left, and what it may have lost is owed. */
  const leave = async (): Promise<void> => {
    clearTimeout(idle);
    const was = connection;
    connection = undefined;
    if (!was) return;
    if (was.isOpen() && (await was.finish())) {
      unsure = [];
      return;
    }
    was.destroy();
    // Reckoned from the last write, not from now: the break may have been noticed late.
    owed = [...owed, ...unsure.map(({ octets }) => octets)];
    unsure = [];
  };

  const remember = (octets: Buffer) => {
    unsure.push({ at: now(), octets });
    let bytes = unsure.reduce((sum, written) => sum + written.octets.length, 0);
    const since = now() - unsureMs;
    while (unsure[0] && (unsure[0].at < since || bytes > mostUnsureBytes)) bytes -= unsure.shift()?.octets.length ?? 0;
  };

  const ready = async (signal: AbortSignal): Promise<Connection> => {
    if (connection && (!connection.isOpen() || (endsPolitely && now() - openedAt > renewMs))) {
      const wasOpen = connection.isOpen();
      await leave();
      const unproven = wasOpen && owed.length > 0;
      connection = await connectSyslog(peer, signal);
      // It did not end, and yet it is there: a receiver that never ends, and no dead one.
      if (unproven) endsPolitely = false;
    }
    connection ??= await connectSyslog(peer, signal);
    return connection;
  };

  const write = async (frames: readonly Buffer[], signal: AbortSignal): Promise<Delivered> => {
    clearTimeout(idle);
    try {
      const before = connection;
      const open = await ready(signal);
      if (open !== before) openedAt = now();
      const octets = Buffer.concat([...owed, ...frames]);
      await open.write(octets);
      owed = [];
      remember(octets);
      waits.succeeded();
      // Where nothing follows, the connection is ended, and so is the doubt.
      if (endsPolitely) idle = setTimeout(() => void inTurn(leave), renewMs).unref();
      return { done: frames.length };
    } catch (error) {
      connection?.destroy();
      await leave();
      const { code, message } = error as NodeJS.ErrnoException;
      return { done: 0, why: `${peer.host}:${peer.port}: ${code ?? message}`, retryAfterMs: waits.failed() };
    }
  };

  /** Leaving takes as long as the peer needs; who sends meanwhile waits, or would mistake old doubts for its own. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return await turn;
  };

  return {
    send: async (frames, signal) => await inTurn(() => write(frames, signal)),
    close: async () => await inTurn(leave),
  };
}
