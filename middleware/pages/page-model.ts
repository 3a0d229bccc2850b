// What every page is told, and how it is made for one request: language, brand, addresses, token, error. Templates read
// this and nothing else; no request, no session, no rule reaches a view.
import type { ErrorCode } from '../../src/core/words/errors.js';
import { homeOf } from './home.js';
import type { Brand, Help } from '../../src/options.js';
import type { Params, Words } from './messages.js';

/** One thing to mend, said twice: in the summary on top and beside the field. */
export type PageError = {
  code: ErrorCode;
  /** A whole sentence in the person's language. */
  message: string;
  /** The `id` of the input that the summary links to: `code`, `address`, `name`, `saved`; absent: no field is wrong. */
  field?: string;
  /** Nothing is judged until so many seconds have passed; a script may count them down. */
  lockedForSeconds?: number;
};

/** Help under "I can't use any of these": a sentence, or one way or more. */
export type PageHelp = { text?: string } & Help;

/** How the backup codes stand, where that deserves a warning on every page of the account. */
export type CodesWarning = {
  /** `used`: all is well with them, but one of them was used for this sign-in. */
  state: 'low' | 'empty' | 'expiring' | 'expired' | 'used';
  left: number;
  /** Unix seconds. */
  expiresAt?: number;
  url: string;
  /** To a new method, for whoever came by a backup code. */
  setUpUrl?: string;
};

/** How much of a time is shown. */
type Shown = 'date' | 'dateTime' | 'timeOfDay';

/** What every page is told. `pageModel` makes it. */
export type PageModel = Omit<Words, 'forPages'> & {
  /** A time as HTML: a `<time>`, which a script says in the browser's zone where the person's is not known. */
  time: (seconds: number) => string;
  /** A sentence as HTML, whose slots named in `times` (Unix seconds) hold such a `<time>`; by the day unless said. */
  timed: (key: string, times: { [slot: string]: number }, params?: Params, show?: Shown) => string;
  appName: string;
  /** `home`: where the app's name leads. */
  brand: { logo?: string; help?: PageHelp; home?: string; autoSubmit?: boolean };
  /** The path under which the routers are mounted, `/mfa`, without a slash at the end. */
  base: string;
  /** The versioned address of a file of `views/public/`. */
  asset: (name: string) => string;
  /** Addresses of the style sheets, ours first, then the generated one with the accent. */
  stylesheets: string[];
  /** Only where the host's CSP asks for one. */
  nonce?: string;
  /** Goes into every form as `_csrf`. */
  csrfToken: string;
  /** The masked name of the person, empty where they have none; absent: nobody is signed in, and there is no "Sign out". */
  signedInAs?: string;
  /** Where the "Sign out" form posts to. */
  signOutAction: string;
  error?: PageError;
  codesWarning?: CodesWarning;
  /** The sign-in of whoever is not elevated yet looks unusual; nothing else of it is told. */
  unusual?: true;
  /** Which step of a first set-up this is, counted from 1. */
  progress?: { at: number; of: number };
  requestId?: string;
};

/** The facts of one request from which every page's common part is made. */
export type PageFacts = {
  words: Words;
  appName: string;
  brand?: Omit<Brand, 'accent'> | undefined;
  base: string;
  assets: { url(base: string, name: string): string; stylesheets(base: string): string[] };
  csrfToken: string;
  signedInAs?: string | undefined;
  nonce?: string | undefined;
  error?: PageError | undefined;
  codesWarning?: CodesWarning | undefined;
  requestId?: string | undefined;
};

/** Makes what all pages share. A `help` that is a whole address becomes a link, anything else a sentence. */
export function pageModel(facts: PageFacts): PageModel {
  const { words, appName, base, assets, csrfToken, brand = {} } = facts;
  const help = brand.help === undefined ? undefined : pageHelp(brand.help);
  const { forPages, ...own } = words;
  return {
    ...own,
    t: forPages,
    ...timesOnPages(words),
    appName,
    brand: present({ logo: brand.logo, help, home: homeOf(brand.home, base), autoSubmit: brand.autoSubmit }),
    base,
    asset: (name) => assets.url(base, name),
    stylesheets: assets.stylesheets(base),
    csrfToken,
    signOutAction: `${base}/sign-out`,
    ...present({
      signedInAs: facts.signedInAs,
      nonce: facts.nonce,
      error: facts.error,
      codesWarning: facts.codesWarning,
      requestId: facts.requestId,
    }),
  };
}

function timesOnPages({ forPages, date, dateTime, timeOfDay, timeZone }: Words): Pick<PageModel, 'time' | 'timed'> {
  const shown = { date, dateTime, timeOfDay };
  const element = (seconds: number, show: Shown) =>
    `<time datetime="${new Date(seconds * 1000).toISOString()}"${timeZone === undefined ? ` data-mfa-time="${show}"` : ''}>` +
    `${escapeHtml(shown[show](seconds))}</time>`;
  return {
    time: (seconds) => element(seconds, 'dateTime'),
    timed: (key, times, params, show = 'date') =>
      escapeHtml(forPages(key, params)).replace(/\{(\w+)\}/g, (slot, name: string) => {
        const seconds = Object.hasOwn(times, name) ? times[name] : undefined;
        return seconds === undefined ? slot : element(seconds, show);
      }),
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function pageHelp(help: string | Help): PageHelp {
  if (typeof help !== 'string') return help;
  return /^(https?:\/\/|mailto:|\/(?!\/))\S+$/i.test(help) ? { url: help } : { text: help };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
