// A request by a machine's token at the guard: a table of whose account, which path and which guard; and how often the store is
// asked for machines that come often.
import { expect } from 'chai';
import { memoryStore, requireMfa } from '../../../src/index.js';
import { Browser, codeIn } from '../../support/agent.js';
import { testApp, testClock, type TestApp } from '../../support/app.js';
import { tokenFirst } from '../../support/token-first.js';

const suspended = 'session.mfa.suspended';
const notSignedIn = 'session.not_signed_in';

describe("a machine's request at the guard", () => {
  let app: TestApp;
  let loads: string[] = [];
  before(async () => {
    const clock = testClock();
    const store = memoryStore({ clock });
    const load: typeof store.load = (userId) => {
      loads.push(userId);
      return store.load(userId);
    };
    app = await testApp({
      clock,
      store: { ...store, load },
      user: tokenFirst,
      recordMaxAgeSeconds: 10,
      allow: ['/open'],
      host: {
        guard: false,
        routes: (host, mfa) => {
          const answer = (_req: unknown, res: { json(body: object): void }) => res.json({ open: true });
          host.get('/refusing', requireMfa(mfa), answer);
          host.get('/passing', requireMfa(mfa, { anonymous: 'pass' }), answer);
          host.get('/reporting', requireMfa(mfa, { mode: 'report' }), answer);
          host.get('/nobody', requireMfa(mfa, { rollOutPercent: 0 }), answer);
          host.get('/open', requireMfa(mfa), answer);
        },
      },
    });
    await app.mfa.suspend('bot', { by: 'root', reason: 'stolen key' });
  });
  beforeEach(() => {
    app.clock.advance(60);
    app.events.length = 0;
    loads = [];
  });
  after(() => app.close());

  const ask = (owner: string, path: string, more: object = {}) =>
    new Browser(app, { Authorization: `Bearer verified-${owner}`, ...more }).jsonGet(path);
  const told = async () => {
    await app.mfa.settled();
    return app.events.map(({ name, userId, actor, reason, detail }) => [name, userId, actor, reason, detail]);
  };
  const passed = (owner: string) => ['token-request-passed', owner, 'system', undefined, undefined];
  const reported = (owner: string, code: string) => [
    'verification-required',
    owner,
    'user',
    undefined,
    { reported: true, code },
  ];
  const refused = (owner: string, reason: string | undefined, why: string) => [
    'session-refused',
    owner,
    'user',
    reason,
    { why },
  ];

  const second = { 'X-Api-Key': 'another' };
  const rows: [path: string, owner: string, more: object, code: string | undefined, event: unknown[]][] = [
    ['/refusing', 'plain', {}, undefined, passed('plain')],
    ['/passing', 'plain', {}, undefined, passed('plain')],
    ['/reporting', 'plain', {}, undefined, passed('plain')],
    ['/refusing', 'bot', {}, suspended, refused('bot', suspended, 'suspended')],
    ['/passing', 'bot', {}, suspended, refused('bot', suspended, 'suspended')],
    ['/open', 'bot', {}, undefined, passed('bot')],
    ['/reporting', 'bot', {}, undefined, reported('bot', suspended)],
    ['/nobody', 'bot', {}, undefined, reported('bot', suspended)],
    ['/refusing', 'plain', second, notSignedIn, refused('plain', undefined, 'beside-token')],
    ['/passing', 'plain', second, notSignedIn, refused('plain', undefined, 'beside-token')],
    ['/refusing', 'bot', second, notSignedIn, refused('bot', undefined, 'beside-token')],
    ['/reporting', 'plain', second, undefined, reported('plain', notSignedIn)],
  ];
  for (const [path, owner, more, code, event] of rows) {
    it(`of ${owner} at ${path}${more === second ? ', with another key beside,' : ''} is ${code ?? 'let through'}`, async () => {
      const answer = await ask(owner, path, more);
      expect(codeIn(answer), answer.text).to.equal(code);
      if (code === undefined) expect(answer.body).to.deep.equal({ open: true });
      else expect(answer.body).to.include({ url: code === suspended ? '/mfa' : '/login' });
      expect(await told()).to.deep.equal([event]);
    });
  }

  it('asks the store once for as long as a record is remembered, also where there is none', async () => {
    for (const owner of ['plain', 'bot']) {
      loads = [];
      for (let time = 0; time < 3; time += 1) await ask(owner, '/refusing');
      expect(loads, owner).to.deep.equal([owner]);
      app.clock.advance(10);
      await ask(owner, '/refusing');
      expect(loads, owner).to.deep.equal([owner, owner]);
    }
  });

  it('asks the store for nothing where the token alone decides', async () => {
    await ask('plain', '/refusing', second);
    await ask('plain', '/open');
    expect(loads).to.deep.equal([]);
  });
});
