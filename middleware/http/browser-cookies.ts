// What one browser keeps of us for all who sign in there: a cookie for known, one for trusted browsers and one for recoveries
// that await an administrator, with an entry for each person, the oldest giving way. What an entry is worth, the person's record says; here nothing is believed.
import type { Request, Response } from 'express';
import { knownBrowserDays } from '../../src/core/rules/known-browsers.js';
import { approvalSeconds } from '../../src/core/kernel/recovering.js';
import type { Asker } from '../../src/core/kernel/kernel.js';
import type { MfaCore } from '../../src/mfa.js';
import { cookieName, isSecure, readCookie } from './cookies.js';

type What = 'known' | 'trusted' | 'recovery';

/** `person`: a keyed digest of the user id, so that nobody reads or tries from a cookie who uses this browser. */
type Entry = { person: string; value: string };

/** Name and value: servers and proxies refuse headers of 8 KB, and the host has cookies of its own. */
const maxBytes = 1024;

/** 48 bits of a digest, then `id.secret`, as the record's 9 and 32 random bytes make it. */
const form = /^([\w-]{8})\.([\w-]{12}\.[\w-]{43})$/;

/** Stands in no token, and is sent as it is. */
const between = '~';

export function knownBrowserCookie(core: MfaCore, req: Request, userId: string): string | undefined {
  return valueOf(core, req, 'known', userId);
}

/** What this browser brings for a person. */
export function browserOf(
  core: MfaCore,
  req: Request,
  userId: string,
): Pick<Asker, 'knownBrowser' | 'trustedBrowser' | 'recoveryCookie'> {
  const knownBrowser = valueOf(core, req, 'known', userId);
  const trustedBrowser = valueOf(core, req, 'trusted', userId);
  const recoveryCookie = valueOf(core, req, 'recovery', userId);
  return {
    ...(knownBrowser === undefined ? {} : { knownBrowser }),
    ...(trustedBrowser === undefined ? {} : { trustedBrowser }),
    ...(recoveryCookie === undefined ? {} : { recoveryCookie }),
  };
}

export function setKnownBrowserCookie(core: MfaCore, req: Request, res: Response, userId: string, value: string): void {
  keep(core, req, res, 'known', { userId, value });
}

export function setTrustedBrowserCookie(
  core: MfaCore,
  req: Request,
  res: Response,
  userId: string,
  trusted: { cookie: string },
): void {
  keep(core, req, res, 'trusted', { userId, value: trusted.cookie });
}

/** For the browser in which a code was spent that an administrator must approve. */
export function setRecoveryCookie(core: MfaCore, req: Request, res: Response, userId: string, value: string): void {
  keep(core, req, res, 'recovery', { userId, value });
}

function valueOf(core: MfaCore, req: Request, what: What, userId: string): string | undefined {
  const entries = entriesIn(readCookie(req, cookieName(core, req, what)));
  if (entries.length === 0) return undefined;
  // The newest secret first; an older one's entries last until their people get new ones.
  for (const keyId of core.kernel.sealer.keyIds) {
    const person = personOf(core, userId, keyId);
    const own = entries.find((entry) => entry.person === person);
    if (own) return own.value;
  }
  return undefined;
}

function entriesIn(text = ''): Entry[] {
  return text.split(between).flatMap((each) => {
    const [, person, value] = form.exec(each) ?? [];
    return person === undefined || value === undefined ? [] : [{ person, value }];
  });
}

function personOf({ kernel }: MfaCore, userId: string, keyId: string): string {
  return Buffer.from(kernel.sealer.digest('browser-entry', userId, keyId))
    .toString('base64url')
    .slice(0, 8);
}

/**
 * Adds the person's entry to those that this request brought. Of two answers at once to one person, the later one's entry
 * stays, which is as good; of two to different people, one may lose theirs, and is asked as in a new browser.
 */
function keep(core: MfaCore, req: Request, res: Response, what: What, own: { userId: string; value: string }): void {
  const { kernel, config } = core;
  const name = cookieName(core, req, what);
  const [person = '', ...before] = kernel.sealer.keyIds.map((keyId) => personOf(core, own.userId, keyId));
  if (!form.test(`${person}.${own.value}`)) return;
  const others = entriesIn(readCookie(req, name)).filter((entry) => ![person, ...before].includes(entry.person));
  const entries = [...others, { person, value: own.value }].map(({ person, value }) => `${person}.${value}`);
  const text = () => entries.join(between);
  while (name.length + 1 + text().length > maxBytes) entries.shift();
  // As long as the youngest entry may count; how long each does, its record says.
  const days = {
    known: knownBrowserDays,
    trusted: kernel.settings.trustDays ?? 0,
    recovery: approvalSeconds / 86_400,
  }[what];
  res.cookie(name, text(), { ...settings(req, config), maxAge: days * 86_400_000 });
}

const settings = (req: Request, { environment }: MfaCore['config']) =>
  ({ httpOnly: true, secure: isSecure(req, environment), sameSite: 'lax', path: '/' }) as const;
