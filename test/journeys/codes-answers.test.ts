// What a wrong, late, spent or misplaced code is told: status, code and details to programs, a sentence to people.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import {
  boundPerson,
  codesApp,
  known,
  mismatches,
  said,
  send,
  signIn,
  signUp,
  type CodesApp,
  type CodesOptions,
} from '../support/codes.js';
import { addresses, kinds, otherAddresses, wrongFor } from '../support/addresses.js';

for (const kind of kinds) {
  describe(`an answer to a code by ${kind}`, () => {
    let app: CodesApp;
    let person: Browser;
    const path = `/mfa/verify/${kind}`;
    const right = () => app.lastCode(kind);
    const answer = (code = right()) => person.answer(kind, code);

    async function start(options: CodesOptions = {}): Promise<void> {
      app = await codesApp(options);
      await boundPerson(app, kind);
      person = await signIn(app, 'ada');
    }

    it('is not_found where none was asked for', async () => {
      await start();
      expect(said(await answer('123456'))).to.equal('400 verification_code.not_found');
      const outcomes = app.events.filter(({ outcome }) => outcome === 'refused');
      expect(outcomes.at(-1)).to.include({ name: 'verification-refused', reason: 'verification_code.not_found', kind });
    });

    it('is a mismatch where it is wrong, with what is left; the smaller of code and budget', async () => {
      await start({ [kind]: { tries: 3 } });
      await send(person, kind);
      const wrong = await answer(wrongFor(right()));
      expect(wrong.status).to.equal(422);
      expect(wrong.headers['content-type']).to.include('application/problem+json');
      const { requestId, type, title, ...body } = wrong.body;
      expect(body).to.deep.equal({
        status: 422,
        code: 'verification_code.code_mismatch',
        remainingAttempts: 2,
        retryAfterSeconds: null,
      });
      expect(type).to.match(/errors(\.md)?#verification_code\.code_mismatch$/);
      expect([typeof requestId, typeof title]).to.deep.equal(['string', 'string']);
      const page = await person.htmlGet(path).expect(200);
      const again = await person.submit(page, path, { code: wrongFor(right()) }).expect(422);
      expect(again.text).to.include('The code is incorrect. You have 1 attempt left.').and.include('id="code-error"');
      await person.submit(again, path, { code: right() }).expect(303);
    });

    it('is exceed_max_try once the code is spent, right or wrong, and costs the person nothing more', async () => {
      await start({ [kind]: { tries: 2 } });
      await send(person, kind);
      for (const left of [1, 0]) expect((await answer(wrongFor(right()))).body.remainingAttempts).to.equal(left);
      for (const code of [right(), wrongFor(right())]) {
        const spent = await answer(code);
        expect(said(spent)).to.equal('429 verification_code.exceed_max_try');
        expect(spent.body.remainingAttempts).to.equal(0);
      }
      const page = await person.submit(await person.htmlGet(path), path, { code: right() }).expect(429);
      expect(page.text).to.include('Too many incorrect attempts with this code. Ask for a new one.');
      app.clock.advance(30);
      await send(person, kind);
      expect((await answer(wrongFor(right()))).body.remainingAttempts, 'of five, two were used before').to.equal(1);
      expect(said(await answer())).to.equal('200');
    });

    it('is expired from its last second on, for as long again, and then not_found', async () => {
      await start({ [kind]: { expiresInSeconds: 120 } });
      await send(person, kind);
      app.clock.advance(120);
      const late = await answer();
      expect(said(late)).to.equal('422 verification_code.expired');
      expect(late.body.expiredAt).to.equal(app.clock.seconds);
      const page = await person.submit(await person.htmlGet(path), path, { code: right() }).expect(422);
      expect(page.text).to.include('The code has expired').and.include('Send a new code');
      app.clock.advance(120);
      expect(said(await answer())).to.equal('400 verification_code.not_found');
    });

    it('is accepted in its last second', async () => {
      await start({ [kind]: { expiresInSeconds: 120 } });
      await send(person, kind);
      app.clock.advance(119);
      expect(said(await answer())).to.equal('200');
    });

    it('is a mismatch of the address where the code went to another one', async () => {
      await start({ people: { ada: {} } });
      await send(person, kind);
      const owner = await signIn(app, 'ada');
      app.clock.advance(30);
      await send(owner, kind);
      const old = app.codes(kind).at(-2)?.code;
      expect(said(await owner.answer(kind, right()))).to.equal('200');
      await owner.json(`/mfa/setup/${kind}/begin`, { address: otherAddresses[kind] });
      expect(said(await owner.json(`/mfa/setup/${kind}`, { code: right() }))).to.equal('200');
      expect(said(await answer(old))).to.equal(`422 ${mismatches[kind]}`);
      const page = await person.form(path, { code: old! });
      expect(page.text).to.include('This code was sent to another');
    });

    it('is a mismatch of the address where the host knows another one since it was sent', async () => {
      app = await codesApp({ people: { ada: known(kind) } });
      await (await signUp(app, 'ada')).saveCodes();
      person = await signIn(app, 'ada');
      await send(person, kind);
      app.people.ada = known(kind, otherAddresses[kind]);
      expect(said(await answer())).to.equal(`422 ${mismatches[kind]}`);
      app.clock.advance(30);
      await send(person, kind);
      expect(app.codes().at(-1)?.to).to.equal(otherAddresses[kind]);
      expect(said(await answer())).to.equal('200');
    });

    it('is blocked after five wrong ones, unevaluated, with the wait', async () => {
      await start({ [kind]: { tries: 10 } });
      await send(person, kind);
      for (let count = 4; count >= 0; count -= 1) {
        expect((await answer(wrongFor(right()))).body.remainingAttempts).to.equal(count);
      }
      const blocked = await answer();
      expect(said(blocked)).to.equal('429 session.verification_blocked_too_many_attempts');
      expect(blocked.body).to.include({ retryAfterSeconds: 30, remainingAttempts: 0 });
      expect(blocked.headers['retry-after']).to.equal('30');
      expect(said(await send(person, kind))).to.equal('429 session.verification_blocked_too_many_attempts');
      app.clock.advance(30);
      expect(said(await answer())).to.equal('200');
    });

    it('is malformed where it has another form: named, and no attempt', async () => {
      await start();
      await send(person, kind);
      for (const typed of ['', '12345', '1234567', 'abcdef', ['1'], 123456, { a: 1 }, null]) {
        const answered = await person.answer(kind, typed);
        expect(said(answered), JSON.stringify(typed)).to.equal('400 request.invalid');
        expect(answered.body.field).to.equal('code');
      }
      const page = await person.submit(await person.htmlGet(path), path, { code: '12345' }).expect(400);
      expect(page.text).to.include('The code has 6 digits; you entered 5.');
      const spaced = `${right().slice(0, 3)} ${right().slice(3)}`;
      expect(said(await answer(spaced))).to.equal('200');
    });

    it('is not enabled where no address is bound, and leads to binding where the person may', async () => {
      await start();
      const none = kind === 'email' ? 'sms' : 'email';
      const pending = await send(person, none);
      expect(said(pending)).to.equal('400 session.mfa.mfa_factor_not_enabled');
      expect(pending.body.url).to.equal(undefined);
      await send(person, kind);
      expect(said(await answer())).to.equal('200');
      expect((await send(person, none)).body.url).to.equal(`/mfa/setup/${none}`);
      const page = await person.form(`/mfa/verify/${none}/begin`);
      expect(page.status).to.equal(400);
      expect(page.text).to.include(`href="/mfa/setup/${none}"`);
      expect(said(await person.answer(none, '123456'))).to.match(/^400 /);
      const nobody = await signIn(app, 'bob');
      expect((await send(nobody, kind)).body).to.include({ code: 'session.mfa.mfa_factor_not_enabled' });
    });

    it('to binding is told the same way', async () => {
      app = await codesApp({ [kind]: { tries: 2, expiresInSeconds: 120 } });
      person = await signIn(app, 'ada');
      const begin = (address = addresses[kind]) => person.json(`/mfa/setup/${kind}/begin`, { address });
      const confirm = (code = right()) => person.json(`/mfa/setup/${kind}`, { code });
      expect(said(await confirm('123456'))).to.equal('400 verification_code.not_found');
      await begin();
      expect((await confirm(wrongFor(right()))).body).to.include({
        code: 'verification_code.code_mismatch',
        remainingAttempts: 1,
      });
      expect((await confirm(wrongFor(right()))).body.remainingAttempts).to.equal(0);
      expect(said(await confirm())).to.equal('429 verification_code.exceed_max_try');
      app.clock.advance(60);
      await begin();
      app.clock.advance(120);
      expect(said(await confirm())).to.equal('422 verification_code.expired');
      await begin();
      expect(said(await confirm())).to.equal('200');
    });
  });
}

describe('a sender that fails', () => {
  it('is told by its own codes, and leaves the rest of the sign-in as it is', async () => {
    const app = await codesApp();
    await boundPerson(app, 'email');
    const { store } = app.mfa.config;
    const failWith =
      (code: string, details = {}) =>
      () =>
        Promise.reject(Object.assign(new Error('no'), { name: 'MfaError', code, details }));
    for (const [thrown, told] of [
      ['connector.send_failed', '502 connector.send_failed'],
      ['connector.rate_limit_exceeded', '429 connector.rate_limit_exceeded'],
    ] as const) {
      const send_ = failWith(thrown, { definite: true, retryAfterSeconds: 7 });
      const down = await codesApp({ email: { sender: { channel: 'email', send: send_ } }, store, clock: app.clock });
      const person = await signIn(down, 'ada');
      const answered = await send(person, 'email');
      expect(said(answered)).to.equal(told);
      expect(answered.headers['retry-after']).to.equal('7');
      expect((await person.jsonGet('/mfa')).body.state).to.equal('pending');
    }
  });
});
