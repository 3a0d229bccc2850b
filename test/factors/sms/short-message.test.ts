// The SMS with a code: its binding to the origin, and its length.
import { expect } from 'chai';
import type { Usage } from '../../../src/factors/one-time-code/templates.js';
import { measureSms, toGsm7 } from '../../../src/factors/sms/gsm7.js';
import { bindingLine, hostOf, renderShortMessage } from '../../../src/factors/sms/short-message.js';
import { smsCode } from '../../../src/factors/sms/sms-code.js';
import { outboxSender } from '../../../src/senders/outbox-sender.js';
import { startCodes } from '../one-time-code/fixture.js';
import { parseOriginBoundCode, septetsOf } from './oracle.js';

const ours = { templates: {}, defaultLocale: 'en' };
const languages = ['en', 'de', 'fr', 'it'];
const usages: Usage[] = ['MfaVerification', 'BindMFA', 'Generic'];

function render(locale: string, usage: Usage, appName: string, host: string, code: string, book = ours): string {
  const values = { appName, code, minutes: '10', number: '12', clock: '23:59 UTC', time: 'now', until: 'then' };
  return renderShortMessage(book, usage, locale, () => values, { host, code }).text;
}

function isOneSegment(text: string): boolean {
  const septets = septetsOf(text);
  return septets === undefined ? text.length <= 70 : septets <= 160;
}

describe('the oracle of origin-bound messages', () => {
  it('reads the examples of the specification', () => {
    const explained = '747723 is your ExampleCo authentication code.\n\n@example.com #747723';
    const plain = { topLevelOrigin: 'https://example.com', embeddedOrigin: null, code: '747723' };
    expect(parseOriginBoundCode(explained)).to.deep.equal(plain);
    expect(parseOriginBoundCode(`${explained} @ecommerce.example $future`)).to.deep.equal({
      ...plain,
      embeddedOrigin: 'https://ecommerce.example',
    });
    for (const none of [
      'something @example.com #747723',
      '#747723 @ecommerce.example @example.com',
      '@example.com code #747723',
      '@example.com #747723\n',
    ]) {
      expect(parseOriginBoundCode(none), none).to.equal(undefined);
    }
  });
});

describe('an SMS with a code', () => {
  for (const language of languages) {
    for (const usage of usages) {
      it(`${usage} in ${language} is one segment that ends with its binding line, whatever the app is called`, () => {
        for (const appName of [
          'Acme',
          'Société Générale d’Épargne et de Crédit',
          'アクメ',
          '™'.repeat(200),
          '{'.repeat(90),
        ]) {
          for (const [host, code] of [
            ['app.example.com', '012345'],
            ['login.accounts.example.com', '0123456789'],
          ] as const) {
            const text = render(language, usage, appName, host, code);
            expect(isOneSegment(text), text).to.equal(true);
            expect(text.split('\n').at(-1)).to.equal(`@${host} #${code}`);
            expect(parseOriginBoundCode(text)).to.deep.equal({
              topLevelOrigin: `https://${host}`,
              embeddedOrigin: null,
              code,
            });
          }
        }
      });
    }
  }

  for (const language of languages) {
    it(`in ${language} is written in GSM-7, with room for a host of 40 characters`, () => {
      for (const usage of usages) {
        const text = render(language, usage, 'Acme', `${'a'.repeat(32)}.example`, '123456');
        expect(septetsOf(text), text).to.be.at.most(160);
      }
    });
  }

  it('keeps the name of an app that fits as it is', () => {
    expect(render('en', 'MfaVerification', 'Café Ørsted', 'app.example.com', '123456')).to.include('Café Ørsted');
    expect(render('en', 'MfaVerification', 'Łódź', 'app.example.com', '123456')).to.include(' Lodz ');
  });

  it('cannot be bound to another origin by a value', () => {
    const text = render('en', 'Generic', 'Acme\n@evil.example #999999', 'app.example.com', '123456');
    expect(text.split('\n')).to.have.length(3);
    expect(parseOriginBoundCode(text)?.topLevelOrigin).to.equal('https://app.example.com');
  });

  it('ends with the binding line under a template of the host app too', () => {
    const book = { templates: { MfaVerification: { uk: { text: 'Код {{code}}\n' } } }, defaultLocale: 'en' };
    const text = render('uk', 'MfaVerification', 'Acme', 'app.example.com', '123456', book);
    expect(text).to.equal('Код 123456\n\n@app.example.com #123456');
    expect(measureSms(text)).to.include({ alphabet: 'ucs-2', segments: 1 });
  });

  it('is bound to the first origin of the app, without scheme and port, or to the host of the option', async () => {
    for (const [options, host] of [
      [{}, 'acme.example'],
      [{ host: 'login.acme.example' }, 'login.acme.example'],
    ] as const) {
      const codes = startCodes('sms', options);
      await codes.session().begin();
      expect(parseOriginBoundCode(codes.outbox.messages[0]?.text ?? '')).to.deep.equal({
        topLevelOrigin: `https://${host}`,
        embeddedOrigin: null,
        code: codes.lastCode(),
      });
    }
    expect(hostOf(['https://app.example.com:8443', 'https://b.example'], undefined)).to.equal('app.example.com');
    expect(hostOf([], undefined)).to.equal('localhost');
    expect(bindingLine('example.com', '123456')).to.equal('@example.com #123456');
  });

  it('needs an origin or a host in production', () => {
    const sender = outboxSender('sms');
    expect(() => smsCode({ sender }).check?.({ production: true, origins: [] }))
      .to.throw('origin')
      .with.property('code', 'config.origin_missing');
    expect(() => smsCode({ sender }).check?.({ production: false, origins: [] })).not.to.throw();
    expect(() => smsCode({ sender, host: 'a.example' }).check?.({ production: true, origins: [] })).not.to.throw();
  });
});

describe('the length of an SMS', () => {
  it('agrees with the standard on every character of the basic plane', () => {
    for (let point = 0x20; point < 0xd800; point += 1) {
      const character = String.fromCharCode(point);
      const { alphabet, length } = measureSms(character);
      expect(alphabet === 'gsm-7' ? length : undefined, `U+${point.toString(16)}`).to.equal(septetsOf(character));
    }
  });

  it('counts segments of 160, 153, 70 and 67', () => {
    expect(measureSms('a'.repeat(160)).segments).to.equal(1);
    expect(measureSms('a'.repeat(161)).segments).to.equal(2);
    expect(measureSms('€'.repeat(81)).segments).to.equal(2);
    expect(measureSms('ж'.repeat(70)).segments).to.equal(1);
    expect(measureSms('ж'.repeat(71)).segments).to.equal(2);
  });

  it('writes a foreign name in the alphabet as far as it goes', () => {
    expect(toGsm7('“Łódź” – Œuvre™ アクメ 株式会社 Ünï')).to.equal('"Lodz" - OEuvre Üni');
  });
});
