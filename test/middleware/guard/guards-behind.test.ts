// Whoever passed as nobody and is named behind the guard: what a guard behind it makes of them, which routes they may have found
// themselves at, and how those are named to whoever wrote the app.
import { Router } from 'express';
import { expect } from 'chai';
import { requireMfa } from '../../../src/index.js';
import { guardMark } from '../../../src/core/words/guard-mark.js';
import { Browser, codeIn } from '../../support/agent.js';
import type { TestAppOptions } from '../../support/app.js';
import { asBasic, basic, lateApp } from '../../support/late-users.js';
import type { RiskAssessor } from '../../../src/risk.js';
import { enrolled, levelsApp, levelsByBrowser, looking } from '../../support/risk-levels.js';
import { levels, recoveryApp } from '../../support/recovering.js';
import { warningsOf } from '../../support/warnings.js';

const answer = (_req: unknown, res: { json(body: object): void }) => res.json({ secret: 'of the host' });

describe('whoever is named behind the guard', () => {
  const policyOf: TestAppOptions['policy'] = ({ id }) => (id === 'carol' ? 'mandatory' : 'no-prompt');
  const make = () =>
    lateApp({
      policy: policyOf,
      allow: ['/open'],
      host: {
        routes: (host, mfa) => {
          host.get('/guarded', basic, requireMfa(mfa), answer);
          host.get('/reported', basic, requireMfa(mfa, { mode: 'report' }), answer);
          for (const path of ['/open', '/login']) host.all(path, basic, answer);
          host.get(/^\/by-pattern/, basic, answer);
          const under = Router();
          under.get('/:id', basic, answer);
          host.use('/under', under);
        },
      },
    });

  it('passes where a guard behind it lets them pass that stops people, and at what is open to anybody, unwarned', async () => {
    const app = await make();
    const warned = await warningsOf(async () => {
      await new Browser(app, asBasic('bob')).jsonGet('/guarded').expect(200);
      await new Browser(app, asBasic('ada')).jsonGet('/open').expect(200);
      await new Browser(app, asBasic('ada')).postJson('/login').expect(200);
    });
    expect(warned.filter(({ code }) => code === 'express-mfa.named_after_guard')).to.deep.equal([]);
    await app.close();
  });

  it('is stopped where something is owed, be it an answer or a set-up, also where a guard behind it only reports that', async () => {
    const app = await make();
    for (const [uid, code] of [
      ['ada', 'session.mfa.require_mfa_verification'],
      ['carol', 'user.missing_mfa'],
    ] as const)
      for (const path of ['/guarded', '/reported'])
        expect(codeIn(await new Browser(app, asBasic(uid)).jsonGet(path).expect(403)), uid).to.equal(code);
    await new Browser(app, asBasic('bob')).jsonGet('/reported').expect(200);
    await app.close();
  });

  it('is told of with the route as the app wrote it, or its path where it wrote a pattern', async () => {
    const app = await make();
    const thief = new Browser(app, asBasic('ada'));
    for (const [path, route] of [
      ['/under/7?x=1', 'GET /under/:id'],
      ['/by-pattern/7?x=1', 'GET /by-pattern/7'],
    ] as const) {
      // What was stopped before is told in a minute of its own.
      app.clock.advance(60);
      await app.mfa.settled();
      app.events.length = 0;
      await thief.jsonGet(path).expect(403);
      await app.mfa.settled();
      const [told] = app.events.filter(({ name }) => name === 'session-refused');
      expect(told?.detail).to.deep.equal({ why: 'named-after-guard', route });
    }
    await app.close();
  });
});

describe('a guard', () => {
  it('can be asked what it does, by whoever walks over the routes of an app', async () => {
    const { mfa, close } = await lateApp();
    const markOf = (options?: Parameters<typeof requireMfa>[1]) =>
      (requireMfa(mfa, options) as unknown as { [guardMark]: unknown })[guardMark];
    expect(markOf()).to.deep.equal({ mode: 'enforce', rollOutPercent: 100, anonymous: 'refuse' });
    const own = { mode: 'report', rollOutPercent: 5, anonymous: 'pass' } as const;
    expect(markOf({ ...own, maxAgeSeconds: 60 })).to.deep.equal(own);
    await close();
  });

  it('leads on to the wait for an administrator whoever comes back in the browser that began it, and nobody else', async () => {
    const app = await recoveryApp({ riskActions: { recovery: { high: 'approve' } }, verifyPassword: () => true });
    const { codes } = await app.owner();
    const who = await new Browser(app, levels.high).signIn('ada', { signedInBy: 'sso' });
    await who.answer('backup-codes', codes[0]);
    await who.agent.post('/login').set(who.headers).send({ uid: 'ada', signedInBy: 'sso' }).expect(200);
    await who.htmlGet('/account').expect(303).expect('Location', '/mfa/wait');
    const other = await new Browser(app, levels.high).signIn('ada', { signedInBy: 'sso' });
    await other.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    await app.close();
  });

  it('looks once at whoever passes where they are now, and keeps that until they move', async () => {
    let looks = 0;
    const lookUp: RiskAssessor['lookUp'] = async (asked) => ((looks += 1), levelsByBrowser.lookUp?.(asked) ?? {});
    const app = await levelsApp({ recordMaxAgeSeconds: 0, risk: { ...levelsByBrowser, lookUp } });
    const { browser } = await enrolled(app, 'ada');
    looks = 0;
    for (const nth of ['', '2', '2', '3', '3', '3']) await browser.jsonGet('/account', looking('low', nth)).expect(200);
    expect(looks).to.equal(2);
    await app.close();
  });
});
