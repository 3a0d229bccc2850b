// Stands between clients and a Redis, and now and then cuts a connection just when the server's answer is there: what was
// asked for is done, and nobody was told.
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

type CuttingProxy = { port: number; cuts(): number; close(): Promise<void> };

/** @param every cuts at every so many-th answer */
export async function startCuttingProxy(redisUrl: string, every: number): Promise<CuttingProxy> {
  const { hostname, port } = new URL(redisUrl);
  const open = new Set<Socket>();
  let answers = 0;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port || 6379), hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    open.add(client);
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => {
      answers += 1;
      if (answers % every !== 0) return void client.write(chunk);
      cuts += 1;
      end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    async close() {
      open.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
