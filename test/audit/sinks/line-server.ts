// A TCP server on loopback that keeps what each connection sent, for tests of what goes over a line: it can end its side, never end it,
// take nothing, or break off.
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';

export type Line = { socket: Socket | TLSSocket; text: string };

export type LineServer = { port: number; lines: Line[]; close(): Promise<void> };

export async function startLineServer(
  options: { tls?: TlsOptions; neverEnds?: true; port?: number; onLine?: (socket: Socket) => void } = {},
): Promise<LineServer> {
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    const line: Line = { socket, text: '' };
    lines.push(line);
    socket.on('error', () => undefined);
    if (options.onLine) options.onLine(socket);
    else socket.on('data', (chunk) => (line.text += chunk.toString('latin1')));
  };
  const half = { allowHalfOpen: options.neverEnds ?? false };
  const server = options.tls ? createTlsServer({ ...options.tls, ...half }, serve) : createServer(half, serve);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  const lines: Line[] = [];
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((done) => server.close(done));
    },
  };
}

/** Starts them for the tests of one suite and closes them after each. */
export function lineServers(): typeof startLineServer {
  const started: LineServer[] = [];
  afterEach(() => Promise.all(started.splice(0).map((server) => server.close())));
  return async (options) => {
    const server = await startLineServer(options);
    started.push(server);
    return server;
  };
}
