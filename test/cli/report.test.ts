// The report by the command line: into new files alone, in each format, for whoever says who they are; and what it says of a log that
// is not whole.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAuditSite, type AuditSite } from '../support/audit-site.js';
import { newFolder } from '../support/folder.js';

describe('express-mfa report', function () {
  this.timeout(180_000);
  let site: AuditSite;
  let dir: string;
  before(async () => {
    dir = newFolder('report');
    site = openAuditSite();
    for (let i = 0; i < 60; i += 1)
      site.tell('verification-accepted', { userId: `u${i}`, kind: 'totp', outcome: 'accepted' });
    await site.audit.settled();
  });
  after(async () => {
    await site.close();
  });

  const year = new Date().getUTCFullYear();
  const period = ['report', '--from', `${year}-01-01`, '--to', `${year + 1}-01-01`, '--seed', 'x', '--sample', '7'];

  it('writes each format, into a new file that is readable by its owner alone', async () => {
    const file = (name: string) => join(dir, name);
    const { code, stderr, stdout } = await site.commandHere([...period, '--by', 'ines', '--out', file('r.json')]);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal('');
    expect(stderr).to.include('the log is whole');
    expect((await stat(file('r.json'))).mode & 0o777).to.equal(0o600);
    const report = JSON.parse(await readFile(file('r.json'), 'utf8')) as { [part: string]: never };
    expect(report).to.have.nested.property('head.by', 'ines');
    expect(report).to.have.nested.property('sample.of', 60);
    expect(report).to.have.nested.property('sample.drawn').with.length(7);
    const again = await site.commandHere([...period, '--by', 'ines', '--out', file('r.json')]);
    expect([again.code, again.stderr]).to.satisfy(
      ([exit, told]: [number, string]) => exit === 1 && told.includes('exists already'),
    );
    const html = await site.command([...period, '--by', 'ines', '--format', 'html']);
    expect(html.stdout).to.match(/^<!doctype html>[^]*<\/html>\n$/);
    const table = await site.command([...period, '--by', 'ines', '--table', 'events']);
    expect(table.stdout).to.match(/^"event","outcome","count"\r\n[^]*"verification-accepted","success",60\r\n/);
    await site.commandHere([...period, '--by', 'ines', '--format', 'zip', '--out', file('r.zip')]);
    expect((await readFile(file('r.zip'))).subarray(0, 4).toString('latin1')).to.equal('PK\u0003\u0004');
    expect((await site.audit.read({ names: ['report-made'] })).entries[0]?.actor).to.deep.equal({
      type: 'cli',
      id: 'ines',
    });
  });

  it('asks for a period, a name, and a format that there is', async () => {
    for (const [args, told] of [
      [['report', '--by', 'ines'], '--from'],
      [period, '--by'],
      [[...period, '--by', 'ines', '--format', 'pdf'], 'json, zip or html'],
      [[...period, '--by', 'ines', '--table', 'secrets'], 'people'],
    ] as const) {
      const { code, stderr } = await site.commandHere(args);
      expect([code, stderr.includes(told)], stderr).to.deep.equal([2, true]);
    }
  });

  it('leaves no file behind of a report that was not made, so that it can be run again', async () => {
    const out = join(dir, 'again.json');
    const failed = await site.commandHere([...period, '--sample', '9999', '--by', 'ines', '--out', out]);
    expect(failed.code, failed.stderr).to.be.above(0);
    const again = await site.commandHere([...period, '--by', 'ines', '--out', out]);
    expect(again.code, again.stderr).to.equal(0);
    const nowhere = await site.commandHere([...period, '--by', 'ines', '--out', join(dir, 'none', 'r.json')]);
    expect([nowhere.code, nowhere.stderr.includes('cannot be written')]).to.deep.equal([1, true]);
  });

  it('says, also by its exit code, that the log is not whole', async () => {
    const { items } = await site.store.page({ after: 0, limit: 5 });
    const { place = 0, text = '' } = items[3] ?? {};
    await site.store.rewrite(place, text, text.replace('"success"', '"failure"'));
    const { code, stderr, stdout } = await site.command([...period, '--by', 'ines']);
    expect(code).to.equal(1);
    expect(stderr).to.include('the log is broken');
    expect(JSON.parse(stdout)).to.have.nested.property('integrity.sound', false);
  });
});
