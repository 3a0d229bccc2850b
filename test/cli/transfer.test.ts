// Records, tombstones and claims leave a store and come into another: as they were, once, and over nothing that stands there.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exportCommand } from '../../src/cli/export.js';
import { importCommand } from '../../src/cli/import.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { newRedis, removeNamespace } from '../support/redis.js';
import { codesOf, emailOf, openSite, passkeyOf, secrets, totpOf, type Site } from '../support/cli.js';
import { runHere } from '../support/command-here.js';
import { everythingIn } from '../support/everything-in.js';
import { newFolder } from '../support/folder.js';

describe('express-mfa export and import', function () {
  this.timeout(180_000);
  const redis = newRedis();
  const by = ['--by', 'ops'];
  const credential = 'webauthn:credential:key-of-ann';
  let site: Site;
  let store: MfaStore;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    site = openSite();
    store = site.mfa.config.store;
    folder = newFolder('cli');
    file = join(folder, 'all.jsonl');
    await site.put('ann', [totpOf(site.mfa, 'ann'), passkeyOf('key-of-ann'), codesOf(site.mfa.kernel.sealer.keyId)]);
    await store.claim(credential, 'ann');
    await site.put('bob', [emailOf(site.mfa, 'bob')]);
    await site.put('gone', [passkeyOf('key-of-gone')]);
    await store.claim('webauthn:credential:key-of-gone', 'gone');
    await site.mfa.deprovision('gone');
  });
  afterEach(async () => {
    await site.close();
  });
  after(() => redis.disconnect());

  const linesOf = (path = file) => readFileSync(path, 'utf8').trimEnd().split('\n');
  const write = (lines: readonly string[], path = file) => writeFileSync(path, `${lines.join('\n')}\n`);
  /** The store as if it were another, empty one. */
  const forget = () => removeNamespace(redis, site.namespace);
  const leave = (...args: string[]) => runHere(exportCommand, site.mfa, args);
  const take = (path = file, ...more: string[]) => runHere(importCommand, site.mfa, [path, ...by, ...more]);

  it('takes everybody to an empty store: records, tombstones and claims as they were, nothing opened', async () => {
    // What somebody altered is believed in neither store.
    const { record, revision } = await store.load('bob');
    await store.save('bob', { ...record!, protected: false }, revision);
    const before = await everythingIn(store);
    const written = await site.run(['export', '--out', file]);
    expect(written).to.include({ code: 0, stdout: '' });
    expect(written.stderr).to.contain('2 records written, 1 tombstone, 2 claims.');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readFileSync(file, 'utf8')).not.to.contain('bob@example.com');

    await forget();
    expect(await take(file, '--dry-run')).to.include({ code: 0, stdout: '5 lines could be read, 0 not.\n' });
    expect(await everythingIn(store)).to.deep.equal([]);
    expect(await site.run(['import', file, ...by])).to.include({
      code: 0,
      stdout: '5 taken in, 0 there already, 0 left.\n',
    });
    expect(await everythingIn(store)).to.deep.equal(before);
    expect(await store.claim('webauthn:credential:key-of-gone')).to.equal(null);
    expect(await take()).to.include({ code: 0, stdout: '0 taken in, 5 there already, 0 left.\n' });
    const back = join(folder, 'back.jsonl');
    await leave('--out', back);
    await forget();
    expect((await take(back)).code).to.equal(0);
    expect(await everythingIn(store)).to.deep.equal(before);
  });

  it('writes to stdout as well, and never over a file', async () => {
    const { lines } = await site.run(['export']);
    expect(JSON.parse(lines[0] ?? '')).to.include({ format: 'express-mfa-export', v: 2, namespace: site.namespace });
    expect(JSON.parse(lines.at(-1) ?? '')).to.include({ end: true, records: 2, tombstones: 1, claims: 2 });
    write(['kept']);
    const refused = await leave('--out', file);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('exists already');
    expect(linesOf()).to.deep.equal(['kept']);
  });

  it('replaces nothing: another record, somebody who was removed, a claim of another stay and are told', async () => {
    await leave('--out', file);
    await site.put('ann', [emailOf(site.mfa, 'ann')]);
    await site.mfa.deprovision('bob');
    const before = await everythingIn(store);
    const { code, stdout, stderr } = await take(file, '--json');
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.deep.equal({ taken: 0, there: 3, left: 2, dryRun: false, complete: true });
    expect(stderr).to.match(/Line \d: "ann": another record of it is here \(transfer\.left\)\./);
    expect(stderr).to.match(/Line \d: "bob": it was removed here \(transfer\.left\)\./);
    expect(await everythingIn(store)).to.deep.equal(before);

    await forget();
    await store.claim(credential, 'thief');
    const claimed = await take();
    expect(claimed.code).to.equal(1);
    expect(claimed.stderr).to.match(/Line \d: a claim of "ann": it is taken here \(transfer\.left\)\./);
    expect(await store.claim(credential)).to.equal('thief');
  });

  it('brings what changed meanwhile after it, over what it brought itself and over nothing else', async () => {
    for (const id of ['cleo', 'dora', 'eve']) await site.put(id, [emailOf(site.mfa, id)]);
    await leave('--out', file);
    const first = await everythingIn(store);
    // In the old store: one is another, one is removed, one is new, one was changed in both.
    await site.put('bob', [emailOf(site.mfa, 'bob'), totpOf(site.mfa, 'bob')]);
    await site.mfa.deprovision('ann');
    await site.put('fay', [passkeyOf('key-of-fay')]);
    await store.claim('webauthn:credential:key-of-fay', 'fay');
    await site.put('eve', [totpOf(site.mfa, 'eve')]);
    const [second, third] = [join(folder, 'second.jsonl'), join(folder, 'third.jsonl')];
    const wrote = await leave('--since', file, '--out', second);
    expect(wrote.stderr).to.contain('3 records written, 1 tombstone, 2 claims.');
    await site.put('bob', [totpOf(site.mfa, 'bob')]);
    await site.put('ann', [emailOf(site.mfa, 'ann')]);
    const then = await leave('--since', `${file},${second}`, '--out', third);
    expect(then.stderr).to.contain('2 records written, 0 tombstones, 0 claims.');
    const old = await everythingIn(store);

    await forget();
    await take();
    expect(await everythingIn(store)).to.deep.equal(first);
    await site.put('eve', [passkeyOf('key-of-eve')]);
    const [here] = (await everythingIn(store)).filter((line) => line.startsWith('eve'));
    const taken = await take(second);
    expect(taken.stdout).to.equal('5 taken in, 0 there already, 1 left.\n');
    expect(taken.stderr).to.match(/"eve": another record of it is here/);
    expect(await store.claim(credential)).to.equal(null);
    // The first again, by mistake: who was removed since stays so.
    expect((await take()).stderr).to.match(/"ann": it was removed here/);
    expect((await take(third)).stdout).to.equal('2 taken in, 0 there already, 0 left.\n');
    expect(await everythingIn(store)).to.deep.equal(old.map((line) => (line.startsWith('eve') ? here : line)).sort());
  });

  it('believes no line that is not as it was exported, tells each, and takes the others', async () => {
    for (const id of ['cleo', 'dora', 'eve', 'fay']) await site.put(id, [emailOf(site.mfa, id)]);
    await leave('--out', file);
    await forget();
    const lines = linesOf();
    // Behind the header and the first place stand seven people.
    const [altered = '', missing = ''] = [lines[2], lines[5]];
    const idOf = (line: string) => (JSON.parse(line) as { userId: string }).userId;
    const forged = `{"n":99,"userId":"mallory","removed":true,"mac":"${'A'.repeat(22)}"}`;
    const changed = lines.map((line) => (line === altered ? line.replace('"userId":"', '"userId":"x') : line));
    changed.splice(5, 1);
    changed.splice(-1, 0, 'no json', lines[7] ?? '', forged);
    write(changed);
    const { code, stdout, stderr } = await take();
    expect(code).to.equal(1);
    expect(stderr).to.contain('Line 3: it is not as it was exported (transfer.line_altered)');
    expect(stderr).to.contain('Line 6: it is missing (transfer.line_altered)');
    expect(stderr.match(/transfer\.line_altered/g)).to.have.length.at.least(5);
    expect(stdout).to.match(/^7 taken in, 0 there already, \d left\.\n$/);
    for (const id of [idOf(altered), idOf(missing), `x${idOf(altered)}`, 'mallory'])
      expect((await store.load(id)).revision, id).to.equal(undefined);
    expect((await store.load(idOf(lines[3] ?? ''))).revision).not.to.equal(undefined);
  });

  it('refuses what is of another namespace, version or secret, or no export; of what is cut off, takes what is there', async () => {
    await leave('--out', file);
    await forget();
    const [header = '', ...rest] = linesOf();
    const cases: [lines: string[], told: RegExp][] = [
      [[header.replace(site.namespace, 'other'), ...rest], /of the namespace "other".*\(transfer\.namespace\)/],
      [[header.replace('"v":2', '"v":3'), ...rest], /version 3.*\(transfer\.version\)/],
      [[header.replace('"at":"2', '"at":"3'), ...rest], /not as it was exported.*\(transfer\.altered\)/],
      [
        [`{"n":1,"format":"express-mfa-export","v":2,"namespace":${JSON.stringify(site.namespace)}}`],
        /transfer\.secret/,
      ],
      [rest, /no export.*\(transfer\.no_export\)/],
    ];
    for (const [at, [lines, told]] of cases.entries()) {
      write(lines, join(folder, `case-${at}`));
      expect(await take(join(folder, `case-${at}`)))
        .to.include({ code: 1 })
        .and.property('stderr')
        .matches(told);
    }
    expect((await take(join(folder, 'nowhere'))).stderr).to.contain('does not exist');
    const foreign = await runHere(importCommand, site.withSecrets([secrets.other]), [file, ...by]);
    expect(foreign.stderr).to.match(/other secrets.*\(transfer\.secret\)/);
    expect(await everythingIn(store)).to.deep.equal([]);

    write([header, ...rest.slice(0, -1)]);
    const cut = await take();
    expect(cut).to.include({ code: 1, stdout: '5 taken in, 0 there already, 0 left.\n' });
    expect(cut.stderr).to.match(/cut off.*\(transfer\.cut_off\)/);
    write([]);
    expect((await take()).stderr).to.match(/transfer\.(no_export|cut_off)/);
  });

  it('keeps refusing whose record could not be read', async () => {
    await redis.set(`${site.namespace}:{bob}:record`, 'spoiled');
    const written = await leave('--out', file);
    expect(written.code).to.equal(1);
    expect(written.stderr).to.contain('1 record could not be read');
    await forget();
    expect((await take()).code).to.equal(0);
    await site.mfa.status('bob').then(
      () => expect.fail('bob may not pass for somebody without a second factor'),
      (error: unknown) => expect(error).to.have.property('code', 'store.record_altered'),
    );
  });
});
