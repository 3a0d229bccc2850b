// The options of every sender.
import { expect } from 'chai';
import { consoleSender } from '../../src/senders/console-sender.js';
import { httpEmailSender } from '../../src/senders/http-email-sender.js';
import { mailgunSender } from '../../src/senders/mailgun-sender.js';
import { outboxSender } from '../../src/senders/outbox-sender.js';
import { sendGridSender } from '../../src/senders/sendgrid-sender.js';
import { sesSender } from '../../src/senders/ses-sender.js';
import { smsAeroSender } from '../../src/senders/sms-aero-sender.js';
import { readOptions } from '../../src/senders/sender-options.js';
import { smtpSender } from '../../src/senders/smtp-sender.js';
import type { SmtpOptions } from '../../src/senders/smtp-settings.js';
import { readSmtpSettings, smtpOptionNames } from '../../src/senders/smtp-settings.js';
import { snsSender } from '../../src/senders/sns-sender.js';
import { twilioSender } from '../../src/senders/twilio-sender.js';
import { vonageSender } from '../../src/senders/vonage-sender.js';
import { thrownBy } from '../support/thrown.js';

const sid = (prefix: string) => prefix + '0'.repeat(32);
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hush-hush-hush' };
const good = {
  sendGrid: { apiKey: 'hush-hush-hush', from: 'a@acme.example' },
  mailgun: { apiKey: 'hush-hush-hush', domain: 'mg.acme.example', from: 'a@acme.example' },
  ses: { region: 'eu-central-1', credentials: keys, from: 'a@acme.example' },
  sns: { region: 'eu-west-1', credentials: keys },
  smtp: { from: 'a@acme.example', host: 'smtp.acme.example' },
  twilio: { accountSid: sid('AC'), authToken: 'hush-hush-hush', from: '+15550100999' },
  vonage: { apiKey: 'abcd1234', apiSecret: 'hush-hush-hush', from: 'ACME' },
  smsAero: { email: 'a@acme.example', apiKey: 'hush-hush-hush' },
  http: { url: 'https://codes.acme.example/', secret: 'hush-'.repeat(8) },
};

type Case = [name: string, make: (over: never) => unknown, base: object, wrong: [option: string, value: unknown][]];

const cases: Case[] = [
  [
    'sendGridSender',
    sendGridSender,
    good.sendGrid,
    [
      ['apiKey', undefined],
      ['apiKey', 'hush\r\nX-Evil: 1'],
      ['from', 'nobody'],
      ['from', 'a@acme.example, b@acme.example'],
      ['replyTo', 'Help <>'],
      ['region', 'moon'],
      ['baseUrl', 'http://api.example.com'],
      ['baseUrl', 'https://user:hush-hush-hush@api.example.com'],
      ['baseUrl', 'ftp://localhost'],
      ['timeoutMs', 0],
      ['timeoutMs', '10s'],
    ],
  ],
  [
    'mailgunSender',
    mailgunSender,
    good.mailgun,
    [
      ['domain', '../other'],
      ['domain', undefined],
      ['apiKey', ''],
    ],
  ],
  [
    'sesSender',
    sesSender,
    good.ses,
    [
      ['region', 'Frankfurt'],
      ['credentials', undefined],
      ['credentials', { accessKeyId: 'AKID', secretAccessKey: undefined }],
      ['configurationSet', 7],
    ],
  ],
  [
    'snsSender',
    snsSender,
    good.sns,
    [
      ['senderId', 'much too long a name'],
      ['maxPriceUsd', -1],
      ['originationNumber', 'Acme'],
    ],
  ],
  [
    'smtpSender',
    smtpSender,
    good.smtp,
    [
      ['host', undefined],
      ['host', 'smtp.acme.example/evil'],
      ['port', 70_000],
      ['secure', 'yes'],
      ['auth', { user: 'a', pass: undefined }],
      ['maxConnections', 0],
      ['from', { address: 'a@acme.example', name: 'A\r\nB' }],
    ],
  ],
  [
    'twilioSender',
    twilioSender,
    good.twilio,
    [
      ['accountSid', 'AC/../1'],
      ['authToken', undefined],
      ['from', undefined],
      ['from', 'hush; drop table'],
      ['messagingServiceSid', 'MG1'],
      ['apiKeySid', 'SK1'],
    ],
  ],
  [
    'vonageSender',
    vonageSender,
    good.vonage,
    [
      ['apiSecret', undefined],
      ['from', 'A name that is long'],
    ],
  ],
  [
    'smsAeroSender',
    smsAeroSender,
    good.smsAero,
    [
      ['email', 'nobody'],
      ['apiKey', undefined],
      ['sign', ''],
    ],
  ],
  [
    'httpEmailSender',
    httpEmailSender,
    good.http,
    [
      ['url', undefined],
      ['url', 'http://codes.acme.example'],
      ['secret', undefined],
      ['secret', 'hush'],
      ['secret', 'whsec_aHVzaA=='],
      ['secret', []],
      ['secret', ['hush-'.repeat(8), undefined]],
      ['headers', { 'Webhook-Signature': 'hush' }],
      ['headers', { host: 'hush' }],
      ['headers', { 'x-a': 'hush\r\nx-b: 1' }],
    ],
  ],
];

for (const [name, make, base, wrong] of cases) {
  describe(`the options of ${name}`, () => {
    it('are accepted where they are right', () => {
      expect(() => make(base as never)).not.to.throw();
    });

    for (const [option, value] of wrong) {
      it(`are refused with ${option}: ${JSON.stringify(value)}`, () => {
        const error = thrownBy(() => make({ ...base, [option]: value } as never));
        expect(error.code).to.equal('config.invalid_option');
        expect(error.message).to.match(new RegExp(`^${name}: ${option} must be .+; received .+\\.`));
        expect(error.message).not.to.include('hush');
      });
    }

    it('are refused where they are none, or unknown', () => {
      expect(thrownBy(() => make(undefined as never)).code).to.equal('config.invalid_option');
      const unknown = thrownBy(() => make({ ...base, timeoutms: 5 } as never));
      expect(unknown.code).to.equal('config.unknown_option');
      expect(unknown.message).to.include('Did you mean `timeoutMs`?');
      expect(thrownBy(() => make({ ...base, colour: 5 } as never)).message).to.match(
        /no option `colour`\. Known are: .*timeoutMs/,
      );
    });
  });
}

describe('requireTls of smtpSender', () => {
  const requires = (options: Omit<SmtpOptions, 'from'>) => {
    const all = { from: 'a@acme.example', ...options };
    return readSmtpSettings(all, readOptions('smtpSender', all, smtpOptionNames)).requireTLS;
  };

  it('holds wherever a password or a code would cross a network in the clear', () => {
    expect(requires({ host: 'smtp.acme.example' })).to.equal(true);
    expect(requires({ transport: 'smtp://a:b@smtp.acme.example' })).to.equal(true);
    expect(requires({ host: 'localhost.acme.example' })).to.equal(true);
  });

  it('is not asked for on this machine, where TLS is on from the first octet, or against the word of the host', () => {
    for (const host of ['localhost', '127.0.0.1', '::1']) expect(requires({ host })).to.equal(false);
    expect(requires({ host: 'smtp.acme.example', secure: true })).to.equal(false);
    expect(requires({ transport: 'smtps://a:b@smtp.acme.example' })).to.equal(false);
    expect(requires({ host: 'relay.internal', requireTls: false })).to.equal(false);
  });
});

describe('options that exclude or need each other', () => {
  it('are refused together', () => {
    const both = () => twilioSender({ ...good.twilio, messagingServiceSid: sid('MG') });
    expect(thrownBy(both).message).to.include('from must be absent where messagingServiceSid is given');
    const keyOnly = () => twilioSender({ accountSid: sid('AC'), apiKeySid: sid('SK'), from: '+15550100999' });
    expect(thrownBy(keyOnly).message).to.include('apiKeySecret');
    const twice = () => smtpSender({ ...good.smtp, transport: 'smtps://a:b@smtp.acme.example' });
    expect(thrownBy(twice).message).to.include('host must be absent where transport is given');
    const web = () => smtpSender({ from: 'a@acme.example', transport: 'https://a:hush@smtp.acme.example' });
    expect(thrownBy(web).message).to.include('transport must be').and.not.to.include('hush');
  });

  it('are checked for the development senders as well', () => {
    expect(thrownBy(() => consoleSender('fax' as never)).message).to.include("'email' or 'sms'");
    expect(thrownBy(() => outboxSender(undefined as never)).code).to.equal('config.invalid_option');
    expect(thrownBy(() => outboxSender('sms', { limit: 0 })).message).to.include('limit must be');
    expect(thrownBy(() => consoleSender('sms', { print: 'loud' } as never)).message).to.include('print must be');
  });
});
