// People and one person, for administrators: found, shown, acted on; by forms and by programs alike.
import { expect } from 'chai';
import { supportPass, totp } from '../../../src/index.js';
import { fewBackupCodes } from '../../support/app.js';
import { formsOf } from '../../support/agent.js';
import { adminSite, allRights, home, reason, type AdminSite } from '../../support/admin-site.js';

const day = 86_400;

describe('the pages of people', () => {
  let site: AdminSite;
  beforeEach(async () => {
    site = await adminSite({ fourEyes: [], factors: [totp(), fewBackupCodes(), supportPass()] });
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: allRights, as: 'Ana' });
    site.people.set('u-1003', { name: 'Noor Juniper', tenant: 'Retail' });
    site.people.set('u-1004', { name: 'Nilo Juniper' });
  });
  afterEach(() => site.close());

  it('find by name and by id, and say how each stands, with no name in any address', async () => {
    const ana = await site.enter('ana');
    await site.enter('u-1003');
    const page = await ana.form(`${home}/people`, { text: 'Juniper' });
    expect(page.status).to.equal(200);
    expect(page.text).to.include('2 people found').and.include('Noor Juniper').and.include('Not protected');
    const { body } = await ana.json(`${home}/people`, { text: 'u-1003' });
    expect(body.people).to.have.length(1);
    expect(body.people[0]).to.include({ name: 'Noor Juniper', id: 'u-1003', tenant: 'Retail' });
    expect(body.people[0].standing).to.deep.equal(['protected']);
    const links = [...page.text.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.join(' ')).not.to.match(/juniper|u-1003/i);
    expect((await ana.json(`${home}/people`, { text: 'u-1003' })).body.people[0].url).to.equal(body.people[0].url);
    expect((await ana.form(`${home}/people`, { text: '' })).status).to.equal(400);
    expect((await ana.json(`${home}/people`, { text: 'x'.repeat(300) })).body.code).to.equal('request.invalid');
  });

  it('lead from the mount to the first part that is open', async () => {
    const ana = await site.enter('ana');
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: ['decide'], as: 'Ana' });
    expect((await ana.htmlGet(`${home}/`).expect(303)).headers['location']).to.equal(`${home}/approvals`);
    const { body } = await ana.jsonGet(`${home}/`).expect(200);
    expect(body).to.deep.include({ name: 'Ana', may: ['decide'] });
  });

  it('show somebody: methods, codes, what happened; and tell that somebody looked', async () => {
    const ana = await site.enter('ana');
    const noor = await site.enter('u-1003');
    await noor.proveTotp(noor.secret);
    const url = await site.pageOf(ana, 'u-1003');
    await site.mfa.settled();
    const page = await ana.htmlGet(url).expect(200);
    await site.mfa.settled();
    expect(page.text).to.include('<h1>Noor Juniper</h1>').and.include('Authenticator app').and.include('5 of 5');
    expect(page.text).to.include('verification-accepted').and.include('<title>Noor Juniper');
    const { body } = await ana.jsonGet(url).expect(200);
    expect(body.methods).to.have.length(1);
    expect(body.codes).to.include({ left: 5, total: 5 });
    expect(body.story[0].entries[0].what).to.equal('admin-viewed');
    const looks = site.events.filter(({ name, userId }) => name === 'admin-viewed' && userId === 'u-1003');
    expect(looks).to.have.length(2);
    expect(looks[0]).to.include({ actor: 'admin', by: 'Ana' });
  });

  it('are 404 for a person whom nobody sealed', async () => {
    const ana = await site.enter('ana');
    for (const bad of ['u-1003', 'v1.aaaaaaaa.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA', '..', 'x'.repeat(3000)])
      await ana.htmlGet(`${home}/people/${bad}`).expect(404);
  });

  it('carry out every action, say so once, and show a code once', async () => {
    const ana = await site.enter('ana');
    const noor = await site.enter('u-1003');
    await ana.proveTotp(ana.secret);
    const url = await site.pageOf(ana, 'u-1003');
    const act = (word: string, fields = {}, at = url) => ana.form(`${at}/${word}`, { reason, ...fields });
    expect((await act('suspend')).headers['location']).to.equal(url);
    const said = await ana.htmlGet(url).expect(200);
    // The log holds it a moment later, and nobody waits for that.
    expect(said.text).to.include('Done: Suspend.').and.include('Suspended by an administrator');
    expect(said.text).to.include('What you just did stands here in a moment.');
    expect((await ana.htmlGet(url)).text).not.to.include('Done:');
    expect((await noor.jsonGet('/account')).body.code).to.equal('session.mfa.suspended');
    expect((await act('resume')).status).to.equal(303);
    expect((await act('end-sign-ins')).status).to.equal(303);
    expect((await act('owe-codes')).status).to.equal(303);
    const pass = await act('issue-pass', { validMinutes: '10' });
    expect(pass.status).to.equal(200);
    expect(pass.text).to.match(/<output class="mfa-secret">([A-Z]{4}-){2}[A-Z]{4}<\/output>/);
    expect(pass.headers['cache-control']).to.equal('no-store');
    expect((await act('reset', { ticket: 'OPS-7' })).status).to.equal(303);
    const other = await site.pageOf(ana, 'u-1004');
    const granted = await ana.json(`${other}/grant`, { reason });
    expect(granted.body.code).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const until = new Date(site.clock.now() + 7 * day * 1000).toISOString().slice(0, 10);
    expect((await act('exempt', { until }, other)).status).to.equal(303);
    expect((await act('end-exemption', {}, other)).status).to.equal(303);
    await site.mfa.settled();
    const [reset] = site.events.filter(({ name }) => name === 'reset');
    expect(reset).to.deep.include({ by: 'Ana', detail: { reason, ticket: 'OPS-7' } });
    expect(site.notices.map(({ what }) => what)).to.include.members(['suspended', 'resumed', 'pass-issued', 'reset']);
  });

  it('ask again beside the field for what was forgotten, and keep what was typed', async () => {
    const ana = await site.enter('ana');
    const url = await site.pageOf(ana, 'u-1004');
    const until = '2027-02-01';
    const bare = await ana.form(`${url}/exempt`, { until });
    expect(bare.status).to.equal(400);
    expect(bare.text)
      .to.include('href="#exempt-reason"')
      .and.include(`value="${until}"`)
      .and.include('<details class="mfa-item" open>');
    const far = await ana.form(`${url}/exempt`, { until: '2090-01-01', reason });
    expect(far.status).to.equal(400);
    expect(far.text).to.include('href="#exempt-until"').and.include(`value="${reason}"`);
    expect((await ana.json(`${url}/exempt`, { reason })).body).to.include({ code: 'request.invalid', field: 'until' });
    const nothing = await ana.json(`${url}/release`, { reason });
    expect(nothing.body.code).to.equal('admin.not_applicable');
  });

  it('keep a typed reason through a fresh proof', async () => {
    const ana = await site.enter('ana');
    await site.enter('u-1003');
    const url = await site.pageOf(ana, 'u-1003');
    site.clock.advance(601);
    expect((await ana.htmlGet(url)).status).to.equal(200);
    const stopped = await ana.form(`${url}/suspend`, { reason });
    expect(stopped.status).to.equal(401);
    expect(stopped.text).to.include('href="/mfa/verify"');
    expect((await site.mfa.status('u-1003'))?.suspended).to.equal(undefined);
    const verified = await ana.proveTotp(ana.secret);
    expect(verified.body.next.url).to.equal(url);
    const page = await ana.htmlGet(url);
    expect(page.text).to.include(`value="${reason}"`);
    const form = formsOf(page.text).find(({ action }) => action.endsWith('/suspend'));
    expect(form?.action).to.equal(`${url}/suspend`);
    expect((await ana.form(`${url}/suspend`, { reason })).status).to.equal(303);
  });

  it('wait for a second administrator where one is needed, and say so', async () => {
    site.people.set('u-1003', { name: 'Noor Juniper', isAdmin: true });
    const ana = await site.enter('ana');
    await site.enter('u-1003');
    const url = await site.pageOf(ana, 'u-1003');
    const asked = await ana.json(`${url}/reset`, { reason });
    expect(asked.status).to.equal(409);
    expect(asked.body).to.include({ code: 'admin.approval_required' });
    const [waiting] = await site.mfa.cases();
    expect(asked.body.case).to.equal(waiting?.id);
    const page = await ana.form(`${url}/reset`, { reason });
    expect(page.status).to.equal(409);
    expect(page.text).to.include('A second administrator must approve this').and.include('You asked for this');
    expect(await site.mfa.cases()).to.have.length(1);
  });
});
