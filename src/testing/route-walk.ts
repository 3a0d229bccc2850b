// Lists the routes of an Express app (4 or 5), nested routers included, and says which of them stand behind a guard.
// Reads the routers' own lists and calls no route; what it cannot see into it names instead of leaving it out.
import { guardMark, type GuardMark } from '../core/words/guard-mark.js';
import { matches, mountsOf, restOf, sampleOf, type Layer, type Mount, type RouteLayer } from './route-layers.js';

export type DiscoveredRoute = {
  /** `GET`, or `ALL`. */
  method: string;
  /** As the app wrote it, mounts included: `/admin/users/:id`. A regular expression as its source. */
  path: string;
  /** Whether a guard that stops people runs before it. */
  guarded: boolean;
  /** A guard runs before it that only reports, or stops a share of people. */
  reported?: true;
  /** One of express-mfa's own. */
  own?: true;
  /** One of those for administrators alone. */
  administration?: true;
  /** One of those for directories, which no session opens. */
  byToken?: true;
  /** A path that meets the pattern, for whoever wants to ask for it; absent where none could be made up. */
  sample?: string;
};

export type Unseen = {
  path: string;
  /** The function's name. */
  name: string;
  /**
   * `app`: a mounted Express app, whose routes nothing tells. `static`: files from a folder. `mount`: a router under a path that
   * this release of Express does not tell. `middleware`: a function, which might answer by itself.
   */
  what: 'app' | 'static' | 'mount' | 'middleware';
  guarded: boolean;
  handle: (...values: unknown[]) => unknown;
};

export type GuardPlace = GuardMark & {
  path: string;
  /** Mounted with `use`, for all that follows; else on one route. */
  wide: boolean;
};

export type Discovery = {
  routes: DiscoveredRoute[];
  unseen: Unseen[];
  guards: GuardPlace[];
  /** What is under `use`, as a request meets it: names of functions, `guard`, and `own` for express-mfa's routers. */
  order: string[];
};

const administration = 'mfaAdminRoute';
/** Of directories, which come by a token of theirs: nobody is signed in there. */
const byToken = 'scimRoute';
/** Express's own first steps, which answer nothing, and our own last ones, which answer 404. */
const harmless = ['query', 'expressInit', 'mfaAdminNothing', byToken];
const ownRoutes = ['mfaRoute', 'mfaOpenRoute', 'mfaPasskeyEndpoints', administration, byToken];
/** Of our routers, what anybody may load. */
const ownFiles = ['/assets/:file', '/passkey-sign-in.js'];

/** Whether it runs for a request to that path, relative to its router; of an unknown path only what is sure. */
type Guard = { mark: GuardMark; covers: (path: string | undefined, method: string) => boolean };
/** One router on the way down: its guards so far, and the path of what is looked at, as this router sees it. */
type Frame = { guards: Guard[]; path: string | undefined };
type Place = { shown: string; frames: Frame[] };

/**
 * Everything that `app` can answer, as far as it can be seen.
 * @throws TypeError where `app` is no Express app or router
 */
export function discoverRoutes(app: unknown): Discovery {
  const stack = stackOf(app);
  if (!stack) throw new TypeError('This is no Express app: it has no list of routes.');
  const found: Discovery = { routes: [], unseen: [], guards: [], order: [] };
  walk(found, stack, { shown: '', frames: [] });
  return found;
}

/** @returns the guards that a request meets which goes through this router and comes out again */
function walk(found: Discovery, stack: readonly Layer[], place: Place): Guard[] {
  const guards: Guard[] = [];
  for (const layer of stack) {
    const { handle, route } = layer;
    const name = handle.name || 'anonymous';
    if (route) {
      guards.push(...walkRoute(found, layer, route, at(place, guards)));
    } else if (markOf(handle)) {
      const mark = markOf(handle) as GuardMark;
      for (const mount of mountsOf(layer)) {
        found.guards.push({ ...mark, path: descend(place, mount).shown || '/', wide: true });
      }
      found.order.push('guard');
      guards.push({ mark, covers: (path) => matches(layer, path) });
    } else if (handle.length < 4 && !harmless.includes(name)) {
      walkMount(found, layer, at(place, guards), guards);
    }
  }
  return guards;
}

/** A router or a function under `use`. */
function walkMount(found: Discovery, layer: Layer, place: Place, guards: Guard[]): void {
  const inner = stackOf(layer.handle);
  const name = layer.handle.name || 'anonymous';
  const through: Guard[][] = [];
  let isOwn = false;
  for (const mount of mountsOf(layer)) {
    const below = descend(place, mount);
    if (!inner || mount.shown === undefined) {
      const what = inner ? 'mount' : name === 'mounted_app' ? 'app' : name === 'serveStatic' ? 'static' : 'middleware';
      found.unseen.push({
        path: below.shown || '/',
        name,
        what,
        guarded: isCovered(below, 'GET').guarded,
        handle: layer.handle,
      });
    }
    if (!inner) continue;
    const before = found.routes.length;
    through.push(walk(found, inner, below));
    const within = found.routes.slice(before);
    if (!within.some((route) => route.own && !route.byToken)) continue;
    isOwn = true;
    for (const route of within) if (ownFiles.some((file) => route.path.endsWith(file))) route.own = true;
  }
  for (const { mark, covers } of through.flat()) {
    guards.push({ mark, covers: (path, method) => covers(restOf(layer, path), method) && matches(layer, path) });
  }
  if (isOwn || !inner) found.order.push(isOwn ? 'own' : name);
}

/** @returns the route itself as a guard, where it holds nothing else: `app.all('/admin/*', requireMfa(mfa))` */
function walkRoute(found: Discovery, layer: Layer, route: RouteLayer, place: Place): Guard[] {
  const methods = methodsOf(route);
  const paths = (Array.isArray(route.path) ? route.path.flat(Infinity) : [route.path]) as (string | RegExp)[];
  const through: Guard[] = [];
  for (const method of methods) {
    const steps = stepsOf(route, method);
    const last = steps.at(-1);
    const marks = steps.map(({ handle }) => markOf(handle)).filter((mark) => mark !== undefined);
    const isGuard = last !== undefined && markOf(last.handle) !== undefined;
    for (const path of paths) {
      const spot = descend(place, {
        shown: String(path),
        sample: typeof path === 'string' ? sampleOf(layer, path) : undefined,
      });
      for (const mark of marks) found.guards.push({ ...mark, path: spot.shown || '/', wide: false });
      if (isGuard) continue;
      const own = steps.some(({ handle }) => ownRoutes.includes(handle.name));
      const sample = spot.frames[0]?.path;
      found.routes.push({
        method,
        path: spot.shown || '/',
        ...isCovered(spot, method, marks),
        ...(own ? { own } : {}),
        ...(steps.some(({ handle }) => handle.name === administration) ? { administration: true as const } : {}),
        ...(steps.some(({ handle }) => handle.name === byToken) ? { byToken: true as const } : {}),
        ...(sample === undefined ? {} : { sample }),
      });
    }
    if (!isGuard) continue;
    const covers = (path: string | undefined, asked: string) =>
      (method === 'ALL' || method === asked) && matches(layer, path);
    through.push(...marks.map((mark) => ({ mark, covers })));
  }
  return through;
}

/** `app.all` registers every method by itself. */
function methodsOf({ methods }: RouteLayer): string[] {
  const names = Object.keys(methods).map((method) => method.toUpperCase());
  return methods['_all'] || (names.length > 20 && names.includes('GET')) ? ['ALL'] : names;
}

function stepsOf({ stack }: RouteLayer, method: string): RouteLayer['stack'] {
  const asked = method === 'ALL' ? 'get' : method.toLowerCase();
  return stack.filter((step) => step.method === undefined || step.method === asked);
}

function isCovered({ frames }: Place, method: string, more: readonly GuardMark[] = []) {
  const met = frames.flatMap(({ guards, path }) => guards.filter(({ covers }) => covers(path, method)));
  const marks = [...met.map(({ mark }) => mark), ...more];
  const guarded = marks.some(({ mode, rollOutPercent }) => mode === 'enforce' && rollOutPercent === 100);
  return { guarded, ...(!guarded && marks.length > 0 ? { reported: true as const } : {}) };
}

/** The place with the guards of the router it is in. */
function at({ shown, frames }: Place, guards: readonly Guard[]): Place {
  return { shown, frames: [...frames, { guards: [...guards], path: '' }] };
}

/** Further down: each router on the way sees a longer path, unknown once a part of it is. */
function descend({ shown, frames }: Place, mount: Mount): Place {
  const under = mount.shown ?? '…';
  return {
    shown: shown + (under === '/' ? '' : under),
    frames: frames.map(({ guards, path }) => ({
      guards,
      path: path === undefined || mount.sample === undefined ? undefined : path + mount.sample,
    })),
  };
}

function markOf(handle: unknown): GuardMark | undefined {
  return (handle as { [guardMark]?: GuardMark })[guardMark];
}

/** The layers of an app or router. Express 4 throws when asked for `app.router`, so `_router` comes first. */
function stackOf(of: unknown): readonly Layer[] | undefined {
  if (typeof of !== 'function' && (typeof of !== 'object' || of === null)) return undefined;
  const app = of as { stack?: unknown; set?: unknown; _router?: { stack?: unknown }; router?: { stack?: unknown } };
  if (Array.isArray(app.stack)) return app.stack as Layer[];
  if (typeof app.set !== 'function') return undefined;
  if (app._router) return app._router.stack as Layer[];
  try {
    return (app.router?.stack as Layer[] | undefined) ?? [];
  } catch {
    // An app of Express 4 without a single route.
    return [];
  }
}
