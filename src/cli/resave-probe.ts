// Whether the app's express-session writes a session back that nothing changed: asked of that very function by two requests
// with one trial session, which is held here. No session of the store is read or written.
import { tryRequest, type Handler, type Tried } from './trial-request.js';

type Done = (error: null, session?: unknown) => void;
type Store = { [method: string]: unknown };
type Held = { id: string; writes: number; release(): void };

/** @returns undefined where it cannot be told: its store takes nothing in, or lets nobody stand before it */
export async function probeResave(middleware: Handler, app: unknown): Promise<boolean | undefined> {
  let held: Held | undefined;
  try {
    const cookie = await tryRequest(middleware, app, {
      overTls: true,
      see(request) {
        held = holdApart(request);
        // Something must stand in it, or it would not be kept; without a place apart it must not be.
        if (held && request.session) request.session['express-mfa doctor'] = true;
        else request.session = undefined;
      },
    });
    let writes: number | undefined;
    await tryRequest(middleware, app, {
      overTls: true,
      cookie,
      see(request) {
        if (held !== undefined && request.sessionID === held.id) writes = held.writes;
        else request.session = undefined;
      },
    });
    return writes === undefined || held === undefined ? undefined : held.writes > writes;
  } finally {
    held?.release();
  }
}

/** Answers for this one session in the store's stead; every other goes on to the store. */
function holdApart({ session, sessionID: id, sessionStore }: Tried): Held | undefined {
  if (!session || typeof id !== 'string' || sessionStore === undefined) return undefined;
  const store = sessionStore as Store;
  let content: string | undefined;
  let release: () => void = () => undefined;
  const held: Held = { id, writes: 0, release: () => release() };
  const answers: { [method: string]: (...given: never[]) => void } = {
    get: (done: Done) => done(null, content === undefined ? undefined : JSON.parse(content)),
    set: (kept: unknown, done?: Done) => {
      content = JSON.stringify(kept);
      held.writes += 1;
      done?.(null);
    },
    touch: (_kept: unknown, done?: Done) => done?.(null),
    destroy: (done?: Done) => done?.(null),
  };
  for (const [method, answer] of Object.entries(answers)) {
    const real = store[method];
    if (typeof real !== 'function') continue;
    const own = Object.getOwnPropertyDescriptor(store, method);
    const standIn = function (this: unknown, asked: unknown, ...given: unknown[]): unknown {
      return asked === id ? answer(...(given as never[])) : (real.call(this, asked, ...given) as unknown);
    };
    if (!Reflect.defineProperty(store, method, { configurable: true, writable: true, value: standIn })) {
      release();
      return undefined;
    }
    const before = release;
    release = () => {
      before();
      if (own) Object.defineProperty(store, method, own);
      else Reflect.deleteProperty(store, method);
    };
  }
  return held;
}
