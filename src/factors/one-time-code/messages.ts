// Finds the template for a usage and a language, and renders it: the host app's own before ours, the person's language
// before the default one, the usage before `Generic`. Knows no sender.
import { MfaError } from '../../core/words/errors.js';
import type { Channel } from '../../core/kernel/ports.js';
import { en } from './languages/en.js';
import { languages } from './languages/index.js';
import type { Language } from './languages/language.js';
import { htmlOf, paragraphsOf, templateOf } from './letter.js';
import { fill, languagesFor } from './templates.js';
import type { Template, Templates, Usage, Values } from './templates.js';

/** The templates of a host app and the language to fall back to. */
export type Book = { templates: Templates; defaultLocale: string };

/** The values of a message, which depend on the language: dates, words. */
export type ValuesIn = (language: string) => Values;

export type Rendered = { locale: string; subject?: string; text: string; html?: string };

type Found = { language: string; usage: Usage; own?: Template };

function own<T>(of: { [key: string]: T } | undefined, key: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, key) ? of[key] : undefined;
}

function find(book: Book, channel: Channel, usage: Usage, locale: string): Found {
  for (const candidate of [usage, 'Generic'] as const) {
    for (const language of languagesFor(locale, book.defaultLocale)) {
      const template = own(book.templates[candidate], language);
      if (template) return { language, usage: candidate, own: template };
      if (own(languages, language)) return { language, usage: candidate };
    }
  }
  throw new MfaError(
    'connector.template_not_found',
    `There is no ${channel} template ${usage} in '${locale}' or '${book.defaultLocale}', and no Generic one either.`,
  );
}

/** What is said in a language that only the host app's templates have: ours in the default one, else in English. */
function spoken(language: string, book: Book): Language {
  const tag = languagesFor(language, book.defaultLocale).find((candidate) => Object.hasOwn(languages, candidate));
  return (tag === undefined ? undefined : languages[tag]) ?? en;
}

function valuesFor(found: Found, book: Book, valuesIn: ValuesIn): Values {
  const values = valuesIn(found.language);
  const { codeIs, unknown } = spoken(found.language, book);
  return {
    language: found.language,
    ip: unknown,
    message: values.code === undefined ? (values.what ?? '') : fill(codeIs, values, 'text'),
    ...values,
  };
}

/** @throws MfaError `connector.template_not_found` */
export function renderEmail(book: Book, usage: Usage, locale: string, valuesIn: ValuesIn): Required<Rendered> {
  const found = find(book, 'email', usage, locale);
  const values = valuesFor(found, book, valuesIn);
  const ours = templateOf(spoken(found.language, book).email[found.usage], values);
  const template = found.own ? { ...found.own, html: found.own.html ?? htmlOf(paragraphsOf(found.own.text)) } : ours;
  return {
    locale: found.language,
    subject: fill(template.subject ?? ours.subject, values, 'subject'),
    text: fill(template.text, values, 'text'),
    html: fill(template.html, values, 'html'),
  };
}

/** The text of an SMS without its last line. @throws MfaError `connector.template_not_found` */
export function renderText(book: Book, usage: Usage, locale: string, valuesIn: ValuesIn): Rendered {
  const found = find(book, 'sms', usage, locale);
  const values = valuesFor(found, book, valuesIn);
  const text = found.own?.text ?? spoken(found.language, book).sms[found.usage];
  return { locale: found.language, text: fill(text, values, 'text').replace(/ {2,}/g, ' ').trim() };
}
