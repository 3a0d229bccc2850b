// The audit log for administrators: one person's story in order, filters, exports, verifying, erasing; nothing of other tenants.
import { expect } from 'chai';
import { auditLog, memoryAuditStore } from '../../../src/audit.js';
import type { Browser } from '../../support/agent.js';
import { adminSite, allRights, home, reason, type AdminSite } from '../../support/admin-site.js';

type Told = { name: string; subject?: { id: string }; actor: { id?: string }; personal: { ip?: string } };

describe('the page of the audit log', () => {
  let site: AdminSite;
  let ana: Browser & { secret: string };
  beforeEach(async () => {
    site = await adminSite({ fourEyes: [] });
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: allRights, as: 'Ana' });
    site.people.set('pat', { name: 'Pat Palm', tenant: 'red' });
    site.people.set('sue', { name: 'Sue Spruce', tenant: 'blue' });
    ana = await site.enter('ana');
  });
  afterEach(() => site.close());

  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Told);

  it('tells one person’s story, newest first, in pages and lines alike', async () => {
    const pat = await site.enter('pat');
    await site.enter('sue');
    await pat.proveTotp(pat.secret);
    const url = await site.pageOf(ana, 'pat');
    await ana.json(`${url}/suspend`, { reason });
    await site.mfa.audit?.settled();
    const person = url.split('/').at(-1) ?? '';
    const { body } = await ana.jsonGet(`${home}/audit?person=${person}`).expect(200);
    const names = (body.entries as Told[]).map(({ name }) => name);
    expect(names[0]).to.equal('suspended');
    expect(names.indexOf('verification-accepted')).to.be.below(names.indexOf('authenticator-enrolled'));
    expect(new Set((body.entries as Told[]).map(({ subject }) => subject?.id))).to.deep.equal(new Set(['pat']));
    const file = await ana.agent
      .get(`${home}/audit.jsonl?person=${person}`)
      .buffer(true)
      .parse(asText as never);
    expect(linesOf(file.body as string).map(({ name }) => name)).to.deep.equal(names);
    const page = await ana.htmlGet(`${home}/audit?person=${person}`).expect(200);
    expect(page.text).to.include('Pat Palm').and.include('The account was suspended').and.include(reason);
    expect(page.text).not.to.include('Sue Spruce');
    const read = site.events.filter(({ name }) => name === 'audit-read');
    expect(read.map(({ by }) => by)).to.include('Ana');
  });

  it('filters by group, event, outcome, day and sign-in', async () => {
    const pat = await site.enter('pat');
    await pat.proveTotp(pat.secret);
    await pat.answer('totp', '000000');
    await site.mfa.audit?.settled();
    const read = async (search: string) =>
      (await ana.jsonGet(`${home}/audit?${search}`).expect(200)).body.entries as Told[];
    expect(new Set((await read('name=methods')).map(({ name }) => name.split('-')[0]))).to.deep.equal(
      new Set(['authenticator', 'enrollment']),
    );
    expect(new Set((await read('name=verification-accepted')).map(({ name }) => name))).to.have.length(1);
    const today = new Date(site.clock.now()).toISOString().slice(0, 10);
    expect(await read(`from=${today}&to=${today}`)).not.to.deep.equal([]);
    expect(await read('to=2020-01-01')).to.deep.equal([]);
    const [first] = (await read('name=verification-accepted')) as (Told & { flow?: string })[];
    const flow = await read(`flow=${encodeURIComponent(first?.flow ?? '')}`);
    expect(flow.map(({ name }) => name)).to.include('verification-accepted');
    for (const bad of ['name=nothing', 'outcome=maybe', 'from=yesterday', 'cursor=!!', 'name=a&name=b']) {
      expect((await ana.jsonGet(`${home}/audit?${bad}`)).body.code, bad).to.equal('request.invalid');
    }
    expect((await ana.jsonGet(`${home}/audit?person=pat`)).status).to.equal(404);
  });

  it('exports CSV with a line for each, and tells that it did', async () => {
    await site.enter('pat');
    await site.mfa.audit?.settled();
    const file = await ana.agent.get(`${home}/audit.csv`).expect(200);
    expect(file.headers['content-type']).to.match(/^text\/csv/);
    expect(file.headers['content-disposition']).to.match(/^attachment; filename="audit-[\d-]+\.csv"$/);
    const lines = file.text.trimEnd().split('\r\n');
    expect(lines[0]).to.match(/^time,name,outcome/);
    await site.mfa.audit?.settled();
    const [made] = site.events.filter(({ name }) => name === 'export-made');
    expect(made).to.deep.include({ by: 'Ana', detail: { format: 'csv', entries: lines.length - 1, whole: true } });
    const head = await ana.agent.head(`${home}/audit.csv`).expect(200);
    expect(head.headers['content-disposition']).to.match(/^attachment/);
  });

  it('verifies, and says when it was done last and by whom', async () => {
    expect((await ana.htmlGet(`${home}/audit`)).text).to.include('It was not verified lately.');
    const { body } = await ana.json(`${home}/audit/verify`);
    expect(body.sound).to.equal(true);
    expect((await ana.form(`${home}/audit/verify`)).status).to.equal(303);
    await site.mfa.audit?.settled();
    const page = await ana.htmlGet(`${home}/audit`);
    expect(page.text)
      .to.include('nothing is broken')
      .and.match(/Last verified on .* by Ana: nothing was broken/);
  });

  it('says of a log that is broken that it is, as no success', async () => {
    const store = memoryAuditStore();
    const other = await adminSite({ fourEyes: [], audit: auditLog({ store }) });
    other.people.set('bea', { rights: allRights });
    const bea = await other.enter('bea');
    await other.mfa.audit?.settled();
    const [first] = (await store.page({ after: 0, limit: 1 })).items;
    await store.rewrite(first!.place, first!.text, first!.text.replace('"bea"', '"eve"'));
    expect((await bea.form(`${home}/audit/verify`)).status).to.equal(303);
    const page = await bea.htmlGet(`${home}/audit`);
    expect(page.text).to.match(/<div class="mfa-note" role="status"><p>The log is broken\./);
    expect(page.text).not.to.include('is-good');
    await other.close();
  });

  it('erases what is personal about one person, for a reason', async () => {
    await site.enter('pat');
    const person = (await site.pageOf(ana, 'pat')).split('/').at(-1) ?? '';
    const page = await ana.htmlGet(`${home}/audit?person=${person}`);
    const bare = await ana.submit(page, '/audit/erase');
    expect(bare.status).to.equal(400);
    expect(bare.text).to.include('href="#erase-reason"');
    const erased = await ana.submit(page, '/audit/erase', { reason: 'asked to be forgotten' });
    expect(erased.status).to.equal(303);
    const { body } = await ana.jsonGet(`${home}/audit?person=${person}&name=authenticator-enrolled`);
    expect((body.entries as Told[])[0]?.personal).to.deep.equal({});
    expect((await ana.json(`${home}/audit/erase`, { userId: 'ana', reason })).body.code).to.equal('admin.own_account');
  });

  it('knows no entries of another tenant, in pages and files', async () => {
    await site.enter('pat');
    await site.enter('sue');
    await site.mfa.audit?.settled();
    site.people.set('ana', { name: 'Ana', rights: allRights, ofTenant: 'red' });
    const { body } = await ana.jsonGet(`${home}/audit`);
    expect(new Set((body.entries as Told[]).map(({ subject }) => subject?.id))).to.deep.equal(new Set(['pat']));
    const file = await ana.agent
      .get(`${home}/audit.jsonl`)
      .buffer(true)
      .parse(asText as never);
    expect(new Set(linesOf(file.body as string).map(({ subject }) => subject?.id))).to.deep.equal(new Set(['pat']));
    expect((await ana.json(`${home}/audit/verify`)).body.code).to.equal('admin.not_allowed');
  });
}).timeout(30_000);

/** As it came: no parser knows lines of JSON. */
function asText(res: NodeJS.ReadableStream, done: (error: Error | null, text: string) => void): void {
  let text = '';
  res.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  res.on('end', () => done(null, text));
}
