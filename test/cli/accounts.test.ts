// What operators see of people and do for them: every answer, its exit code, and that the audit hears of it.
import { exec } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import { transact } from '../../src/core/kernel/transact.js';
import { codesOf, emailOf, fixture, openSite, startCli, totpOf, type Site } from '../support/cli.js';
import { program } from '../support/programs.js';
import { newFolder } from '../support/folder.js';

const who = ['--by', 'ops', '--reason', 'called, knows their number'];

describe('express-mfa, about people,', function () {
  this.timeout(180_000);
  let site: Site;
  let folder: string;
  before(async () => {
    site = openSite();
    folder = newFolder('cli');
    await site.put('ann', [totpOf(site.mfa, 'ann'), codesOf(site.mfa.kernel.sealer.keyId, 1)]);
    await site.put('bob', [{ ...emailOf(site.mfa, 'bob'), name: 'evil\u001b[2Jname' }]);
    await site.put('cleo', []);
    await change('cleo', (record) => ({ ...record, protected: false }));
    await change('bob', (record) => ({
      ...record,
      attempts: { '/unknown': { failures: 50, failedAt: 1, closedAt: 2 } },
    }));
  });
  after(async () => {
    await site.close();
  });

  const change = (id: string, save: (record: MfaRecord) => MfaRecord) =>
    transact(site.mfa.kernel, { user: { id }, hints: {} }, (record) => ({ result: undefined, save: save(record) }));
  const eventsFile = (name: string) => join(folder, name);
  const eventsIn = (name: string) =>
    readFileSync(eventsFile(name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { name: string; by?: string; detail?: object; userId: string });

  it('status: says how one person stands, without anything secret', async () => {
    const { code, stdout } = await site.here(['status', 'ann']);
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^ann: protected\nAuthenticators:\n {2}totp .*usable.*never used\n {2}backup-codes .*low, 1 left/,
    );
    const json = JSON.parse((await site.here(['status', 'ann', '--json'])).stdout) as { userId: string };
    expect(json).to.include({ userId: 'ann', protected: true });
    expect(JSON.stringify(json)).not.to.match(/v1\.|hash|salt/);
  });

  it('status: lets no name that somebody chose steer the terminal', async () => {
    const { stdout } = await site.here(['status', 'bob']);
    expect(stdout).to.contain('evil\\u001b[2Jname').and.not.to.contain('\u001b');
    expect(stdout).to.match(/Locked:\n {2}\/unknown {2}50 failures {2}closed/);
  });

  it('status: fails for somebody without a record, in words and in JSON', async () => {
    expect(await site.here(['status', 'nobody'])).to.include({ code: 1, stdout: '' });
    const { stderr, code } = await site.here(['status', 'nobody', '--json']);
    expect(code).to.equal(1);
    expect(
      stderr
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as object),
    ).to.deep.equal([{ error: { code: 'Failure', message: 'There is no record of "nobody".' } }]);
  });

  it('list: tells everybody, or whom the filters leave', async () => {
    const idsOf = async (...filters: string[]) =>
      (await site.here(['list', '--json', ...filters])).lines
        .map((line) => (JSON.parse(line) as { userId: string }).userId)
        .sort();
    const asked = [[], ['--protected'], ['--unprotected'], ['--locked'], ['--low-codes', '--protected']];
    expect(await Promise.all(asked.map((filters) => idsOf(...filters)))).to.deep.equal([
      ['ann', 'bob', 'cleo'],
      ['ann', 'bob'],
      ['cleo'],
      ['bob'],
      ['ann'],
    ]);
    const { lines, stderr } = await site.here(['list']);
    expect(lines[0]).to.match(/^USER +PROTECTED +CODES LEFT +LOCKED +FACTORS$/);
    expect(lines.find((line) => line.startsWith('ann'))).to.match(/^ann +yes +1 +no +totp, backup-codes$/);
    expect(stderr).to.contain('3 people of 3.');
  });

  it('list: tells whose backup codes have expired, or will within 30 days', async () => {
    const now = Math.floor(Date.now() / 1000);
    const ends = { dora: -1, emil: 29, fay: 31 };
    for (const [id, days] of Object.entries(ends)) {
      const set = codesOf(site.mfa.kernel.sealer.keyId, 5, now + days * 86_400);
      await site.put(id, [totpOf(site.mfa, id), set]);
    }
    const { lines } = await site.here(['list', '--expiring', '--json']);
    const told = lines.map((line) => (JSON.parse(line) as { userId: string }).userId);
    for (const id of Object.keys(ends)) await site.mfa.deprovision(id);
    expect(told.sort()).to.deep.equal(['dora', 'emil']);
  });

  it('list: ends when nobody reads any more, also where it finds nobody else to tell', async () => {
    const entry = program(fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url)));
    const list = `"${process.execPath}" "${entry}" list --locked --config "${fixture('endless.ts')}"`;
    const env = { ...process.env, NODE_ENV: 'test' };
    const { stdout } = await promisify(exec)(`${list} | head -1`, { env });
    expect(stdout).to.match(/^USER +PROTECTED.*\n$/);
  });

  it('unlock: opens what is closed, and the audit knows by whom', async () => {
    const { code, stdout } = await site.here(['unlock', 'bob', ...who], { TEST_EVENTS: eventsFile('unlock') });
    expect(code).to.equal(0);
    expect(stdout).to.equal('bob is unlocked.\n');
    expect((await site.recordOf('bob')).attempts).to.deep.equal({});
    expect(eventsIn('unlock')).to.have.length(1);
    expect(eventsIn('unlock')[0]).to.include({ name: 'unlocked', actor: 'cli', by: 'ops', userId: 'bob' });
    expect((await site.here(['unlock', 'bob', ...who])).stdout).to.match(/was not locked/);
  });

  it('reset: asks for a name and for a yes, and changes nothing before', async () => {
    const before = await site.recordOf('ann');
    const nameless = await site.here(['reset', 'ann', '--yes']);
    expect(nameless).to.include({ code: 2, stdout: '' });
    expect(nameless.stderr).to.contain('--by NAME is missing');
    const unreasoned = await site.here(['reset', 'ann', '--by', 'ops', '--yes']);
    expect(unreasoned).to.include({ code: 2, stdout: '' });
    expect(unreasoned.stderr).to.contain('--reason TEXT is missing');
    const unasked = await site.here(['reset', 'ann', ...who]);
    expect(unasked).to.include({ code: 2, stdout: '' });
    expect(unasked.stderr).to.contain('--yes');
    expect(await site.recordOf('ann')).to.deep.equal(before);
  });

  it('reset: takes all factors away, with name and reason in the audit', async () => {
    const args = ['reset', 'ann', '--by', 'ops', '--reason', 'lost phone', '--yes', '--json'];
    const { code, stdout } = await site.here(args, { TEST_EVENTS: eventsFile('reset') });
    expect({ code, said: JSON.parse(stdout) as object }).to.deep.equal({ code: 0, said: { reset: 'ann' } });
    expect(await site.recordOf('ann')).to.deep.include({ protected: false, authenticators: [] });
    expect(eventsIn('reset')[0]).to.deep.include({
      name: 'reset',
      actor: 'cli',
      by: 'ops',
      detail: { reason: 'lost phone' },
    });
  });

  it('reset and unlock: make no record of a mistyped id', async () => {
    for (const command of ['reset', 'unlock']) {
      expect((await site.here([command, 'amn', ...who, ...(command === 'reset' ? ['--yes'] : [])])).code).to.equal(1);
    }
    expect(await site.mfa.status('amn')).to.equal(undefined);
  });

  it('grant-enrollment: prints a code that is kept nowhere, for the unprotected alone', async () => {
    const args = ['grant-enrollment', 'cleo', ...who];
    const { code, stdout } = await site.here(args, { TEST_EVENTS: eventsFile('grant') });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}\n$/);
    expect(readFileSync(eventsFile('grant'), 'utf8')).not.to.contain(stdout.trim());
    expect(eventsIn('grant')[0]).to.include({ name: 'enrollment-granted', actor: 'cli', by: 'ops' });
    const refused = await site.here(['grant-enrollment', 'bob', ...who]);
    expect(refused).to.include({ code: 1, stdout: '' });
    expect(refused.stderr).to.contain('protected already');
  });

  it('says what is wrong with a configuration or a store', async () => {
    const said = async (args: string[], environment = {}) => {
      const { code, stderr, stdout } = await startCli(args, environment).ended;
      return `${code} ${stdout}${stderr}`;
    };
    const config = ['--config', fixture('config.ts')];
    const down = { TEST_NAMESPACE: 'x', REDIS_URL: 'redis://127.0.0.1:1', TEST_STORE_MS: '500' };
    const cases: [args: string[], told: RegExp, environment?: { [name: string]: string }][] = [
      [[], /^2 .*--config PATH/],
      [['--config', 'nowhere.mjs'], /^1 .*nowhere\.mjs does not exist/],
      [['--config', fixture('nothing.mjs')], /^1 .*exports nothing that createMfa returned/],
      [['--config', fixture('broken.cjs')], /^1 .*broken\.cjs does not load: .*so it is/s],
      [config, /^1 .*memory store, which only the process of the app/],
      [config, /^1 .*config\.secret_too_short/s, { TEST_SECRETS: 'short' }],
      [config, /^1 .*\(store\.unavailable\)/s, down],
    ];
    const answers = await Promise.all(cases.map(([args, , environment]) => said(['list', ...args], environment)));
    cases.forEach(([, told], at) => expect(answers[at]).to.match(told));
  });

  it('takes the configuration as a function, a promise and a default export', async () => {
    for (const name of ['function.ts', 'default.ts']) {
      const { code } = await startCli(['list', '--config', fixture(name)], { TEST_NAMESPACE: site.namespace }).ended;
      expect(code, name).to.equal(0);
    }
  });
});
