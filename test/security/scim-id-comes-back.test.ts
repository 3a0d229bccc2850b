// Attack: somebody gets the id of a person who was let go: by a database that counts its ids anew, an account that was only hidden, or
// a directory that says `active: true` of it. They would be let in as that person, and set up a method with a stolen password.
// Rule: an id that ended by SCIM stays barred, through every call but `mfa.readmit` and a new account by SCIM, and is not believed after.
// Answer: 403, 404 to the directory; then a first enrolment is confirmed as under `required`.
import { expect } from 'chai';
import { Browser, codeIn } from '../support/agent.js';
import { patchOf, scimSite, userOf, type ScimSite } from '../support/scim-site.js';

const suspended = 'session.mfa.suspended';
const unconfirmed = 'session.mfa.first_enrollment_unconfirmed';
const by = { by: 'admin-7', reason: 'a new colleague' };

describe('an id that comes back', () => {
  let site: ScimSite;
  beforeEach(async () => {
    site = await scimSite({ nextId: () => 'ada', confirmFirstEnrollment: 'open' });
    await site.make('ada@acme.example');
    await (await new Browser(site).signIn('ada')).enrollTotp();
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(204);
  });
  afterEach(() => site.close());

  const standing = async (path = '/mfa') => codeIn(await (await new Browser(site).signIn('ada')).jsonGet(path));
  async function expectUnbelieved(): Promise<void> {
    const browser = await new Browser(site).signIn('ada');
    const token = { 'X-CSRF-Token': await browser.csrf() };
    expect(codeIn(await browser.postJson('/mfa/setup/totp/begin', {}, token))).to.equal(unconfirmed);
    const code = await site.mfa.grantEnrollment('ada', 'admin-7');
    await browser.postJson('/mfa/setup/confirm', { code }, token).expect(200);
    await browser.enrollTotp();
    expect(await site.mfa.status('ada')).to.deep.include({ protected: true });
  }

  it('is barred, whatever else is done to it', async () => {
    for (const call of [
      () => site.mfa.reset('ada', by),
      () => site.mfa.deprovision('ada', by),
      () => site.mfa.resume('ada', by),
      () => site.mfa.unlock('ada', by),
      () => site.mfa.endSignIns('ada'),
      () =>
        site.mfa
          .resume('ada', { ...by, source: 'scim' })
          .catch((error: unknown) => expect(error).to.include({ code: 'admin.not_applicable' })),
    ]) {
      await call();
      expect(await standing()).to.equal(suspended);
    }
    expect(await site.mfa.status('ada')).to.deep.include({ protected: false, authenticators: [] });
  });

  it('is nobody to the directory, although the app keeps the account hidden', async () => {
    site.people.map.set('ada', { tenant: 'acme', user: { ...userOf('ada@acme.example'), id: 'ada', active: true } });
    for (const [method, body] of [
      ['GET'],
      ['PUT', userOf('ada@acme.example', { active: true })],
      ['PATCH', patchOf({ op: 'replace', value: { active: true } })],
      ['DELETE'],
    ] as const)
      expect((await site.ask(method, '/Users/ada', { body })).status, method).to.equal(404);
    expect(await standing()).to.equal(suspended);
  });

  it('is let in by `mfa.readmit`, and not believed', async () => {
    await site.mfa.readmit('ada', by);
    await site.mfa.readmit('ada', by);
    const told = site.events.filter(({ name }) => name === 'readmitted');
    expect(told.map(({ by: who, detail }) => [who, detail])).to.deep.equal([['admin-7', { reason: by.reason }]]);
    await site.mfa.reset('ada', by);
    await expectUnbelieved();
  });

  it('is let in by a new account of the directory, and not believed', async () => {
    expect(await site.make('ada.l@acme.example')).to.equal('ada');
    expect((await site.ask('GET', '/Users/ada')).status).to.equal(200);
    // Let go and back again before anything was set up.
    for (const active of [false, true]) {
      await site.ask('PATCH', '/Users/ada', { body: patchOf({ op: 'replace', value: { active } }) });
      expect(await standing()).to.equal(active ? undefined : suspended);
    }
    await expectUnbelieved();
  });

  it('stays barred by an administrator who barred it too', async () => {
    await site.mfa.suspend('ada', by);
    await site.mfa.readmit('ada', by);
    expect(await standing()).to.equal(suspended);
    await site.mfa.resume('ada', by);
    await expectUnbelieved();
  });

  it('is barred from the start where the new account is inactive', async () => {
    await site.make('ada@acme.example', { active: false });
    expect(await standing()).to.equal(suspended);
    expect((await site.ask('GET', '/Users/ada')).body.active).to.equal(false);
    await site.ask('PATCH', '/Users/ada', { body: patchOf({ op: 'replace', path: 'active', value: true }) });
    await expectUnbelieved();
  });

  it('is not believed either where the app itself ended the account before', async () => {
    await site.mfa.readmit('ada', by);
    await expectUnbelieved();
    site.people.map.clear();
    await site.mfa.deprovision('ada', by);
    await site.make('ada@acme.example');
    await expectUnbelieved();
  });

  it('is nothing to anybody else: `mfa.readmit` lets nobody in who was only suspended', async () => {
    await site.mfa.suspend('bea', { by: 'x', source: 'scim' });
    await site.mfa.readmit('bea', by);
    expect(codeIn(await (await new Browser(site).signIn('bea')).jsonGet('/mfa'))).to.equal(suspended);
    for (const wrong of [{}, { by: '' }, { by: 'x', source: 'scim' }])
      expect(
        await site.mfa.readmit('ada', wrong as never).catch((error: unknown) => (error as { code: string }).code),
      ).to.match(/^config\./);
    expect(await standing()).to.equal(suspended);
  });
});
