// What waits for a second administrator, on its page and for programs: approved, denied, taken back, collected; one answer of any
// number counts.
import { expect } from 'chai';
import type { Browser } from '../../support/agent.js';
import { adminSite, allRights, home, reason, type AdminSite } from '../../support/admin-site.js';

describe('the page of approvals', () => {
  let site: AdminSite;
  let ana: Browser & { secret: string };
  let ben: Browser & { secret: string };
  let url: string;
  beforeEach(async () => {
    site = await adminSite({ fourEyes: ['reset', 'pass', 'unlock'] });
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: allRights, as: 'Ana' });
    site.people.set('ben', { name: 'Ben Birch', isAdmin: true, rights: allRights, as: 'Ben' });
    site.people.set('pat', { name: 'Pat Palm' });
    ana = await site.enter('ana');
    ben = await site.enter('ben');
    await site.enter('pat');
    url = await site.pageOf(ana, 'pat');
  });
  afterEach(() => site.close());

  const askFor = async (word: string) => (await ana.json(`${url}/${word}`, { reason })).body.case as string;
  const answer = (by: Browser, id: string, word: string) =>
    by.form(`${home}/approvals/${id}/${word}`, { reason: 'called back' });

  it('shows who asked for what and why, with an answer to everybody but who asked', async () => {
    const id = await askFor('reset');
    const own = await ana.htmlGet(`${home}/approvals`).expect(200);
    expect(own.text).to.include('You asked for this').and.include('/withdraw').and.not.include('/approve');
    const page = await ben.htmlGet(`${home}/approvals`).expect(200);
    expect(page.text).to.include('Reset').and.include('Pat Palm').and.include(reason).and.include('Asked by');
    expect(page.text).to.include(`${id}/approve`).and.include(`${id}/deny`).and.not.include('/withdraw');
    const { body } = await ben.jsonGet(`${home}/approvals`).expect(200);
    expect(body.waiting[0]).to.include({ id, action: 'reset', by: 'Ana', reason, own: false });
  });

  it('carries it out once it is approved, and says so once', async () => {
    const id = await askFor('reset');
    expect((await answer(ben, id, 'approve')).headers['location']).to.equal(`${home}/approvals`);
    expect((await site.mfa.status('pat'))?.protected).to.equal(false);
    const page = await ben.htmlGet(`${home}/approvals`);
    expect(page.text).to.include('Approved and done.').and.include('Nothing waits.');
    expect((await answer(ben, id, 'approve')).status).to.equal(410);
    expect((await ben.json(`${home}/approvals/${id}/deny`, { reason })).body.code).to.equal('admin.case_lapsed');
  });

  it('lets nobody approve what they asked for, whatever the address says', async () => {
    const id = await askFor('reset');
    expect((await answer(ana, id, 'approve')).status).to.equal(403);
    expect((await answer(ana, id, 'deny')).status).to.equal(403);
    expect((await answer(ben, id, 'withdraw')).status).to.equal(403);
    expect(await site.mfa.cases()).to.have.length(1);
    expect((await answer(ana, id, 'withdraw')).status).to.equal(303);
    expect((await ana.htmlGet(`${home}/approvals`)).text).to.include('Taken back.');
    expect(await site.mfa.cases()).to.have.length(0);
    expect((await site.mfa.status('pat'))?.protected).to.equal(true);
  });

  it('denies, with a reason beside the field', async () => {
    const id = await askFor('reset');
    const bare = await ben.form(`${home}/approvals/${id}/deny`, { reason: 'no' });
    expect(bare.status).to.equal(400);
    expect(bare.text).to.include(`href="#${id}-reason"`).and.include('value="no"');
    expect((await answer(ben, id, 'deny')).status).to.equal(303);
    expect((await ben.htmlGet(`${home}/approvals`)).text).to.include('Denied: it will not be done.');
  });

  it('shows a pass to who asked alone, once, after the approval', async () => {
    const id = await askFor('issue-pass');
    expect((await answer(ana, id, 'collect')).status).to.equal(410);
    expect((await answer(ben, id, 'approve')).status).to.equal(303);
    expect((await ben.htmlGet(`${home}/approvals`)).text).to.include('shown to who asked');
    expect((await answer(ben, id, 'collect')).status).to.equal(403);
    const page = await ana.htmlGet(url);
    expect(page.text).to.include('Approved by Ben').and.include(`${id}/collect`);
    const shown = await ana.submit(page, `${id}/collect`);
    expect(shown.status).to.equal(200);
    expect(shown.text)
      .to.match(/<output class="mfa-secret">([A-Z]{4}-){2}[A-Z]{4}<\/output>/)
      .and.include('Pat Palm');
    expect((await answer(ana, id, 'collect')).status).to.equal(410);
    await site.mfa.settled();
    const pass = /<output class="mfa-secret">([^<]*)/.exec(shown.text)?.[1] ?? '';
    expect(JSON.stringify([site.events, site.notices])).not.to.include(pass);
  });

  it('shows whoever may only help what they asked for on the person’s page', async () => {
    site.people.set('hal', { name: 'Hal Hazel', isAdmin: true, rights: ['view', 'help'], as: 'Hal' });
    const hal = await site.enter('hal');
    await hal.htmlGet(`${home}/approvals`).expect(403);
    const asked = await hal.json(`${await site.pageOf(hal, 'pat')}/unlock`, { reason });
    expect(asked.status).to.equal(409);
    const page = await hal.htmlGet(url);
    expect(page.text).to.include(`${String(asked.body.case)}/withdraw`);
    expect((await answer(hal, asked.body.case as string, 'withdraw')).status).to.equal(303);
    expect(await site.mfa.cases()).to.have.length(0);
  });

  it('hears one of two answers at once', async () => {
    const id = await askFor('reset');
    site.people.set('eva', { name: 'Eva Elm', isAdmin: true, rights: allRights });
    const eva = await site.enter('eva');
    const token = { ben: await ben.csrf(), eva: await eva.csrf() };
    const both = await Promise.all(
      (['ben', 'eva'] as const).map((who) =>
        (who === 'ben' ? ben : eva).postJson(
          `${home}/approvals/${id}/${who === 'ben' ? 'approve' : 'deny'}`,
          { reason },
          { 'X-CSRF-Token': token[who] },
        ),
      ),
    );
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 410]);
  });

  it('knows no case of another tenant', async () => {
    const id = await askFor('reset');
    site.people.set('ben', { name: 'Ben', rights: allRights, ofTenant: 'blue' });
    expect((await ben.jsonGet(`${home}/approvals`)).body.waiting).to.deep.equal([]);
    expect((await ben.json(`${home}/approvals/${id}/approve`, { reason })).body.code).to.equal('admin.case_lapsed');
    expect(await site.mfa.cases()).to.have.length(1);
  });
}).timeout(30_000);
