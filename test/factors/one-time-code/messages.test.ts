// What the messages say, in every language, and what senders are given.
import { expect } from 'chai';
import { languages } from '../../../src/factors/one-time-code/languages/index.js';
import { renderEmail, renderText } from '../../../src/factors/one-time-code/messages.js';
import type { Book } from '../../../src/factors/one-time-code/messages.js';
import { fill } from '../../../src/factors/one-time-code/templates.js';
import type { Templates, Usage, Values } from '../../../src/factors/one-time-code/templates.js';
import { must, startCodes } from './fixture.js';
import { kinds } from '../../support/addresses.js';

const usages: Usage[] = ['MfaVerification', 'BindMFA', 'Notice', 'Generic'];
const values: Values = {
  appName: 'Acme',
  code: '012345',
  minutes: '10',
  until: 'UNTIL',
  time: 'TIME',
  clock: 'CLOCK',
  number: '3',
  ip: '192.0.2.7',
  what: 'WHAT',
  where: 'WHERE',
  howToObject: 'HOW',
};
const book = (templates: Templates = {}, defaultLocale = 'en'): Book => ({ templates, defaultLocale });
const email = (given: Book, usage: Usage, locale: string, some: Values = values) =>
  renderEmail(given, usage, locale, () => some);

describe('our own messages', () => {
  for (const language of Object.keys(languages)) {
    for (const usage of usages) {
      it(`say in ${language} everything that ${usage} must say, in both parts, and leave no slot`, () => {
        const { subject, text, html, locale } = email(book(), usage, language);
        expect(locale).to.equal(language);
        const said = {
          MfaVerification: ['012345', 'UNTIL', 'TIME', '192.0.2.7', '10', '3'],
          BindMFA: ['012345', 'UNTIL', 'TIME', '192.0.2.7', '10', '3'],
          Notice: ['WHAT', 'TIME', 'WHERE', 'HOW'],
          Generic: ['012345', 'TIME'],
        };
        for (const word of said[usage]) {
          expect(text).to.include(word);
          expect(html).to.include(word);
        }
        expect(subject).to.include('Acme');
        expect(`${subject}${text}${html}${renderText(book(), usage, language, () => values).text}`).not.to.match(
          /[{}]{2}|undefined/,
        );
        expect(subject, 'mail servers log subjects').not.to.include('012345');
      });

      it(`load and link nothing in the HTML part of ${usage} in ${language}`, () => {
        const { html } = email(book(), usage, language);
        expect(html).to.match(new RegExp(`^<!doctype html>\\n<html lang="${language}">`));
        expect(html).not.to.match(/<(a|img|link|script|form|iframe|object|style)\b|src=|url\(|https?:/i);
      });
    }
  }

  it('link the page for objecting, and nothing else', () => {
    const { text, html } = email(book(), 'Notice', 'en', {
      ...values,
      objectUrl: 'https://acme.example/mfa/object/x?a=1&b=2',
    });
    expect(text).to.include('\nhttps://acme.example/mfa/object/x?a=1&b=2\n');
    expect(html.match(/<a /g)).to.have.length(1);
    expect(html).to.include('<a href="https://acme.example/mfa/object/x?a=1&amp;b=2">');
  });

  for (const kind of kinds) {
    it(`by ${kind} are in the person's language and carry what a sender may need`, async () => {
      const codes = startCodes(kind);
      must(await codes.session('flow', { locale: 'fr' }).begin());
      const [message] = codes.outbox.messages;
      expect(message).to.include({
        locale: 'fr',
        appName: 'Acme',
        usage: 'BindMFA',
        ip: '192.0.2.7',
        expiresInMinutes: 10,
      });
      expect(message?.code).to.match(/^\d{6}$/);
      expect(message?.text)
        .to.include(message?.code)
        .and.to.include(kind === 'email' ? 'minutes' : 'mobile');
      if (kind === 'email')
        expect(message?.subject).to.match(/^Confirmez cette adresse pour Acme : code nº 1 \(\d{2}:\d{2} UTC\)$/);
    });

    it(`by ${kind} say "unknown" for a forged address instead of repeating it`, async () => {
      const codes = startCodes(kind);
      must(await codes.session('flow', {}, 'call +1 900 555 01, urgent').begin());
      expect(codes.outbox.messages[0]?.text).not.to.include('urgent');
      if (kind === 'email') expect(codes.outbox.messages[0]?.text).to.include('an unknown address');
    });

    it(`by ${kind} check a configuration with the code 000000`, async () => {
      const codes = startCodes(kind);
      const test = { appName: 'Acme', locale: 'de', origins: ['https://acme.example'], now: 1_800_000_000 };
      await codes.factor.sendTest({ ...test, to: kind === 'email' ? 'op@example.com' : '+41 79 123 45 67' });
      expect(codes.outbox.messages[0]).to.include({ usage: 'Generic', code: '000000', locale: 'de' });
      expect(codes.outbox.messages[0]?.text).to.include('Ihr Code lautet 000000.');
      const refused = await codes.factor
        .sendTest({ ...test, to: 'a@b.example,c@d.example' })
        .catch((error: unknown) => error);
      expect(refused).to.include({ code: 'request.invalid' });
    });
  }
});

describe('a template of the host app', () => {
  const own = { text: 'Own {{code}}' };
  const table: [
    what: string,
    templates: Templates,
    usage: Usage,
    locale: string,
    defaultLocale: string,
    text: string,
  ][] = [
    ['comes before ours', { MfaVerification: { de: own } }, 'MfaVerification', 'de', 'en', 'Own 012345'],
    [
      'serves a region by its language',
      { MfaVerification: { pt: own } },
      'MfaVerification',
      'pt-BR',
      'en',
      'Own 012345',
    ],
    [
      'serves a region before its language',
      { Generic: { pt: { text: 'no' } }, BindMFA: { 'pt-BR': own } },
      'BindMFA',
      'pt-BR',
      'en',
      'Own 012345',
    ],
    [
      'of the default language serves a language that has none',
      { MfaVerification: { nl: own } },
      'MfaVerification',
      'sv',
      'nl',
      'Own 012345',
    ],
    [
      'Generic serves a usage that has none in any of its languages',
      { Generic: { sv: own } },
      'MfaVerification',
      'sv',
      'nl',
      'Own 012345',
    ],
  ];
  for (const [what, templates, usage, locale, defaultLocale, text] of table) {
    it(what, () => expect(email(book(templates, defaultLocale), usage, locale).text).to.equal(text));
  }

  it('of the factor comes before one of the whole app, and neither is lost', async () => {
    const codes = startCodes('email', { templates: { Generic: { en: { text: 'Own {{code}}' } } } });
    const factor = codes.factor.withTemplates({
      Generic: { en: { text: 'App {{code}}' }, de: { text: 'App-Code {{code}}' } },
      BindMfa: { en: { text: 'Bind {{code}}' } },
    });
    const textIn = (usage: Usage, locale: string) => factor.render(usage, locale, () => values).text;
    expect(textIn('Generic', 'en')).to.equal('Own 012345');
    expect(textIn('Generic', 'de')).to.equal('App-Code 012345');
    expect(textIn('BindMFA', 'en')).to.equal('Bind 012345');
    expect(codes.factor.render('BindMFA', 'en', () => values).text).not.to.equal('Bind 012345');
    expect(() => factor.withTemplates({ Verify: {} } as Templates)).to.throw(
      'createMfa: there is no option `templates.Verify`',
    );
  });

  it('leaves other usages and languages as they are', () => {
    const given = book({ MfaVerification: { de: own } });
    expect(email(given, 'MfaVerification', 'en')).to.deep.equal(email(book(), 'MfaVerification', 'en'));
    expect(email(given, 'BindMFA', 'de')).to.deep.equal(email(book(), 'BindMFA', 'de'));
  });

  it('gets our subject where it has none, and an HTML part from its paragraphs', () => {
    const given = book({ BindMFA: { en: { text: 'Hi <you> & co\r\n\r\n{{code}}\n\nat {{appName}}' } } });
    const { subject, html } = email(given, 'BindMFA', 'en', { ...values, appName: '<b>' });
    expect(subject).to.match(/^Confirm this address for <b>: code no\. /);
    expect(html)
      .to.include('>Hi &lt;you&gt; &amp; co</p>')
      .and.to.include('>012345</p>')
      .and.to.include('at &lt;b&gt;</p>');
  });

  it('missing in every language that could serve is an error that names what is missing', () => {
    expect(() => email(book({}, 'nl'), 'BindMFA', 'sv'))
      .to.throw("no email template BindMFA in 'sv' or 'nl'")
      .with.property('code', 'connector.template_not_found');
    for (const locale of ['__proto__', 'constructor', 'toString']) {
      expect(() => email(book({}, 'nl'), 'BindMFA', locale)).to.throw('no email template');
    }
  });

  it('missing costs the person nothing of their limits', async () => {
    const codes = startCodes('email', { defaultLocale: 'nl' });
    const session = codes.session('flow', { locale: 'sv' });
    for (let index = 0; index < 25; index += 1) {
      expect(await session.begin()).to.include({ reason: 'connector.template_not_found' });
    }
  });
});

describe('filling a template', () => {
  const hostile = `<script>alert("1")</script>&'\`{{code}}\${code}\r\nBcc: eve@example.com\u2028x`;

  it('escapes values for HTML', () => {
    expect(fill('<p>{{appName}}</p>', { appName: hostile, code: '012345' }, 'html')).to.equal(
      '<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;&#96;{{code}}${code} Bcc: eve@example.com x</p>',
    );
  });

  it('evaluates nothing in a value: neither a placeholder nor a replacement pattern', () => {
    expect(
      fill('{{appName}}|{{where}}', { appName: "{{code}}$&$1$'", where: '{{ appName }}', code: '1' }, 'text'),
    ).to.equal("{{code}}$&$1$'|{{ appName }}");
  });

  it('keeps a value on its line, in text as in a subject', () => {
    expect(fill('{{appName}}', { appName: hostile }, 'text')).not.to.match(/[\r\n\u2028]/);
    expect(fill('Code\r\nBcc: x\n{{appName}}', { appName: 'a\nb\u0000' }, 'subject')).to.equal('Code Bcc: x a b');
  });

  it('reaches no property but the values', () => {
    expect(fill('{{constructor}}{{toString}}{{__proto__}}{{code.length}}', { code: '1' }, 'text')).to.equal(
      '{{__proto__}}{{code.length}}',
    );
  });
});
