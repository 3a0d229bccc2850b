// An app with administrators and the pages by which they act, over HTTP: who is who stands in the directory, which a test
// changes. Everybody but a stranger has an authenticator app.
import {
  memoryCaseStore,
  mfaAdminRouter,
  type AdminRight,
  type DirectoryPerson,
  type FoundPerson,
} from '../../src/admin.js';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import { supportPass, totp, type MfaOptions, type User } from '../../src/index.js';
import { hostData, testApp, type HostOptions, type TestApp } from './app.js';
import { Browser } from './agent.js';
import { newFolder } from './folder.js';

export const home = '/admin/mfa';

/** What the app says of somebody: for the directory, and as an administrator. */
export type Known = DirectoryPerson & { rights?: readonly AdminRight[]; as?: string; ofTenant?: string };

export type AdminSite = TestApp & {
  readonly people: Map<string, Known>;
  /** Where reports are kept. */
  readonly folder: string;
  /** Signed in, with a proof made now. */
  enter(uid: string): Promise<Browser & { secret: string }>;
  /** The address of somebody's page, as the search tells it. */
  pageOf(by: Browser, uid: string): Promise<string>;
};

type AdminSiteOptions = Partial<MfaOptions> & {
  host?: HostOptions;
  fourEyes?: NonNullable<MfaOptions['administration']>['fourEyes'];
  stats?: NonNullable<MfaOptions['administration']>['stats'];
  /** How the directory tells all people; default: it does not. */
  all?: (people: ReadonlyMap<string, Known>) => AsyncIterable<FoundPerson>;
};

export async function adminSite(given: AdminSiteOptions = {}): Promise<AdminSite> {
  const { host, fourEyes, stats, all, audit = auditLog({ store: memoryAuditStore() }), ...options } = given;
  const people = new Map<string, Known>();
  const folder = newFolder('reports');
  const app = await testApp({
    factors: [totp(), supportPass()],
    user(req) {
      const { uid, via, impersonator } = hostData(req);
      return uid === undefined ? null : ({ id: uid, label: uid, via, impersonator } as User);
    },
    audit,
    administration: {
      cases: memoryCaseStore(),
      directory: {
        get: (id) => people.get(id),
        find: (text, { limit }) =>
          [...people]
            .map(([id, one]) => ({ id, ...one }))
            .filter(({ id, name = id }) => `${name} ${id}`.includes(text))
            .slice(0, limit),
        ...(all && { all: () => all(people) }),
      },
      reportsFolder: folder,
      ...(fourEyes && { fourEyes }),
      ...(stats && { stats }),
    },
    ...options,
    host: {
      ...host,
      between: (express, mfa) => {
        host?.between?.(express, mfa);
        express.use(
          home,
          mfaAdminRouter(mfa, {
            admin(req) {
              const { rights, as, ofTenant } = people.get(String(hostData(req).uid)) ?? {};
              return rights && { may: rights, ...(as && { name: as }), ...(ofTenant && { tenant: ofTenant }) };
            },
          }),
        );
      },
    },
  });
  return {
    ...app,
    people,
    folder,
    async enter(uid) {
      const browser = await new Browser(app).signIn(uid);
      const { secret } = await browser.enrollTotp();
      return Object.assign(browser, { secret });
    },
    async pageOf(by, uid) {
      const { body } = await by.json(`${home}/people`, { text: uid });
      const [first] = (body as { people: { url: string }[] }).people;
      if (!first) throw new Error(`Nobody was found for ${uid}.`);
      return first.url;
    },
    async close() {
      await audit.close();
      await app.close();
    },
  };
}

export const allRights: readonly AdminRight[] = ['view', 'help', 'decide', 'audit'];
export const reason = 'lost phone, seen in person';
