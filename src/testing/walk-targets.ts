// What a walk over an app asks for: each route with a path that meets it, each mount that may answer by itself, and our
// own set-up pages. Asks for nothing itself.
import type { AllowedRoute } from '../options.js';
import type { Discovery, Unseen } from './route-walk.js';

export type Target = {
  method: string;
  /** As the app wrote it. */
  path: string;
  /** The path to ask for. */
  sample: string;
  /** Something under `use`, which leaves most paths to what comes after it. */
  mount?: true;
};

export type Targets = {
  /** The host's. */
  routes: Target[];
  /** Ours, where an authenticator or a preference is changed, and those of administration. */
  closed: Target[];
  unseen: string[];
  functions: string[];
};

/** Of `app.all`. */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const kinds = ['totp', 'webauthn', 'email', 'sms'];

export function targetsOf({ routes, unseen }: Discovery, base: string): Targets {
  const asked = routes.flatMap(({ method, ...route }) =>
    (method === 'ALL' ? methods : [method]).map((each) => ({ ...route, method: each })),
  );
  const host = asked.filter(({ own }) => !own);
  const known = host.flatMap(({ method, path, sample }) => (sample === undefined ? [] : [{ method, path, sample }]));
  const blind = host.filter(({ sample }) => sample === undefined).map(({ method, path }) => `${method} ${path}`);
  return {
    routes: distinct([...known, ...unseen.flatMap(mountTargets)]),
    closed: distinct(
      asked
        .filter(({ own, administration, path }) => administration ?? (own && changes(path.slice(base.length))))
        .flatMap(ofEachKind),
    ),
    unseen: [...new Set([...blind, ...unseen.flatMap(({ what, path, name }) => opaque(what, path, name))])],
    functions: [
      ...new Set(
        unseen.filter(({ what, path, guarded }) => isAppWide({ what, path }) && !guarded).map(({ name }) => name),
      ),
    ],
  };
}

const isAppWide = ({ what, path }: Pick<Unseen, 'what' | 'path'>) => what === 'middleware' && path === '/';
const changes = (path: string) =>
  /^\/(setup|backup-codes|authenticators|preferences|trusted-browsers)(\/|$)/.test(path);

function ofEachKind({ method, path }: { method: string; path: string }): Target[] {
  const written = path.includes(':factor') ? kinds.map((kind) => path.replace(':factor', kind)) : [path];
  return written.map((each) => ({ method, path: each, sample: each.replace(/:\w+/g, 'x') }));
}

/** An app or a function under a path of its own. */
function mountTargets({ what, path }: Unseen): Target[] {
  if ((what !== 'app' && what !== 'middleware') || path === '/' || !/^[\w/.~-]+$/.test(path)) return [];
  return ['GET', 'POST'].map((method) => ({ method, path, sample: path, mount: true }));
}

function opaque(what: Unseen['what'], path: string, name: string): string[] {
  if (what === 'app') return [`all routes of the Express app at ${path}`];
  if (what === 'static') return [`all files at ${path}`];
  return what === 'mount' ? [`all routes of ${name} at ${path}`] : [];
}

function distinct(targets: readonly Target[]): Target[] {
  return [...new Map(targets.map((target) => [`${target.method} ${target.path}`, target])).values()];
}

export function isAllowed({ method, path, sample }: Target, allow: readonly AllowedRoute[] = []): boolean {
  return allow.some((one) => {
    const allowed = typeof one === 'string' ? { path: one, method } : one;
    return [path, sample].includes(allowed.path) && allowed.method.toUpperCase() === method;
  });
}

/**
 * The path of our routers, as the app mounts them.
 * @throws Error where they are not to be seen
 */
export function baseOf({ routes }: Discovery): string {
  const own = routes.find(({ own, administration, path }) => own && !administration && /^[^…]*\/verify$/.test(path));
  if (own) return own.path.slice(0, -'/verify'.length);
  throw new Error('walkPending: the MFA pages are not to be seen in this app. Say where they are, with `base`.');
}
