// A port for a server that a run of tests starts.
import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nobody listens on; below the range that the system hands out by itself. Another process may be
 * faster: whoever starts a server there asks the server itself whether it has it.
 */
export async function freePort() {
  for (;;) {
    const port = 16_000 + Math.floor(Math.random() * 6_000);
    // Redis Cluster also listens 10000 above.
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
