// Languages are negotiated as browsers ask for them; sentences fall back, plurals and waits are the language's own.
import { localesDir as dir } from '#views-dir';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createMessages, parseAcceptLanguage } from '../../../middleware/pages/messages.js';
import { newFolder } from '../../support/folder.js';

const messages = createMessages({ dir });
const english = messages.words('en');

describe('the negotiated language', () => {
  const wanted: [header: string, locale: string][] = [
    ['de-CH, en;q=0.8', 'de'],
    ['pt-BR, fr;q=0.9, en;q=0.8', 'fr'],
    ['en;q=0.2, it;q=0.9', 'it'],
    ['fr;q=0, de', 'de'],
    ['*', 'en'],
    ['', 'en'],
    ['ja, zh-Hans-CN', 'en'],
    ['DE', 'de'],
    ['not a language; q=, ,,;', 'en'],
  ];
  for (const [header, locale] of wanted) {
    it(`is ${locale} for "${header}"`, () => {
      expect(messages.negotiate(parseAcceptLanguage(header))).to.equal(locale);
    });
  }

  it('is English where the browser asks for nothing', () => {
    expect(messages.negotiate(parseAcceptLanguage(undefined))).to.equal('en');
  });

  it('is a region where there is one, and a relative where there is none', () => {
    const regional = createMessages({ dir, messages: { 'pt-br': { 'page.back': 'Voltar' } } });
    expect(regional.locales).to.include('pt-BR');
    expect(regional.negotiate(['pt-BR'])).to.equal('pt-BR');
    expect(regional.negotiate(['pt-PT', 'de'])).to.equal('pt-BR');
  });

  it('does not read more of a header than any browser sends', () => {
    expect(parseAcceptLanguage(`${'x,'.repeat(100_000)}de`).length).to.be.below(600);
  });
});

describe('the sentences', () => {
  it('are found where a translation is a list in the order of English, as the package has it', () => {
    const folder = newFolder('locales');
    writeFileSync(join(folder, 'de.json'), '["Zurück", "Weiter"]');
    writeFileSync(join(folder, 'en.json'), '{ "page.back": "Back", "verify.continue": "Continue" }');
    const { locales, words } = createMessages({ dir: folder });
    expect(locales).to.deep.equal(['en', 'de']);
    expect(words('de').t('verify.continue')).to.equal('Weiter');
  });

  it('take the plural of their language', () => {
    expect(english.t('error.remaining', { count: 1 })).to.equal('You have 1 attempt left.');
    expect(english.t('error.remaining', { count: 3 })).to.equal('You have 3 attempts left.');
    expect(messages.words('fr').t('error.remaining', { count: 0 })).to.equal('Il vous reste 0 essai.');
    const polish = { 'x.one': 'jeden', 'x.few': '{count} kilka', 'x.many': '{count} wiele', 'x.other': '{count} inne' };
    const { t } = createMessages({ dir, messages: { pl: polish } }).words('pl');
    expect([1, 3, 5].map((count) => t('x', { count }))).to.deep.equal(['jeden', '3 kilka', '5 wiele']);
  });

  it('are the first of several that there is', () => {
    expect(english.t(['factor.pigeon.name', 'factor.generic.name'])).to.equal('Another method');
  });

  it('show a gap rather than break', () => {
    expect(english.t('no.such.key')).to.equal('no.such.key');
    expect(english.t('constructor')).to.equal('constructor');
    expect(english.t('page.signed_in_as')).to.equal('Signed in as {name}');
    expect(english.t('page.signed_in_as', { name: '{name} $& {count}' })).to.equal('Signed in as {name} $& {count}');
  });

  it('can be replaced one by one, and a language can be added, in English where it is incomplete', () => {
    const own = createMessages({
      dir,
      messages: { de: { 'page.back': 'Retour geht es hier' }, nl: { 'page.back': 'Terug' } },
    });
    expect(own.words('de').t('page.back')).to.equal('Retour geht es hier');
    expect(own.words('de').t('page.cancel')).to.equal('Abbrechen');
    expect(own.words('nl').t('page.back')).to.equal('Terug');
    expect(own.words('nl').t('page.cancel')).to.equal('Cancel');
    expect(own.words('nl').lang).to.equal('nl');
  });

  it('are made once for all apps without words of their own, and never mixed with those of another', () => {
    expect(createMessages({ dir })).to.equal(messages);
    const own = createMessages({ dir, messages: { en: { 'verify.title': 'Who goes there?' } } });
    expect(own.words('en').t('verify.title')).to.equal('Who goes there?');
    expect(createMessages({ dir }).words('en').t('verify.title')).to.equal(english.t('verify.title'));
  });

  it('give a region what its language says', () => {
    const { t } = createMessages({ dir, messages: { 'de-CH': { 'page.back': 'Zrugg' } } }).words('de-CH');
    expect([t('page.back'), t('page.cancel')]).to.deep.equal(['Zrugg', 'Abbrechen']);
  });

  it('run from right to left where the language does', () => {
    const { words } = createMessages({ dir, messages: { ar: { 'page.back': 'رجوع' } } });
    expect(words('ar').dir).to.equal('rtl');
    expect(words('de').dir).to.equal('ltr');
  });
});

describe('times in words', () => {
  it('are waits, rounded up', () => {
    const waits: [seconds: number, words: string][] = [
      [0, 'in 1 second'],
      [29.2, 'in 30 seconds'],
      [60, 'in 1 minute'],
      [781, 'in 14 minutes'],
      [3600, 'in 60 minutes'],
      [3601, 'in 2 hours'],
    ];
    for (const [seconds, words] of waits) expect(english.inTime(seconds)).to.equal(words);
    expect(messages.words('de').inTime(840)).to.equal('in 14 Minuten');
    expect(messages.words('fr').inTime(840)).to.equal('dans 14 minutes');
    expect(messages.words('it').inTime(840)).to.equal('tra 14 minuti');
  });

  it('are dates of the language, in UTC', () => {
    const at = Date.UTC(2026, 10, 21, 23, 59) / 1000;
    expect(english.date(at)).to.equal('November 21, 2026');
    expect(messages.words('de').date(at)).to.equal('21. November 2026');
    expect(messages.words('fr').dateTime(at)).to.match(/21 novembre 2026.*23:59 UTC/);
  });
});
