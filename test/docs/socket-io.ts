// Attacks on an app that speaks by socket.io, with its real client: by polling, by websocket, in a namespace of its own.
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import type { Server } from 'socket.io';
import { io as connectTo, type Socket } from 'socket.io-client';
import { ownerAndThief, type SampleSite } from './sample-host.js';

const transports = ['polling', 'websocket'] as const;
const namespaces = ['/', '/reports'] as const;

/** How a connection with these cookies ends: the message that came, or that it was refused. */
async function connect(port: number, transport: string, namespace: string, cookies: string): Promise<string> {
  const socket = connectTo(`http://127.0.0.1:${port}${namespace}`, {
    transports: [transport],
    reconnection: false,
    forceNew: true,
    ...(cookies === '' ? {} : { extraHeaders: { Cookie: cookies } }),
  });
  const ended = await endOf(socket);
  socket.disconnect();
  return ended;
}

function endOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('told', resolve);
    socket.once('connect_error', () => resolve('refused'));
    socket.once('disconnect', () => resolve('refused'));
  });
}

/** @param server that socket.io is attached to; not yet listening */
export async function attackSocketIo(site: SampleSite, server: HttpServer, io: Server): Promise<void> {
  for (const namespace of namespaces) io.of(namespace).on('connection', (socket) => socket.emit('told', 'of the host'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const { owner, thief } = await ownerAndThief(site);
    for (const transport of transports) {
      for (const namespace of namespaces) {
        const way = `${transport} ${namespace}`;
        expect(await connect(port, transport, namespace, ''), way).to.equal('refused');
        expect(await connect(port, transport, namespace, thief.cookies), way).to.equal('refused');
        expect(await connect(port, transport, namespace, owner.cookies), way).to.equal('of the host');
      }
    }
    await endsAtLogOut(port, owner);
  } finally {
    await io.close();
  }
}

/** A connection by polling ends when its session does: the next poll is refused. */
async function endsAtLogOut(port: number, owner: Awaited<ReturnType<typeof ownerAndThief>>['owner']): Promise<void> {
  const { cookies } = owner;
  const polling = connectTo(`http://127.0.0.1:${port}`, {
    transports: ['polling'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { Cookie: cookies },
  });
  expect(await endOf(polling)).to.equal('of the host');
  await owner.post('/logout').expect(303);
  polling.emit('more');
  expect(await endOf(polling)).to.equal('refused');
}
