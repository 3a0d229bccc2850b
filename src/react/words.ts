// The server's sentences in components: plurals, slots, dates. As the pages say them, by the same catalogue.
import type { MessagesAnswer } from '../client/index.js';

type Params = { [name: string]: string | number };

/** What components say with. Of several keys the first that there is. */
export type Words = {
  locale: string;
  dir: 'ltr' | 'rtl';
  /** The sentence; empty where there is none. */
  t: (key: string | readonly string[], params?: Params) => string;
  /** A day, of Unix seconds. */
  date: (seconds: number) => string;
  /** `in 4 minutes` */
  inTime: (seconds: number) => string;
};

export function createWords({ locale, dir, messages }: MessagesAnswer): Words {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const waits = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const find = (key: string, { count }: Params): string | undefined =>
    (typeof count === 'number'
      ? (messages[`${key}.${plurals.select(count)}`] ?? messages[`${key}.other`])
      : undefined) ?? messages[key];
  return {
    locale,
    dir,
    t(key, params = {}) {
      const keys = typeof key === 'string' ? [key] : key;
      const sentence = keys.map((each) => find(each, params)).find((found) => found !== undefined) ?? '';
      return sentence.replace(/\{(\w+)\}/g, (slot, name: string) => {
        const value = params[name];
        return value === undefined ? slot : typeof value === 'number' ? numbers.format(value) : value;
      });
    },
    date: (seconds) => dates.format(seconds * 1000),
    inTime(seconds) {
      const whole = Math.max(1, Math.ceil(seconds));
      return whole < 60 ? waits.format(whole, 'second') : waits.format(Math.ceil(whole / 60), 'minute');
    },
  };
}
