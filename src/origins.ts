// Origins as browsers say them: in small letters, without the port that goes without saying. They are compared with the
// `Origin` of requests letter by letter, so one that is written otherwise would refuse every form.
import { urlOf } from './core/words/url.js';

/** What is wrong with `text` as an origin, and what to write instead; undefined where it is one. */
export function originFault(text: string): string | undefined {
  const url = urlOf(text);
  if (!url || !/^https?:$/.test(url.protocol)) return 'is no origin. Write one such as `https://app.example.com`.';
  if (url.hostname.includes('*')) return 'has a wildcard, which matches nothing. List each origin in `origins`.';
  if (/^https?:\/\/[^/?#\\@\s]+$/i.test(text)) return undefined;
  return `${excessOf(url, text)}. Write \`${url.origin}\`.`;
}

function excessOf({ username, password, search, hash, pathname }: URL, text: string): string {
  if (username !== '' || password !== '') return 'has a user name or password';
  if (search !== '') return 'has a query';
  if (hash !== '') return 'has a fragment';
  return pathname !== '/' || text.endsWith('/') ? 'has a path' : 'is more than an origin';
}

/** The app's own origin first. Each is one by `originFault`. */
export function readOrigins({ origin, origins = [] }: { origin?: string; origins?: readonly string[] }): string[] {
  const given = origin === undefined ? origins : [origin, ...origins];
  return [...new Set(given.map((one) => new URL(one).origin))];
}

/** Where the pages of identity providers are: that of the issuer itself, where it is an address, and those that the app names. */
export function originsOfProviders(upstream: { readonly [issuer: string]: { origins?: readonly string[] } }): string[] {
  const all = Object.entries(upstream).flatMap(([issuer, { origins = [] }]) => [issuer, ...origins]);
  return [...new Set(all.filter(isWeb).map((one) => new URL(one).origin))];
}

function isWeb(text: string): boolean {
  return /^https?:$/.test(urlOf(text)?.protocol ?? '');
}
