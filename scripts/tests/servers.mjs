// Servers that a test file left listening are closed when it has ended: whoever listens is kept whole, with the app around
// it, and a process that keeps hundreds of apps spends its time on its memory.
import { Server } from 'node:net';

const { listen } = Server.prototype;
const opened = new Set();

/** From here on; before anything listens. */
export function noteServers() {
  Server.prototype.listen = function (...args) {
    opened.add(this);
    return listen.apply(this, args);
  };
}

/** After each file, and its hooks. */
export function closeServers() {
  for (const server of opened) {
    if (server.listening) server.close();
    server.closeAllConnections?.();
  }
  opened.clear();
}
