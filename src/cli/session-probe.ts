// What the app's express-session would put on a cookie: asked of that very function, alone, over the loopback interface.
// No route of the app is called, and no session is kept.
import { tryRequest, type Handler, type Tried } from './trial-request.js';

export type SessionFacts = {
  /** `auto`: where the request came over https. */
  secure: 'always' | 'auto' | 'never';
  httpOnly: boolean;
  sameSite: unknown;
  /** The name of the class that keeps sessions: `MemoryStore`, `RedisStore`. */
  store: string;
  canRegenerate: boolean;
};

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
  const see = (request: Tried) => {
    answer = factsOf(request);
    // Without a session on the request, express-session keeps none.
    request.session = undefined;
  };
  await tryRequest(middleware, app, { overTls, see });
  return answer;
}

function factsOf({ session, sessionStore }: Tried): Answer | undefined {
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
