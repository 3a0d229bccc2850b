// Every command of the command line that acts leaves its entry in the audit log, once, with who did it; what only looks leaves
// none.
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type AuditEntry } from '../../src/audit.js';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import { adminRights } from '../../src/core/rules/admin-rights.js';
import { openSite, totpOf, type Site } from '../support/cli.js';
import { redisDuring, removeNamespace } from '../support/redis.js';
import { patientAuditStore } from '../support/patience.js';
import { tamper } from '../support/core-record.js';

const who = ['--by', 'root', '--reason', 'a reason of the tests'];
const asker = { id: 'ann', name: 'ann', may: adminRights };

/** `entries`: the names that it leaves, messages to the person aside; `prepare`: what it needs, without an entry. */
type Acts = { args: (site: Site) => Promise<string[]> | string[]; entries: string[]; record?: Partial<MfaRecord> };

const now = Math.floor(Date.now() / 1000);
const trusted = { id: 'b1', hash: 'h', previous: [], createdAt: 1, expiresAt: 4_000_000_000 };
const acts: { [name: string]: Acts } = {
  reset: { args: () => ['reset', 'ada', ...who, '--yes'], entries: ['reset'] },
  unlock: {
    args: () => ['unlock', 'ada', ...who],
    entries: ['unlocked'],
    record: { attempts: { 'totp/unknown': { failures: 5, failedAt: 1, lockedUntil: 4_000_000_000 } } },
  },
  'grant-enrollment': {
    args: () => ['grant-enrollment', 'ada', ...who],
    entries: ['enrollment-granted'],
    record: { protected: false, authenticators: [] },
  },
  exempt: {
    args: () => ['exempt', 'ada', '--until', new Date((now + 10 * 86_400) * 1000).toISOString(), ...who],
    entries: ['exempted'],
    record: { protected: false, authenticators: [] },
  },
  'end-exemption': {
    args: () => ['end-exemption', 'ada', ...who],
    entries: ['exemption-ended'],
    record: { protected: false, authenticators: [], exemptions: [{ from: now - 60, until: now + 86_400 }] },
  },
  'owe-codes': { args: () => ['owe-codes', 'ada', ...who], entries: ['backup-codes-owed'] },
  pass: { args: () => ['pass', 'ada', ...who], entries: ['pass-issued'] },
  release: {
    args: () => ['release', 'ada', ...who],
    entries: ['released'],
    record: { hold: { since: now - 60, until: now + 86_400 } },
  },
  suspend: { args: () => ['suspend', 'ada', ...who], entries: ['suspended'] },
  resume: {
    args: () => ['resume', 'ada', ...who],
    entries: ['resumed'],
    record: { suspended: { admin: 1 } },
  },
  'end-sign-ins': { args: () => ['end-sign-ins', 'ada', ...who], entries: ['sign-ins-ended'] },
  'forget-upstream': {
    args: () => ['forget-upstream', 'ada', '--issuer', 'https://login.acme.example', ...who],
    entries: ['upstream-forgotten'],
    record: { upstream: [{ issuer: 'https://login.acme.example', claim: 'upstream:x.0' }] },
  },
  readmit: {
    args: () => ['readmit', 'ada', ...who],
    entries: ['readmitted'],
    record: { protected: false, authenticators: [], account: 'ended', suspended: { scim: 1 } },
  },
  'end-trust': {
    args: () => ['end-trust', 'ada', ...who],
    entries: ['browser-trust-revoked'],
    record: { trusted: [trusted] },
  },
  approve: { args: async (site) => ['approve', await openCase(site), ...who], entries: ['reset', 'case-approved'] },
  deny: { args: async (site) => ['deny', await openCase(site), ...who], entries: ['case-denied'] },
  deprovision: { args: () => ['deprovision', 'ada', ...who, '--yes'], entries: ['user-deprovisioned'] },
  import: {
    async args(site) {
      await site.here(['export', '--out', file]);
      await removeNamespace(redis(), site.namespace);
      return ['import', file, '--by', 'root'];
    },
    entries: ['records-imported'],
  },
  'migrate-from': {
    async args() {
      await writeFile(file, JSON.stringify([{ id: 'bob', secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }]));
      const fields = ['--encoding', 'base32', '--user-field', 'id', '--secret-field', 'secret'];
      return ['migrate-from', 'columns', file, ...fields, '--by', 'root'];
    },
    entries: ['authenticator-enrolled'],
  },
  'audit read': { args: () => ['audit', 'read', '--by', 'root'], entries: ['audit-read'] },
  'audit export': { args: () => ['audit', 'export', '--by', 'root'], entries: ['audit-read'] },
  'audit verify': { args: () => ['audit', 'verify', '--by', 'root'], entries: ['audit-verified'] },
  'audit erase': { args: () => ['audit', 'erase', '--user', 'ada', ...who, '--yes'], entries: ['audit-erased'] },
};
const looks = [['status', 'ada'], ['list'], ['cases'], ['rotate-keys', '--dry-run'], ['audit', 'read']];
const redis = redisDuring();
/** They copy, seal anew, count, ask, send or make tables, and change nothing of anybody's account. */
const untold = ['report', 'census', 'export', 'rotate-keys', 'doctor', 'send-test', 'sql'];
const file = join(tmpdir(), `express-mfa-import-${process.pid}.jsonl`);

async function openCase({ mfa }: Site): Promise<string> {
  const asked = await mfa.requestAction('reset', 'ada', { by: asker, reason: 'lost phone' });
  expect(asked.case?.id).to.be.a('string');
  return asked.case?.id ?? '';
}

describe('a command', () => {
  let site: Site;
  beforeEach(() => (site = openSite('audit')));
  afterEach(() => site.close());
  after(() => rm(file, { force: true }));

  async function entries(): Promise<AuditEntry[]> {
    const store = patientAuditStore(redis(), { namespace: site.namespace });
    const { items } = await store.page({ after: 0, limit: 500 });
    return items
      .map(({ text }) => JSON.parse(text) as AuditEntry)
      .filter(({ name }) => !['notice-sent', 'notice-failed'].includes(name));
  }

  for (const [name, { args, entries: expected, record }] of Object.entries(acts))
    it(`leaves its entry once: ${name}`, async () => {
      await site.put('ada', [totpOf(site.mfa, 'ada')]);
      if (record) await tamper(site.mfa.kernel, () => record, 'ada');
      const given = await args(site);
      // What it writes goes past the terminal.
      const { code, stderr } = await (name === 'audit export' ? site.run(given) : site.here(given));
      expect(code, stderr).to.equal(0);
      const found = await entries();
      expect(found.map((each) => each.name)).to.deep.equal(expected);
      for (const { actor } of found) expect(actor.type).to.equal('cli');
      // What was approved is done in the name of whoever asked for it.
      expect(found.at(-1)?.actor.id).to.equal('root');
    });

  it('is one of these, or does nothing to an account', async () => {
    const { stdout } = await site.here(['help']);
    const named = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name ?? '');
    const known = [...Object.keys(acts), ...looks.map(([name = '']) => name), ...untold].map(
      (name) => name.split(' ')[0],
    );
    expect(named).to.include.members(['reset', 'audit']);
    expect(named.filter((name) => !known.includes(name))).to.deep.equal([]);
  });

  it('leaves none where it only looks', async () => {
    await site.put('ada', [totpOf(site.mfa, 'ada')]);
    for (const args of looks) {
      const { code, stderr } = await site.here(args);
      expect(code, `${args.join(' ')}: ${stderr}`).to.equal(0);
    }
    expect(await entries()).to.deep.equal([]);
  });
}).timeout(180_000);
