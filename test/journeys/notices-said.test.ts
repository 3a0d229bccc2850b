// After a change the account page says where a message about it goes: masked, once, and only where this app sends it.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import { bind, codesApp, known, masks, signUp, type CodesApp, type CodesOptions } from '../support/codes.js';
import { addresses } from '../support/addresses.js';

const statusIn = (text: string) =>
  (/role="status">.*?<p>([^<]*)</s.exec(text)?.[1] ?? '').replaceAll(/\s+/g, ' ').replaceAll('\u2060', '').trim();

describe('the account page after a change', () => {
  let app: CodesApp;
  let person: Browser;

  const open = async (options: CodesOptions = {}) => {
    app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      delivers: true,
      ...options,
    });
    person = await signUp(app, 'ada');
    await person.saveCodes();
    app.clock.advance(60);
  };
  const account = async () => (await person.htmlGet('/mfa').expect(200)).text;
  const idOf = async (kind: string) => {
    const { authenticators } = (await person.jsonGet('/mfa')).body as {
      authenticators: { id: string; kind: string }[];
    };
    return authenticators.find((own) => own.kind === kind)!.id;
  };
  const remove = async (kind: string) => {
    const asked = await person.form(`/mfa/authenticators/${await idOf(kind)}/remove`);
    return person.submit(asked, '/remove').expect(303);
  };
  /** To whom the notices of the last change went. */
  const told = async (since: number) => {
    await app.mfa.settled();
    return app
      .notes()
      .slice(since)
      .map(({ to }) => to);
  };

  it('says where a message about it goes, masked and once', async () => {
    await open();
    await bind(app, person, 'sms');
    await app.mfa.settled();
    const since = app.notes().length;
    const page = await person.htmlGet('/mfa').expect(200);
    await person.submit(page, '/preferences', { signInStep: 'off' }).expect(303);
    const text = await account();
    expect(statusIn(text)).to.equal(
      `You are no longer asked to verify at sign-in. A message about this is on its way to ${masks.email}.`,
    );
    expect(await told(since)).to.deep.equal([addresses.email]);
    expect(statusIn(await account())).to.equal('');
  });

  it('names mailbox and phone where both are told: of an address that goes', async () => {
    await open();
    await bind(app, person, 'sms');
    await app.mfa.settled();
    expect(await account(), 'their own number in full').to.include(`<bdi>${addresses.sms}</bdi>`);
    const [mails, texts] = [app.notes('email').length, app.notes('sms').length];
    expect((await remove('sms')).headers.location).to.equal('/mfa');
    expect(statusIn(await account())).to.equal(
      `Removed: Code by text message. A message about this is on its way to ${masks.email}, ${masks.sms}.`,
    );
    await app.mfa.settled();
    expect(app.notes('email')).to.have.length(mails + 1);
    expect(app.notes('sms')).to.have.length(texts + 1);
  });

  it('says nothing of the kind for what nobody is told of', async () => {
    await open();
    await person.form(`/mfa/authenticators/${await idOf('email')}/rename`, { name: 'work' });
    expect(statusIn(await account())).to.equal('The new name is saved.');
  });

  it('says nothing of the kind where the app tells people itself', async () => {
    await open({ delivers: false });
    const page = await person.htmlGet('/mfa').expect(200);
    await person.submit(page, '/preferences', { signInStep: 'off' }).expect(303);
    expect(statusIn(await account())).to.equal('You are no longer asked to verify at sign-in.');
  });
});
