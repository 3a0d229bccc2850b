// Samples of the README, and of tests.
import { expect } from 'chai';
import supertest from 'supertest';
import * as testing from '../../../src/testing.js';
import { Browser } from '../../support/agent.js';
import type { Block } from '../markdown.js';
import { paste } from '../pasted.js';
import { asksAnew, keepsThiefOut, options, wholeApp, type Line } from '../sample-attacks.js';
import { openSample, type Placing } from '../sample-host.js';

const part = (block: Block, from: string, to?: string): Block => ({
  ...block,
  code: block.code.slice(block.code.indexOf(from), to === undefined ? undefined : block.code.indexOf(to)),
});
const nothing: Block = { page: 'nothing', line: 1, language: 'ts', code: '' };

/** Tests that walk over an app: content with one that is closed, and not with one that has a route before the guard. */
async function walks(block: Block): Promise<void> {
  const run = async (beforeSample?: Placing['beforeSample']) => {
    const placing: Placing = { as: 'behind', guard: { anonymous: 'refuse' }, realTime: true };
    const { app } = await openSample(nothing, { ...placing, ...(beforeSample && { beforeSample }) });
    const tests: (() => Promise<unknown>)[] = [];
    const it = (_name: string, test: () => Promise<unknown>) => tests.push(test);
    await paste(
      block,
      { app, it },
      { 'express-mfa/testing': testing, supertest: { default: supertest, __esModule: true } },
    );
    for (const test of tests) await test();
  };
  await run();
  const left = await run((app) => app.get('/left-open', (_req, res) => void res.json({}))).catch(String);
  expect(left).to.include('/left-open');
}

export const readme: Line[] = [
  {
    page: 'README.md',
    heading: 'In your own app',
    attack: 'a stolen password at every route, a visitor, a step-up with a proof that is too old',
    async holds(block) {
      const cut = '// In your handlers';
      const open = () =>
        openSample(part(block, '', cut), { as: 'whole', atLogIn: part(block, 'await mfa.signedIn(req)') });
      const site = await open();
      for (const path of ['/account', '/transfer']) await new Browser(site).jsonGet(path).expect(401);
      await keepsThiefOut(site, ['/account', '/transfer']);
      for (const method of ['GET', 'POST'] as const) await asksAnew(await open(), '/transfer', method);
    },
  },
  { page: 'README.md', heading: 'Factors', attack: 'a stolen password', holds: (block) => options(block) },
  {
    page: 'README.md',
    heading: 'The guard and step-up',
    attack: 'a stolen password, a proof that is too old',
    holds: async (block) => asksAnew(await openSample(block, { as: 'behind' }), '/payouts', 'POST'),
  },
  {
    page: 'README.md',
    heading: 'For administrators',
    attack: 'a sign-in of before, which must be worth nothing',
    async holds(block) {
      const site = await openSample(nothing, { as: 'behind' });
      const thief = await new Browser(site).signIn('user-42');
      await thief.enrollTotp();
      const before = (await thief.jsonGet('/account').expect(200)).body as { mfa: { proofs: unknown[] } };
      expect(before.mfa.proofs).to.have.length(1);
      await paste(block, { mfa: site.mfa, console: { log: () => undefined } });
      expect((await thief.jsonGet('/account')).text).not.to.include('"kind":"totp"');
      expect((await site.mfa.status('user-42'))?.protected ?? false).to.equal(false);
    },
  },
  { page: 'README.md', heading: 'Testing your app', attack: 'a route before the guard', holds: walks },
  {
    page: 'docs/test-your-app.md',
    heading: 'Test an app that has MFA',
    attack: 'a route before the guard',
    holds: walks,
  },
  {
    page: 'docs/cli.md',
    heading: 'The configuration',
    attack: 'a stolen password',
    holds: (block) => options(block),
  },
  {
    page: 'docs/guides/redis-cluster.md',
    heading: 'Add MFA to an app with Redis Cluster',
    attack: 'a stolen password',
    holds: (block) => options(block, { modules: { ioredis: { Cluster: Object } } }),
  },
  {
    page: 'docs/guides/node-redis.md',
    heading: 'Add MFA to an app with node-redis',
    attack: 'a stolen password',
    holds: (block) =>
      options(block, {
        modules: { redis: { createClient: () => ({ on: () => undefined, connect: () => Promise.resolve() }) } },
      }),
  },
  {
    page: 'docs/add-to-an-existing-app.md',
    heading: '1. Where the lines go',
    attack: 'a stolen password',
    holds: (block) => wholeApp(block),
  },
];
