// Attack: a name, an id or a reason that is markup, turns the line around or is an address, comes into a page, a title, an address, a
// header or an event of administration; a role is taken away half way; two tabs do the same twice; a stolen page is framed or kept.
// Rule: everything is escaped, names lose signs that turn the line, ids stand sealed in addresses, rights are asked at each request.
// Answer: text, `al***@example.com`, 404 at once, one reset for two forms, `no-store` and the same CSP as all pages.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import { adminSite, allRights, home, reason, type AdminSite } from '../support/admin-site.js';

const script = '"><script>alert(1)</script>';
const turned = '\u202Egnp.tset\u2066 x';

describe('the pages of administration', () => {
  let site: AdminSite;
  let ana: Browser & { secret: string };
  beforeEach(async () => {
    site = await adminSite({ fourEyes: ['reset'] });
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights, as: `Ana ${script}${turned}` });
    ana = await site.enter('ana');
  });
  afterEach(() => site.close());

  it('escape what people are called, and why something was asked for', async () => {
    site.people.set('pat', { name: `Pat ${script}${turned}`, tenant: `red ${script}` });
    await site.enter('pat');
    const url = await site.pageOf(ana, 'pat');
    expect((await ana.json(`${url}/reset`, { reason: `why ${script}${turned}`, ticket: script })).status).to.equal(409);
    for (const page of [
      await ana.htmlGet(url),
      await ana.htmlGet(`${home}/approvals`),
      await ana.form(`${home}/people`, { text: 'Pat' }),
      await ana.form(`${url}/reset`, { reason: `no${script}`, ticket: 'x'.repeat(70) }),
    ]) {
      expect(page.text).not.to.include('<script>');
      expect(page.text).to.include('&lt;script&gt;');
      const title = /<title>([^<]*)/.exec(page.text)?.[1] ?? '';
      expect(title).not.to.match(/[\u202a-\u202e\u2066-\u2069]/);
      // Free text keeps its signs, where they turn nothing but itself.
      for (const [, inside = ''] of page.text.matchAll(/([^<>]*[\u202a-\u202e\u2066-\u2069][^<>]*<\/?[a-z]+)/g))
        expect(inside).to.match(/<\/bdi$/);
    }
  });

  it('show no address in full, neither in a link, a title, a body nor an event', async () => {
    const address = 'alexandra@example.com';
    site.people.set(address, { name: address });
    await site.enter(address);
    const url = await site.pageOf(ana, address);
    const pages = [
      await ana.htmlGet(url),
      await ana.jsonGet(url),
      await ana.form(`${home}/people`, { text: address }),
      await ana.json(`${home}/people`, { text: address }),
    ];
    expect(pages[0]?.text).to.include('ale***@example.com');
    for (const { text } of pages) expect(text).not.to.include(address);
    await site.mfa.settled();
    const looks = site.events.filter(({ name }) => name === 'admin-viewed');
    expect(looks.length).to.be.above(3);
    for (const { path, detail } of looks) expect(JSON.stringify([path, detail])).not.to.match(/alexandra|%40|@/);
  });

  it('are closed at the next request once the role is gone, however far a form was', async () => {
    site.people.set('pat', { name: 'Pat' });
    await site.enter('pat');
    const url = await site.pageOf(ana, 'pat');
    const page = await ana.htmlGet(url).expect(200);
    site.people.set('ana', { name: 'Ana' });
    expect((await ana.submit(page, '/suspend', { reason })).status).to.equal(404);
    site.people.set('ana', { name: 'Ana', rights: ['view'] });
    expect((await ana.submit(page, '/suspend', { reason })).status).to.equal(403);
    expect((await site.mfa.status('pat'))?.suspended).to.equal(undefined);
  });

  it('do in two tabs what one does', async () => {
    site.people.set('pat', { name: 'Pat' });
    await site.enter('pat');
    const url = await site.pageOf(ana, 'pat');
    const page = await ana.htmlGet(url);
    const tabs = [await ana.submit(page, '/reset', { reason }), await ana.submit(page, '/reset', { reason })];
    expect(tabs.map(({ status }) => status)).to.deep.equal([409, 409]);
    expect(await site.mfa.cases()).to.have.length(1);
    const suspended = [await ana.submit(page, '/suspend', { reason }), await ana.submit(page, '/suspend', { reason })];
    expect(suspended.map(({ status }) => status)).to.deep.equal([303, 303]);
    await site.mfa.settled();
    expect(site.notices.filter(({ what }) => what === 'suspended')).to.have.length(1);
  });

  it('bear the headers of all our pages, and no session id or secret', async () => {
    site.people.set('pat', { name: 'Pat' });
    const pat = await site.enter('pat');
    const url = await site.pageOf(ana, 'pat');
    for (const path of [`${home}/`, `${home}/people`, url, `${home}/approvals`, `${home}/nowhere`]) {
      const { headers } = await ana.htmlGet(path);
      expect(headers['content-security-policy'], path)
        .to.include("default-src 'none'")
        .and.include("frame-ancestors 'none'");
      expect(headers, path).to.include({
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
      });
    }
    const told = (await ana.htmlGet(url)).text + (await ana.jsonGet(url)).text;
    for (const secret of [pat.secret, pat.sessionCookie, decodeURIComponent(pat.sessionCookie).slice(2, 34)])
      expect(told).not.to.include(secret);
  });
}).timeout(30_000);
