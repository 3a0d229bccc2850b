// The audit log by the command line: verified, read and erased, with the exit codes that scripts rely on.
import { expect } from 'chai';
import { openAuditSite, type AuditSite } from '../support/audit-site.js';
import { fixture, secrets, startCli } from '../support/cli.js';

const proof = { kind: 'totp', outcome: 'accepted' as const, ip: '192.0.2.7' };

describe('express-mfa audit', function () {
  this.timeout(180_000);
  let site: AuditSite;
  beforeEach(async () => {
    site = openAuditSite();
    for (let i = 1; i <= 3; i += 1) site.tell('verification-accepted', { userId: `u${i}`, ...proof });
    site.tell('verification-refused', { ...proof, outcome: 'refused', reason: 'request.invalid' });
    await site.audit.settled();
  });
  afterEach(() => site.close());

  it('verifies: 0 where all is as it was written, and who verified is told', async () => {
    const { code, stdout, stderr } = await site.here(['verify', '--by', 'ops']);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/open +4 entries +whole\nledger: \d+ lines?, whole\n4 entries, nothing is broken\.\n$/);
    const { entries } = await site.audit.read({ names: ['audit-verified'] });
    expect(entries.map(({ actor, detail }) => ({ actor, sound: detail?.['sound'] }))).to.deep.equal([
      { actor: { type: 'cli', id: 'ops' }, sound: true },
    ]);
    const told = JSON.parse((await site.here(['verify', '--json'])).stdout) as { sound: boolean; writers: object[] };
    expect(told.sound).to.equal(true);
    expect(told.writers).to.have.length(2);
  });

  it('verifies: 1 where one byte is another, until somebody says why', async () => {
    const { items } = await site.store.page({ after: 0, limit: 2 });
    const { place, text } = items[1]!;
    expect(await site.store.rewrite(place, text, text.replace('"u2"', '"u9"'))).to.equal(true);
    const broken = await site.here(['verify']);
    expect(broken.code).to.equal(1);
    expect(broken.stdout).to.include('changed at ').and.include('The log is broken.');
    const [, at = ''] = /changed at (\S+)/.exec(broken.stdout) ?? [];
    const nobody = await site.here(['verify', '--acknowledge', at]);
    expect(nobody.code).to.equal(2);
    expect(nobody.stderr).to.include('--by NAME is missing');
    const known = await site.here(['verify', '--acknowledge', at, '--by', 'ops', '--reason', 'a test']);
    expect(known.stdout).to.include('(known to ops)');
    expect(known.code).to.equal(0);
  });

  it('verifies against a file of checkpoints, and says where there is none', async () => {
    const { code, stderr } = await site.here(['verify', '--checkpoints', '/nowhere/at/all.jsonl']);
    expect(code).to.equal(1);
    expect(stderr).to.include('/nowhere/at/all.jsonl cannot be read.');
  });

  it('reads newest first, by person, event and outcome, and nothing in an entry steers the terminal', async () => {
    site.tell('verification-accepted', { userId: 'eve\u001b[2J\nforged', ...proof });
    await site.audit.settled();
    const all = await site.here(['read']);
    expect(all.code).to.equal(0);
    expect(all.lines).to.have.length(5);
    expect(all.stdout)
      .to.not.include('\u001b')
      .and.not.match(/^forged/m);
    expect(all.lines[1]).to.match(/verification-refused +failure +ada +totp +request\.invalid +user +192\.0\.2\.7/);
    const one = await site.here(['read', '--user', 'u2', '--json']);
    expect(one.lines.map((line) => JSON.parse(line) as object)).to.have.length(1);
    expect((await site.here(['read', '--outcome', 'failure'])).lines).to.have.length(1);
    expect((await site.here(['read', '--name', 'locked'])).lines).to.have.length(0);
    const more = await site.here(['read', '--limit', '2']);
    expect(more.lines).to.have.length(2);
    expect(more.stderr).to.include('There is more');
  });

  it('erases only with a yes, a name and a reason, and the log verifies after it', async () => {
    const who = ['--by', 'Ana', '--reason', 'asked'];
    for (const args of [[], ['--user', 'u1'], ['--user', 'u1', ...who], ['--user', 'u1', '--yes']]) {
      const { code } = await site.here(['erase', ...args]);
      expect(code, args.join(' ')).to.equal(2);
    }
    expect((await site.audit.read({ userId: 'u1' })).entries[0]?.personal.ip).to.equal('192.0.2.7');
    const { code, stdout } = await site.here(['erase', '--user', 'u1', ...who, '--yes', '--json']);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ erased: 1 });
    expect((await site.audit.read({ userId: 'u1' })).entries[0]?.personal).to.deep.equal({});
    expect((await site.here(['verify'])).code).to.equal(0);
    expect((await site.audit.read({ names: ['audit-erased'] })).entries).to.have.length(1);
  });

  it('is mistyped: 2, with what it takes; there is nothing to work on: 1', async () => {
    for (const args of [[], ['look'], ['read', '--name', 'no-such-event'], ['read', '--outcome', 'maybe']]) {
      const { code, stdout } = await site.here(args);
      expect(code, args.join(' ')).to.equal(2);
      expect(stdout).to.equal('');
    }
    expect((await site.here(['read', '--limit', '501'])).code).to.equal(1);
    expect((await site.here(['read', '--from', 'yesterday'])).code).to.equal(1);
    const none = await startCli(['audit', 'read', '--config', fixture('config.ts')]).ended;
    expect(none.code).to.equal(1);
    expect(none.stderr).to.include('keeps no audit log');
  });

  it('does not verify without the secret that entries were made with', async () => {
    const found = await site.here(['verify'], { TEST_SECRETS: secrets.other });
    expect(found.code).to.equal(1);
    expect(found.stdout).to.include('unknown key');
  });
});
