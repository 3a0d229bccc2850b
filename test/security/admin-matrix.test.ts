// Attack: somebody comes to a route of administration who may not: a stranger, an administrator without that right, without a second
// factor, by a pass or a backup code, on hold, suspended, for their own account, for that of another administrator or tenant.
// Rule: each route is an entry of one list; each is asked here by everybody, so that one that was forgotten fails.
// Answer: 404 to strangers, 403 with `admin.*` or what is owed to administrators, and nothing is done.
import { expect } from 'chai';
import { adminRoutes } from '../../middleware/admin/routes.js';
import type { AdminRoute } from '../../middleware/admin/admin-route.js';
import { supportPass, totp } from '../../src/index.js';
import { fewBackupCodes } from '../support/app.js';
import { mfaAdminRouter, type AdminRight } from '../../src/admin.js';
import { Browser } from '../support/agent.js';
import { hostData } from '../support/app.js';
import { adminSite, allRights, home, reason, type AdminSite } from '../support/admin-site.js';
import { routesOf } from '../docs/surface.js';

type Row = {
  /** One of these rights opens it; none named: any administrator. */
  rights: readonly AdminRight[];
  /** Whether it takes a proof of the last ten minutes. */
  fresh?: true;
  /** What is done to an administrator's account by whoever has the right: refused, or asked for. */
  onAdmin?: 'refused-help' | 'asks';
  fields?: object;
};

const help: Row = { rights: ['help', 'decide'], fresh: true, onAdmin: 'refused-help' };
const decide: Row = { rights: ['decide'], fresh: true, onAdmin: 'asks' };

/** Every route, once more, in other words than the code's. */
const rows: { [route: string]: Row } = {
  'GET /': { rights: [] },
  'GET /charts/:name.csv': { rights: ['view'] },
  'POST /census': { rights: ['view'] },
  'GET /people': { rights: ['view'] },
  'POST /people': { rights: ['view'], fields: { text: 'pat' } },
  'GET /people/:person': { rights: ['view'] },
  'POST /people/:person/unlock': help,
  'POST /people/:person/grant': help,
  'POST /people/:person/end-trust': help,
  'POST /people/:person/owe-codes': help,
  'POST /people/:person/issue-pass': decide,
  'POST /people/:person/release': decide,
  'POST /people/:person/end-sign-ins': decide,
  'POST /people/:person/exempt': { ...decide, fields: { until: '2027-01-20' } },
  'POST /people/:person/end-exemption': decide,
  'POST /people/:person/suspend': decide,
  'POST /people/:person/resume': decide,
  'POST /people/:person/reset': decide,
  'GET /approvals': { rights: ['decide'] },
  'POST /approvals/:case/approve': { rights: ['decide'], fresh: true },
  'POST /approvals/:case/deny': { rights: ['decide'], fresh: true },
  'POST /approvals/:case/withdraw': { rights: ['help', 'decide', 'audit'], fresh: true },
  'POST /approvals/:case/collect': { rights: ['help', 'decide'], fresh: true },
  'GET /audit': { rights: ['audit'] },
  'GET /audit.csv': { rights: ['audit'] },
  'GET /audit.jsonl': { rights: ['audit'] },
  'POST /audit/verify': { rights: ['audit'] },
  'POST /audit/erase': { rights: ['audit'], fresh: true, fields: { userId: 'pat' } },
  'GET /policy': { rights: ['view'] },
  'GET /reports': { rights: ['audit'] },
  'POST /reports': { rights: ['audit'], fields: { from: '2026-01-01', to: '2026-02-01', seed: 'x' } },
  'GET /reports/:report.html': { rights: ['audit'] },
  'GET /reports/:report.csv': { rights: ['audit'] },
  'GET /reports/:report.json': { rights: ['audit'] },
  'GET /health': { rights: ['view'] },
  'POST /health/test-message': { rights: ['view'], fields: { kind: 'email' } },
};

const nameOf = ({ method, path }: AdminRoute) => `${method} ${path}`;
const combinations = Array.from({ length: 16 }, (_none, bits) => allRights.filter((_right, at) => bits & (1 << at)));
const isOpen = ({ rights }: Row, may: readonly AdminRight[]) =>
  rights.length === 0 || rights.some((right) => may.includes(right));

describe('the routes of administration', () => {
  let site: AdminSite;
  let pages: { [uid: string]: string };
  let ana: Browser & { secret: string };
  const tokens = new Map<string, string>();

  beforeEach(async () => {
    site = await adminSite();
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights, as: 'Ana' });
    site.people.set('ben', { name: 'Ben', isAdmin: true });
    site.people.set('pat', { name: 'Pat' });
    site.people.set('red', { name: 'Red', tenant: 'red' });
    ana = await site.enter('ana');
    await site.enter('ben');
    pages = {};
    for (const uid of ['ana', 'ben', 'pat', 'red']) pages[uid] = await site.pageOf(ana, uid);
  });
  afterEach(() => site.close());

  const addressOf = ({ path }: AdminRoute, uid = 'pat') =>
    home +
    path
      .replace(':person', pages[uid]?.split('/').at(-1) ?? '')
      .replace(':case', 'pXq3vT0b1mXc')
      .replace(':report', 'pXq3vT0b1mXcdefg')
      .replace(':name', 'verifications');

  async function ask(by: Browser, route: AdminRoute, uid?: string, token = true) {
    const to = addressOf(route, uid);
    if (route.method === 'GET') return by.jsonGet(to);
    const body = { reason, ...rows[nameOf(route)]?.fields };
    return by.postJson(to, body, token ? { 'X-CSRF-Token': await tokenOf(by) } : {});
  }

  /** As a page keeps it: asked for once in a session. */
  async function tokenOf(by: Browser): Promise<string> {
    const known = tokens.get(by.sessionCookie) ?? (await by.csrf());
    tokens.set(by.sessionCookie, known);
    return known;
  }

  /** What was done to people: nothing but looks counts as nothing. */
  const doings = () =>
    site.events
      .map(({ name }) => name)
      .filter((name) =>
        /^(case|reset|suspend|resume|exempt|pass|unlock|grant|sign-ins|backup-codes-owed|release)/.test(name),
      );

  it('have a row each, and no row is without a route', () => {
    expect(adminRoutes.map(nameOf).sort()).to.deep.equal(Object.keys(rows).sort());
    const router = mfaAdminRouter(site.mfa, { admin: () => null });
    expect(routesOf(router).sort()).to.deep.equal(Object.keys(rows).sort());
    for (const route of adminRoutes)
      expect(route.does === 'change', nameOf(route)).to.equal(rows[nameOf(route)]?.fresh === true);
  });

  it('are 404 to whoever is nobody, no administrator, a machine, or somebody whose role is gone', async () => {
    const nobody = new Browser(site);
    const pat = await site.enter('pat');
    const machine = await new Browser(site).signIn('ana', { via: 'token' });
    for (const route of adminRoutes) {
      expect((await ask(nobody, route, 'ben', false)).status, nameOf(route)).to.equal(404);
      expect((await ask(machine, route, 'ben', false)).status, nameOf(route)).to.equal(404);
      const refused = await ask(pat, route, 'ben');
      expect(refused.status, nameOf(route)).to.equal(404);
      expect(refused.body.code).to.equal('session.verification_session_not_found');
    }
    site.people.set('ana', { name: 'Ana' });
    for (const route of adminRoutes) expect((await ask(ana, route)).status, nameOf(route)).to.equal(404);
    site.people.set('ana', { name: 'Ana', rights: allRights });
    for (const path of ['/nowhere', '/people/x/y/z', '/approvals/x/eat']) await ana.jsonGet(home + path).expect(404);
    expect(doings()).to.deep.equal([]);
  });

  for (const may of combinations) {
    it(`open to ${may.join(', ') || 'no right at all'} what is theirs, and nothing else`, async () => {
      await ana.proveTotp(ana.secret);
      site.people.set('ana', { name: 'Ana', isAdmin: true, rights: may });
      for (const route of adminRoutes) {
        const row = rows[nameOf(route)]!;
        const before = doings().length;
        const { status, body } = await ask(ana, route);
        const refused = status === 403 && body.code === 'admin.not_allowed';
        expect(refused, `${nameOf(route)}: ${status} ${String(body.code)}`).to.equal(!isOpen(row, may));
        if (refused) expect(doings().length, nameOf(route)).to.equal(before);
        // What closes the person's account to others is lifted again.
        if (!refused && route.path.endsWith('/suspend')) await site.mfa.resume('pat', { by: 'test' });
      }
      const told = site.events.filter(({ name }) => name === 'admin-refused');
      expect(told.length > 0).to.equal(Object.values(rows).some((row) => !isOpen(row, may)));
    });
  }

  it('change nothing for the own account, and on that of another administrator wait for a second one', async () => {
    for (const route of adminRoutes.filter(({ path }) => path.startsWith('/people/:person/'))) {
      await ana.proveTotp(ana.secret);
      expect((await ask(ana, route, 'ana')).body.code, nameOf(route)).to.equal('admin.own_account');
      site.people.set('ana', { name: 'Ana', rights: ['view', 'help'] });
      const asHelp = (await ask(ana, route, 'ben')).body.code as string;
      expect(asHelp, nameOf(route)).to.equal('admin.not_allowed');
      site.people.set('ana', { name: 'Ana', rights: allRights });
      const { status, body } = await ask(ana, route, 'ben');
      expect([body.code, status], nameOf(route)).to.be.deep.oneOf([
        ['admin.approval_required', 409],
        ['admin.not_applicable', 409],
      ]);
    }
    const applied = site.events.filter(({ name, userId }) => userId === 'ben' && name === 'case-opened');
    expect(applied.length).to.be.above(5);
    expect(doings().filter((name) => name !== 'case-opened')).to.deep.equal([]);
  });

  it('know nobody of another tenant', async () => {
    site.people.set('ana', { name: 'Ana', rights: allRights, ofTenant: 'blue' });
    for (const route of adminRoutes.filter(({ path }) => path.includes(':person'))) {
      const refused = await ask(ana, route, 'red');
      expect([refused.status, refused.body.code], nameOf(route)).to.deep.equal([
        404,
        'session.verification_session_not_found',
      ]);
    }
    expect((await ana.json(`${home}/people`, { text: 'Red' })).body.people).to.deep.equal([]);
    expect((await ana.json(`${home}/people`, { text: 'red' })).body.people).to.deep.equal([]);
    expect(doings()).to.deep.equal([]);
  });

  it('lead on whoever has proved nothing, and refuse a change by an old proof', async () => {
    const again = await new Browser(site).signIn('ana');
    for (const route of adminRoutes) {
      const pending = await ask(again, route);
      expect(pending.body.code, nameOf(route)).to.equal('session.mfa.require_mfa_verification');
    }
    expect((await again.htmlGet(`${home}/people`)).headers['location']).to.equal('/mfa/verify');
    site.clock.advance(601);
    for (const route of adminRoutes) {
      const { body } = await ask(ana, route);
      const owed = body.code === 'session.mfa.step_up_required';
      expect(owed, nameOf(route)).to.equal(rows[nameOf(route)]?.fresh === true);
      if (owed) expect(body.stepUp).to.include({ why: 'expired', maxAgeSeconds: 600 });
    }
    expect(doings()).to.deep.equal([]);
  });

  it('are closed to an administrator vouched for by an issuer, who has proved nothing here', async () => {
    await site.close();
    const issuer = 'https://login.acme.example';
    site = await adminSite({
      upstream: { [issuer]: { mfa: 'accept', insteadOfOwnFactor: true } },
      host: {
        between: (app, mfa) =>
          void app.post('/sso', (req, res, next) => {
            const upstream = { issuer, subject: 'ana', authTime: mfa.kernel.now(), amr: ['pwd', 'otp'], acr: [] };
            hostData(req).uid = 'ana';
            mfa.signedIn(req, { upstream }).then(() => void res.json({}), next);
          }),
      },
    });
    for (const uid of ['ana', 'ben']) site.people.set(uid, { name: uid, isAdmin: true, rights: allRights });
    await site.enter('ana');
    site.clock.advance(1);
    const vouched = new Browser(site);
    await vouched.agent.post('/sso').expect(200);
    await vouched.jsonGet('/account').expect(200);
    for (const route of adminRoutes) {
      const { status, body } = await ask(vouched, route, 'ben');
      expect([status, body.code], nameOf(route)).to.deep.equal([401, 'session.mfa.step_up_required']);
    }
    expect(doings()).to.deep.equal([]);
  });

  it('are closed to an administrator without a method, suspended, shown to another, or in by a backup code or a pass', async () => {
    await site.close();
    site = await adminSite({ factors: [totp(), fewBackupCodes(), supportPass()] });
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights });
    ana = await site.enter('ana');
    const shown = await new Browser(site).signIn('ana', { impersonator: { id: 'zed' } });
    for (const route of adminRoutes)
      expect((await ask(shown, route, 'pat', false)).body.code, nameOf(route)).to.equal('session.mfa.impersonated');
    site.people.set('new', { name: 'New', isAdmin: true, rights: allRights });
    const bare = await new Browser(site).signIn('new');
    await site.mfa.exempt('new', { by: 'test', until: new Date(site.clock.now() + 86_400_000) });
    for (const route of adminRoutes)
      expect((await ask(bare, route)).body.code, nameOf(route)).to.equal('user.missing_mfa');
    site.people.set('sam', { name: 'Sam', isAdmin: true, rights: allRights });
    const { codes } = await (await new Browser(site).signIn('sam')).enrollTotp();
    const byCode = await new Browser(site).signIn('sam');
    expect((await byCode.answer('backup-codes', codes[0])).status).to.equal(200);
    for (const route of adminRoutes) {
      const { body } = await ask(byCode, route);
      expect([body.code, body.stepUp?.why], nameOf(route)).to.deep.equal(['session.mfa.step_up_required', 'kind']);
    }
    const { pass } = await site.mfa.issuePass('sam', { by: 'test', reason });
    const byPass = await new Browser(site).signIn('sam');
    expect((await byPass.answer('pass', pass)).status).to.equal(200);
    for (const route of adminRoutes)
      expect((await ask(byPass, route)).body.code, nameOf(route)).to.equal('session.mfa.on_hold');
    await byPass.enrollTotp();
    for (const route of adminRoutes)
      expect((await ask(byPass, route)).body.code, nameOf(route)).to.equal('session.mfa.on_hold');
    const token = await ana.csrf();
    await site.mfa.suspend('ana', { by: 'test' });
    for (const route of adminRoutes) {
      const [to, headers] = [addressOf(route), { 'X-CSRF-Token': token }];
      const { body } = await (route.method === 'GET' ? ana.jsonGet(to) : ana.postJson(to, { reason }, headers));
      expect(body.code, nameOf(route)).to.equal('session.mfa.suspended');
    }
    expect(doings().filter((name) => !/^(exempted|pass-|suspended)/.test(name))).to.deep.equal([]);
  });

  it('take no form from another site, without a token, or without a reason', async () => {
    for (const route of adminRoutes.filter(({ method }) => method === 'POST')) {
      expect((await ask(ana, route, 'pat', false)).body.code, nameOf(route)).to.equal('request.csrf');
      const foreign = await ana.json(addressOf(route), { reason }, { Origin: 'https://evil.example' });
      expect(foreign.body.code, nameOf(route)).to.equal('request.csrf');
      if (rows[nameOf(route)]?.fresh !== true || route.path.includes(':case')) continue;
      const bare = await ana.json(addressOf(route), { ...rows[nameOf(route)]?.fields, reason: '  1.' });
      expect(bare.body.code, nameOf(route)).to.equal('admin.reason_missing');
    }
    expect(doings()).to.deep.equal([]);
  });
}).timeout(60_000);
