// Samples of the command line, as a shell would read them, and of the contract suites: on what is healthy, and on what is not.
import { expect } from 'chai';
import * as api from '../../../src/index.js';
import * as testing from '../../../src/testing.js';
import { openAuditSite } from '../../support/audit-site.js';
import { fixture, openSite, startCli, totpOf, type Environment, type Said } from '../../support/cli.js';
import { startProvider, type Dialect, type ProviderServer } from '../../support/providers/provider-server.js';
import { freshNamespace } from '../../support/redis.js';
import type { Block } from '../markdown.js';
import { paste } from '../pasted.js';
import type { Line } from '../sample-attacks.js';

/** What each line hands to the command: the host's configuration left out, an app of the tests in place of the host's. */
function commandsIn({ code }: Block): string[][] {
  const lines = code.split('\n').filter((line) => line.includes('npx express-mfa '));
  return lines.map((line) => {
    const [, typed = ''] = /npx express-mfa (.*)$/.exec(line) ?? [];
    const words = [...typed.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
    const config = words.indexOf('--config');
    const own = config < 0 ? words : words.toSpliced(config, 2);
    return own.map((word, index) => (own[index - 1] === '--app' ? fixture('app.ts') : word));
  });
}

/** The doctor finds no fault in what is healthy, and a route before the guard in what is not. */
async function findsHole(args: readonly string[]): Promise<void> {
  const environment = {
    NODE_ENV: 'production',
    TEST_NAMESPACE: freshNamespace(),
    TEST_SENDER_URL: 'https://mail.acme.example/',
  };
  const run = (more: Environment) =>
    startCli([...args, '--config', fixture('config.ts')], { ...environment, ...more }).ended;
  const healthy = await run({});
  expect(healthy.stdout, healthy.stderr).to.include('\n0 failures');
  const open = await run({ TEST_APP: 'open routes' });
  expect(open.stdout).to.include('/api/forgotten/');
  expect((await run({ TEST_APP: 'no guard' })).code).to.equal(1);
}

/** What the sample's sender posts to. */
const posts = (): Dialect => ({
  check({ body }) {
    const { to = '', text = '' } = JSON.parse(String(body)) as { to?: string; text?: string };
    return { to, text };
  },
  accepted: () => ({ status: 204 }),
  refused: () => ({ status: 422 }),
  throttled: () => ({ status: 429 }),
  failed: () => ({ status: 502 }),
});

async function told(args: readonly string[], run: (args: readonly string[]) => Promise<Said>): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  expect(code, stderr).to.equal(0);
  return stdout;
}

type Test = [sentence: string, run: () => unknown];

/** The sentences of a suite that do not hold. */
async function broken(declare: (runner: testing.TestRunner) => unknown, only = /./): Promise<string[]> {
  const tests: Test[] = [];
  await declare({ describe: (_name, body) => body(), it: (sentence, run) => tests.push([sentence, run]) });
  const chosen = tests.filter(([sentence]) => only.test(sentence));
  expect(chosen).not.to.deep.equal([]);
  const failed: string[] = [];
  for (const [sentence, run] of chosen) await Promise.resolve(run()).catch(() => failed.push(sentence));
  return failed;
}

export const tools: Line[] = [
  {
    page: 'docs/cli.md',
    heading: 'The doctor',
    attack: 'an app with a route before the guard',
    once: true,
    holds: async (block) => findsHole(commandsIn(block)[0]!),
  },
  {
    page: 'README.md',
    heading: 'For administrators',
    nth: 2,
    attack: 'an app with a route before the guard; a reader who would like the secret',
    once: true,
    async holds(block) {
      const [doctor, status] = commandsIn(block);
      await findsHole(doctor!);
      const site = openSite();
      await site.put('42', [totpOf(site.mfa, '42')]);
      const said = await told(status!, site.run);
      const { authenticators } = await site.recordOf('42');
      expect(said).to.include('totp').and.not.include('JBSWY3DP');
      expect(said).not.to.include((authenticators[0]!.data as { secret: string }).secret);
      await site.close();
    },
  },
  {
    page: 'docs/guides/lost-everything.md',
    heading: 'The pass',
    attack: 'without a name, without a reason, for somebody who has nothing to lose',
    once: true,
    async holds(block) {
      const site = openSite();
      await site.put('42', [totpOf(site.mfa, '42')]);
      const run = (args: readonly string[]) => site.run(args);
      const [command = []] = commandsIn(block);
      for (const option of ['--by', '--reason']) {
        const at = command.indexOf(option);
        expect((await run(command.toSpliced(at, 2))).code, option).to.equal(2);
      }
      expect((await run(command.with(1, '43'))).code).to.equal(1);
      expect(await told(command, run)).to.match(/\b[A-Z]{4}-[A-Z]{4}-[A-Z]{4}\b/);
      await site.close();
    },
  },
  {
    page: 'docs/audit.md',
    heading: 'Verifying',
    attack: 'one letter of an entry changed',
    once: true,
    async holds(block) {
      const site = openAuditSite();
      const [command = []] = commandsIn(block);
      site.tell('verification-accepted', { userId: '42', kind: 'totp', outcome: 'accepted', ip: '192.0.2.7' });
      await site.audit.settled();
      expect(await told(command, site.command)).to.include('nothing is broken');
      const [{ place, text }] = (await site.store.page({ after: 0, limit: 1 })).items as [
        { place: number; text: string },
      ];
      expect(await site.store.rewrite(place, text, text.replace('"42"', '"43"'))).to.equal(true);
      const { code, stdout } = await site.command(command);
      expect([code, stdout.includes('changed at ')]).to.deep.equal([1, true]);
      await site.close();
    },
  },
  {
    page: 'docs/audit.md',
    heading: 'What law asks',
    attack: 'what is personal still there, somebody else emptied too, a log that no longer holds together',
    once: true,
    async holds(block) {
      const site = openAuditSite();
      const [command = []] = commandsIn(block);
      for (const userId of ['42', '43'])
        site.tell('verification-accepted', { userId, kind: 'totp', outcome: 'accepted', ip: `192.0.2.${userId}` });
      await site.audit.settled();
      await told(command, site.command);
      const left = JSON.stringify((await site.store.page({ after: 0, limit: 100 })).items);
      expect(left).to.include('192.0.2.43').and.not.include('192.0.2.42');
      expect(await told(['audit', 'verify', '--by', 'ops'], site.command)).to.include('nothing is broken');
      await site.close();
    },
  },
  {
    page: 'CONTRIBUTING.md',
    heading: 'A sender',
    attack: 'the contract of senders: two recipients in one, a provider that refuses, throttles and never answers',
    once: true,
    async holds(block) {
      const server = await startProvider(posts());
      const elsewhere = (_url: string, init: RequestInit) => fetch(server.url, init);
      const pigeonWithin = async (timeoutMs: number) => {
        const around = { fetch: elsewhere, AbortSignal: { timeout: () => AbortSignal.timeout(timeoutMs) } };
        return (await paste(block, around, { 'express-mfa': api }))['pigeon'] as api.Sender;
      };
      const bench = async ({ timeoutMs }: { timeoutMs: number }) => ({
        sender: await pigeonWithin(timeoutMs),
        delivered: () => server.delivered,
        provider: (mood: ProviderServer['mood']) => void (server.mood = mood),
        close: async () => {
          server.mood = 'ok';
          server.delivered.splice(0);
        },
      });
      expect(await broken((runner) => testing.senderContract('pigeon', bench, runner))).to.deep.equal([]);
      await server.close();
    },
  },
  {
    page: 'docs/test-your-app.md',
    heading: 'Contract suites',
    attack: 'a store that saves whatever is expected, one that forgets removals, one that gives to every taker',
    once: true,
    async holds(block) {
      const failing = (flaw: (store: api.MfaStore) => Partial<api.MfaStore>, only: RegExp) =>
        broken((runner) => {
          const memoryStore = () => {
            const store = api.memoryStore();
            return { ...store, ...flaw(store) };
          };
          const modules = {
            'node:test': runner,
            'express-mfa': { ...api, memoryStore },
            'express-mfa/testing': testing,
          };
          return paste(block, {}, modules);
        }, only);
      const every = /older or an invented|leaves a tombstone|exactly one of 50 takers/;
      expect(await failing(() => ({}), every)).to.deep.equal([]);
      const saves = (store: api.MfaStore): Partial<api.MfaStore> => ({
        save: async (userId, record) => store.save(userId, record, (await store.load(userId)).revision),
      });
      const forgets = (store: api.MfaStore): Partial<api.MfaStore> => ({
        load: async (userId) => {
          const loaded = await store.load(userId);
          return loaded.record ? loaded : {};
        },
      });
      const gives = (store: api.MfaStore): Partial<api.MfaStore> => ({ take: (userId, key) => store.get(userId, key) });
      for (const flaw of [saves, forgets, gives]) expect(await failing(flaw, every)).not.to.deep.equal([]);
    },
  },
];
