// What the doctor says of the app: session and proxy, where guard and routers stand, and which routes no guard covers.
import type { MfaCore } from '../mfa.js';
import { discoverRoutes, type Discovery, type Unseen } from '../testing/route-walk.js';
import type { Findings } from '../checks/finding.js';
import { probeResave } from './resave-probe.js';
import { probeSession, type SessionFacts } from './session-probe.js';
import { count } from '../checks/count.js';

type App = { get?(setting: string): unknown };

export async function examineApp(mfa: MfaCore, app: object, findings: Findings): Promise<void> {
  const found = discoverRoutes(app);
  const session = await examineSession(mfa, app, found, findings);
  examineProxy(mfa, app, session, findings);
  examineOrder(found, findings);
  examineRoutes(mfa, found, findings);
  examineUnseen(found, findings);
}

async function examineSession(mfa: MfaCore, app: object, { unseen }: Discovery, findings: Findings) {
  const check = 'session';
  if (unseen.some(({ name }) => name === '_cookieSession')) {
    findings.fail(
      check,
      'cookie-session cannot give a session a new id. Use express-session with a store on the server.',
    );
    return undefined;
  }
  const middleware = unseen.find(({ name }) => name === 'session');
  if (!middleware) {
    findings.warn(check, 'No express-session was seen; where another function wraps it, check its cookie by hand.');
    return undefined;
  }
  const facts = await probeSession(middleware.handle, app);
  if (!facts) {
    findings.warn(check, 'express-session made no session when it was asked: its store is not connected.');
    return undefined;
  }
  const production = mfa.config.environment === 'production';
  const level = production ? findings.fail : findings.warn;
  if (!facts.canRegenerate) findings.fail(check, 'Its sessions cannot be given a new id.');
  if (!facts.httpOnly) findings.fail(check, 'Its cookie is not httpOnly: a script could read it.');
  if (facts.secure === 'never' && (production || isHttps(mfa))) {
    level(check, "Its cookie also travels over plain http. Set `cookie: { secure: 'auto' }` or `secure: true`.");
  }
  if (facts.sameSite === 'none')
    findings.warn(check, 'Its cookie is sent along from every other site (sameSite none).');
  if (facts.store === 'MemoryStore') level(check, 'Its MemoryStore leaks, and forgets everybody at every restart.');
  if ((await probeResave(middleware.handle, app)) === true) {
    findings.warn(
      check,
      '`resave: true`: a request that is slow to end writes back what was dropped. Set it to false.',
    );
  }
  findings.ok(
    check,
    `Kept in ${facts.store}; cookie secure: ${facts.secure}, httpOnly, sameSite: ${String(facts.sameSite)}.`,
  );
  return facts;
}

function isHttps({ kernel }: MfaCore): boolean {
  return kernel.settings.origins.some((origin) => origin.startsWith('https://'));
}

function examineProxy(mfa: MfaCore, app: App, session: SessionFacts | undefined, findings: Findings): void {
  const check = 'proxy';
  const trust: unknown = app.get?.('trust proxy');
  if (trust === true && mfa.config.web.trustedNetworks.length > 0) {
    findings.fail(
      check,
      '`trust proxy` is true, so anybody can forge their address, and none of `trustedNetworks` counts.',
    );
  } else if (trust === true) {
    findings.warn(check, '`trust proxy` is true: anybody can forge their address. Give the number of your proxies.');
  } else if (!trust && session && session.secure !== 'never' && isHttps(mfa)) {
    const told = session.secure === 'always' ? 'the secure cookie is never set' : 'the cookie is not made secure';
    findings.warn(
      check,
      `\`trust proxy\` is off: unless this process ends TLS itself, ${told}. Set it to 1 behind one proxy.`,
    );
  }
  findings.ok(
    check,
    trust
      ? `\`trust proxy\` is ${typeof trust === 'number' || typeof trust === 'string' ? trust : 'set'}.`
      : '`trust proxy` is off.',
  );
}

function examineOrder({ order, guards, routes }: Discovery, findings: Findings): void {
  const check = 'mount order';
  const at = (name: string) => order.indexOf(name);
  const own = at('own');
  const guard = at('guard');
  const session = at('session');
  if (!routes.some((route) => route.own && !route.byToken))
    findings.fail(check, "The MFA pages are not mounted: `app.use('/mfa', mfaRouter(mfa))`.");
  if (guards.length === 0)
    findings.fail(check, 'There is no guard: `app.use(requireMfa(mfa))`, after sign-in, before the routes.');
  else if (guard < 0)
    findings.warn(check, 'The guard stands on single routes only; mounted once for the app, it forgets none.');
  if (own >= 0 && guard >= 0 && guard < own) {
    findings.fail(check, 'The guard stands before the MFA pages, so nobody can reach them. Mount mfaRouter first.');
  }
  const first = Math.min(...[own, guard].filter((place) => place >= 0));
  if (session > first) findings.fail(check, 'express-session stands after express-mfa. Mount it first.');
  const soft = guards.filter(({ mode, rollOutPercent }) => mode === 'report' || rollOutPercent < 100);
  for (const { path, mode, rollOutPercent } of soft) {
    findings.warn(
      check,
      `The guard at ${path} ${mode === 'report' ? 'only reports' : `stops ${rollOutPercent} % of people`}.`,
    );
  }
  findings.ok(check, 'Session, MFA pages, guard.');
}

/** Sign-in and sign-out are open by their nature, and are not told. */
function examineRoutes({ config }: MfaCore, { routes }: Discovery, findings: Findings): void {
  const check = 'routes';
  const { signInUrl, signOut } = config.web;
  const open = [signInUrl, signOut.path];
  const hosts = routes.filter(({ own }) => !own);
  const uncovered = hosts.filter(({ guarded, path }) => !guarded && !open.includes(path));
  for (const { method, path, reported } of uncovered) {
    findings.warn(check, `No guard covers ${method} ${path}${reported ? ', one only reports' : ''}.`);
  }
  findings.ok(check, `A guard covers all ${count(hosts.length, 'route')} of the app but sign-in and sign-out.`);
}

const opaque: { [what in Exclude<Unseen['what'], 'middleware'>]: string } = {
  app: 'is an Express app of its own: its routes cannot be seen. Run the doctor on it, or mount a Router',
  static: 'serves files',
  mount: 'is a router under a path that this Express does not tell',
};

function examineUnseen({ unseen }: Discovery, findings: Findings): void {
  const check = 'unseen';
  for (const { path, name, what, guarded } of unseen) {
    if (what === 'middleware' || guarded) continue;
    findings.warn(check, `${name} at ${path} ${opaque[what]}. No guard stands before it.`);
  }
  const functions = unseen.filter(({ what, guarded }) => what === 'middleware' && !guarded).map(({ name }) => name);
  findings.ok(check, 'No mounted app, no folder of files and no router out of sight.');
  if (functions.length === 0) return;
  const named = [...new Set(functions)].join(', ');
  findings.ok('functions', `Before any guard run ${named}: whether one of them answers by itself, only you can say.`);
}
