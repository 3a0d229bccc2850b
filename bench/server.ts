// The measured process: serves one app, as processes do, and tells its own CPU time when asked. The load comes from
// another process.
import type { AddressInfo } from 'node:net';
import { benchApp, type AppName } from './apps.js';

const [name, redisUrl = '', namespace = ''] = process.argv.slice(2);
const server = benchApp(name as AppName, redisUrl, namespace).listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system });
});
process.on('disconnect', () => process.exit(0));
