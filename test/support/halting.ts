// Between a process and its server: passes on what the process sends, up to a number of bytes, and stands still there until told
// to go on. Whoever must be stopped in the middle is in the middle then, however fast they are.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Halting = {
  /** In place of the server's. */
  url: string;
  /** Resolves when it stands still. */
  reached: Promise<void>;
  goOn(): void;
  close(): void;
};

export async function haltingAfter(bytes: number, serverUrl: string): Promise<Halting> {
  const { protocol, hostname, port } = new URL(serverUrl);
  const [reached, reach] = signal();
  const [told, goOn] = signal();
  const sockets = new Set<Socket>();
  let left = bytes;
  const between = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    far.pipe(near);
    near.on('data', (sent: Buffer) => {
      const passed = sent.subarray(0, left);
      far.write(passed);
      left -= passed.length;
      if (left > 0) return;
      near.pause();
      reach();
      void told.then(() => {
        left = Infinity;
        far.write(sent.subarray(passed.length));
        near.resume();
      });
    });
  });
  between.listen(0, '127.0.0.1');
  await once(between, 'listening');
  return {
    url: `${protocol}//127.0.0.1:${(between.address() as AddressInfo).port}`,
    reached,
    goOn,
    close() {
      between.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function signal(): [Promise<void>, () => void] {
  let give: () => void = () => undefined;
  return [new Promise<void>((resolve) => (give = resolve)), () => give()];
}
