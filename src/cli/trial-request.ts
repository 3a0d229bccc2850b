// One request over the loopback interface, through one function of an app and nothing else of it.
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (...values: unknown[]) => unknown;

/** A request as express-session leaves it. */
export type Tried = IncomingMessage & {
  session?: TrialSession | undefined;
  sessionID?: unknown;
  sessionStore?: object;
};

export type TrialSession = {
  cookie?: { secure?: unknown; httpOnly?: unknown; sameSite?: unknown };
  regenerate?: unknown;
  [key: string]: unknown;
};

export type Trial = {
  overTls: boolean;
  cookie?: string;
  /** Stands where the app would: after the function, before the answer ends. */
  see(request: Tried): void;
};

/** @returns the cookies that the answer sets, as the next request sends them back */
export async function tryRequest(middleware: Handler, app: unknown, { overTls, cookie, see }: Trial): Promise<string> {
  const server = createServer((request, response) => {
    // Of the ways to tell https that express-session knows, each says so.
    if (overTls) Object.defineProperty(request, 'connection', { value: { encrypted: true } });
    Object.assign(request, { secure: overTls, app });
    const end = () => {
      see(request);
      response.end();
    };
    try {
      middleware(request, response, end);
    } catch {
      response.end();
    }
  });
  return ask(server, cookie);
}

/** One request; whatever comes of it, the server is closed. */
async function ask(server: Server, cookie?: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const headers = cookie === undefined ? {} : { cookie };
  const set = await new Promise<string[]>((resolve) => {
    const request = get({ host: '127.0.0.1', port, timeout: 5000, agent: false, headers }, (response) => {
      response.resume().on('end', () => resolve(response.headers['set-cookie'] ?? []));
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve([]));
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return set.map((each) => each.split(';')[0]).join('; ');
}
