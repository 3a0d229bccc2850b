// The report of a quarter: the same file each time, every total that of a recount of the log, the sample drawn again from its seed;
// and what is wrong with log, people or period stands in it.
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { AuditEntry } from '../../src/audit.js';
import { asked, quarter, reportSite, textOf, type ReportSite } from '../support/report-site.js';

const golden = fileURLToPath(new URL('report-golden.json', import.meta.url));

describe('the report of a quarter', () => {
  let site: ReportSite;
  before(async () => (site = await reportSite()));
  after(() => site.close());

  const within = ({ time }: AuditEntry) => time >= quarter.from && time < quarter.to;

  it('is the same file each time', async () => {
    const report = await site.mfa.report(asked);
    const text = await textOf(report.json());
    expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(golden, 'utf8')));
    expect(JSON.parse(text)).to.deep.equal({ ...report.summary, people: await rowsOf(report.people()) });
  });

  it('adds up to what a recount of the log and of people does', async () => {
    const { summary, people } = await site.mfa.report(asked);
    const entries = (await site.log()).filter(within);
    expect(entries.length).to.be.greaterThan(300);
    expect(summary.events.entries).to.equal(entries.length);
    const counted = new Map<string, number>();
    for (const { name, outcome = '', detail = {} } of entries) {
      const key = `${name} ${outcome}`;
      counted.set(key, (counted.get(key) ?? 0) + Number(detail['count'] ?? 1));
    }
    const told = summary.events.counts.map(({ name, outcome = '', count }) => [`${name} ${outcome}`, count]);
    expect(new Map(told as [string, number][])).to.deep.equal(counted);
    const of = (...names: string[]) => entries.filter(({ name }) => names.includes(name)).length;
    expect(summary.events.signIns).to.equal(of('verification-accepted', 'browser-trust-used', 'upstream-accepted'));
    expect(summary.events.lockOuts).to.equal(of('locked', 'lane-closed', 'authenticator-disabled'));
    expect(summary.events.objections).to.equal(of('notice-objected'));
    const byAdmins = entries.filter(({ actor }) => actor.type === 'admin' || actor.type === 'cli').length;
    expect(summary.events.actions.reduce((sum, { count }) => sum + count, 0)).to.equal(byAdmins);
    expect(summary.policy.changes).to.have.length(of('policy-changed'));

    const rows = await rowsOf(people());
    const { all, admins, tenants, kinds } = summary.coverage;
    expect(rows).to.have.length(site.people.length);
    expect(all.people).to.equal(rows.length);
    const able = rows.filter(({ status }) => status !== 'exempt' && status !== 'barred');
    expect(all.able).to.equal(able.length);
    expect(all.protected).to.equal(rows.filter(({ status }) => status === 'protected').length);
    expect(all.able).to.equal(all.protected + all.owing + all.none);
    expect(admins.people).to.equal(rows.filter(({ isAdmin }) => isAdmin).length);
    expect(tenants.reduce((sum, { people: each }) => sum + each, 0)).to.equal(rows.length);
    for (const { kind, people: number } of kinds)
      expect(number, kind).to.equal(
        able.filter(({ methods }) => methods.some((own) => own.kind === kind && own.usable)).length,
      );
  });

  it('draws the sign-ins with the smallest HMAC of their ids, each with its whole sign-in', async () => {
    const { summary } = await site.mfa.report({ ...asked, sample: 9 });
    const entries = await site.log();
    const ranked = entries
      .filter(within)
      .filter(({ name }) => ['verification-accepted', 'browser-trust-used', 'upstream-accepted'].includes(name))
      .map((entry) => ({ entry, rank: createHmac('sha256', asked.seed).update(entry.id).digest('hex') }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, 9);
    expect(summary.sample.drawn.map(({ id }) => id)).to.deep.equal(ranked.map(({ entry }) => entry.id));
    for (const [at, { proof, flow }] of summary.sample.drawn
      .map(({ proof }, index) => ({ proof, flow: ranked[index]?.entry.flow }))
      .entries()) {
      const whole = flow === undefined ? [ranked[at]?.entry] : entries.filter((entry) => entry.flow === flow);
      expect(proof.map(({ id }) => id)).to.deep.equal(whole.map((entry) => entry?.id));
    }
    const other = await site.mfa.report({ ...asked, sample: 9, seed: 'another' });
    expect(other.summary.sample.drawn).to.not.deep.equal(summary.sample.drawn);
  });

  it('is drawn again by the script of the documentation, from an export and the seed', async () => {
    const { summary } = await site.mfa.report(asked);
    const [, script = ''] = /```js\n(\/\/ draw\.mjs[^]*?)```/.exec(readFileSync('docs/compliance.md', 'utf8')) ?? [];
    const [draw, lines] = [`${site.folder}/draw.mjs`, `${site.folder}/audit.jsonl`];
    writeFileSync(draw, script);
    writeFileSync(lines, (await site.log()).map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const drawn = execFileSync(process.execPath, [draw, lines, quarter.from, quarter.to, asked.seed, '5'], {
      encoding: 'utf8',
    });
    expect(drawn.trim().split('\n')).to.deep.equal(summary.sample.drawn.map(({ id }) => id));
  });

  it('tells exceptions with who, why, ticket, who approved and until when; and a policy changed in mid-period', async () => {
    const { summary } = await site.mfa.report(asked);
    expect(summary.exceptions).to.deep.include({
      time: '2026-09-03T09:00:00.000Z',
      what: 'exempted',
      person: 'seed-2',
      by: 'Rhea',
      why: '=HYPERLINK("http://evil.example")',
      ticket: '<b>7</b>',
      case: 'c1',
      approvedBy: 'Teo',
      until: '2026-09-21T14:13:20.000Z',
    });
    const { changes, atEnd, hash } = summary.policy;
    expect(changes.map(({ differs, before }) => [differs, before])).to.deep.include([
      ['graceUntil', 'policy'],
      '41bb00112233aabb',
    ]);
    expect(atEnd).to.equal('9f2c61d07b3ea845').and.not.equal(hash);
  });

  it('is of one tenant alone where one is named', async () => {
    const report = await site.mfa.report({ ...asked, tenant: 'Retail' });
    const rows = await rowsOf(report.people());
    expect(rows.length).to.equal(site.people.filter(({ tenant }) => tenant === 'Retail').length);
    expect(new Set(rows.map(({ tenant }) => tenant))).to.deep.equal(new Set(['Retail']));
    expect(rows.map(({ id }) => id)).to.include('ma***@example.com');
  });

  it('never says that a control is met', async () => {
    const { summary } = await site.mfa.report(asked);
    const controls = summary.controls.map(({ standard, control }) => `${standard} ${control}`);
    expect(controls).to.include.members(['PCI DSS 4.0.1 8.3.4', 'SOC 2 CC6.1', 'HIPAA §164.312(d)']);
    expect(JSON.stringify(summary.controls)).to.not.match(/\bmet\b/i);
    expect(new Set(summary.controls.map(({ state }) => state))).to.deep.equal(
      new Set(['evidence complete', "the host's"]),
    );
  });

  it('refuses what is no period, no name, no tenant it can know, and no log', async () => {
    const refusals: [object, string][] = [
      [{ from: quarter.to, to: quarter.from }, '`from` and `to`'],
      [{ from: 'soon' }, '`from` and `to`'],
      [{ by: '' }, '`by`'],
      [{ sample: 501 }, '`sample`'],
      [{ seed: '' }, '`seed`'],
      [{ sed: 'x' }, 'seed'],
    ];
    for (const [wrong, told] of refusals) {
      const error = await site.mfa.report({ ...asked, ...wrong }).catch((each: unknown) => each);
      expect(String(error), JSON.stringify(wrong)).to.include(told);
    }
  });
}).timeout(60_000);

describe('a report of what is not whole', () => {
  it('says so of a log that was tampered with, an erased person, and people who were never counted', async () => {
    const site = await reportSite({ people: 8, days: 30, census: false, directory: false });
    const { audit } = site.mfa;
    await audit?.erase('seed-1', { by: 'Ana', reason: 'asked to be forgotten' });
    const { store } = audit!;
    const { items } = await store.page({ after: 0, limit: 50 });
    const { place = 0, text = '' } = items[40] ?? {};
    await store.rewrite(place, text, text.replace(/"time":"2026/, '"time":"2025'));
    const { summary } = await site.mfa.report({ ...asked, to: '2026-10-02T00:00:00.000Z' });
    expect(summary.integrity.sound).to.equal(false);
    expect(summary.integrity.broken[0]?.what).to.equal('changed');
    expect(summary.events.erased[0]?.entries).to.be.greaterThan(0);
    const said = summary.head.leftOut.join(' ');
    expect(said).to.include('no census').and.include('no directory').and.include('erased');
    const states = new Set(summary.controls.map(({ state }) => state));
    expect([...states]).to.not.include('evidence complete');
    await site.close();
  });

  it('says so of a period that is not over, or of which entries are kept no more; and counts nobody twice', async () => {
    const site = await reportSite({ people: 8, days: 30 });
    const { length } = site.people;
    site.people.push(...site.people);
    const whys = async (period: object) => {
      const { summary } = await site.mfa.report({ ...asked, ...period });
      expect(summary.head.people).to.equal(length);
      expect(summary.coverage.all.people).to.equal(length);
      expect(summary.controls.map(({ state }) => state)).to.not.include('evidence complete');
      return summary.controls.map(({ why }) => why).join(' ');
    };
    expect(await whys({ to: '2026-10-02T00:00:00.000Z' })).to.include('the period was not over');
    expect(await whys({ from: '2020-01-01T00:00:00.000Z' })).to.include('are kept no more');
    await site.close();
  });
}).timeout(60_000);

async function rowsOf<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
