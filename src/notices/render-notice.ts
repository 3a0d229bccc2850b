// Says a notice in words: what happened, when, from where, and how to object. Pure; knows no sender and no address. The
// template around the words is the channel's, which is handed in.
import { isIP } from 'node:net';
import { isReminder, type Notice } from '../core/words/notices.js';
import { plainName } from '../core/words/plain-name.js';
import { timeInWords } from '../core/words/times.js';
import type { Channel } from '../core/kernel/ports.js';
import { browserOf } from './browser-name.js';
import { de } from './words/de.js';
import { en } from './words/en.js';
import { fr } from './words/fr.js';
import { it } from './words/it.js';
import type { Words } from './words/words.js';

export type RenderedNotice = { locale: string; subject?: string; text: string; html?: string };

/** A change has a template that says how to object; a reminder must not, and takes the one of everything else. */
export function usageOf(notice: Notice): 'Notice' | 'Generic' {
  return isReminder(notice) ? 'Generic' : 'Notice';
}

/** Finds and fills a template in a language: `render` of the e-mail or the SMS factor. */
export type RenderTemplate = (
  usage: 'Notice' | 'Generic',
  locale: string,
  valuesIn: (language: string) => { [name: string]: string },
) => RenderedNotice;

export type NoticeOptions = {
  appName: string;
  channel: Channel;
  render: RenderTemplate;
  /** The page where the person may object, http(s); the only link. It asks before it does anything. */
  objectUrl?: string;
  /** The person's zone (IANA), where it is known: the time is then said there, else in UTC. */
  timeZone?: string;
};

const languages: { [language: string]: Words } = { de, en, fr, it };

/**
 * @param locale the person's language, BCP 47
 * @throws MfaError `connector.template_not_found`; TypeError where `objectUrl` is no http(s) address
 */
export function renderNotice(notice: Notice, locale: string, options: NoticeOptions): RenderedNotice {
  const { appName, channel, objectUrl } = options;
  if (objectUrl !== undefined && !/^https?:$/.test(new URL(objectUrl).protocol)) {
    throw new TypeError('The address for objecting to a notice must begin with http: or https:.');
  }
  return options.render(usageOf(notice), locale, (language) => {
    const words = wordsIn(language);
    const isShort = channel === 'sms';
    const objectAt = isShort ? words.shortObjectAt : words.objectAt;
    const date = (at: number) => timeInWords(at, language, isShort ? 'shortDate' : 'date', options.timeZone);
    const what = whatHappened(notice, words, language, date);
    return {
      appName,
      what,
      message: what,
      time: timeInWords(notice.at, language, isShort ? 'shortDateTime' : 'dateTime', options.timeZone),
      where: whereFrom(notice, words),
      ...(notice.ip !== undefined && isIP(notice.ip) !== 0 ? { ip: notice.ip } : {}),
      howToObject: objectUrl === undefined ? (isShort ? words.shortObject : words.object) : objectAt,
      objectUrl: objectUrl ?? '',
    };
  });
}

function wordsIn(language: string): Words {
  const base = language.split('-')[0] ?? '';
  return (Object.hasOwn(languages, base) ? languages[base] : undefined) ?? en;
}

function whatHappened(notice: Notice, words: Words, language: string, dateOf: (atSeconds: number) => string): string {
  const { kind = '', name, left, expiresAt, count, untold } = notice;
  const kindName = Object.hasOwn(words.kinds, kind) ? words.kinds[kind] : kind;
  const values: { [slot: string]: string | undefined } = {
    kind: kindName,
    name: name === undefined ? '' : ` (${plainName(name)})`,
    left: left === undefined ? '?' : String(left),
    signals: inBrackets(notice.signals ?? [], words),
    date: expiresAt === undefined ? '?' : dateOf(expiresAt),
  };
  const filled = (sentence: string | { one: string; other: string }, number = 0): string => {
    const form = new Intl.PluralRules(language).select(number) === 'one' ? 'one' : 'other';
    const slots = { ...values, count: String(number) };
    return (typeof sentence === 'string' ? sentence : sentence[form]).replace(
      /\{\{(\w+)\}\}/g,
      (_, slot: string) => (slots as typeof values)[slot] ?? '',
    );
  };
  return [
    filled(words.what[notice.what], left),
    ...(count === undefined ? [] : [filled(words.often, count)]),
    ...(untold === undefined ? [] : [filled(words.untold, untold)]),
  ].join(' ');
}

/** ` (new country, new network)`; nothing where there is no word for any. */
function inBrackets(signals: readonly string[], { signals: words }: Words): string {
  const ids = [...new Set(signals.map((signal) => signal.split('.', 1)[0] ?? ''))];
  const said = ids.flatMap((id) => (Object.hasOwn(words, id) ? [words[id]] : []));
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

function whereFrom(notice: Notice, words: Words): string {
  const { browser, system } = browserOf(notice.userAgent);
  const device = [browser, system].filter(Boolean).join(` ${words.on} `);
  const address = notice.ip !== undefined && isIP(notice.ip) !== 0 ? `${words.ipAddress} ${notice.ip}` : '';
  return [device, address].filter(Boolean).join(', ') || words.unknown;
}
