// What people are told of changes to their account: every change, every address known before it, in text and HTML, and
// nothing in it that helps whoever made the change.
import { expect } from 'chai';
import { Browser, wrongCode } from '../support/agent.js';
import { bind, codesApp, known, said, send, signUp, type CodesApp } from '../support/codes.js';
import { addresses, kinds, otherAddresses } from '../support/addresses.js';
import { eventually } from '../support/eventually.js';
import type { OutboxMessage } from '../../src/senders/outbox-sender.js';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
const origin = 'https://acme.example';
const linkIn = ({ text }: OutboxMessage) => /https:\/\/acme\.example\/mfa\/object\/\S+/.exec(text)?.[0];

describe('a notice', () => {
  let app: CodesApp;
  let person: Browser;
  let secret: string;
  let codes: string[];

  /** What was told since the last look: by address, the sentence that says what happened. */
  async function told(): Promise<{ [to: string]: string[] }> {
    await app.mfa.settled();
    const all: { [to: string]: string[] } = {};
    for (const channel of kinds) {
      const notes = app.notes(channel);
      for (const { to, text } of notes.slice(seen[channel])) {
        const what = channel === 'email' ? text.split('\n')[0]! : text.replace(/^Acme: /, '').split('.')[0]!;
        all[to] = [...(all[to] ?? []), what];
      }
      seen[channel] = notes.length;
    }
    return all;
  }
  let seen = { email: 0, sms: 0 };

  beforeEach(async () => {
    seen = { email: 0, sms: 0 };
    app = await codesApp({
      people: { ada: { ...known('email'), timeZone: 'Europe/Zurich' } },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      delivers: true,
      origin,
      trustBrowser: { days: 30 },
      pendingMaxAgeSeconds: 400 * 86_400,
      elevationMaxAgeSeconds: 30 * 86_400,
    });
    person = await signUp(app, 'ada');
    codes = await person.saveCodes();
    app.clock.advance(60);
    await bind(app, person, 'sms');
    ({ secret } = await person.enrollTotp());
    app.clock.advance(30);
    await told();
  });

  const fresh = (headers = { 'User-Agent': firefox }) => new Browser(app, headers).signIn('ada');
  const idOf = async (kind: string) =>
    ((await person.jsonGet('/mfa')).body.authenticators as { kind: string; id: string }[]).find(
      (own) => own.kind === kind,
    )!.id;

  it('goes to every address known before: the bound ones and the host’s; not to the one that was just added', async () => {
    await bind(app, person, 'email', otherAddresses.email);
    const added = await told();
    expect(Object.keys(added).sort()).to.deep.equal([addresses.sms, addresses.email].sort());
    expect(added[addresses.email]).to.deep.equal([
      'The address for your security codes was changed: security codes by e-mail.',
    ]);
    app.people.ada = { ...known('email', 'third@example.com'), ...known('sms', otherAddresses.sms) };
    await person.json(`/mfa/authenticators/${await idOf('totp')}/remove`);
    const removed = await told();
    expect(Object.keys(removed).sort()).to.deep.equal([otherAddresses.email, 'third@example.com']);
    await person.json(`/mfa/authenticators/${await idOf('sms')}/remove`);
    expect(Object.keys(await told()).sort(), 'of an address, by mail and SMS').to.deep.equal(
      [addresses.sms, otherAddresses.sms, otherAddresses.email, 'third@example.com'].sort(),
    );
  });

  it('goes once to an address that is both bound and known to the host, however it is written', async () => {
    app.people.ada = { ...known('email', ' alexandra@EXAMPLE.com '), ...known('sms', '+41 79 123 45 67') };
    await person.json(`/mfa/authenticators/${await idOf('sms')}/remove`);
    expect(await told()).to.deep.equal({
      [addresses.email]: ['A method was removed from your two-step verification: security codes by text message.'],
      [addresses.sms]: ['A method was removed from your two-step verification: security codes by text message'],
    });
  });

  it('says what, when in the person’s zone, from where, and how to object; as text and as HTML', async () => {
    const there = await fresh();
    await there.answer('backup-codes', codes[0]);
    const [mail] = (await told(), app.notes('email').slice(-1));
    expect(mail).to.include({ usage: 'Notice', subject: 'Security notice from Acme', to: addresses.email });
    expect(mail?.text).to.include('One of your backup codes was used. 4 are left.');
    expect(mail?.text).to.match(/When: .* at \d{2}:\d{2} \(Europe\/Zurich\)/);
    expect(mail?.text).to.match(/From: Firefox on Linux, IP address \S*127\.0\.0\.1/);
    expect(mail?.text).to.include('If this was not you, say so on this page:');
    expect(linkIn(mail!)).to.be.a('string');
    expect(mail?.html)
      .to.include('4 are left')
      .and.include(`<a href="${linkIn(mail!)}">`);
    expect(mail?.html?.match(/<a /g)).to.have.length(1);
    expect(mail?.html).to.not.match(/<img|<script|<form|<link|url\(/);
    await person.json(`/mfa/authenticators/${await idOf('sms')}/remove`);
    await app.mfa.settled();
    const text = app.notes('sms').at(-1)?.text;
    expect(text).to.include('Acme: A method was removed').and.include('Not you?').and.include(`${origin}/mfa/object/`);
  });

  it('tells of each change that matters', async () => {
    const there = await fresh();
    await send(there, 'email');
    await there.json('/mfa/verify/email', { code: app.lastCode('email'), trustBrowser: 'yes' });
    const onlyMail = async () => (await told())[addresses.email];
    expect(await onlyMail()).to.deep.equal(['A browser was marked as trusted: it is not asked to verify for a while.']);
    await there.json('/mfa/backup-codes/generate');
    await there.saveCodes();
    expect((await onlyMail())?.[0]).to.include('New backup codes were made');
    await app.mfa.reset('ada', { by: 'help desk' });
    expect(await onlyMail()).to.deep.equal(['An administrator reset the two-step verification of your account.']);
  });

  it('tells once of 20 incorrect codes, of the lane that closes at 50, and of the app that is disabled at 100', async () => {
    const wrongAnswer = (browser: Browser) => browser.answer('totp', wrongCode(secret, app.clock));
    const stranger = await fresh();
    const heard: string[] = [];
    const known_ = await new Browser(app, { Cookie: person.cookies }).signIn('ada');
    for (let wrong = 1; wrong <= 100; wrong += 1) {
      app.clock.advance(3601);
      const answered = await wrongAnswer(wrong <= 50 ? stranger : known_);
      expect(said(answered), `${wrong}`).to.equal('422 session.mfa.invalid_totp_code');
      for (const what of (await told())[addresses.email] ?? []) heard.push(`${wrong}: ${what}`);
    }
    expect(heard).to.deep.equal([
      '20: Somebody entered 20 incorrect codes for your account. They may know your password.',
      '50: Sign-in with codes from unknown browsers was blocked after too many incorrect codes.',
      '100: A method was disabled after too many incorrect codes: authenticator app.',
    ]);
  });

  it('holds no code, no secret and no full address, and no words of whoever caused it', async () => {
    const evil = '<b>Call +1 900 555 0100</b> https://evil.example {{code}} \u202e';
    const there = await new Browser(app, { 'User-Agent': evil.replace('\u202e', '') }).signIn('ada');
    await there.answer('backup-codes', codes[1]);
    await send(there, 'sms');
    await there.answer('sms', app.lastCode('sms'));
    await there.json('/mfa/setup/totp/begin');
    await app.mfa.settled();
    for (const { text, html = '', subject = '' } of app.notes()) {
      const all = `${subject} ${text} ${html.replace(/style="[^"]*"/g, '')}`;
      for (const secretWord of [secret, codes[1]!, app.lastCode('sms'), addresses.email, addresses.sms]) {
        expect(all).to.not.include(secretWord);
      }
      expect(all).to.not.match(/evil|900 555|\{\{|<b>/);
    }
    const events = JSON.stringify(app.events);
    expect(events).to.include('notice-sent').and.not.include(addresses.email).and.not.include(addresses.sms);
  });

  it('comes in the person’s language, not in that of whoever caused it', async () => {
    app.people.ada = { ...known('email'), locale: 'de' };
    const there = await new Browser(app, { 'Accept-Language': 'fr' }).signIn('ada');
    await there.answer('backup-codes', codes[0]);
    await app.mfa.settled();
    expect(app.notes('email').at(-1)?.locale).to.equal('de');
  });
});

describe('a notice that cannot be delivered', () => {
  for (const [how, failure] of [
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<void>(() => undefined)],
  ] as const) {
    it(`${how}, and neither breaks the flow nor keeps others from hearing`, async () => {
      const codesSent: string[] = [];
      const send_ = async (message: { usage: string; to: string; code?: string }) => {
        if (message.usage === 'Notice' && message.to === addresses.email) await failure();
        if (message.code) codesSent.push(message.code);
      };
      const app = await codesApp({
        people: { ada: known('email') },
        delivers: true,
        email: { sender: { channel: 'email', send: send_ } },
      });
      const person = await signUp(app, 'ada');
      await person.saveCodes();
      app.clock.advance(60);
      expect(await bind(app, person, 'sms')).to.deep.equal([]);
      const begun = await person.json('/mfa/setup/email/begin', { address: otherAddresses.email });
      expect(begun.status).to.equal(200);
      const done = await person.json('/mfa/setup/email', { code: codesSent.at(-1) });
      expect(said(done)).to.equal('200');
      const expected = { kind: 'email', actor: 'system', detail: { what: 'address-changed' } };
      await eventually(async () => {
        expect(app.notes('sms').map(({ to }) => to)).to.include(addresses.sms);
        const failed = app.events.filter(({ name }) => name === 'notice-failed');
        const last = failed.slice(-1).map(({ kind, actor, detail }) => ({ kind, actor, detail }));
        expect(last).to.deep.equal(how === 'fails' ? [expected] : []);
      });
    });
  }
});

describe('notices handed to the host', () => {
  it('come with everything but an address, and nothing is sent by us', async () => {
    const app = await codesApp({ people: { ada: known('email') } });
    const person = await signUp(app, 'ada');
    const [code] = await person.saveCodes();
    await app.mfa.settled();
    expect(
      app.notices.map(({ what }) => what),
      'one of one enrolment',
    ).to.deep.equal(['factor-added']);
    const there = await new Browser(app, { 'User-Agent': firefox }).signIn('ada');
    await there.answer('backup-codes', code);
    await app.mfa.settled();
    expect(app.notices.at(-1)).to.include({ userId: 'ada', what: 'backup-code-used', left: 4, userAgent: firefox });
    expect(app.notices.at(-1)?.at).to.equal(app.clock.seconds);
    await there.htmlGet(`/mfa/object/${app.notices.at(-1)?.objectToken}`).expect(200);
    await app.mfa.settled();
    expect(app.notes()).to.have.length(0);
  });

  it('that the host fails to take are an event, and the flow goes on', async () => {
    const app = await codesApp({
      people: { ada: known('email') },
      notify: () => Promise.reject(new Error('queue is full')),
    });
    const person = await signUp(app, 'ada');
    await person.saveCodes();
    await app.mfa.settled();
    expect(app.events.filter(({ name }) => name === 'notice-failed')).to.have.length(1);
  });
});
