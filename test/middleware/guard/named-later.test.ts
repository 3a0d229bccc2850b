// Whoever passed as nobody and is named later, where something fails as the answer leaves; what whoever wrote the app is told;
// and visitors of guards that refuse, that only report, or that stand under a prefix.
import { expect } from 'chai';
import { memoryStore, MfaError, requireMfa, type RequireMfaOptions, type User } from '../../../src/index.js';
import { Browser, codeIn } from '../../support/agent.js';
import { hostData, testApp, type TestAppOptions } from '../../support/app.js';
import { asBasic, lateRoutes, lateUser } from '../../support/late-users.js';
import { warningsOf } from '../../support/warnings.js';

const late = ({ host = {}, ...options }: TestAppOptions = {}) =>
  testApp({ user: lateUser, ...options, host: { routes: lateRoutes, ...host } });
const failing = () => ({ ...memoryStore(), load: () => Promise.reject(new MfaError('store.unavailable', 'away')) });

describe('an answer to somebody named behind the guard', () => {
  it('is refused where the store fails; and is not by a guard that only reports', async () => {
    const app = await late({ store: failing() });
    const answer = await new Browser(app, asBasic('ada')).jsonGet('/basic').expect(503);
    expect([codeIn(answer), answer.text.includes('of the host')]).to.deep.equal(['store.unavailable', false]);
    const reporting = await late({ store: failing(), host: { guard: { mode: 'report' } } });
    expect((await new Browser(reporting, asBasic('ada')).jsonGet('/basic').expect(200)).text).to.include('of the host');
    for (const each of [app, reporting]) await each.close();
  });

  it('is refused where the app says nonsense, which it is warned of', async () => {
    const app = await late({ policy: (() => 'none') as never });
    const warned = await warningsOf(async () => {
      const answer = await new Browser(app, asBasic('ada')).jsonGet('/basic').expect(500);
      expect([codeIn(answer), answer.text.includes('of the host')]).to.deep.equal(['host.user_failed', false]);
    });
    expect(warned.map(({ message }) => message).join()).to.include('policy');
    await app.close();
  });

  for (const how of ['at once', 'by a promise']) {
    it(`is refused where the host then fails ${how} to say who that is; a log-out is not`, async () => {
      const fail = (): User | null | Promise<User | null> => {
        const error = new Error('away');
        if (how === 'at once') throw error;
        return Promise.reject(error);
      };
      const app = await late({
        // Before any route has found somebody there is nobody.
        user: (req) =>
          (req as { late?: string }).late === undefined && hostData(req).uid === undefined ? null : fail(),
        host: {
          guard: false,
          between: (host, mfa) => {
            host.use(requireMfa(mfa, { anonymous: 'pass' }));
            host.get('/gone', (req, res, next) => {
              Object.assign(req, { late: 'ada' });
              req.session.destroy((error) => (error ? next(error) : void res.json({ left: true })));
            });
          },
        },
      });
      const person = new Browser(app, asBasic('ada'));
      const answer = await person.jsonGet('/basic').expect(500);
      expect([codeIn(answer), answer.text.includes('of the host')]).to.deep.equal(['host.user_failed', false]);
      expect((await person.htmlGet('/basic').expect(500)).text).not.to.include('href="/mfa"');
      expect((await person.jsonGet('/gone').expect(200)).body).to.deep.equal({ left: true });
      await app.close();
    });
  }

  it('names the page to go on at, and leaves nothing that the route said', async () => {
    const app = await late();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const { text, headers } = await new Browser(app, asBasic('ada')).htmlGet('/basic').expect(403);
    expect(text).to.include('href="/mfa">To two').and.not.include('of the host');
    expect(headers).to.include({ 'cache-control': 'no-store' }).and.not.have.property('x-secret');
    await app.close();
  });

  it('is not kept back for a suggestion', async () => {
    const app = await late();
    expect((await new Browser(app, asBasic('bob')).htmlGet('/basic').expect(200)).text).to.include('of the host');
    await app.close();
  });

  it('is warned of once for each route, also where nothing was owed; a log-in is not', async () => {
    const app = await late({ policy: 'no-prompt' });
    const warned = await warningsOf(async () => {
      for (const path of ['/basic', '/basic', '/basic/counted'])
        await new Browser(app, asBasic('bob')).jsonGet(path).expect(200);
      await new Browser(app).postJson('/enter', { uid: 'bob' }).expect(200);
      await new Browser(app).jsonGet('/public').expect(200);
    });
    const told = warned
      .filter(({ code }) => code === 'express-mfa.named_after_guard')
      .map(({ message }) => message.split(' answered')[0]);
    expect(told).to.deep.equal(['GET /basic', 'GET /basic/counted']);
    await app.close();
  });
});

describe('a visitor', () => {
  const guards: [what: string, options: RequireMfaOptions, account: number][] = [
    ['refuses', { anonymous: 'refuse' }, 303],
    ['only reports', { anonymous: 'refuse', mode: 'report' }, 200],
    ['passes visitors', { anonymous: 'pass' }, 200],
    ['asks visitors for a fresh proof', { anonymous: 'refuse', maxAgeSeconds: 60 }, 303],
  ];
  for (const [what, guard, account] of guards) {
    it(`of a guard that ${what} reaches the log-in page, by whatever a log-in needs, and a route with ${account}`, async () => {
      const app = await testApp({ signInUrl: '/enter', host: { guard } });
      const visitor = new Browser(app);
      for (const path of ['/enter', '/enter/']) expect((await visitor.htmlGet(path)).status, path).to.equal(404);
      expect((await visitor.post('/enter')).status).to.equal(404);
      expect((await visitor.agent.head('/enter')).status).to.equal(404);
      expect((await visitor.agent.put('/enter')).status).to.equal(account === 200 ? 404 : 401);
      expect((await visitor.htmlGet('/account')).status).to.equal(account);
      await app.close();
    });
  }

  it('of a guard under a prefix that lets visitors pass is warned of; of no other guard', async () => {
    const rows: [options: RequireMfaOptions, warnings: number][] = [
      [{ anonymous: 'pass' }, 1],
      [{ anonymous: 'pass', maxAgeSeconds: 60 }, 0],
      [{ anonymous: 'refuse' }, 0],
      [{}, 0],
    ];
    for (const [options, warnings] of rows) {
      const app = await testApp({
        host: { guard: false, routes: (host, mfa) => host.use('/under', requireMfa(mfa, options)) },
      });
      const warned = await warningsOf(async () => {
        for (const path of ['/under/x', '/under/y']) await new Browser(app).jsonGet(path);
      });
      const told = warned.filter(({ code }) => code === 'express-mfa.guard_under_prefix');
      expect(told, JSON.stringify(options)).to.have.length(warnings);
      await app.close();
    }
  });
});
