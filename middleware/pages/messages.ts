// The words of the pages: catalogues read once, languages negotiated, plurals, dates and waits by Intl, made when they are
// first asked for, for that takes milliseconds. Knows no page and no request; escaping is the templates' job.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isTimeZone } from '../../src/core/words/times.js';

export type Params = { [name: string]: string | number };

/**
 * A sentence by its key. Of several keys the first that a catalogue knows. With a number `count` the plural form is
 * chosen: `key.one`, `key.other`, … An unknown key comes back as itself, so that a gap is seen and nothing breaks.
 */
export type Translate = (key: string | readonly string[], params?: Params) => string;

/** The words of one language. Times are Unix seconds, shown in the person's zone where it is known, else in UTC. */
export type Words = {
  /** BCP 47, for `<html lang>`. */
  lang: string;
  dir: 'ltr' | 'rtl';
  t: Translate;
  /** As `t`, for pages: `two-step` never breaks at its hyphen. */
  forPages: Translate;
  /** The person's zone (IANA), where it is known. */
  timeZone?: string;
  /** `21 November 2026` */
  date: (seconds: number) => string;
  /** `21 November 2026 at 14:05 UTC` */
  dateTime: (seconds: number) => string;
  /** `14:05 UTC`, where the day is clear. */
  timeOfDay: (seconds: number) => string;
  /** `in 14 minutes`, rounded up; never less than a second. */
  inTime: (seconds: number) => string;
};

export type Catalogue = { readonly [key: string]: string };

export type Messages = {
  /** The languages there are, English first. */
  locales: readonly string[];
  /** The best of `preferred` (BCP 47, most wanted first) that there is; English where there is none. */
  negotiate(preferred: readonly string[]): string;
  /** The sentences in force for people, the best for `locale`; none of those for administrators. */
  catalogue(locale: string): { locale: string; dir: Words['dir']; messages: Catalogue };
  /** The words of a language of `locales`; of English for any other. An unknown `timeZone` counts as none. */
  words(locale: string, timeZone?: string): Words;
};

/**
 * Reads every `<language>.json` of `dir` and lays the host's sentences over them. A host's new language need not be
 * complete: what it lacks is said in English.
 */
export function createMessages({ dir, messages }: { dir: string; messages?: OwnWords }): Messages {
  if (messages) return messagesOf(dir, messages);
  const made = withoutOwnWords.get(dir) ?? messagesOf(dir, {});
  withoutOwnWords.set(dir, made);
  return made;
}

type OwnWords = { [locale: string]: Catalogue };

/** By their folder: apps that say nothing in words of their own share them. */
const withoutOwnWords = new Map<string, Messages>();

function messagesOf(dir: string, ownWords: OwnWords): Messages {
  const catalogues = readCatalogues(dir);
  for (const [locale, sentences] of Object.entries(ownWords)) {
    const name = Intl.getCanonicalLocales(locale)[0] ?? locale;
    const base = catalogues.get(name) ?? catalogues.get(languageOf(name)) ?? {};
    catalogues.set(name, { ...base, ...sentences });
  }
  const english = catalogues.get('en') ?? {};
  const locales = ['en', ...[...catalogues.keys()].filter((name) => name !== 'en').sort()];
  const byLowerCase = new Map(locales.map((locale) => [locale.toLowerCase(), locale]));
  const known = new Map<string, Words>();
  const wordsIn = (locale: string): Words => {
    const words = known.get(locale) ?? wordsOf(locale, { ...english, ...catalogues.get(locale) });
    known.set(locale, words);
    return words;
  };

  return {
    locales,
    negotiate: (preferred) => negotiate(byLowerCase, preferred),
    catalogue(wanted) {
      const locale = negotiate(byLowerCase, [wanted]);
      const sentences = Object.entries({ ...english, ...catalogues.get(locale) });
      return {
        locale,
        dir: directionOf(locale),
        messages: Object.fromEntries(sentences.filter(([key]) => !/^(title\.)?admin\./.test(key))),
      };
    },
    words: (locale, timeZone) => inZone(wordsIn(locales.includes(locale) ? locale : 'en'), timeZone),
  };
}

/** The languages of an `Accept-Language` header, most wanted first (RFC 9110 §12.5.4); `*` and q=0 left out. */
export function parseAcceptLanguage(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part, index) => {
      const [tag = '', ...rest] = part.split(';').map((piece) => piece.trim());
      const weight = rest.map((piece) => /^q=([01](?:\.\d{1,3})?)$/i.exec(piece)?.[1]).find((q) => q !== undefined);
      return { tag, index, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .map(({ tag }) => tag);
}

/** The package ships the translations as lists of sentences, in the order of English, so that it holds each key once. */
function readCatalogues(dir: string): Map<string, Catalogue> {
  const files = readdirSync(dir).filter((name) => name.endsWith('.json'));
  const read = files.map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Catalogue | string[]);
  const keys = Object.keys(read[files.indexOf('en.json')] ?? {});
  const keyed = read.map((one) =>
    Array.isArray(one) ? Object.fromEntries(keys.map((key, at) => [key, one[at] ?? ''])) : one,
  );
  return new Map(files.map((name, at) => [name.slice(0, -'.json'.length), keyed[at] ?? {}]));
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

/** RFC 4647 §3.4 lookup: the tag, then ever shorter; then any region of the same language. */
function negotiate(byLowerCase: ReadonlyMap<string, string>, preferred: readonly string[]): string {
  for (const tag of preferred) {
    const parts = tag.toLowerCase().split('-');
    for (let length = parts.length; length > 0; length--) {
      const found = byLowerCase.get(parts.slice(0, length).join('-'));
      if (found !== undefined) return found;
    }
    const cousin = [...byLowerCase.values()].find((locale) => languageOf(locale) === parts[0]);
    if (cousin !== undefined) return cousin;
  }
  return 'en';
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

type Times = Pick<Words, 'date' | 'dateTime' | 'timeOfDay'>;

const timesInZones = new Map<string, Times>();
/** Zones come from hosts, which may hand on what a person typed: bounded. */
const maxZones = 500;

function inZone(words: Words, timeZone: string | undefined): Words {
  if (timeZone === undefined) return words;
  const key = `${words.lang} ${timeZone}`;
  const known = timesInZones.get(key);
  if (known) return { ...words, ...known, timeZone };
  if (!isTimeZone(timeZone)) return words;
  const times = timesOf(words.lang, timeZone);
  if (timesInZones.size < maxZones) timesInZones.set(key, times);
  return { ...words, ...times, timeZone };
}

/** A time of day names its zone only where that is not the person's own. */
function timesOf(locale: string, timeZone: string): Times {
  const dates = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }));
  const time: Intl.DateTimeFormatOptions = {
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
    ...(timeZone === 'UTC' ? { timeZoneName: 'short' } : {}),
  };
  const times = once(
    () => new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', day: 'numeric', ...time }),
  );
  const clock = once(() => new Intl.DateTimeFormat(locale, time));
  return {
    date: (seconds) => dates().format(seconds * 1000),
    dateTime: (seconds) => times().format(seconds * 1000),
    timeOfDay: (seconds) => clock().format(seconds * 1000),
  };
}

/**
 * Short first halves stay with what follows: `two-step` and `e-mail` are not torn at the end of a line. Nor are the signs
 * that French puts a space before.
 */
function unbroken(sentence: string): string {
  const signed = sentence.replace(/ (?=[:;?!»])|(?<=«) /g, '\u00a0');
  return signed.replace(/(?<![\p{L}\p{N}])(two|e|sign|set|backup)-(?=\p{L})/giu, '$1-\u2060');
}

const rightToLeft = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

function directionOf(locale: string): Words['dir'] {
  return rightToLeft.has(languageOf(locale)) ? 'rtl' : 'ltr';
}

function wordsOf(locale: string, sentences: Catalogue): Words {
  const plurals = once(() => new Intl.PluralRules(locale));
  const numbers = once(() => new Intl.NumberFormat(locale));
  const waits = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
  const has = (key: string): boolean => Object.hasOwn(sentences, key);

  const find = (key: string, params: Params): string | undefined => {
    if (typeof params.count === 'number') {
      const plural = [plurals().select(params.count), 'other'].map((form) => `${key}.${form}`).find(has);
      if (plural !== undefined) return sentences[plural];
    }
    return has(key) ? sentences[key] : undefined;
  };
  const say = (key: string | readonly string[], params: Params, shape: (sentence: string) => string): string => {
    const keys = typeof key === 'string' ? [key] : key;
    const sentence = keys.map((each) => find(each, params)).find((found) => found !== undefined);
    if (sentence === undefined) return keys[0] ?? '';
    return shape(sentence).replace(/\{(\w+)\}/g, (slot, name: string) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      return value === undefined ? slot : typeof value === 'number' ? numbers().format(value) : value;
    });
  };

  return {
    lang: locale,
    dir: directionOf(locale),
    t: (key, params = {}) => say(key, params, (sentence) => sentence),
    forPages: (key, params = {}) => say(key, params, unbroken),
    ...timesOf(locale, 'UTC'),
    inTime: (seconds) => {
      const whole = Math.max(1, Math.ceil(seconds));
      if (whole < 60) return waits().format(whole, 'second');
      if (whole <= 3600) return waits().format(Math.ceil(whole / 60), 'minute');
      return waits().format(Math.ceil(whole / 3600), 'hour');
    },
  };
}
