// The measured process: serves the apps, and tells its own CPU time when asked. The load comes from another process.
import type { AddressInfo } from 'node:net';
import { benchApps } from './apps.js';

const [redisUrl = '', namespace = ''] = process.argv.slice(2);
const { bare, idle, least, guarded } = benchApps(redisUrl, namespace);
const servers = [bare, idle, least, guarded].map((app) => app.listen(0, '127.0.0.1'));
const ports = await Promise.all(
  servers.map(
    (server) =>
      new Promise<number>((resolve) => {
        server.once('listening', () => {
          resolve((server.address() as AddressInfo).port);
        });
      }),
  ),
);
process.send?.({ ports });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system });
});
process.on('disconnect', () => process.exit(0));
