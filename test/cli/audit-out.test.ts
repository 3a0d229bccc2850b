// The audit log on its way out by the command line: export to pipes and files, what sinks refused, and the doctor's look.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAuditSite, type AuditSite } from '../support/audit-site.js';
import { secrets } from '../support/cli.js';
import { newFolder } from '../support/folder.js';

type Finding = { check: string; level: string; text: string };

describe('express-mfa audit, out of the log', function () {
  this.timeout(180_000);
  let site: AuditSite;
  let dir: string;
  before(async () => {
    dir = newFolder('audit');
    site = openAuditSite();
    for (let i = 0; i < 1_200; i += 1)
      site.tell('verification-accepted', { userId: `u${i}`, kind: 'totp', outcome: 'accepted' });
    await site.audit.settled();
  });
  after(async () => {
    await site.close();
  });

  it('exports every entry once, as lines of JSON, and tells who did it once', async () => {
    const { code, lines, stderr } = await site.run(['export', '--by', 'ops']);
    expect(code, stderr).to.equal(0);
    const people = lines.map((line) => (JSON.parse(line) as { subject?: { id: string } }).subject?.id);
    expect(new Set(people).size).to.equal(1_200);
    expect(people).to.have.length(1_200);
    expect(stderr).to.include('1,200 entries written.');
    expect((await site.audit.read({ names: ['audit-read'] })).entries).to.have.length(1);
  });

  it('exports into a new file that is readable by its owner alone, and into no other', async () => {
    const path = join(dir, 'export.jsonl');
    const { code, stdout } = await site.here(['export', '--user', 'u7', '--out', path]);
    expect(code).to.equal(0);
    expect(stdout).to.equal('');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(JSON.parse(await readFile(path, 'utf8'))).to.have.nested.property('subject.id', 'u7');
    const again = await site.here(['export', '--out', path]);
    expect(again.code).to.equal(1);
    expect(again.stderr).to.include('exists already');
  });

  it('ends without a word where the reader of the pipe wants no more', async () => {
    const { child, ended } = site.start(['export']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, stderr } = await ended;
    expect(code).to.equal(0);
    expect(stderr).to.not.include('EPIPE').and.not.include('    at ');
  });

  it('shows what sinks refused for good, and drops it only when told to', async () => {
    const sink = { TEST_SINK: join(dir, 'sink.jsonl') };
    const letter = { id: 'the-id', time: '2026-03-01T10:00:00.000Z', why: 'too \u001b[2Jlong', text: '{}' };
    await site.store.putAside('file', [letter]);
    const shown = await site.here(['dead-letters'], sink);
    expect(shown.code).to.equal(0);
    expect(shown.stdout).to.include('file: the-id').and.include('file: 1 dead letter.').and.not.include('\u001b');
    const json = await site.here(['dead-letters', '--json'], sink);
    expect(JSON.parse(json.stdout)).to.deep.equal({ sink: 'file', ...letter });
    const dropped = await site.here(['dead-letters', '--sink', 'file', '--drop']);
    expect(dropped.stderr).to.include('file: 1 dropped.');
    expect((await site.store.deadLetters('file', 1)).total).to.equal(0);
    expect((await site.here(['dead-letters'], sink)).stdout).to.include('file: 0 dead letters.');
  });

  const looked = async (environment: object = {}) => {
    const { code, stdout, stderr } = await site.command(['doctor', '--json'], {
      NODE_ENV: 'production',
      ...environment,
    });
    expect(stdout, stderr).to.match(/^\{/);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const own = findings.filter(({ check }) => check.startsWith('audit')).map(({ level, text }) => `${level}: ${text}`);
    return { code, own: own.join('\n') };
  };

  it('is looked at by the doctor: how much, which sinks, how far behind, what they refused', async () => {
    await site.store.putAside('file', [{ id: '1', time: '2026-03-01T10:00:00.000Z', why: 'no', text: '{}' }]);
    const alone = await looked();
    expect(alone.own)
      .to.match(/ok: 1,2\d\d entries, \d MiB\./)
      .and.include('warn: No sink takes the log elsewhere');
    const { own } = await looked({ TEST_SINK: join(dir, 'sink.jsonl') });
    expect(own)
      .to.match(/ok: The sink "file" is 1,2\d\d entries behind/)
      .and.not.include('No sink');
    expect(own).to.include('warn: The sink "file" refused 1 entry for good');
    const away = await looked({ TEST_SINK: '/nowhere/at/all.jsonl' });
    expect(away.own).to.match(/fail: The sink "file": .+/);
    expect(away.code).to.equal(1);
  });

  it('is looked at by the doctor: which secrets its entries still need', async () => {
    const older = await looked({ TEST_SECRETS: `${secrets.newer},${secrets.old}` });
    expect(older.own).to.include('ok: Entries still need 1 older secret');
    const gone = await looked({ TEST_SECRETS: secrets.newer });
    expect(gone.own).to.match(/fail: Entries were made with a secret \(key id \S+\) that is not in `secrets`/);
    expect(gone.code).to.equal(1);
  });
});
