// One word for each thing, in four languages: the glossary of CONTRIBUTING, held against the catalogues of the pages and
// the words of mails, text messages and notices.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { languages } from '../../src/factors/one-time-code/languages/index.js';
import { de } from '../../src/notices/words/de.js';
import { en } from '../../src/notices/words/en.js';
import { fr } from '../../src/notices/words/fr.js';
import { it as itWords } from '../../src/notices/words/it.js';
import { localesDir } from './rendering.js';

type Other = { words: RegExp; say: string };

/** What is not said, and what is said in its place. */
const others: { [language: string]: Other[] } = {
  en: [
    { words: /\bMFA\b|\b2FA\b|multi-factor|2-step|second (step|factor)|sign-in step/i, say: 'two-step verification' },
    { words: /ways? to verify|\banother way\b|\b(other|your|this) ways?\b(?! (back|round))/i, say: 'method' },
    { words: /verification codes?|sign-in codes?|one-time passwords?|\bOTP\b/i, say: 'security code' },
    { words: /recovery codes?|scratch codes?/i, say: 'backup code' },
    { words: /\btype\b|\btyped\b/i, say: 'enter' },
    { words: /wrong (tr(y|ies)|codes?)|fresh proof/i, say: 'incorrect, attempt, verify again' },
    { words: /\bauthentication app|authenticator application/i, say: 'authenticator app' },
  ],
  de: [
    {
      words: /\bMFA\b|2-Schritt|Zwei-Faktor|zweite[nrs]? (Schritt|Faktor)|Anmeldeschritt/i,
      say: 'Bestätigung in zwei Schritten',
    },
    { words: /Möglichkeit/i, say: 'Methode' },
    { words: /Bestätigungscode|Anmeldecode|Verifizierungscode/i, say: 'Sicherheitscode' },
    { words: /Wiederherstellungscode|Ersatzcode/i, say: 'Backup-Code' },
    {
      words: /aufbewahrt|sich (erneut )?bestätigen|\bausser\b|\bgross|zu binden/i,
      say: 'gespeichert; bestätigen, dass Sie es sind; ß',
    },
    { words: /\b([Dd]u|[Dd]ein(e[nrms]?)?|[Dd]ich|[Dd]ir)\b/, say: 'Sie' },
  ],
  fr: [
    {
      words: /\bMFA\b|\b2FA\b|deux facteurs|deuxième étape|seconde étape|étape de connexion|vérification en deux/i,
      say: 'validation en deux étapes',
    },
    { words: /\bmoyens?\b|méthodes? de validation/i, say: 'méthode' },
    { words: /codes? de (vérification|connexion)/i, say: 'code de sécurité' },
    { words: /codes? de récupération|codes? de sauvegarde/i, say: 'code de secours' },
    { words: /navigateurs? approuvé|erronés?/i, say: 'navigateur de confiance; incorrect' },
    { words: /\b(tu|toi|ton|tes)\b/i, say: 'vous' },
    { words: /vous (êtes|étiez|restez|serez) (\S+ )?\p{L}+[ée](?!\p{L})/iu, say: 'no gender of the reader' },
  ],
  it: [
    { words: /\bMFA\b|\b2FA\b|due fattori|secondo passaggio|passaggio di accesso/i, say: 'verifica in due passaggi' },
    { words: /\bmod[oi]\b/i, say: 'metodo' },
    { words: /codic[ei] di (verifica|accesso)/i, say: 'codice di sicurezza' },
    { words: /codic[ei] di (recupero|ripristino)/i, say: 'codice di backup' },
    { words: /\b(Lei|Suo|Sua|Suoi|Sue)\b|\bper sua\b/, say: 'tu' },
    {
      words:
        /\b(digiti|inserisca|scelga|riprovi|usi un|apra|attenda|controlli|salvi|chieda|verifichi|configuri|cambi la)\b/i,
      say: 'tu',
    },
    { words: /\b(sei|eri|resti|sarai) (stat|conness|protett|sicur)[oa]\b/i, say: 'no gender of the reader' },
  ],
};

/** Every sentence in it, without its slots. */
const sentencesOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value.replace(/\{+\w+\}+/g, '…')] : Object.values(value ?? {}).flatMap(sentencesOf);

describe('the glossary', () => {
  const notices: { [language: string]: object } = { en, de, fr, it: itWords };
  for (const [language, banned] of Object.entries(others)) {
    const said = [
      ...sentencesOf(JSON.parse(readFileSync(join(localesDir, `${language}.json`), 'utf8'))),
      ...sentencesOf(languages[language]),
      ...sentencesOf(notices[language]),
    ];

    it(`is kept in ${language}, on pages, in mails, text messages and notices`, () => {
      expect(said.length).to.be.greaterThan(350);
      const found = said.flatMap((sentence) =>
        banned.filter(({ words }) => words.test(sentence)).map(({ say }) => `${sentence} → ${say}`),
      );
      expect(found).to.deep.equal([]);
    });
  }

  it('finds another word', () => {
    const finds = (language: string, sentence: string) =>
      (others[language] ?? []).some(({ words }) => words.test(sentence));
    expect(finds('en', 'Set up MFA')).to.equal(true);
    expect(finds('en', 'Try another way')).to.equal(true);
    expect(finds('de', 'Wählen Sie eine andere Möglichkeit.')).to.equal(true);
    expect(finds('fr', 'La deuxième étape manque.')).to.equal(true);
    expect(finds('fr', 'Vous restez connecté ici.')).to.equal(true);
    expect(finds('it', 'Riprovi con un altro modo.')).to.equal(true);
    expect(finds('it', 'Chieda aiuto.')).to.equal(true);
    expect(finds('it', 'Non sei stato tu?')).to.equal(true);
  });
});
