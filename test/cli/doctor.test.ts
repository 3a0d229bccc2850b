// The doctor finds nothing in a healthy app, and each fault in an app that has it; in production, on a real Redis.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { fixture, secrets, startCli, type Environment } from '../support/cli.js';
import { commandLineHere } from '../support/command-here.js';
import { inEnvironment } from '../support/environment.js';
import type { faultyApp } from '../support/faulty-app.js';
import { freshNamespace, startRedisServer, type RedisServer } from '../support/redis.js';
import { newFolder } from '../support/folder.js';

type Finding = { check: string; level: 'ok' | 'warn' | 'fail'; text: string };
type Diagnosis = { code: number | null; ok: number; warn: number; fail: number; findings: Finding[] };

describe('express-mfa doctor', function () {
  this.timeout(180_000);
  let server: RedisServer;
  let evicting: RedisServer;
  before(async () => {
    server = await startRedisServer(['--appendonly', 'yes']);
    evicting = await startRedisServer(['--maxmemory-policy', 'allkeys-lru']);
  });
  after(() => Promise.all([server.close(), evicting.close()]));

  const surroundings = () => ({
    TEST_NAMESPACE: freshNamespace(),
    TEST_SENDER_URL: 'https://mail.acme.example/',
    REDIS_URL: server.url,
  });
  const start = (args: string[], environment: Environment) =>
    startCli(['doctor', ...args], { NODE_ENV: 'production', ...surroundings(), ...environment }).ended;

  async function diagnose(fault: string, environment: Environment = {}, more: string[] = []): Promise<Diagnosis> {
    const { code, stdout, stderr } = await start(['--app', fixture('app.ts'), '--json', ...more], {
      TEST_APP: fault,
      ...environment,
    });
    expect(stdout, stderr).to.match(/^\{/);
    return { code, ...(JSON.parse(stdout) as Omit<Diagnosis, 'code'>) };
  }

  /** In this process, of an app in a module of its own. */
  async function diagnoseHere(fault: string): Promise<Diagnosis> {
    const folder = newFolder('doctor');
    const path = join(folder, 'app.mjs');
    const environment = { ...surroundings(), TEST_SECRETS: secrets.old, TEST_APP: fault };
    const made = `faultyApp(${JSON.stringify(environment)})`;
    const from = new URL('../support/faulty-app.ts', import.meta.url).href;
    writeFileSync(path, `import { faultyApp } from '${from}';\nexport const { mfa, app, close } = ${made};\n`);
    // The doctor hears warnings alone; who heard them before does so again.
    const hearing = process.listeners('warning');
    try {
      const { code, stdout, stderr } = await inEnvironment('production', () =>
        commandLineHere(['doctor', '--app', path, '--json'], () => {
          throw new Error('The doctor loads what it looks at by itself.');
        }),
      );
      const { close } = (await import(pathToFileURL(path).href)) as ReturnType<typeof faultyApp>;
      await close();
      expect(stdout, stderr).to.match(/^\{/);
      return { code, ...(JSON.parse(stdout) as Omit<Diagnosis, 'code'>) };
    } finally {
      process.removeAllListeners('warning');
      for (const listener of hearing) process.on('warning', listener);
    }
  }

  it('finds nothing in a healthy app, and says so as a table', async () => {
    const { code, stdout, stderr } = await start(['--app', fixture('app.ts')], {});
    expect(stdout, stderr).to.match(/\n0 failures, 0 warnings, \d+ in order\.\n$/);
    expect(code).to.equal(0);
    const rows = stdout.split('\n').filter((line) => line.startsWith('ok'));
    expect(rows.map((row) => row.slice(4).split(/ {2}/)[0])).to.have.members([
      'environment',
      'secrets',
      'origin',
      'senders',
      'notices',
      'factors',
      'help',
      'store',
      'audit',
      'saml',
      'clock',
      'session',
      'proxy',
      'mount order',
      'routes',
      'unseen',
      'functions',
      'sign-in',
    ]);
  });

  const faults: [fault: string, level: 'warn' | 'fail', check: string, text: RegExp][] = [
    ['memory sessions', 'fail', 'session', /MemoryStore/],
    ['insecure cookie', 'fail', 'session', /plain http/],
    ['readable cookie', 'fail', 'session', /httpOnly/],
    ['cross-site cookie', 'warn', 'session', /sameSite none/],
    ['resaving sessions', 'warn', 'session', /resave: true/],
    ['cookie-session', 'fail', 'session', /cookie-session/],
    ['no session', 'warn', 'session', /No express-session/],
    ['late session', 'fail', 'mount order', /express-session stands after/],
    ['guard first', 'fail', 'mount order', /stands before the MFA pages/],
    ['no pages', 'fail', 'mount order', /MFA pages are not mounted/],
    ['no guard', 'fail', 'mount order', /There is no guard/],
    ['single guard', 'warn', 'mount order', /on single routes only/],
    ['report', 'warn', 'mount order', /only reports/],
    ['report', 'warn', 'routes', /GET \/, one only reports/],
    ['no guard', 'warn', 'routes', /No guard covers GET \/\./],
    ['open routes', 'warn', 'routes', /No guard covers GET \/api\/forgotten\/:id\./],
    ['mounted app', 'warn', 'unseen', /mounted_app at \/legacy is an Express app of its own/],
    ['static files', 'warn', 'unseen', /serveStatic at \/files serves files/],
    ['no proxy', 'warn', 'proxy', /is off: unless this process ends TLS/],
    ['trusts everybody', 'warn', 'proxy', /anybody can forge/],
  ];
  const diagnoses = new Map<string, Promise<Diagnosis>>();
  for (const [fault, level, check, text] of faults) {
    it(`finds in an app with the fault "${fault}": ${level}, ${check}`, async () => {
      if (!diagnoses.has(fault)) diagnoses.set(fault, diagnoseHere(fault));
      const { code, findings } = await (diagnoses.get(fault) as Promise<Diagnosis>);
      const found = findings.filter((finding) => finding.check === check && text.test(finding.text));
      expect(
        found.map((one) => one.level),
        JSON.stringify(findings),
      ).to.deep.equal([level]);
      expect(code).to.equal(findings.some((one) => one.level === 'fail') ? 1 : 0);
    });
  }

  const settings: [what: string, environment: () => Environment, level: string, check: string, text: RegExp][] = [
    ['a Redis that evicts', () => ({ REDIS_URL: evicting.url }), 'fail', 'store', /allkeys-lru/],
    [
      'a Redis that is down',
      () => ({ REDIS_URL: 'redis://127.0.0.1:1', TEST_STORE_MS: '500' }),
      'fail',
      'store',
      /store\.unavailable/,
    ],
    [
      'places of nowhere',
      () => ({ TEST_PLACES: '/nowhere/city.mmdb' }),
      'warn',
      'risk',
      /is not there: places are unknown/,
    ],
    ['nobody to ask', () => ({ TEST_HELP: '' }), 'warn', 'help', /not told whom to ask/],
    ['a clock that is off', () => ({ TEST_CLOCK_MS: '90000' }), 'fail', 'clock', /(8\d|90)\.\d s apart/],
    ['a clock that is a little off', () => ({ TEST_CLOCK_MS: '-5000' }), 'warn', 'clock', /[3-9]\.\d s apart/],
    ['an origin without https', () => ({ TEST_ORIGIN: 'http://acme.example' }), 'fail', '', /https/],
    [
      'a development sender',
      () => ({ TEST_SENDER_URL: undefined }),
      'fail',
      'configuration',
      /console_sender_in_production/,
    ],
    ['that nobody is told of changes', () => ({ TEST_SILENT: 'yes' }), 'warn', 'notices', /Nobody is told of changes/],
    ['the memory store', () => ({ TEST_NAMESPACE: undefined }), 'fail', 'configuration', /memory_store_in_production/],
    ['a secret that is no key', () => ({ TEST_SECRETS: 'ab'.repeat(20) }), 'warn', 'secrets', /few different/],
    [
      'many secrets, one of them twice',
      () => ({ TEST_SECRETS: [secrets.newer, secrets.old, secrets.old].join(',') }),
      'warn',
      'secrets',
      /listed twice/,
    ],
  ];
  for (const [what, environment, level, check, text] of settings) {
    it(`finds ${what}`, async () => {
      const { code, findings } = await diagnose('', environment());
      const found = findings.filter((finding) => (check === '' || finding.check === check) && text.test(finding.text));
      expect(
        found.map((one) => one.level),
        JSON.stringify(findings),
      ).to.deep.equal([level]);
      expect(code).to.equal(level === 'fail' ? 1 : 0);
    });
  }

  it('says what it did not look at', async () => {
    const { code, stdout } = await start(['--config', fixture('config.ts'), '--json'], {});
    const { findings } = JSON.parse(stdout) as Diagnosis;
    expect(code).to.equal(0);
    expect(findings.filter(({ check }) => check === 'app')).to.have.length(1);
    expect(findings.find(({ check }) => check === 'app')?.text).to.match(/^Not looked at: .*--app PATH/);
  });

  it('fails where the module exports no app', async () => {
    const args = ['--config', fixture('config.ts'), '--app', fixture('nothing.mjs'), '--json'];
    const { code, stdout } = await start(args, {});
    expect(code).to.equal(1);
    expect((JSON.parse(stdout) as Diagnosis).findings.find(({ check }) => check === 'app')).to.include({
      level: 'fail',
    });
  });

  it('judges by standards that are named, and switches nothing', async () => {
    const { code, findings } = await diagnose('', {}, ['--preset', 'pci,asvs-l2']);
    const told = findings.filter(({ check }) => check.startsWith('preset'));
    expect(new Set(told.map(({ check }) => check))).to.deep.equal(new Set(['preset pci', 'preset asvs-l2']));
    expect(told.map(({ text }) => text).join()).to.include(
      '`lockout.firstWaitSeconds` is 30; it must be at least 1800',
    );
    expect(code).to.equal(1);
    const mistyped = await start(['--app', fixture('app.ts'), '--preset', 'pci-dss'], {});
    expect(mistyped.code).to.equal(2);
    expect(mistyped.stderr).to.include('nist-aal2, nist-aal3');
  });
});
