// Who is asked to enrol, when, and what may be skipped: each policy over HTTP, for sign-up and sign-in.
import { expect } from 'chai';
import { totp, webauthn, type MfaUser, type Policy } from '../../../src/index.js';
import { Browser, codeIn } from '../../support/agent.js';
import { testApp, type TestApp, type TestAppOptions } from '../../support/app.js';

type Answer = 'demanded' | 'suggested' | 'nothing';

/** With a route by which the host tells sign-up from sign-in. */
function make({ host, ...options }: TestAppOptions): Promise<TestApp> {
  return testApp({
    ...options,
    host: {
      ...host,
      between: (app, mfa) =>
        app.get('/joined', (req, res, next) => void mfa.signedUp(req).then(() => res.json({}), next)),
    },
  });
}

async function askedFor(person: Browser): Promise<Answer> {
  const json = await person.jsonGet('/account');
  if (json.status === 403) {
    expect(codeIn(json)).to.equal('user.missing_mfa');
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    return 'demanded';
  }
  const html = await person.htmlGet('/account');
  expect(html.status === 303).to.equal(json.body.mfa.next.step === 'suggest-mfa');
  return html.status === 303 ? 'suggested' : 'nothing';
}

describe('a policy', () => {
  const table: { [policy in Policy]: [signUp: Answer, signIn: Answer] } = {
    mandatory: ['demanded', 'demanded'],
    'prompt-at-sign-in-and-sign-up': ['suggested', 'suggested'],
    'prompt-only-at-sign-in': ['nothing', 'suggested'],
    'no-prompt': ['nothing', 'nothing'],
  };
  for (const [policy, [signUp, signIn]] of Object.entries(table) as [Policy, [Answer, Answer]][]) {
    it(`${policy}: ${signUp} at sign-up, ${signIn} at sign-in`, async () => {
      const app = await make({ policy });
      const joined = await new Browser(app).signIn('ada');
      await joined.jsonGet('/joined').expect(200);
      expect(await askedFor(joined)).to.equal(signUp);
      expect(await askedFor(await new Browser(app).signIn('ada'))).to.equal(signIn);
    });
  }

  it('may differ between people, and the strictest of several wins', async () => {
    const policies: { [id: string]: Policy | Policy[] } = {
      ada: 'no-prompt',
      root: ['no-prompt', 'mandatory', 'prompt-only-at-sign-in'],
      bob: ['prompt-only-at-sign-in', 'no-prompt'],
    };
    const app = await make({ policy: ({ id }: MfaUser) => policies[id] ?? 'mandatory' });
    const answers: [string, Answer][] = [
      ['ada', 'nothing'],
      ['root', 'demanded'],
      ['bob', 'suggested'],
    ];
    for (const [uid, answer] of answers)
      expect(await askedFor(await new Browser(app).signIn(uid)), uid).to.equal(answer);
  });

  it('asks whoever has a factor, whatever it is', async () => {
    for (const policy of Object.keys(table) as Policy[]) {
      const app = await make({ policy });
      await (await new Browser(app).signIn('ada')).enrollTotp();
      await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(403);
    }
  });

  it('remembers a skip over sign-ins, until it is reset', async () => {
    const app = await make({});
    const person = await new Browser(app).signIn('ada');
    expect(await askedFor(person)).to.equal('suggested');
    const skipped = await person.submit(await person.htmlGet('/mfa/setup'), '/setup/skip').expect(303);
    expect(skipped.headers.location).to.equal('/account');
    const again = await new Browser(app).signIn('ada');
    expect(await askedFor(again)).to.equal('nothing');
    expect((await again.json('/mfa/preferences', { resetPrompts: 'yes' })).status).to.equal(200);
    expect(await askedFor(await new Browser(app).signIn('ada'))).to.equal('suggested');
    const third = await new Browser(app).signIn('ada');
    await third.json('/mfa/setup/skip');
    await app.mfa.resetPrompts('ada');
    expect(await askedFor(await new Browser(app).signIn('ada'))).to.equal('suggested');
  });

  it('that is mandatory is not skipped, now or by an earlier skip', async () => {
    const policies: Policy[] = ['prompt-at-sign-in-and-sign-up'];
    const app = await make({ policy: () => policies });
    const person = await new Browser(app).signIn('ada');
    await person.json('/mfa/setup/skip');
    policies.push('mandatory');
    expect(await askedFor(await new Browser(app).signIn('ada'))).to.equal('demanded');
    const refused = await person.json('/mfa/setup/skip', { what: 'suggest-mfa', skip: 'enroll' });
    expect({ status: refused.status, code: codeIn(refused) }).to.deep.equal({
      status: 422,
      code: 'session.mfa.mfa_policy_not_user_controlled',
    });
    expect((await person.form('/mfa/setup/skip')).status).to.equal(422);
  });

  it('that is mandatory from a day on suggests until then, and says by when', async () => {
    const app = await make({ policy: 'mandatory', graceUntil: new Date(1_800_086_400_000) });
    const person = await new Browser(app).signIn('ada');
    expect(await askedFor(person)).to.equal('suggested');
    expect((await person.jsonGet('/mfa')).body.next).to.deep.include({
      step: 'suggest-mfa',
      graceUntil: 1_800_086_400,
    });
    expect((await person.htmlGet('/mfa/setup')).text)
      .to.include('Jan')
      .and.include('16');
    app.clock.advance(86_400);
    expect(await askedFor(person)).to.equal('demanded');
  });

  it('that is mandatory leaves the choice among factors, without a script too', async () => {
    const person = await new Browser(await make({ policy: 'mandatory', factors: [webauthn(), totp()] })).signIn('ada');
    for (const kind of ['webauthn', 'totp']) {
      expect((await person.htmlGet(`/mfa/setup/${kind}`).expect(200)).text, kind).to.include('href="/mfa/setup"');
    }
    const alone = await new Browser(await make({ policy: 'mandatory', factors: [webauthn()] })).signIn('ada');
    const { text } = await alone.htmlGet('/mfa/setup/webauthn').expect(200);
    expect(text).not.to.match(/href="\/mfa(\/setup)?"|<noscript>.*another way/);
  });

  it('leaves the sign-in step to people only where it is optional', async () => {
    const optional = await make({ policy: 'no-prompt' });
    const person = await new Browser(optional).signIn('ada');
    expect(codeIn(await person.json('/mfa/preferences', { signInStep: 'off' }))).to.equal('user.missing_mfa');
    await person.enrollTotp();
    expect((await person.json('/mfa/preferences', { signInStep: 'off' })).status).to.equal(200);
    const again = await new Browser(optional).signIn('ada');
    await again.htmlGet('/account').expect(200);
    await again.htmlGet('/mfa').expect(303).expect('Location', '/mfa/verify');

    const strict = await make({ policy: 'mandatory' });
    const other = await new Browser(strict).signIn('ada');
    await other.enrollTotp();
    const refused = await other.json('/mfa/preferences', { signInStep: 'off' });
    expect(codeIn(refused)).to.equal('session.mfa.mfa_policy_not_user_controlled');
  });

  it('that becomes mandatory asks whoever had the sign-in step turned off', async () => {
    const policies: Policy[] = ['no-prompt'];
    const app = await make({ policy: () => policies });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    await person.json('/mfa/preferences', { signInStep: 'off' });
    policies.push('mandatory');
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(403);
  });
});
