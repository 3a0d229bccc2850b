// Templates: text with {{placeholders}}. Values are put in by one pass and escaped for the part they go into; nothing
// in a template or a value is evaluated, and a value that looks like a placeholder stays text.
import type { Message } from '../../core/kernel/ports.js';
import { unknownOption } from '../../core/words/unknown-option.js';
import { invalid } from './misuse.js';

export type Usage = Message['usage'];

/** One message in one language. Without `html`, the HTML part is made from the paragraphs of `text`. */
export type Template = { subject?: string; text: string; html?: string };

/** Templates by usage and language; `BindMfa` is accepted as `BindMFA`. */
export type Templates = { [usage in Usage | 'BindMfa']?: { [language: string]: Template } };

/** A message as paragraphs, from which text and HTML part are made. */
export type Letter = { subject: string; paragraphs: readonly string[] };

/** What a template may say, by name. Which ones have a value depends on the usage; the others are empty. */
export const placeholders = [
  'appName',
  'code',
  'minutes',
  'until',
  'time',
  'clock',
  'number',
  'address',
  'ip',
  'host',
  'language',
  'message',
  'what',
  'where',
  'howToObject',
  'objectUrl',
] as const;

export type Values = { [name in (typeof placeholders)[number]]?: string };
export type Part = 'subject' | 'text' | 'html';

const placeholder = /\{\{\s*([A-Za-z]+)\s*\}\}/g;
const usages: readonly string[] = ['MfaVerification', 'BindMFA', 'BindMfa', 'Notice', 'Generic'];
const htmlEntities: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => htmlEntities[character] ?? '');
}

/**
 * Fills a template. A value never brings a line of its own: not into a subject, where it would be a header, and not
 * into a text, where it could pass for the line that binds a code to an origin.
 */
export function fill(template: string, values: Values, part: Part): string {
  const filled = template.replace(placeholder, (_, name: string) => {
    const given = Object.hasOwn(values, name) ? values[name as keyof Values] : undefined;
    const value = (given ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
    return part === 'html' ? escapeHtml(value) : value;
  });
  return part === 'subject' ? filled.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() : filled;
}

/**
 * Checks a host app's templates at start-up.
 * @throws MfaError `config.unknown_option` for a usage, `config.invalid_option` for a template or placeholder
 */
export function parseTemplates(factory: string, given: Templates): Templates {
  const parsed: Templates = {};
  for (const [usage, byLanguage] of Object.entries<unknown>(given)) {
    if (!usages.includes(usage)) throw unknownOption(factory, ['templates', usage], usages);
    if (typeof byLanguage !== 'object' || byLanguage === null) {
      throw invalid(`${factory}: templates.${usage} must be an object of templates by language.`);
    }
    for (const [language, template] of Object.entries(byLanguage)) {
      checkLanguage(factory, usage, language);
      checkTemplate(`${factory}: templates.${usage}.${language}`, template);
    }
    const name = usage === 'BindMfa' ? 'BindMFA' : (usage as Usage);
    parsed[name] = { ...parsed[name], ...byLanguage };
  }
  return parsed;
}

/** All of both; where both have one for a usage and language, that of `first`. */
export function mergeTemplates(others: Templates, first: Templates): Templates {
  const merged: Templates = { ...others };
  for (const [usage, byLanguage] of Object.entries(first) as [Usage, Templates[Usage]][]) {
    merged[usage] = { ...others[usage], ...byLanguage };
  }
  return merged;
}

function checkLanguage(factory: string, usage: string, language: string): void {
  try {
    Intl.getCanonicalLocales(language);
  } catch {
    throw invalid(
      `${factory}: templates.${usage} names its languages by tags such as 'en' or 'pt-BR', not '${language}'.`,
    );
  }
}

function checkTemplate(where: string, template: unknown): void {
  const parts = template as Partial<Template> | null;
  if (typeof parts?.text !== 'string') throw invalid(`${where} needs a text.`);
  for (const name of Object.keys(parts)) {
    const part = parts[name as keyof Template];
    if (!['subject', 'text', 'html'].includes(name) || (part !== undefined && typeof part !== 'string')) {
      throw invalid(`${where}.${name} is no part of a template; the parts are subject, text and html, all strings.`);
    }
    for (const [, used = ''] of (part ?? '').matchAll(placeholder)) {
      if (!(placeholders as readonly string[]).includes(used)) {
        throw invalid(`${where}.${name} says {{${used}}}, which has no value. Known are: ${placeholders.join(', ')}.`);
      }
    }
  }
}

/** The languages to look in, first to last: `pt-BR`, `pt`, then the default's. */
export function languagesFor(locale: string, defaultLocale: string): string[] {
  const base = (tag: string) => tag.split('-')[0] ?? tag;
  return [...new Set([locale, base(locale), defaultLocale, base(defaultLocale)])];
}
