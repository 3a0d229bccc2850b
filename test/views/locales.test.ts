// The catalogues say the same things in every language, and everything that is said anywhere.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createMessages } from '../../middleware/pages/messages.js';
import type { Catalogue } from '../../middleware/pages/messages.js';
import { pageError } from '../../middleware/pages/page-errors.js';
import { statusOf } from '../../src/core/words/errors.js';
import { eventNames } from '../../src/core/words/events.js';
import type { ErrorCode } from '../../src/core/words/errors.js';
import { isReminder } from '../../src/core/words/notices.js';
import { parsePhoneNumber } from '../../src/factors/sms/phone-number.js';
import type { Notice } from '../../src/core/words/notices.js';
import { en as notices } from '../../src/notices/words/en.js';
import { localesDir, messages, renderAll } from './rendering.js';
import { figureCsv } from '../../middleware/admin/figure.js';

const read = (locale: string): Catalogue =>
  JSON.parse(readFileSync(join(localesDir, `${locale}.json`), 'utf8')) as Catalogue;
const english = read('en');
const codes = Object.keys(statusOf) as ErrorCode[];
const slots = (sentence = '') => [...sentence.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort();

function sourcesOf(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
}

describe('the catalogues', () => {
  it('are English, German, French and Italian', () => {
    expect(messages.locales).to.deep.equal(['en', 'de', 'fr', 'it']);
  });

  for (const locale of ['de', 'fr', 'it']) {
    it(`say in ${locale} what English says, with the same slots`, () => {
      const theirs = read(locale);
      expect(Object.keys(theirs).sort()).to.deep.equal(Object.keys(english).sort());
      for (const [key, sentence] of Object.entries(theirs)) {
        expect(sentence.trim(), key).not.to.equal('');
        expect(slots(sentence), key).to.deep.equal(slots(english[key]));
      }
    });

    it(`translate rather than repeat in ${locale}`, () => {
      const theirs = read(locale);
      const same = Object.keys(english).filter(
        (key) => theirs[key] === english[key] && /\w{4,} \w{3,}/.test(theirs[key] ?? ''),
      );
      expect(same).to.deep.equal([]);
    });
  }

  it('have both forms of every plural', () => {
    for (const key of Object.keys(english).filter((each) => each.endsWith('.one'))) {
      expect(english, key).to.have.property(key.replace(/\.one$/, '.other'));
    }
  });

  for (const locale of messages.locales) {
    it(`have a sentence for every error code in ${locale}`, () => {
      const words = messages.words(locale);
      for (const code of codes) expect(pageError(words, code).message, code).not.to.equal(`error.${code}`);
    });
  }

  it('ask about what happened, and name it, wherever a notice leads to the page of objections', () => {
    for (const what of Object.keys(notices.what) as Notice['what'][]) {
      if (isReminder({ what, at: 0 })) continue;
      for (const key of ['object.what', 'title.object.ask']) expect(english).to.have.property(`${key}.${what}`);
    }
  });

  it('say of everything that can stand in the audit log what it was', () => {
    for (const name of eventNames) expect(english, name).to.have.property(`activity.${name}`);
  });

  it('give example numbers that exist, so that whoever copies their form is understood', () => {
    for (const locale of messages.locales) {
      const sentences = Object.values(read(locale)).join(' ');
      const numbers = sentences.match(/\+\d[\d ]{6,}\d/g) ?? [];
      expect(numbers, locale).to.have.length.at.least(2);
      for (const number of numbers) expect(parsePhoneNumber(number, {}), number).to.have.property('address');
    }
  });

  it('have a sentence for every hint that a person can act on', () => {
    const given = sourcesOf('src').flatMap((text) =>
      [...text.matchAll(/'((?:totp|code|backup|email|phone|enroll)\.[a-z_]+)'/g)].map(([, hint = '']) => hint),
    );
    expect(given).to.include.members(['totp.too_short', 'backup.never_contains', 'email.invalid', 'phone.invalid']);
    for (const hint of given) expect(english, hint).to.have.property(`hint.${hint}`);
  });

  it('hold no sentence that nobody says', () => {
    const named = createMessages({
      dir: localesDir,
      messages: { en: Object.fromEntries(Object.keys(english).map((key) => [key, `⟦${key}⟧`])) },
    }).words('en');
    const said = new Set<string>();
    const listen = (text: string) => {
      // Pages keep `sign-in` in one piece by a word joiner.
      for (const [, key = ''] of text.replaceAll('\u2060', '').matchAll(/⟦([^⟧]+)⟧/g)) said.add(key);
    };
    for (const { html } of renderAll(named)) listen(html);
    for (const { html } of renderAll(named, { brand: { help: 'https://help.example.com' } })) listen(html);
    for (const { html } of renderAll(named, { signedInAs: '' })) listen(html);
    for (const code of codes) {
      for (const retryAfterSeconds of [60, null]) listen(pageError(named, code, { retryAfterSeconds }).message);
      for (const why of ['missing', 'expired', 'kind'] as const)
        listen(pageError(named, code, { stepUp: { why } }).message);
      for (const field of ['code', 'address', 'name', 'response', 'password'])
        listen(pageError(named, code, { field }).message);
      for (const count of [1, 2]) listen(pageError(named, code, { expiredAt: 0, remainingAttempts: count }).message);
    }
    // Only files have a column of it.
    listen(figureCsv(named, { name: '', says: '', columns: [['meaning', 'text']], rows: [] }));
    const sources = sourcesOf('src', 'middleware').join('\n');
    const silent = Object.keys(english).filter((key) => {
      const stem = key.replace(/\.(one|other)$/, '');
      if (said.has(key) || [`${stem}.one`, `${stem}.other`].some((form) => form !== key && said.has(form)))
        return false;
      const hint = key.replace(/^hint\./, '').replace(/\.counted$/, '');
      // A WebAuthn fault is named by its last word, under the factor's own prefix.
      return ![`'${key}'`, `'${hint}'`, `'${hint.replace(/^webauthn\./, '')}'`].some((name) => sources.includes(name));
    });
    expect(silent).to.deep.equal([]);
  });
});
