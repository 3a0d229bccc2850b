// Who is signed in, as hosts tell it: ids of every kind, a look-up that takes time, a user that only the host's own
// guard knows, and ways in beside the log-in form. The guard asks for state, so none of them gets around it.
import { expect } from 'chai';
import type { Express, Request, RequestHandler } from 'express';
import { requireMfa, type Mfa, type MfaOptions, type User } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { hostData, testApp, type TestApp, type TestAppOptions, userOfSession } from '../support/app.js';

describe('a host', () => {
  let app: TestApp;
  const open = async (options: TestAppOptions) => (app = await testApp({ policy: 'no-prompt', ...options }));
  afterEach(() => app.close());

  const objectId = (hex: string) => ({ toHexString: () => hex, toString: () => hex });
  const ids: [what: string, id: User['id'], same: User['id']][] = [
    ['numbers', 7, 7],
    ['numbers and texts of one key', 7, '7'],
    ['ObjectIds', objectId('65f0c0ffee0000000000beef'), objectId('65f0c0ffee0000000000beef')],
    ['ObjectIds and their texts', objectId('65f0c0ffee0000000000beef'), '65f0c0ffee0000000000beef'],
    ['bigints', 9_007_199_254_740_993n, '9007199254740993'],
    ['UUIDs', '6f1c1f0e-7b0e-4b7e-8f0a-0a2f5d0c9b11', '6f1c1f0e-7b0e-4b7e-8f0a-0a2f5d0c9b11'],
    ['names', 'ada', 'ada'],
  ];
  for (const [what, id, same] of ids)
    it(`may have user ids that are ${what}`, async () => {
      let told = id;
      await open({ user: (req) => (hostData(req).uid === undefined ? null : { id: told }) });
      const { secret } = await (await new Browser(app).signIn('x')).enrollTotp();
      told = same;
      const later = await new Browser(app).signIn('x');
      await later.jsonGet('/account').expect(403);
      await later.proveTotp(secret);
      told = id;
      await later.jsonGet('/account').expect(200);
      expect((await app.mfa.status(same))?.protected).to.equal(true);
    });

  for (const [id, shown] of [
    [2, 'You are signed in'],
    ['6f1c1f0e-7b0e-4b7e-8f0a-0a2f5d0c9b11', 'You are signed in'],
    [objectId('65f0c0ffee0000000000beef'), 'You are signed in'],
    ['V1StGXR8_Z5jdHi6B-myT', 'You are signed in'],
    ['ada', 'Signed in as ada'],
  ] as [User['id'], string][])
    it(`may tell no name: people with an id like ${JSON.stringify(id)} read "${shown}"`, async () => {
      await open({ user: (req) => (hostData(req).uid === undefined ? null : { id }) });
      const page = await (await new Browser(app).signIn('x')).htmlGet('/mfa').expect(200);
      expect(/<div class="mfa-account">\s*<span>([^<]*)/.exec(page.text)?.[1]?.replaceAll('\u2060', '')).to.equal(
        shown,
      );
      expect(page.text).to.contain('/mfa/sign-out');
    });

  it('may name a sign-in by whatever names a person, and is told of what has no text of its own', async () => {
    let signInId: unknown;
    await open({ user: (req) => (hostData(req).uid === undefined ? null : ({ id: 'ada', signInId } as User)) });
    for (const [first, same, other] of [
      [7, '7', 8],
      [9_007_199_254_740_993n, '9007199254740993', 9_007_199_254_740_994n],
      [objectId('65f0c0ffee'), objectId('65f0c0ffee'), objectId('65f0c0ff00')],
      ['x'.repeat(65_536), 'x'.repeat(65_536), 'x'.repeat(65_535)],
    ]) {
      signInId = first;
      await app.mfa.reset('ada', { by: 'ops' });
      const person = await new Browser(app).signIn('ada');
      await person.enrollTotp();
      signInId = same;
      await person.jsonGet('/account').expect(200);
      signInId = other;
      await person.jsonGet('/account').expect(403);
    }
    for (const [wrong, what] of [
      [{ sid: 'x' }, 'a value of type object'],
      [true, 'a value of type boolean'],
      ['x'.repeat(65_537), '65537 characters'],
    ] as const) {
      signInId = wrong;
      app.thrown.length = 0;
      await new Browser(app).signIn('ada').then((person) => person.jsonGet('/account').expect(500));
      expect(String(app.thrown.at(-1))).to.include(`\`signInId\` as ${what}`);
    }
  });

  it('may look its users up as it goes, or fail to', async () => {
    const table: { [uid: string]: User } = { ada: { id: 1, label: 'Ada' } };
    const user: MfaOptions['user'] = async (req) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { uid } = hostData(req);
      if (uid === 'lost') throw new Error('no connection');
      return table[uid as string];
    };
    await open({ user });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const later = await new Browser(app).signIn('ada');
    await later.jsonGet('/account').expect(403);
    await later.proveTotp(secret);
    expect(codeIn(await (await new Browser(app).signIn('lost')).jsonGet('/account').expect(500))).to.equal(
      'host.user_failed',
    );
    await (await new Browser(app).signIn('gone')).jsonGet('/account').expect(200);
  });

  it('may know its user in its own guard only', async () => {
    const own: RequestHandler = (req, res, next) => {
      const { uid } = hostData(req);
      if (uid === undefined) return res.redirect(303, '/login');
      (req as Request & { account?: User }).account = { id: uid as string };
      next();
    };
    const routes = (host: Express, mfa: Mfa) =>
      host.get('/private', own, requireMfa(mfa), (req, res) => void res.json({ mfa: req.mfa?.state }));
    await open({
      // Our pages are reached before the host's guard runs: there `user` reads what that guard would.
      user: (req) => (req as Request & { account?: User }).account ?? userOfSession(req),
      host: { guard: false, routes },
    });
    expect((await new Browser(app).htmlGet('/private')).headers.location).to.equal('/login');
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const later = await new Browser(app).signIn('ada');
    await later.htmlGet('/private').expect(303).expect('Location', '/mfa/verify');
    await later.proveTotp(secret);
    expect((await later.jsonGet('/private').expect(200)).body.mfa).to.equal('elevated');
  });

  it('may sign in by a cookie that outlives the session, which proves no second factor', async () => {
    const autoLogin: RequestHandler = (req, _res, next) => {
      const remembered = /\bremember=(\w+)/.exec(req.headers.cookie ?? '')?.[1];
      if (remembered !== undefined && hostData(req).uid === undefined) hostData(req).uid = remembered;
      next();
    };
    await open({ host: { between: (host) => host.use(autoLogin) } });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const returning = new Browser(app, { Cookie: 'remember=ada' });
    expect((await returning.htmlGet('/account')).headers.location).to.equal('/mfa/verify');
    await returning.jsonGet('/').expect(403);
    const person = await new Browser(app).signIn('ada');
    await person.proveTotp(secret);
    await person.jsonGet('/').expect(200);
  });

  it('may take HTTP basic, which is a password and no more', async () => {
    const basic = (req: Request) => {
      const [, given = ''] = /^Basic (.+)$/.exec(req.headers.authorization ?? '') ?? [];
      return Buffer.from(given, 'base64').toString().split(':')[0];
    };
    await open({ user: (req) => (basic(req) ? { id: basic(req)! } : userOfSession(req)) });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const Authorization = `Basic ${Buffer.from('ada:pw').toString('base64')}`;
    const person = new Browser(app, { Authorization });
    await person.jsonGet('/account').expect(403);
    await person.proveTotp(secret);
    await person.jsonGet('/account').expect(200);
    await new Browser(app, { Authorization }).jsonGet('/account').expect(403);
  });

  it('may let machines in by a verified token, but not people who sign in beside it', async () => {
    const user = (req: Request): User | null =>
      req.headers['x-api-key'] === 'verified' ? { id: 'ada', via: 'token' } : userOfSession(req);
    await open({ user });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const machine = { 'X-API-Key': 'verified' };
    await new Browser(app, machine).jsonGet('/account').expect(200);
    await new Browser(app, machine).jsonGet('/mfa').expect(401);
    const person = await new Browser(app).signIn('ada');
    await person.jsonGet('/mfa').expect(200);
    await person.jsonGet('/account', machine).expect(401);
    await person.jsonGet('/account').expect(403);
    await person.proveTotp(secret);
  });
});
