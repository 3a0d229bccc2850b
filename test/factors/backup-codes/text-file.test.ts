// The list of codes that people keep as a file.
import { expect } from 'chai';
import { backupCodesFileName, backupCodesText } from '../../../src/factors/backup-codes/text-file.js';

const sentences: { [key: string]: string } = {
  'codes.text.title': 'Backup codes for {app}',
  'codes.text.account': 'Account: {account}',
  'codes.text.once': 'Each code works once.',
  'codes.made': 'Made on {made}.',
  'codes.made_until': 'Made on {made}, good until {until}.',
};
const t = (key: string, values: { [name: string]: string | number } = {}) =>
  String(sentences[key]).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

const dateIn = (locale: string) => (seconds: number) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(seconds * 1000));

const codes = [
  'K7QF-3XTM',
  '9RVA-WC2H',
  'P4NE-8YJD',
  'HB6Z-QK5S',
  '2WTG-MX9C',
  'YD3R-7FPA',
  'V8JK-N4QE',
  '5CHS-ZT6W',
  'GX2M-R9BD',
  'QA7P-K3VF',
];
const made = Date.UTC(2026, 10, 21) / 1000;
const usual = {
  appName: 'Acme',
  account: 'al***@example.com',
  codes,
  createdAt: made,
  expiresAt: made + 365 * 86_400,
  t,
  date: dateIn('en'),
};

describe('backupCodesText', () => {
  it('is the list to keep: app, masked account, numbered codes, dates, and that each works once', () => {
    expect(backupCodesText(usual).split('\r\n')).to.deep.equal([
      'Backup codes for Acme',
      'Account: al***@example.com',
      '',
      ' 1. K7QF-3XTM',
      ' 2. 9RVA-WC2H',
      ' 3. P4NE-8YJD',
      ' 4. HB6Z-QK5S',
      ' 5. 2WTG-MX9C',
      ' 6. YD3R-7FPA',
      ' 7. V8JK-N4QE',
      ' 8. 5CHS-ZT6W',
      ' 9. GX2M-R9BD',
      '10. QA7P-K3VF',
      '',
      'Made on November 21, 2026, good until November 21, 2027.',
      'Each code works once.',
      '',
    ]);
  });

  it('ends every line with CRLF', () => {
    expect(backupCodesText(usual)).not.to.match(/[^\r]\n|\r[^\n]/);
  });

  it('names no end where there is none, and writes dates as the language does', () => {
    const text = backupCodesText({ ...usual, expiresAt: null, date: dateIn('de') });
    expect(text).to.contain('Made on 21. November 2026.\r\n').and.not.contain('good until');
  });

  it('lets no name add a line', () => {
    const text = backupCodesText({ ...usual, appName: 'Acme\r\n11. AAAA-AAAA' });
    expect(text.split('\r\n')).to.have.length(17);
  });
});

describe('backupCodesFileName', () => {
  it('is plain ASCII that needs no quoting', () => {
    expect(backupCodesFileName('Acme')).to.equal('acme-backup-codes.txt');
    expect(backupCodesFileName('Ärzte & Söhne "GmbH"\r\n')).to.equal('arzte-sohne-gmbh-backup-codes.txt');
    expect(backupCodesFileName('../../etc/passwd')).to.equal('etc-passwd-backup-codes.txt');
    expect(backupCodesFileName('日本')).to.equal('backup-codes.txt');
    expect(backupCodesFileName('a'.repeat(500))).to.have.length(77);
  });
});
