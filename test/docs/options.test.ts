// The options within options and those of senders, in documentation and code, in both directions.
import { expect } from 'chai';
import * as express from '../../src/index.js';
import { createMfa, memoryStore, outboxSender, totp } from '../../src/index.js';
import { memoryCaseStore, memoryStatsStore } from '../../src/admin.js';
import { codesIn, listPages, readPage, rowsOf, sectionOf } from './markdown.js';
import { exportsOf, fieldsOf, partsOf } from './surface.js';

const sorted = (names: readonly string[]) => [...names].sort();
const firstColumn = (text: string) => rowsOf(text).flatMap(([first = '']) => codesIn(first));

/** The names in `{ a, b }`. */
const namesIn = (cell: string) => /\{ ([\w, ]+) \}/.exec(cell)?.[1]?.split(', ');

describe('the documentation of options', () => {
  it('names the parts of those that are objects', () => {
    const rows = rowsOf(sectionOf('docs/options.md', 'createMfa').split('### ')[0] ?? '');
    const parts = partsOf('src/options.ts', 'MfaOptions');
    expect(Object.keys(parts)).to.include.members(['brand', 'csrf', 'signOut', 'trustBrowser']);
    for (const [option, fields] of Object.entries(parts)) {
      const [, takes = ''] = rows.find(([first]) => first === `\`${option}\``) ?? [];
      expect(sorted(namesIn(takes) ?? []), option).to.deep.equal(sorted(fields));
    }
    const [, allow = ''] = rows.find(([first]) => first === '`allow`') ?? [];
    expect(namesIn(allow)).to.deep.equal(['method', 'path']);
  });

  it('names all parts that start-up takes', () => {
    const secrets = ['the secret of the tests of options'];
    const host = { appName: 'Docs', secrets, store: memoryStore(), factors: [totp()], user: () => null };
    const whole: { [option: string]: object } = {
      administration: {
        directory: { get: () => null },
        cases: memoryCaseStore(),
        fourEyes: ['reset'],
        stats: memoryStatsStore(),
        censusEveryHours: 24,
        reportsFolder: '/var/lib/reports',
      },
      brand: { logo: '/logo.svg', accent: '#123456', help: 'Ask us.', home: '/', autoSubmit: true },
      csrf: { token: () => '', verify: () => true },
      notices: { sender: outboxSender('email') },
      signOut: { method: 'GET', path: '/logout', then: '/' },
      trustBrowser: { days: 30 },
    };
    for (const [option, fields] of Object.entries(partsOf('src/options.ts', 'MfaOptions'))) {
      expect(sorted(Object.keys(whole[option] ?? {})), option).to.deep.equal(sorted(fields));
      createMfa({ ...host, [option]: whole[option] });
      expect(() => createMfa({ ...host, [option]: { ...whole[option], stranger: 1 } })).to.throw('stranger');
    }
  });

  it('names what `req.mfa` holds', () => {
    const told = /`req\.mfa` holds .*?`\{ ([\w, ]+) \}`/.exec(readPage('README.md'))?.[1]?.split(', ');
    expect(sorted(told ?? [])).to.deep.equal(sorted(fieldsOf('src/index.ts', 'RequestMfa')));
  });

  /** Page of docs/senders/ → its options. A page tells of the sender whose name it bears. */
  const senders: { [page: string]: string } = {
    console: 'ConsoleOptions',
    'http-email': 'WebhookOptions',
    'http-sms': 'WebhookOptions',
    mailgun: 'MailgunOptions',
    outbox: 'OutboxOptions',
    sendgrid: 'SendGridOptions',
    ses: 'SesOptions',
    'sms-aero': 'SmsAeroOptions',
    smtp: 'SmtpOptions',
    sns: 'SnsOptions',
    twilio: 'TwilioOptions',
    vonage: 'VonageOptions',
  };

  for (const [page, type] of Object.entries(senders)) {
    it(`names those of the sender ${page}`, () => {
      const [table = ''] = readPage(`docs/senders/${page}.md`).split(/^## /m);
      const told = table.slice(table.indexOf('| option |')).split('\n\n')[0] ?? '';
      const fields = fieldsOf('src/index.ts', type);
      expect(fields).to.not.be.empty;
      expect(sorted(firstColumn(told))).to.deep.equal(sorted(fields));
    });
  }

  it('has a page for each sender, and no other', () => {
    const pages = listPages().flatMap((page) => /^docs\/senders\/(.+)\.md$/.exec(page)?.[1] ?? []);
    const plain = (name: string) => name.toLowerCase().replace(/-|sender$/g, '');
    const values = exportsOf('src/index.ts').filter((name) => name in express);
    const made = [...values.filter((name) => name.endsWith('Sender')), 'fallback'].map(plain);
    expect(sorted(pages.map(plain))).to.deep.equal(sorted(made));
    expect(sorted([...Object.keys(senders), 'fallback'])).to.deep.equal(sorted(pages));
  });
});
