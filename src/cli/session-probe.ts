// What the app's express-session would put on a cookie: asked of that very function, alone, over the loopback interface.
// No route of the app is called, and no session is kept.
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SessionFacts = {
  /** `auto`: where the request came over https. */
  secure: 'always' | 'auto' | 'never';
  httpOnly: boolean;
  sameSite: unknown;
  /** The name of the class that keeps sessions: `MemoryStore`, `RedisStore`. */
  store: string;
  canRegenerate: boolean;
};

type Session = { cookie?: { secure?: unknown; httpOnly?: unknown; sameSite?: unknown }; regenerate?: unknown };
type Probed = IncomingMessage & {
  session?: Session | undefined;
  sessionStore?: object;
  secure?: boolean;
  app?: unknown;
};
type Handler = (...values: unknown[]) => unknown;

/** @returns undefined where it makes no session: its store is not connected, or it is no express-session */
export async function probeSession(middleware: Handler, app: unknown): Promise<SessionFacts | undefined> {
  const [plain, tls] = [await probe(middleware, app, false), await probe(middleware, app, true)];
  if (!plain || !tls) return undefined;
  const secure = plain.secure ? 'always' : tls.secure ? 'auto' : 'never';
  return { ...plain, secure };
}

type Answer = Omit<SessionFacts, 'secure'> & { secure: boolean };

async function probe(middleware: Handler, app: unknown, overTls: boolean): Promise<Answer | undefined> {
  let answer: Answer | undefined;
  const server = createServer((request, response) => {
    const req = request as Probed;
    // Of the ways to tell https that express-session knows, each says so.
    if (overTls) Object.defineProperty(req, 'connection', { value: { encrypted: true } });
    req.secure = overTls;
    req.app = app;
    const end = () => {
      answer = factsOf(req);
      // Without a session on the request, express-session keeps none.
      req.session = undefined;
      response.end();
    };
    try {
      middleware(req, response, end);
    } catch {
      response.end();
    }
  });
  await ask(server);
  return answer;
}

function factsOf({ session, sessionStore }: Probed): Answer | undefined {
  if (!session?.cookie) return undefined;
  const { secure, httpOnly, sameSite } = session.cookie;
  return {
    secure: secure === true,
    httpOnly: httpOnly === true,
    sameSite,
    store: sessionStore?.constructor.name ?? 'unknown',
    canRegenerate: typeof session.regenerate === 'function',
  };
}

/** One request; whatever comes of it, the server is closed. */
async function ask(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    const request = get({ host: '127.0.0.1', port, timeout: 5000, agent: false }, (response) => {
      response.resume().on('end', resolve);
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve());
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
