// The account page and its forms, as people without scripts use them: rename, remove with a warning, preferences, and
// what each says when it is refused.
import { expect } from 'chai';
import { totp, webauthn, type MfaError } from '../../../src/index.js';
import { Browser, code, formsOf } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../../support/app.js';

describe('the account page', () => {
  let app: TestApp;
  let person: Browser;
  let id: string;
  let secret: string;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    person = await new Browser(app).signIn('ada');
    ({ secret } = await person.enrollTotp());
    id = (await person.jsonGet('/mfa')).body.authenticators[0].id as string;
  });

  const page = () => person.htmlGet('/mfa').expect(200);

  it('lists what there is, with a form for each change', async () => {
    const { text } = await page();
    const actions = formsOf(text).map(({ action }) => action);
    expect(actions).to.include.members([
      `/mfa/authenticators/${id}/rename`,
      `/mfa/authenticators/${id}/remove`,
      '/mfa/preferences',
      '/mfa/sign-out',
    ]);
    expect(text).to.include('href="/mfa/backup-codes"').and.include('href="/mfa/setup"');
    for (const { fields } of formsOf(text)) expect(fields._csrf).to.be.a('string');
  });

  it('renames, and shows the name as text', async () => {
    const name = '<img src=x onerror=alert(1)> & "phone"';
    await person
      .submit(await page(), '/rename', { name })
      .expect(303)
      .expect('Location', '/mfa');
    const { text } = await page();
    expect(text).to.include('&lt;img src=x').and.not.include('<img src=x');
  });

  it('says beside the field what is wrong with a name, which stays in it', async () => {
    const name = `<${'x'.repeat(64)}>`;
    const answer = await person.submit(await page(), '/rename', { name }).expect(400);
    expect(answer.text).to.include(`name="name" value="&lt;${'x'.repeat(64)}&gt;"`);
    expect(answer.text).to.include('<title>Error: ');
    expect(formsOf(answer.text).some(({ action }) => action.endsWith('/rename'))).to.equal(true);
  });

  it('asks before it removes, and says what that leaves', async () => {
    const asked = await person.submit(await page(), `${id}/remove`).expect(200);
    expect(asked.text).to.match(/backup code/i);
    expect((await person.jsonGet('/mfa')).body.authenticators).to.have.length(1);
    const open = await person.submit(asked, `${id}/remove`).expect(400);
    expect(open.text).to.include('href="#keepBackupCodes"').and.include('id="keepBackupCodes"');
    await person.submit(open, `${id}/remove`, { keepBackupCodes: 'yes' }).expect(303);
    expect(app.events.find(({ name }) => name === 'authenticator-removed')).to.include({ kind: 'totp' });
    expect(app.notices.find(({ what }) => what === 'factor-removed')).to.include({ kind: 'totp' });
  });

  it('removes the last factor altogether, and its owner is free', async () => {
    await person.json('/mfa/backup-codes/remove');
    const asked = await person.submit(await page(), `${id}/remove`).expect(200);
    await person.submit(asked, `${id}/remove`).expect(303).expect('Location', '/mfa');
    expect((await app.mfa.status('ada'))!.protected).to.equal(false);
    await person.htmlGet('/account').expect(200);
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(200);
  });

  it('under a mandatory policy says that a new factor must follow', async () => {
    const strict = await testApp({ policy: 'mandatory' });
    const other = await new Browser(strict).signIn('ada');
    await other.enrollTotp();
    const asked = await other.submit(await other.htmlGet('/mfa').expect(200), '/remove').expect(200);
    await other.submit(asked, '/remove').expect(303).expect('Location', '/mfa/setup');
    await other.jsonGet('/account').expect(403);
  });

  it('turns the sign-in step off and on, and tells it', async () => {
    for (const signInStep of ['off', 'on']) {
      const current = await page();
      await person.submit(current, '/preferences', { signInStep }).expect(303);
    }
    const told = app.events.filter(({ name }) => name === 'sign-in-step-changed');
    expect(told.map(({ detail }) => detail)).to.deep.equal([{ signInStep: 'off' }, { signInStep: 'on' }]);
  });

  it('offers to turn the sign-in step off only where that works', async () => {
    for (const [policy, offered] of [
      ['no-prompt', true],
      ['mandatory', false],
    ] as const) {
      // A day of grace is for setting up; whoever has a factor is asked for it before that day as well.
      const other = await testApp({ policy, graceUntil: new Date((app.clock.seconds + 86_400) * 1000) });
      const somebody = await new Browser(other).signIn('ada');
      await somebody.enrollTotp();
      const { text } = await somebody.htmlGet('/mfa').expect(200);
      expect(formsOf(text).some(({ fields }) => 'signInStep' in fields)).to.equal(offered);
      const { status } = await somebody.json('/mfa/preferences', { signInStep: 'off' });
      expect(status).to.equal(offered ? 200 : 422);
    }
  });

  it('asks for a fresh proof before each change, and comes back', async () => {
    const current = await page();
    app.clock.advance(601);
    for (const [form, fields] of [
      ['/rename', { name: 'phone' }],
      [`${id}/remove`, { confirmed: 'yes' }],
      ['/preferences', { signInStep: 'off' }],
    ] as const) {
      const stopped = await person.submit(current, form, fields).expect(401);
      expect(stopped.text).to.include('href="/mfa/verify"');
    }
    expect((await person.jsonGet('/mfa')).body.authenticators[0]).not.to.have.property('name', 'phone');
    const proof = { code: code(secret, app.clock) };
    await person
      .submit(await person.htmlGet('/mfa/verify/totp').expect(200), '/totp', proof)
      .expect(303)
      .expect('Location', '/mfa');
  });

  it('of somebody without MFA offers to turn it on', async () => {
    const other = await new Browser(app).signIn('bob');
    const { text } = await other.htmlGet('/mfa').expect(200);
    expect(text).to.include('href="/mfa/setup"');
    expect(formsOf(text).map(({ action }) => action)).not.to.include('/mfa/backup-codes/generate');
  });

  it('offers to add what is missing, and else to change what there is', async () => {
    expect((await page()).text).to.match(/href="\/mfa\/setup">\s*Change\s*</);
    const more = await testApp({ factors: [totp(), webauthn(), fewBackupCodes()] });
    const other = await new Browser(more).signIn('ada');
    await other.enrollTotp();
    expect((await other.htmlGet('/mfa').expect(200)).text).to.match(/href="\/mfa\/setup">\s*Add another method\s*</);
  });

  it('leads back to the app from its name, to its parent or where the app says that it starts', async () => {
    const header = (text: string) => /<header[^]*<\/header>/.exec(text)?.[0];
    expect(header((await page()).text)).to.include('<a href="/">Acme</a>');
    const deep = { host: { base: '/app/mfa' } };
    for (const [options, link] of [
      [deep, '<a href="/app/">Acme</a>'],
      [{ ...deep, brand: { home: '/app' } }, '<a href="/app">Acme</a>'],
    ] as const) {
      const other = await testApp(options);
      const shown = header((await (await new Browser(other).signIn('bob')).htmlGet('/app/mfa').expect(200)).text);
      expect(shown).to.include(link);
    }
  });

  it('takes no script for the address of the app', async () => {
    for (const home of ['javascript:alert(1)', '//evil.example', '/\\evil.example']) {
      const failure = await testApp({ brand: { home } }).then(
        () => undefined,
        (error: unknown) => error as MfaError,
      );
      expect(failure?.code, home).to.equal('config.invalid_option');
    }
  });
});
