// What administrators do to accounts, at the shell: the same limits, reasons, events and notices as by the calls; and cases.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSite, totpOf, type Site } from '../support/cli.js';
import { ana, reason } from '../support/admin-desk.js';
import { newFolder } from '../support/folder.js';

const who = ['--by', 'ops', '--reason', reason];

describe('express-mfa, for administrators,', function () {
  this.timeout(180_000);
  let site: Site;
  let folder: string;
  before(async () => {
    site = openSite();
    folder = newFolder('cli');
    await site.put('ann', [totpOf(site.mfa, 'ann')]);
  });
  after(async () => {
    await site.close();
  });

  let runs = 0;
  /** What the command said, and the events that it told of. */
  async function run(...args: string[]) {
    runs += 1;
    const file = join(folder, String(runs));
    const said = await site.here(args, { TEST_EVENTS: file });
    const events = readEvents(file);
    return { ...said, events };
  }

  it('suspend and resume: bar an account and let it in again, with name and reason in the audit', async () => {
    const suspended = await run('suspend', 'ann', ...who);
    expect(suspended).to.include({ code: 0, stdout: 'ann is suspended, and signed out.\n' });
    expect(suspended.events[0]).to.deep.include({ name: 'suspended', actor: 'cli', by: 'ops', userId: 'ann' });
    expect(suspended.events[0]?.detail).to.include({ source: 'admin', reason });
    expect(Object.keys((await site.mfa.status('ann'))?.suspended ?? {})).to.deep.equal(['admin']);
    expect((await run('status', 'ann')).stdout).to.match(/^Suspended: since \d{4}-.* UTC, by admin$/m);
    const resumed = await run('resume', 'ann', ...who, '--json');
    expect(JSON.parse(resumed.stdout)).to.deep.equal({ userId: 'ann', done: 'resume' });
    expect(resumed.events[0]).to.deep.include({ name: 'resumed', actor: 'cli', by: 'ops' });
    expect((await site.mfa.status('ann'))?.suspended).to.equal(undefined);
    const again = await run('resume', 'ann', ...who);
    expect(again).to.deep.include({ code: 0, stdout: 'ann is not suspended by an administrator.\n', events: [] });
  });

  it('end-sign-ins and end-trust: end all, or one', async () => {
    const { epoch } = await site.recordOf('ann');
    const one = await run('end-sign-ins', 'ann', '--sign-in', 'sign-in-7', ...who);
    expect(one.events[0]).to.deep.include({ name: 'sign-ins-ended', actor: 'cli', by: 'ops' });
    expect(one.events[0]?.detail).to.deep.equal({ which: 'one', reason });
    expect((await site.recordOf('ann')).epoch).to.equal(epoch);
    const all = await run('end-sign-ins', 'ann', ...who);
    expect(all.events[0]?.detail).to.deep.equal({ which: 'all', reason });
    expect((await site.recordOf('ann')).epoch).to.not.equal(epoch);
    expect(await run('end-trust', 'ann', ...who)).to.include({ code: 0, stdout: 'No browser of ann is trusted.\n' });
  });

  it('pass and release: print a pass once, for the protected, and end what is on hold', async () => {
    const made = await run('pass', 'ann', '--minutes', '30', ...who);
    expect(made.code).to.equal(0);
    expect(made.stdout).to.match(/^([A-Z]{4}-){2}[A-Z]{4}\nIt works once, until \d{4}-.* UTC\.\n$/);
    expect(made.events[0]).to.deep.include({ name: 'pass-issued', actor: 'cli', by: 'ops' });
    expect(made.events[0]?.detail).to.deep.equal({ reason, validMinutes: 30 });
    expect(JSON.stringify(made.events)).to.not.contain(made.lines[0]);
    const json = JSON.parse((await run('pass', 'ann', '--json', ...who)).stdout) as { code: string };
    expect(json).to.have.all.keys('userId', 'done', 'code', 'expiresAt');
    expect(await run('release', 'ann', ...who)).to.include({ code: 0, stdout: 'Nothing of ann is on hold.\n' });
    const refused: [minutes: string, code: number, told: RegExp][] = [
      ['9', 1, /10 to 1440/],
      ['soon', 2, /whole number/],
    ];
    for (const [minutes, code, told] of refused) {
      const { stderr, ...said } = await run('pass', 'ann', '--minutes', minutes, ...who);
      expect(said).to.include({ code, stdout: '' });
      expect(stderr).to.match(told);
    }
  });

  it('exempt, end-exemption and owe-codes: say what they are for', async () => {
    const until = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const exempted = await run('exempt', 'new', '--until', until, ...who);
    expect(exempted).to.include({ code: 0, stdout: 'new is exempt.\n' });
    expect(exempted.events[0]).to.deep.include({ name: 'exempted', actor: 'cli', by: 'ops', userId: 'new' });
    expect((await run('status', 'new')).stdout).to.match(/^Exempt: until \d{4}-.* UTC$/m);
    const ended = await run('end-exemption', 'new', ...who);
    expect(ended.events[0]).to.deep.include({ name: 'exemption-ended', actor: 'cli', by: 'ops' });
    expect((await run('exempt', 'new', ...who)).code, 'no time').to.equal(2);
    expect((await run('exempt', 'ann', '--until', until, ...who)).stderr).to.contain('admin.not_applicable');
    const owed = await run('owe-codes', 'ann', ...who);
    expect(owed).to.include({ code: 0, stdout: 'ann is asked for new backup codes.\n' });
    expect(owed.events[0]).to.deep.include({ name: 'backup-codes-owed', actor: 'cli', by: 'ops' });
  });

  it('keep the limits: a name, a reason that says something, nobody’s own account', async () => {
    const cases: [args: string[], code: number, told: RegExp][] = [
      [['suspend', 'ann', '--reason', reason], 2, /--by NAME is missing/],
      [['suspend', 'ann', '--by', 'ops'], 2, /--reason TEXT is missing/],
      [['suspend', 'ann', '--by', 'ops', '--reason', 'ok'], 1, /admin\.reason_missing/],
      [['suspend', 'ann', '--by', 'ann', '--reason', reason], 1, /admin\.own_account/],
      [['suspend', ...who], 2, /USER-ID is missing/],
      [['end-trust', 'amn', ...who], 1, /admin\.not_applicable/],
      [['approve', 'no-such-case', ...who], 1, /admin\.case_lapsed/],
    ];
    const said = await Promise.all(cases.map(([args]) => site.here(args)));
    for (const [at, [args, code, told]] of cases.entries()) {
      expect(said[at], args.join(' ')).to.include({ code, stdout: '' });
      expect(said[at]?.stderr).to.match(told);
    }
    expect((await site.mfa.status('ann'))?.suspended).to.equal(undefined);
  });

  it('cases, approve and deny: answer what was asked for in the pages', async () => {
    expect((await run('cases')).stdout).to.equal('Nothing waits.\n');
    const { case: first } = await site.mfa.requestAction('suspend', 'ann', { by: ana, reason });
    const listed = await run('cases');
    expect(listed.stdout).to.match(/^CASE +ACTION +USER +ASKED BY +UNTIL +REASON\n/);
    expect(listed.lines[1]).to.match(new RegExp(`^${first?.id} +suspend +ann +ana@example.com +\\d{4}-.* +${reason}$`));
    const json = await run('cases', '--json');
    expect(json.lines.map((line) => JSON.parse(line) as object)).to.deep.equal([first]);

    const own = await run('approve', first?.id ?? '', '--by', 'ana', '--reason', reason);
    expect(own).to.include({ code: 1, stdout: '' });
    expect(own.stderr).to.contain('admin.not_allowed');
    const approved = await run('approve', first?.id ?? '', ...who);
    expect(approved).to.include({ code: 0, stdout: 'Approved and done.\n' });
    expect(approved.events.map(({ name, by, actor }) => [name, by, actor])).to.deep.equal([
      ['suspended', 'ana@example.com', 'cli'],
      ['case-approved', 'ops', 'cli'],
    ]);
    expect((await site.mfa.status('ann'))?.suspended).to.have.property('admin');

    const { case: second } = await site.mfa.requestAction('reset', 'ann', { by: ana, reason });
    expect(await run('deny', second?.id ?? '', ...who)).to.include({
      code: 0,
      stdout: 'Denied: it will not be done.\n',
    });
    expect((await site.mfa.status('ann'))?.protected).to.equal(true);
    expect(await site.mfa.cases()).to.deep.equal([]);
  });

  it('cases: says where it cannot see those of the app', async () => {
    const { code, stderr } = await site.here(['cases'], { TEST_CASES: 'none' });
    expect(code).to.equal(1);
    expect(stderr).to.contain('keeps cases in memory');
  });
});

type Told = { name: string; by?: string; actor: string; userId: string; detail?: object };

function readEvents(file: string): Told[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Told);
  } catch {
    return [];
  }
}
