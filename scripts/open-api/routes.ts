// The routes as the routers have them, with all that brings routes of its own turned on.
import { mfaAdminRouter } from '../../src/admin.js';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import { backupCodes, createMfa, mfaRouter, passkeySignInRouter, totp, webauthn } from '../../src/index.js';

type Layer = { route?: { path: string; methods: { [method: string]: boolean } }; handle?: { stack?: Layer[] } };

/** What browsers load, which is no JSON. */
const forBrowsers = ['GET /assets/:file', 'GET /passkey-sign-in.js'];

/** `GET /verify/:factor` of every route of a router, nested ones included. */
function routesOf(router: unknown): string[] {
  const { stack = [] } = router as { stack?: Layer[] };
  return stack.flatMap(({ route, handle }) =>
    route
      ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
      : handle?.stack
        ? routesOf(handle)
        : [],
  );
}

export function readRoutes(): { people: string[]; admin: string[] } {
  const mfa = createMfa({
    appName: 'Document',
    secrets: ['a secret of thirty-two bytes, and more'],
    factors: [webauthn(), totp(), backupCodes()],
    user: () => null,
    audit: auditLog({ store: memoryAuditStore() }),
    openApi: true,
  });
  const own = [...routesOf(mfaRouter(mfa)), ...routesOf(passkeySignInRouter(mfa, { signIn: () => true }))];
  return {
    people: [...new Set(own)].filter((route) => !forBrowsers.includes(route)),
    admin: routesOf(mfaAdminRouter(mfa, { admin: () => null })),
  };
}

/** Routes that nobody described, and descriptions without a route, each with what to do about it. */
export function misfits(table: { [route: string]: unknown }, routes: readonly string[], file: string): string[] {
  const again = 'Then run `npm run docs:openapi`.';
  const undescribed = routes
    .filter((route) => !Object.hasOwn(table, route))
    .map(
      (route) =>
        `The route ${route} is not described. Add '${route}' to ${file}: id, what it takes, answers and refuses with. ${again}`,
    );
  const stray = Object.keys(table)
    .filter((route) => !routes.includes(route))
    .map((route) => `There is no route ${route}. Take it out of ${file}. ${again}`);
  return [...undescribed, ...stray];
}
