// Trusted browsers: for some days a browser may stand in for the sign-in step, never for a step-up. The secret in its
// cookie rotates on use, so that a copied one is found out: whichever of the two comes later revokes the browser.
import { barredBy } from '../rules/barred.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { MfaRecord, TrustedBrowser } from '../kernel/record.js';
import { transact } from '../kernel/transact.js';

const limit = 10;
/** Of secrets replaced within the minute: more would be a way to make a record grow. */
const mostReplaced = 8;
/** How long a replaced secret still counts after its successor was issued: requests that were under way. */
const graceSeconds = 60;

/** A cookie for this browser, to be told only after the record with its hash is saved. `id.secret`. */
export type NewTrustedBrowser = { id: string; cookie: string };

function newSecret(kernel: Kernel): { secret: string; hash: string } {
  const secret = kernel.random.token(32);
  return { secret, hash: kernel.sealer.hashToken(secret) };
}

export type Trust = { cookie: NewTrustedBrowser; browser: TrustedBrowser };

/** A browser to be trusted from now on; `undefined` where trusted browsers are off. Absolute, never renewed by use. */
export function newTrust(kernel: Kernel, asker: Asker): Trust | undefined {
  const { trustDays } = kernel.settings;
  if (trustDays === undefined) return undefined;
  const id = kernel.random.token(9);
  const { secret, hash } = newSecret(kernel);
  const createdAt = kernel.now();
  const expiresAt = createdAt + trustDays * 86_400;
  const name = kernel.nameBrowser(asker.hints.userAgent);
  return {
    cookie: { id, cookie: `${id}.${secret}` },
    browser: { id, hash, previous: [], createdAt, expiresAt, ...(name === undefined ? {} : { name }) },
  };
}

/** The oldest gives way to the eleventh. */
export function admitTrusted(record: MfaRecord, browser: TrustedBrowser, now: number): MfaRecord {
  const standing = record.trusted.filter(({ expiresAt }) => expiresAt > now);
  return { ...record, trusted: [...standing, browser].slice(-limit) };
}

export type Trusted = { id: string; record: MfaRecord; cookie?: NewTrustedBrowser };

/**
 * Lets the asking browser stand in for the sign-in step, if its cookie is right; rotates the secret. A replaced secret
 * that comes back after its time was copied: the browser is revoked.
 */
export async function useTrust(kernel: Kernel, asker: Asker): Promise<Trusted | undefined> {
  const [id, secret] = (asker.trustedBrowser ?? '').split('.');
  if (kernel.settings.trustDays === undefined || id === undefined || secret === undefined) return undefined;
  const hash = kernel.sealer.hashToken(secret);
  const next = newSecret(kernel);
  return transact<Trusted | undefined>(kernel, asker, (record) => {
    const now = kernel.now();
    const browser = record.trusted.find((each) => each.id === id);
    if (!browser || browser.expiresAt <= now || barredBy(record)) return { result: undefined };
    const same = (stored: string) => kernel.sealer.equal(stored, hash);
    const fresh = browser.previous.filter(({ until }) => until >= now);
    if (same(browser.hash)) {
      const cookie = { id, cookie: `${id}.${next.secret}` };
      const previous = [...fresh, { hash: browser.hash, until: now + graceSeconds }].slice(-mostReplaced);
      return usedBy(
        withBrowser(record, { ...browser, hash: next.hash, previous, lastUsedAt: now }),
        record,
        id,
        cookie,
      );
    }
    // A request that was under way with it: the answer to the one before brings the next secret.
    return fresh.some((each) => same(each.hash)) ? usedBy(undefined, record, id) : revoked(record, id, now);
  });
}

function withBrowser(record: MfaRecord, browser: TrustedBrowser): MfaRecord {
  return { ...record, trusted: record.trusted.map((each) => (each.id === browser.id ? browser : each)) };
}

function usedBy(save: MfaRecord | undefined, current: MfaRecord, id: string, cookie?: NewTrustedBrowser) {
  const record = save ?? current;
  return {
    ...(save ? { save } : {}),
    result: { id, record, ...(cookie ? { cookie } : {}) },
    happened: [{ name: 'browser-trust-used' as const, detail: { browser: id } }],
  };
}

/** Copied, or the answer that brought its successor was lost: nobody can tell, so the person is told both. */
function revoked(record: MfaRecord, id: string, now: number) {
  return {
    save: { ...record, trusted: record.trusted.filter((each) => each.id !== id) },
    result: undefined,
    happened: [{ name: 'browser-trust-reused' as const, detail: { browser: id } }],
    notices: [{ what: 'browser-trust-ended' as const, at: now }],
  };
}
