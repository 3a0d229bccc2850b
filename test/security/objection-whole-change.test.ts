// Attack: a thief with the password enrols a factor, makes backup codes with it, and enrols more; the owner objects.
// Rule: an objection takes away the whole change, whatever leaned on it, and never what proves the mailbox it came from.
// Answer: nothing that the thief made works; the owner enrols anew, confirmed at the address that got the notice.
import { expect } from 'chai';
import { Browser, code } from '../support/agent.js';
import { codesApp, elevated, known, said, signIn, type CodesApp } from '../support/codes.js';
import { addresses, otherAddresses } from '../support/addresses.js';

const origin = 'https://acme.example';
const unconfirmed = '403 session.mfa.first_enrollment_unconfirmed';

describe('an objection to what a thief set up', () => {
  let app: CodesApp;
  /** `owner`: what the host knows of the account. */
  async function house(owner = {}, more = {}) {
    app = await codesApp({
      people: { ada: owner },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      origin,
      ...more,
    });
  }
  async function tokenOf(what: string): Promise<string> {
    await app.mfa.settled();
    return app.notices.findLast((notice) => notice.what === what)!.objectToken!;
  }
  const press = (token: string) => new Browser(app).postJson(`/mfa/object/${token}`, {}, { Origin: origin });
  const kinds = async () => (await app.mfa.status('ada'))!.authenticators.map(({ kind }) => kind).sort();

  it('voids the codes that were made with it, and what a code of them enrolled', async () => {
    await house();
    const thief = await signIn(app, 'ada');
    const { codes } = await thief.enrollTotp();
    const token = await tokenOf('factor-added');
    app.clock.advance(60);
    const again = await signIn(app, 'ada');
    expect(said(await again.answer('backup-codes', codes[0]))).to.equal('200');
    expect(said(await again.json('/mfa/setup/sms/begin', { address: otherAddresses.sms }))).to.equal('200');
    expect(said(await again.json('/mfa/setup/sms', { code: app.lastCode('sms') }))).to.equal('200');
    expect(await kinds()).to.deep.equal(['backup-codes', 'sms', 'totp']);
    expect((await press(token)).body.did).to.equal('start-again-granted');
    expect(await kinds()).to.deep.equal([]);
    const back = await signIn(app, 'ada');
    expect(said(await back.answer('backup-codes', codes[1]))).to.match(/^4/);
    expect(said(await back.jsonGet('/account'))).to.equal('403 user.missing_mfa');
    expect((await app.mfa.status('ada'))!).to.deep.include({ protected: true, owed: ['primary'] });
  });

  it('takes a chain away though its middle is gone', async () => {
    await house();
    const thief = await signIn(app, 'ada');
    await thief.enrollTotp();
    const token = await tokenOf('factor-added');
    app.clock.advance(60);
    for (const kind of ['sms', 'email'] as const) {
      await thief.json(`/mfa/setup/${kind}/begin`, { address: otherAddresses[kind] });
      expect(said(await thief.json(`/mfa/setup/${kind}`, { code: app.lastCode(kind) }))).to.equal('200');
      app.clock.advance(60);
    }
    const sms = (await app.mfa.status('ada'))!.authenticators.find(({ kind }) => kind === 'sms')!;
    expect(said(await thief.json(`/mfa/authenticators/${sms.id}/remove`, { confirmed: 'yes' }))).to.equal('200');
    await press(token).expect(200);
    expect(await kinds()).to.deep.equal([]);
  });

  it('leaves the owner to enrol, confirmed by a code to the address that got the notice, and nobody else', async () => {
    await house(known('email'), { confirmFirstEnrollment: 'open' });
    const thief = await signIn(app, 'ada');
    const { secret } = await thief.enrollTotp();
    const answer = await press(await tokenOf('factor-added')).expect(200);
    expect(answer.body.did).to.equal('start-again');
    app.clock.advance(60);
    // The thief, in the session of before and in a new one, with the password and no mailbox.
    for (const session of [thief, await signIn(app, 'ada')]) {
      expect(said(await session.jsonGet('/account'))).to.equal('403 user.missing_mfa');
      expect(said(await session.jsonGet('/mfa/setup/totp'))).to.equal(unconfirmed);
      expect(said(await session.json('/mfa/setup/email/begin', { address: otherAddresses.email }))).to.equal(
        unconfirmed,
      );
      expect(said(await session.json('/mfa/setup/email/begin', { address: addresses.email }))).to.equal(unconfirmed);
      expect(said(await session.answer('totp', code(secret, app.clock)))).to.match(/^4/);
      expect((await session.jsonGet('/mfa')).body).not.to.have.property('authenticators');
    }
    // An address that the host was told of since is not the one that got the notice.
    app.people.ada = known('email', otherAddresses.email);
    expect((await thief.jsonGet('/mfa/setup/confirm')).body.via).to.equal('granted');
    app.people.ada = known('email');
    const owner = await signIn(app, 'ada');
    await owner.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    await owner.htmlGet('/mfa').expect(303).expect('Location', '/mfa/setup');
    await owner.htmlGet('/mfa/setup/totp').expect(303).expect('Location', '/mfa/setup/confirm');
    expect(said(await owner.json('/mfa/setup/confirm/begin'))).to.equal('200');
    expect(app.codes('email').at(-1)!.to).to.equal(addresses.email);
    expect(said(await owner.json('/mfa/setup/confirm', { code: app.lastCode('email') }))).to.equal('200');
    await owner.enrollTotp();
    await owner.jsonGet('/account').expect(200);
    expect((await app.mfa.status('ada'))!.owed).to.deep.equal([]);
    expect(await kinds()).to.deep.equal(['backup-codes', 'totp']);
  });

  it('does not count what was confirmed before it', async () => {
    await house(known('email'));
    const thief = await signIn(app, 'ada');
    await thief.json('/mfa/setup/confirm/begin');
    await thief.json('/mfa/setup/confirm', { code: app.lastCode('email') });
    await thief.enrollTotp();
    await press(await tokenOf('factor-added')).expect(200);
    expect(said(await thief.jsonGet('/mfa/setup/totp'))).to.equal(unconfirmed);
  });

  it('is led on by a granted code where no address is known', async () => {
    await house();
    await (await signIn(app, 'ada')).enrollTotp();
    await press(await tokenOf('factor-added')).expect(200);
    const owner = await signIn(app, 'ada');
    const granted = await app.mfa.grantEnrollment('ada', 'root');
    app.clock.advance(60);
    expect(said(await owner.json('/mfa/setup/confirm', { code: granted }))).to.equal('200');
    await owner.enrollTotp();
    await owner.jsonGet('/account').expect(200);
  });

  it('keeps the owner’s own address, that the thief bound, and voids the codes made with it', async () => {
    await house(known('email'), { confirmFirstEnrollment: 'open' });
    const thief = await signIn(app, 'ada');
    expect(said(await thief.json('/mfa/setup/email/begin', { address: addresses.email }))).to.equal('200');
    const answer = await press(await tokenOf('factor-added')).expect(200);
    expect(answer.body.did).to.equal('address-kept');
    expect(await kinds()).to.deep.equal(['email']);
    app.clock.advance(60);
    const owner = await elevated(app, 'email');
    expect((await owner.jsonGet('/mfa')).body.state).to.equal('elevated');
  });

  it('opens no account that was protected before: with nothing left it is recovered, whoever reads the mailbox', async () => {
    await house(known('email'), { confirmFirstEnrollment: 'open' });
    const owner = await signIn(app, 'ada');
    await owner.enrollTotp();
    app.clock.advance(8 * 86_400);
    await owner.jsonGet('/');
    // A thief with mailbox and password objects to a later, honest change of the only factor.
    const { kernel } = app.mfa;
    const { record, revision } = await kernel.store.load('ada');
    const only = record!.authenticators.filter(({ kind }) => kind === 'totp');
    await kernel.store.save('ada', { ...record!, authenticators: only }, revision);
    kernel.notify({ user: { id: 'ada' }, hints: {} }, record, [
      { what: 'factor-added', kind: 'totp', authenticatorId: only[0]!.id, at: only[0]!.createdAt },
    ]);
    await press(await tokenOf('factor-added')).expect(200);
    const thief = await signIn(app, 'ada');
    expect(said(await thief.jsonGet('/account'))).to.equal('403 session.mfa.recovery_required');
    expect(said(await thief.jsonGet('/mfa/setup/totp'))).to.equal('403 session.mfa.recovery_required');
  });

  it('leaves known browsers their lane where nothing was added: many wrong codes, a closed lane', async () => {
    await house();
    const owner = await signIn(app, 'ada');
    const { secret } = await owner.enrollTotp();
    const { kernel } = app.mfa;
    for (const what of ['failures', 'lane-closed'] as const) {
      kernel.notify({ user: { id: 'ada' }, hints: {} }, (await kernel.store.load('ada')).record, [{ what, at: 1 }]);
      expect((await press(await tokenOf(what)).expect(200)).body.did).to.equal('sessions-ended');
      expect((await kernel.store.load('ada')).record!.known).to.have.length(1);
      expect((await owner.jsonGet('/mfa')).body.state).to.equal('pending');
      await owner.signIn('ada');
      await owner.proveTotp(secret);
    }
  });

  it('knows each address by a link of its own', async () => {
    await house({ ...known('email'), ...known('sms') }, { delivers: true, confirmFirstEnrollment: 'open' });
    await (await signIn(app, 'ada')).enrollTotp();
    await app.mfa.settled();
    expect(app.notes('sms'), 'what a mail can tell').to.have.length(0);
    const { kernel } = app.mfa;
    const user = {
      id: 'ada',
      label: 'ada',
      email: addresses.email,
      emailVerified: true,
      phone: addresses.sms,
      phoneVerified: true,
    };
    const [own] = (await kernel.store.load('ada')).record!.authenticators;
    const change = { what: 'address-changed', kind: 'sms', authenticatorId: own!.id, at: app.clock.seconds } as const;
    kernel.notify({ user, hints: {} }, undefined, [change]);
    await app.mfa.settled();
    const links = app
      .notes()
      .flatMap(({ text }) => /https:\/\/acme\.example(\/mfa\/object\/\S+)/.exec(text)?.[1] ?? []);
    expect(links.length).to.be.greaterThan(1);
    expect(new Set(links).size).to.equal(links.length);
    const bySms = /https:\/\/acme\.example(\/mfa\/object\/\S+)/.exec(app.notes('sms')[0]!.text)![1]!;
    await new Browser(app).postJson(bySms, {}, { Origin: origin }).expect(200);
    const owner = await signIn(app, 'ada');
    expect((await owner.jsonGet('/mfa/setup/confirm')).body.via).to.equal('sms');
  });
});
