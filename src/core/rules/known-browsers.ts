// A browser that passed a factor before carries a cookie that puts it in a lane of its own in the failure budget. It
// is worth nothing else: it proves nobody and skips nothing.
import type { Lane } from './attempts.js';
import { dropStrayLanes } from './attempts.js';
import type { FactorContext } from '../kernel/factor.js';
import { contextOf, type Asker, type Kernel } from '../kernel/kernel.js';
import type { Sealer } from '../kernel/ports.js';
import type { KnownBrowser, MfaRecord } from '../kernel/record.js';

export const knownBrowserDays = 180;
const limit = 10;

/** The lane of the asking browser. A cookie that fits nothing is as good as none. */
export function laneOf(kernel: Kernel, asker: Pick<Asker, 'knownBrowser'>, record: MfaRecord): Lane {
  const [id, secret] = (asker.knownBrowser ?? '').split('.');
  const known = record.known.find((browser) => browser.id === id);
  if (!known || secret === undefined) return 'unknown';
  if (kernel.now() - known.createdAt > knownBrowserDays * 86_400) return 'unknown';
  return fits(kernel, known, secret) ? `known:${known.id}` : 'unknown';
}

/** What a factor is told where something is counted: by which browser of this person, if they are known to each other. */
export function contextInLane(kernel: Kernel, asker: Asker, lane: Lane): FactorContext {
  const context = contextOf(kernel, asker);
  return lane === 'unknown' ? context : { ...context, knownBrowser: lane.slice('known:'.length) };
}

/** What was compared last with each entry: one answer asks for its lane several times. */
const compared = new WeakMap<KnownBrowser, { secret: string; fits: boolean }>();

function fits({ sealer }: Kernel, known: KnownBrowser, secret: string): boolean {
  const last = compared.get(known);
  if (last?.secret === secret) return last.fits;
  const found = sealer.equal(hashOf(sealer, secret), known.hash);
  compared.set(known, { secret, fits: found });
  return found;
}

/** 128 bits: what it guards is a lane, and the secret is random. */
function hashOf(sealer: Sealer, secret: string): string {
  return sealer.hashToken(secret).slice(0, 22);
}

/** The lane that the cookie claims, true or not: good for asking for something before the record is there. */
export function claimedLane({ knownBrowser }: Pick<Asker, 'knownBrowser'>): Lane {
  const [id = ''] = (knownBrowser ?? '').split('.');
  return /^[\w-]{1,32}$/.test(id) ? `known:${id}` : 'unknown';
}

/** A cookie for this browser, to be told only after the record with its hash is saved. */
export type NewKnownBrowser = { cookie: string; id: string; hash: string };

export function newKnownBrowser(kernel: Kernel): NewKnownBrowser {
  const id = kernel.random.token(9);
  const secret = kernel.random.token(32);
  return { cookie: `${id}.${secret}`, id, hash: hashOf(kernel.sealer, secret) };
}

/** Draws one when it is first asked for, and answers the same from then on. */
export function drawnOnce(kernel: Kernel): () => NewKnownBrowser {
  let drawn: NewKnownBrowser | undefined;
  return () => (drawn ??= newKnownBrowser(kernel));
}

/** Makes the browser known, where it is not yet; the oldest gives way to the eleventh. */
export function admitBrowser(record: MfaRecord, browser: NewKnownBrowser, now: number): MfaRecord {
  const young = record.known.filter(({ createdAt }) => now - createdAt <= knownBrowserDays * 86_400);
  const known = [...young, { id: browser.id, hash: browser.hash, createdAt: now }].slice(-limit);
  return dropStrayLanes({ ...record, known });
}
