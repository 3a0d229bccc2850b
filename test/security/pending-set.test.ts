// Attack: nobody's; the person's own clock and tabs. A printed sheet is void, and "saved" is ticked for other codes.
// Rule: a pending set is never replaced in silence: extended once by a press, and made anew only by a press.
// Answer: what was shown either counts, or the page says that it does not.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

const path = '/mfa/backup-codes';
const lapsed = 'The codes shown before do not count';

describe('a pending set of backup codes', () => {
  let app: TestApp;
  let person: Browser;
  let codes: string[];
  let revealToken: string;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    person = await new Browser(app).signIn('ada');
    const { body } = await person.jsonGet('/mfa/setup/totp');
    await person.json('/mfa/setup/totp', { code: code(body.secret as string, app.clock) });
    ({ codes, revealToken } = (await state()).pending!);
  });

  type State = {
    pending?: { codes: string[]; revealToken: string; expiresAt: number; extendable: boolean };
    lapsed?: boolean;
  };
  const state = async () => (await person.jsonGet(path).expect(200)).body as State;
  const confirm = (token: string) => person.json(`${path}/confirm`, { revealToken: token, saved: 'yes' });

  it('is not replaced after ten minutes: the page says that what was shown does not count, and waits for a press', async () => {
    app.clock.advance(601);
    expect(codeIn(await confirm(revealToken))).to.equal('session.mfa.pending_info_not_found');
    for (let reload = 0; reload < 2; reload += 1) {
      expect(await state())
        .to.include({ lapsed: true })
        .and.not.have.property('pending');
      const page = await person.htmlGet(path).expect(200);
      expect(page.text).to.include(lapsed).and.include(`action="${path}/generate"`);
    }
    const page = await person.htmlGet(path);
    await person.submit(page, '/generate').expect(303).expect('Location', path);
    const shown = await person.htmlGet(path).expect(200);
    for (const each of codes) expect(shown.text).not.to.include(each);
    expect(shown.text).not.to.include(lapsed);
    await person.submit(shown, '/confirm', { saved: 'yes' }).expect(303);
    expect(await state()).not.to.have.property('lapsed');
  });

  it('is extended once, by a button without a script, and says by when', async () => {
    const { expiresAt } = (await state()).pending!;
    app.clock.advance(590);
    await person
      .submit(await person.htmlGet(path), '/extend')
      .expect(303)
      .expect('Location', path);
    const { pending } = await state();
    expect(pending).to.deep.include({ codes, revealToken, expiresAt: expiresAt + 600, extendable: false });
    const page = await person.htmlGet(path);
    expect(page.text).not.to.include('/extend');
    app.clock.advance(600);
    await person.json(`${path}/extend`, { revealToken });
    expect((await state()).pending).to.include({ expiresAt: expiresAt + 600 });
    expect((await confirm(revealToken)).status).to.equal(200);
  });

  it('is extended once by two tabs that ask at the same moment', async () => {
    const { expiresAt } = (await state()).pending!;
    await Promise.all([1, 2, 3].map(() => person.json(`${path}/extend`, { revealToken })));
    expect((await state()).pending).to.include({ expiresAt: expiresAt + 600, revealToken });
    app.clock.advance(1201);
    expect(await state()).to.include({ lapsed: true });
    expect((await person.json(`${path}/extend`, { revealToken })).status).to.equal(404);
  });

  it('is not replaced by another tab that asks for a set: it shows the same one', async () => {
    const again = await person.json(`${path}/generate`);
    expect(again.body.pending).to.deep.include({ codes, revealToken });
  });

  it('is not confirmed by the page of another one, and the person is told so', async () => {
    app.clock.advance(601);
    await person.json(`${path}/generate`);
    const page = await person.form(`${path}/confirm`, { revealToken, saved: 'yes' });
    expect(page.status).to.equal(404);
    expect(page.text).to.include('These are other codes than those you confirmed');
    expect((await state()).pending!.codes).to.not.deep.equal(codes);
    expect((await confirm((await state()).pending!.revealToken)).status).to.equal(200);
  });

  it('is extended by nobody who does not name it', async () => {
    for (const bad of ['', 'x', undefined, 7]) {
      expect((await person.json(`${path}/extend`, { revealToken: bad })).status).to.equal(404);
    }
    expect((await state()).pending).to.include({ extendable: true });
  });
});
