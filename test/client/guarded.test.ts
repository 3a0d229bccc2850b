// Requests of the app that the guard stops: the step is asked for once per reason, reads are sent again, and whatever changes
// something only by the caller's word. No other site's answer leads anybody anywhere.
import { expect } from 'chai';
import express from 'express';
import type { OwedStep } from '../../src/client/index.js';
import { requireMfa } from '../../src/index.js';
import { code } from '../support/agent.js';
import { openSite, openTab, signIn } from './site.js';

async function site() {
  const sent: string[] = [];
  const opened = await openSite({
    host: {
      routes: (app, mfa) => {
        app.get('/fresh', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ fresh: true }));
        app.post('/pay', requireMfa(mfa, { maxAgeSeconds: 60 }), express.json(), (req, res) => {
          sent.push(JSON.stringify(req.body));
          res.json({ paid: true });
        });
      },
    },
  });
  const { app, client } = opened;
  const { secret } = await client.pendingSetup('totp');
  await client.confirm('totp', { code: code(secret, app.clock) });
  return { ...opened, secret, sent };
}

describe('a request that the guard stops', () => {
  it('is sent again after the step, which several requests ask for once', async () => {
    const { app, secret } = await site();
    const tab = openTab(app);
    await signIn(app, tab, 'anna');
    app.clock.advance(30);
    const steps: OwedStep[] = [];
    const guarded = tab.client.guarded(tab.fetch, {
      async onStep(owed) {
        steps.push(owed);
        await tab.client.verify('totp', { code: code(secret, app.clock) });
        return true;
      },
    });
    const answers = await Promise.all([1, 2, 3].map(() => guarded(`${app.url}/account`)));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(steps).to.have.length(1);
    expect(steps[0]).to.deep.equal({ step: 'verify', url: `${app.url}/mfa/verify`, availableFactors: ['totp'] });
    await app.close();
  });

  it('is sent once where it changes something, unless the caller lets it be sent again', async () => {
    const { app, tab, client, secret, sent } = await site();
    app.clock.advance(120);
    const asked: OwedStep[] = [];
    const onStep = async (owed: OwedStep) => {
      asked.push(owed);
      app.clock.advance(30);
      await client.verify('totp', { code: code(secret, app.clock) });
      return true;
    };
    const pay = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"to":"bob"}' };
    const answer = await client.guarded(tab.fetch, { onStep })(`${app.url}/pay`, pay);
    expect(answer.status).to.equal(401);
    expect(sent).to.deep.equal([]);
    expect(asked[0]).to.include({ step: 'step-up' });
    expect(asked[0]!.stepUp).to.include({ why: 'expired', maxAgeSeconds: 60 });
    app.clock.advance(120);
    const again = client.guarded(tab.fetch, { onStep, repeat: ({ url }) => url.endsWith('/pay') });
    expect((await again(`${app.url}/pay`, pay)).status).to.equal(200);
    expect(sent).to.deep.equal(['{"to":"bob"}']);
    await app.close();
  });

  it('comes to an end where the step is not done, fails, or the caller gives up', async () => {
    const { app, tab, client } = await site();
    app.clock.advance(120);
    const cancelled = client.guarded(tab.fetch, { onStep: () => false });
    const [one, two] = await Promise.all([cancelled(`${app.url}/fresh`), cancelled(`${app.url}/fresh`)]);
    expect([one.status, two.status]).to.deep.equal([401, 401]);
    expect(await one.json()).to.include({ code: 'session.mfa.step_up_required' });
    const failing = client.guarded(tab.fetch, { onStep: () => Promise.reject(new Error('closed')) });
    expect(await failing(`${app.url}/fresh`).catch(String)).to.match(/closed/);
    const giveUp = new AbortController();
    const waiting = client.guarded(tab.fetch, {
      onStep: () => {
        giveUp.abort();
        return new Promise(() => undefined);
      },
    });
    const ended = await waiting(`${app.url}/fresh`, { signal: giveUp.signal }).catch((error: unknown) => error);
    expect(ended).to.have.property('name', 'AbortError');
    await app.close();
  });

  it('is nobody else’s: another origin, another problem or a page elsewhere asks for no step', async () => {
    const { app, tab, client } = await site();
    const steps: OwedStep[] = [];
    const guarded = client.guarded(tab.fetch, {
      onStep(owed) {
        steps.push(owed);
        return true;
      },
    });
    const docs = 'https://github.com/express-mfa/express-mfa/blob/main/docs/errors.md#';
    const code = 'session.mfa.step_up_required';
    const problem = (more: object) => () =>
      new Response(
        JSON.stringify({ type: `${docs}${code}`, title: '', status: 401, code, url: `${app.base}/verify`, ...more }),
        {
          status: 401,
          headers: { 'Content-Type': 'application/problem+json' },
        },
      );
    for (const [url, more] of [
      ['https://evil.example/account', {}],
      [`${app.url}/account`, { url: 'https://evil.example/mfa/verify' }],
      [`${app.url}/account`, { url: '//evil.example/mfa/verify' }],
      [`${app.url}/account`, { url: '/mfa-evil/verify' }],
      [`${app.url}/account`, { url: 'javascript:alert(1)' }],
      [`${app.url}/account`, { type: 'about:blank' }],
      [`${app.url}/account`, { code: 'session.not_signed_in', type: `${docs}session.not_signed_in`, url: '/login' }],
    ] as const) {
      tab.network.answer = problem(more);
      expect((await guarded(url)).status).to.equal(401);
    }
    expect(steps).to.deep.equal([]);
    tab.network.answer = undefined;
    await app.close();
  });
});
