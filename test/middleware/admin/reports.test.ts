// The page of compliance reports: made beside whoever asks, told how far they are, fetched as files; of one's own tenant alone; what goes
// wrong is said, and gone on with.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { reportStyle } from '../../../src/insight/report-html.js';
import type { Browser } from '../../support/agent.js';
import { eventually } from '../../support/eventually.js';
import { adminSite, allRights, home, type AdminSite } from '../../support/admin-site.js';

type Row = {
  id: string;
  from: string;
  tenant?: string;
  by: string;
  phase: string;
  done?: number;
  about?: number;
  why?: string;
  files?: { format: string; url: string }[];
  again?: object;
};

describe('the page of reports', () => {
  let site: AdminSite;
  let ana: Browser & { secret: string };
  const url = `${home}/reports`;
  const period = { from: '2026-07-01', to: '2026-10-01', seed: 'q3' };

  /** What the directory does before it tells anybody but the first. */
  let meanwhile: () => Promise<void>;

  beforeEach(async () => {
    meanwhile = () => Promise.resolve();
    site = await adminSite({
      async *all(people) {
        for (const [id, { tenant }] of people) {
          yield { id, ...(tenant === undefined ? {} : { tenant }) };
          await meanwhile();
        }
      },
    });
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: allRights, as: 'ana.ash@example.com' });
    site.people.set('pat', { name: 'Pat Palm', tenant: 'red' });
    site.people.set('sue', { name: 'Sue Spruce', tenant: 'blue' });
    ana = await site.enter('ana');
  });
  afterEach(() => site.close());

  const list = async (by: Browser = ana) => (await by.jsonGet(url).expect(200)).body.reports as Row[];
  const make = (fields: object = period, by: Browser = ana) => by.json(url, fields);
  const told = async (name: string) => {
    await site.mfa.settled();
    return site.events.filter((event) => event.name === name);
  };
  /** Until it is called, the directory waits. */
  function holdDirectory(): () => void {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    meanwhile = () => gate;
    return open;
  }
  const untilReady = async () => {
    while ((await list()).some(({ phase }) => phase !== 'ready')) await pause(20);
  };

  it('makes one from a form, and hands it out as page, tables and JSON, each told', async () => {
    const page = await ana.htmlGet(url).expect(200);
    expect(page.text)
      .to.include('No reports yet')
      .and.match(/name="to"[^]*?type="date"/);
    const begun = await ana.submit(page, '/reports', { ...period, sample: '3' });
    expect([begun.status, begun.headers['location']]).to.deep.equal([303, url]);
    const [row] = await list();
    expect(row).to.include({ from: '2026-07-01T00:00:00.000Z', by: 'an***@example.com', phase: 'ready' });
    const { text } = await ana.htmlGet(url);
    expect(text).to.include('The report was asked for.').and.include('2026-07-01 – 2026-10-01');
    for (const { url: file } of row!.files!) expect(text).to.include(`href="${file}"`);
    const [made] = await told('report-made');
    expect(made).to.deep.include({ by: 'ana.ash@example.com', actor: 'admin' });
    expect(made?.detail).to.include({ report: row?.id, from: row?.from });
    expect(made).to.include({ path: '/admin/mfa/reports' });

    const json = await ana.jsonGet(`${url}/${row!.id}.json`).expect(200);
    expect(json.headers['content-disposition']).to.equal('attachment; filename="report-2026-07-01-2026-10-01.json"');
    expect(json.body.people).to.have.length(3);
    expect(json.body.head).to.include({ by: 'an***@example.com' });
    const zip = await ana.agent.get(`${url}/${row!.id}.csv`).buffer(true).expect(200);
    expect(zip.headers['content-type']).to.equal('application/zip');
    expect(zip.headers['content-disposition']).to.match(/^attachment; filename="report-[\d-]+\.zip"$/);
    const table = await ana.agent.get(`${url}/${row!.id}.csv?table=people`).expect(200);
    expect(table.headers['content-type']).to.match(/^text\/csv/);
    expect(table.text.trimEnd().split('\r\n')).to.have.length(4);
    const html = await ana.htmlGet(`${url}/${row!.id}.html`).expect(200);
    expect(html.headers['content-disposition']).to.match(/^inline/);
    const digest = createHash('sha256').update(reportStyle).digest('base64');
    expect(html.headers['content-security-policy'])
      .to.include("default-src 'none'")
      .and.include(`'sha256-${digest}'`)
      .and.include("frame-ancestors 'none'");
    for (const { headers } of [json, zip, table, html])
      expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    const fetched = (await told('export-made')).map(({ by, detail }) => [by, detail]);
    expect(fetched).to.deep.equal(
      ['json', 'zip', 'people.csv', 'html'].map((format) => [
        'ana.ash@example.com',
        { format, report: row?.id, whole: true },
      ]),
    );
    expect((await ana.agent.head(`${url}/${row!.id}.json`)).status).to.equal(200);
    for (const path of [`${row!.id}.csv?table=secrets`, `${row!.id}.csv?table=a&table=b`])
      expect((await ana.jsonGet(`${url}/${path}`)).body.code, path).to.equal('request.invalid');
    for (const path of ['pXq3vT0b1mXcdefg.json', '..%2F..%2Fetc.json', `${row!.id}.pdf`])
      expect((await ana.jsonGet(`${url}/${path}`)).status, path).to.equal(404);
    expect(await told('export-made')).to.have.length(4);
  });

  it('refuses what is no period, sample, seed or tenant in words beside the field, with what was typed still there', async () => {
    const refusals: [object, string, string, string][] = [
      [{ from: '' }, 'from', 'report.period', 'Enter two days, the first before the second.'],
      [{ to: '2026-07-01' }, 'to', 'report.period', 'Enter two days'],
      [{ from: '2026-02-31' }, 'from', 'report.period', 'Enter two days'],
      [{ to: 'soon<script>' }, 'to', 'report.period', 'Enter two days'],
      [{ sample: '501' }, 'sample', 'report.sample', 'from 0 to 500'],
      [{ sample: '2.5' }, 'sample', 'report.sample', 'from 0 to 500'],
      [{ seed: 'x'.repeat(201) }, 'seed', 'report.seed', '200 characters'],
      [{ tenant: 'x'.repeat(201) }, 'tenant', 'report.tenant', 'No report of this tenant'],
    ];
    const form = await ana.htmlGet(url);
    for (const [fields, field, hint, words] of refusals) {
      const { status, body } = await make({ ...period, ...fields });
      expect([status, body.code, body.field, body.hint], JSON.stringify(fields)).to.deep.equal([
        400,
        'request.invalid',
        field,
        hint,
      ]);
      const page = await ana.submit(form, '/reports', { ...period, ...fields });
      expect(page.status).to.equal(400);
      expect(page.text).to.include(words).and.include(`href="#${field}"`).and.include('aria-invalid="true"');
      expect(page.text).not.to.include('soon<script>');
    }
    expect(await list()).to.deep.equal([]);
  });

  it('says while it is made how far it is, makes the same once, and no more than three at a time', async () => {
    const open = holdDirectory();
    const began = await Promise.all(['q3', 'q3', 'another', 'third'].map((seed) => make({ ...period, seed })));
    expect(began.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    const rows = await list();
    expect(rows.map(({ phase }) => phase)).to.deep.equal(['people', 'people', 'people']);
    expect(rows[0]).to.have.property('about').which.is.a('number');
    const page = await ana.htmlGet(url);
    expect(page.text)
      .to.match(/Being made<\/span> \d+ of about \d+ people/)
      .and.include('<progress');
    expect(page.text).not.to.include(`.html"`);
    expect((await ana.jsonGet(`${url}/${rows[0]!.id}.json`)).status).to.equal(404);
    const busy = await make({ ...period, seed: 'fourth' });
    expect([busy.status, busy.body.code, busy.body.hint, busy.headers['retry-after']]).to.deep.equal([
      503,
      'server.busy',
      'report.busy',
      '60',
    ]);
    expect((await make({ ...period, seed: 'q3' })).status).to.equal(200);
    open();
    await untilReady();
    expect(await list()).to.have.length(3);
    // Told when it is ready, so a moment later.
    await eventually(async () => expect(await told('report-made')).to.have.length(3));
  });

  it('says what went wrong, and goes on with it for whoever asked', async () => {
    meanwhile = () => Promise.reject(new Error('the directory is away: secret'));
    expect((await make()).status).to.equal(200);
    const [failed] = await list();
    expect(failed).to.include({ phase: 'failed', why: 'directory.unavailable' });
    site.people.set('ben', { name: 'Ben', isAdmin: true, rights: allRights });
    const ben = await site.enter('ben');
    expect((await list(ben))[0]).not.to.have.property('again');
    const page = await ana.htmlGet(url);
    expect(page.text).to.include('Not made').and.include('directory.unavailable').and.not.include('secret');
    meanwhile = () => Promise.resolve();
    await ana.submit(page, '/reports', failed!.again as { [name: string]: string });
    const rows = await list();
    expect(rows.map(({ phase }) => phase)).to.deep.equal(['ready']);
  });

  it('says so where there is no room to begin one, and lists none', async () => {
    rmSync(site.folder, { recursive: true, force: true });
    writeFileSync(site.folder, 'no folder');
    expect((await make()).status).to.equal(500);
    expect(await list()).to.deep.equal([]);
    expect(await told('report-made')).to.deep.equal([]);
  });

  it('makes it, and counts people, beside the answer: what the host keeps of that request is not theirs', async () => {
    const answer = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    meanwhile = async () => void seen.push(answer.getStore());
    await answer.run('an answer', async () => {
      const asked = { ...period, by: 'Ana' };
      await site.mfa.reports.begin(asked, 30_000, { hints: {} });
      await site.mfa.counting.begin('Ana', 30_000);
    });
    expect(seen.length).to.be.at.least(6);
    expect(new Set(seen)).to.deep.equal(new Set([undefined]));
  });

  it('sees one that its process left, which is gone on with', async () => {
    const open = holdDirectory();
    await make();
    const [row] = await list();
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(`${site.folder}/${row!.id}/state.json`, longAgo, longAgo);
    expect((await list())[0]).to.include({ phase: 'left' });
    expect((await ana.htmlGet(url)).text)
      .to.include('Stopped')
      .and.include('Go on with it');
    open();
    await untilReady();
  });

  it('breaks off where the file is gone meanwhile, tells that it was not whole, and goes on', async () => {
    await make();
    const [row] = await list();
    rmSync(`${site.folder}/${row!.id}/people.jsonl`);
    for (const format of ['json', 'html', 'csv']) {
      const fetched = await ana.agent.get(`${url}/${row!.id}.${format}`).then(
        () => 'whole',
        () => 'broken off',
      );
      expect(fetched, format).to.equal('broken off');
    }
    expect((await told('export-made')).map(({ detail }) => detail?.['whole'])).to.deep.equal([false, false, false]);
    expect(await list()).to.have.length(1);
  });

  it('makes and shows those of the own tenant alone', async () => {
    for (const uid of ['pat', 'sue']) {
      const one = await site.enter(uid);
      await one.proveTotp(one.secret);
    }
    await make({ from: '2020-01-01', to: '2030-01-01', seed: 'all' });
    const [whole] = await list();
    site.people.set('ana', { name: 'Ana', rights: allRights, ofTenant: 'red' });
    expect(await list()).to.deep.equal([]);
    for (const format of ['json', 'csv', 'html'])
      expect((await ana.jsonGet(`${url}/${whole!.id}.${format}`)).status, format).to.equal(404);
    const other = await make({ ...period, tenant: 'blue' });
    expect([other.status, other.body.hint]).to.deep.equal([400, 'report.tenant']);
    expect((await ana.htmlGet(url)).text).not.to.include('name="tenant"');
    await make({ from: '2020-01-01', to: '2030-01-01', seed: 'red' });
    const [own] = await list();
    expect(own).to.include({ tenant: 'red', phase: 'ready' });
    const { text, body } = await ana.jsonGet(`${url}/${own!.id}.json`);
    expect((body.people as { id: string }[]).map(({ id }) => id)).to.deep.equal(['pat']);
    expect(body.sample.drawn.map(({ person }: { person: string }) => person)).to.include('pat');
    expect(text).not.to.match(/(?<![\w-])sue(?![\w-])|spruce|ana\.ash/i);
    expect(body.events.counts.map(({ name }: { name: string }) => name)).to.not.include('report-made');
    const open = holdDirectory();
    await make({ ...period, seed: 'slow' });
    const making = (await list()).find(({ phase }) => phase === 'people');
    expect(making).to.include({ tenant: 'red', done: 0 }).and.not.have.property('about');
    expect((await ana.htmlGet(url)).text)
      .to.include('Being made')
      .and.not.match(/of about|<progress/);
    open();
    await untilReady();
    await site.close();
    site = await adminSite();
    site.people.set('ana', { rights: allRights, ofTenant: 'red' });
    ana = await site.enter('ana');
    expect((await ana.htmlGet(url)).text).to.include('does not list who belongs to your tenant');
    expect((await make()).body.hint).to.equal('report.tenant');
  });
}).timeout(60_000);
