// Records leave a store and come back: whole, sealed, once; and nothing is written where a single line is not fit.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compacted } from '../../src/core/kernel/compact-record.js';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import { newRedis, removeNamespace } from '../support/redis.js';
import { codesOf, emailOf, openSite, passkeyOf, secrets, totpOf, type Site } from '../support/cli.js';

describe('express-mfa export and import', function () {
  this.timeout(180_000);
  let site: Site;
  let folder: string;
  let file: string;
  const by = ['--by', 'ops'];
  beforeEach(async () => {
    site = openSite();
    folder = mkdtempSync(join(tmpdir(), 'express-mfa-cli-'));
    file = join(folder, 'records.jsonl');
    const keyId = site.mfa.kernel.sealer.keyId;
    await site.put('ann', [totpOf(site.mfa, 'ann'), passkeyOf('key-of-ann'), codesOf(keyId)]);
    await site.put('bob', [emailOf(site.mfa, 'bob')]);
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await site.close();
  });

  const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');
  const write = (lines: readonly (string | object)[], path = file) =>
    writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  /** The store as if it were another, empty one. */
  const forget = async () => {
    const redis = newRedis();
    await removeNamespace(redis, site.namespace);
    redis.disconnect();
  };

  it('takes everybody to an empty store: the same records, and passkeys claimed for them', async () => {
    const before = { ann: await site.recordOf('ann'), bob: await site.recordOf('bob') };
    const written = await site.run(['export', '--out', file]);
    expect(written).to.include({ code: 0, stdout: '' });
    expect(written.stderr).to.contain('2 records written');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readFileSync(file, 'utf8')).not.to.contain('bob@example.com');
    const [header, ...rest] = linesOf(file).map((line) => JSON.parse(line) as object);
    expect(header).to.include({ format: 'express-mfa-export', v: 1, namespace: site.namespace });
    expect(rest.at(-1)).to.deep.equal({ end: true, records: 2 });

    await forget();
    const dry = await site.run(['import', file, '--dry-run']);
    expect(dry).to.include({ code: 0, stdout: '2 records could be taken in.\n' });
    expect(await site.mfa.status('ann')).to.equal(undefined);
    const taken = await site.run(['import', file, ...by]);
    expect(taken.stdout).to.equal('2 records taken in, 0 there already.\n');
    for (const id of ['ann', 'bob'] as const) {
      const { activity, mac, ...record } = await site.recordOf(id);
      expect({ ...record, mac: before[id].mac }).to.deep.equal(before[id]);
      expect(mac).not.to.deep.equal(before[id].mac);
      expect(activity?.rows.every(([, what]) => what === 'authenticator-enrolled')).to.equal(true);
    }
    expect(await site.mfa.kernel.store.claim('webauthn:credential:key-of-ann')).to.equal('ann');
    expect((await site.run(['import', file, ...by])).stdout).to.equal('0 records taken in, 2 there already.\n');
  });

  it('writes records out, and takes in those in the form of the store as well', async () => {
    await site.run(['export', '--out', file]);
    const lines = linesOf(file);
    const before = await site.recordOf('ann');
    const short = lines.map((line) => {
      const { userId, record } = JSON.parse(line) as { userId?: string; record?: MfaRecord };
      expect(record?.v ?? 1).to.equal(1);
      return record ? { userId, record: compacted(record) } : line;
    });
    write(short);
    expect(readFileSync(file, 'utf8')).to.contain('{"v":2,');
    await forget();
    expect((await site.run(['import', file, ...by])).stdout).to.equal('2 records taken in, 0 there already.\n');
    expect((await site.recordOf('ann')).authenticators).to.deep.equal(before.authenticators);
  });

  it('writes to stdout as well, and never over a file', async () => {
    const { lines } = await site.run(['export']);
    expect(lines).to.have.length(4);
    write(['kept']);
    const refused = await site.run(['export', '--out', file]);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('exists already');
    expect(linesOf(file)).to.deep.equal(['kept']);
  });

  it('leaves other records alone, and replaces them only when told, with an epoch of their own', async () => {
    await site.run(['export', '--out', file]);
    await site.mfa.unlock('ann');
    await site.put('ann', [emailOf(site.mfa, 'ann')]);
    const now = await site.recordOf('ann');
    const refused = await site.run(['import', file, ...by]);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.match(/Line \d: "ann": this user has a record here already\./);
    expect(await site.recordOf('ann')).to.deep.equal(now);
    expect((await site.run(['import', file, ...by, '--overwrite'])).code).to.equal(2);
    const replaced = await site.run(['import', file, ...by, '--overwrite', '--yes', '--json']);
    expect(JSON.parse(replaced.stdout)).to.include({ records: 2, imported: 1, unchanged: 1 });
    const { epoch, authenticators } = await site.recordOf('ann');
    expect(authenticators.map(({ kind }) => kind)).to.deep.equal(['totp', 'webauthn', 'backup-codes']);
    expect(epoch).not.to.equal(now.epoch);
  });

  it('refuses the whole file for one bad line, and numbers them all', async () => {
    await site.run(['export', '--out', file]);
    await forget();
    const [header = '', ...rest] = linesOf(file);
    const end = rest.pop() ?? '';
    const { record } = JSON.parse(rest.find((line) => line.includes('"bob"')) ?? '') as { record: object };
    write([
      header,
      ...rest,
      'no json',
      { userId: 'cleo', record: { ...record, v: 9 } },
      { userId: 'cleo', record: { ...record, epoch: '' } },
      { userId: 'cleo', record: { ...record, authenticators: [{ id: 'x' }] } },
      { userId: 'cleo', record },
      { userId: '', record },
      rest[0] ?? '',
      end,
    ]);
    const { code, stderr } = await site.run(['import', file, ...by]);
    expect(code).to.equal(1);
    const told = stderr.split('\n').filter((line) => line.startsWith('Line'));
    const expected = [
      /^Line 4: it is not JSON/,
      /^Line 5: "cleo": .*version/,
      /^Line 6: "cleo": `record.epoch`/,
      /^Line 7: "cleo": `record.authenticators\[0\]`/,
      /^Line 8: "cleo": it is not as an app with these secrets exported it/,
      /^Line 9: .*`userId`/,
      /^Line 10: ".*": the same user is in line \d/,
    ];
    expect(told).to.have.length(expected.length);
    expected.forEach((pattern, at) => expect(told[at]).to.match(pattern));
    expect(stderr).to.contain('Nothing was written: 7 lines are not fit.');
    expect(await site.mfa.status('ann')).to.equal(undefined);
  });

  it('refuses what is cut off, of another namespace, or no export', async () => {
    await site.run(['export', '--out', file]);
    await forget();
    const lines = linesOf(file);
    const header = JSON.parse(lines[0] ?? '') as object;
    const cases: [lines: (string | object)[], told: RegExp][] = [
      [lines.slice(0, -1), /cut off/],
      [[...lines.slice(0, 2), lines.at(-1) ?? ''], /not complete: 1 of 2/],
      [[{ ...header, namespace: 'other' }, ...lines.slice(1)], /of the namespace "other"/],
      [[{ ...header, v: 2 }], /version 2/],
      [lines.slice(1), /no export/],
      [[], /is empty/],
    ];
    const answers = await Promise.all(
      cases.map(([content], at) => {
        const path = join(folder, `case-${at}`);
        write(content, path);
        return site.run(['import', path, ...by]);
      }),
    );
    cases.forEach(([, told], at) =>
      expect(answers[at]).to.include({ code: 1 }).and.to.have.property('stderr').that.matches(told),
    );
    expect((await site.run(['import', join(folder, 'nowhere'), ...by])).stderr).to.contain('does not exist');
    expect(await site.mfa.status('ann')).to.equal(undefined);
  });

  it('refuses records that this app cannot open, and a passkey that is another user’s', async () => {
    await site.run(['export', '--out', file]);
    await forget();
    const foreign = await site.run(['import', file, ...by], { TEST_SECRETS: secrets.other });
    expect(foreign.code).to.equal(1);
    expect(foreign.stderr).to.match(/Line \d: "bob": A stored value was sealed with a secret/);
    await site.mfa.kernel.store.claim('webauthn:credential:key-of-ann', 'thief');
    const claimed = await site.run(['import', file, ...by]);
    expect(claimed.stderr).to.match(/"ann": one of its passkeys belongs to another user/);
    expect(await site.mfa.status('bob')).to.equal(undefined);
  });
});
