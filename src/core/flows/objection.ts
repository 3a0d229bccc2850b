// "This wasn't me": the one acting link of a notice. Single use, for seven days; it ends the elevation of every session
// and trusted browsers, and takes away what that change added. Each address that a notice goes to has a link of its own, so
// that it is known whose mailbox it was pressed in.
import { MfaError } from '../words/errors.js';
import type { RequestHints } from '../words/events.js';
import { contextWith, factorOf, type Kernel } from '../kernel/kernel.js';
import type { Notice } from '../words/notices.js';
import { plainName } from '../words/plain-name.js';
import type { Json } from '../words/json.js';
import { addressDigest, isAddressOf } from '../kernel/address-digest.js';
import type { AddressDigest, Authenticator } from '../kernel/record.js';
import { voidGrant } from './enrollment-grant.js';
import { codesBarredUntil } from '../rules/hold.js';
import { takeBack, type Change, type Done } from '../rules/take-back.js';
import { transact } from '../kernel/transact.js';

const ttlSeconds = 7 * 86_400;
/** How long a used link can still say when it was used, and what came of it. */
const tombstoneSeconds = 30 * 86_400;
const belongsTo = { userId: 'objection', authenticatorId: '', purpose: 'objection' };

/**
 * The change, as the notice told of it: the kind and the name of the method, how many codes were left or wrong, and the
 * browser it came from, as far as they are known.
 */
export type ToldChange = Pick<Notice, 'what' | 'at' | 'kind' | 'name' | 'left'> & { browser?: string };

/** What was objected to, what was done, and until when no backup code works; the latter for as long as a used link can say it. */
export type Used = ToldChange & { objectedAt: number; did: Done; barredUntil?: number };

/** What a link is: good, used, past its time. A used one says more for thirty days. */
export type Objection =
  ({ is: 'open' } & ToldChange) | ({ is: 'used' } & Partial<Used>) | { is: 'lapsed'; lapsedAt: number };

type Named = { userId: string; id: string; until: number };
type Kept = ToldChange & Change & { to?: AddressDigest };

function keyOf(id: string): string {
  return `objection:${id}`;
}

function tombstoneOf(id: string): string {
  return `objected:${id}`;
}

/**
 * A token for the link of a notice. Sealed: it names the person to us and to nobody else.
 * @param about whether the person was unprotected before the change, and the address that this token goes to
 */
export async function createObjection(
  kernel: Kernel,
  userId: string,
  notice: Notice,
  about: { first?: boolean; to?: string | undefined } = {},
): Promise<string> {
  const id = kernel.random.token();
  const { authenticatorId } = notice;
  const kept: Kept = {
    ...toldOf(kernel, notice),
    ...(authenticatorId === undefined ? {} : { authenticatorId }),
    ...(about.first === true ? { first: true } : {}),
    ...(about.to === undefined ? {} : { to: addressDigest(kernel.sealer, userId, about.to) }),
  };
  await kernel.store.put(userId, keyOf(id), kept, ttlSeconds);
  const named: Named = { userId, id, until: kernel.now() + ttlSeconds };
  return kernel.sealer.seal(JSON.stringify(named), belongsTo);
}

function toldOf(kernel: Kernel, { what, at, kind, name = '', left, userAgent }: Notice): ToldChange {
  const browser = kernel.nameBrowser(userAgent);
  const plain = plainName(name);
  return {
    what,
    at,
    ...(kind === undefined ? {} : { kind }),
    ...(plain === '' ? {} : { name: plain }),
    ...(left === undefined ? {} : { left }),
    ...(browser === undefined ? {} : { browser }),
  };
}

/** Without what an objection acts by. */
function withoutChange({ authenticatorId: _id, first: _first, to: _to, ...told }: Kept): ToldChange {
  return told;
}

function named(kernel: Kernel, token: string): Named | undefined {
  if (token.length > 2048) return undefined;
  try {
    return JSON.parse(kernel.sealer.open(token, belongsTo)) as Named;
  } catch (error) {
    // Anybody can open any address: what is no token of ours is unknown, not a fault.
    if (error instanceof MfaError || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What the link is about; undefined where it is none of ours. Changes nothing. */
export async function readObjection(kernel: Kernel, token: string): Promise<Objection | undefined> {
  const name = named(kernel, token);
  if (!name) return undefined;
  const kept = await kernel.store.get(name.userId, keyOf(name.id));
  return isKept(kept) ? { is: 'open', ...withoutChange(kept) } : afterwards(kernel, name);
}

/** A token of ours without its notice was used, or its time is over. */
async function afterwards({ store, now }: Kernel, { userId, id, until }: Named): Promise<Objection> {
  const used = await store.get(userId, tombstoneOf(id));
  if (isKept(used)) return { is: 'used', ...(used as Used) };
  return until <= now() ? { is: 'lapsed', lapsedAt: until } : { is: 'used' };
}

/** @returns undefined where the link is none of ours; `done` to the one press that counted */
export async function object(
  kernel: Kernel,
  token: string,
  hints: RequestHints = {},
): Promise<Exclude<Objection, { is: 'open' }> | ({ is: 'done' } & Used) | undefined> {
  const name = named(kernel, token);
  if (!name) return undefined;
  const { userId, id } = name;
  const kept = await kernel.store.take(userId, keyOf(id));
  if (!isKept(kept)) return (await afterwards(kernel, name)) as Exclude<Objection, { is: 'open' }>;
  try {
    const done = await actOn(kernel, userId, hints, kept);
    voidGrant(kernel, userId);
    const used: Used = { ...withoutChange(kept), objectedAt: kernel.now(), ...done };
    // It is done: a store that cannot keep the word for it makes it no less so.
    await kernel.store.put(userId, tombstoneOf(id), used, tombstoneSeconds).catch(() => undefined);
    return { is: 'done', ...used };
  } catch (error) {
    // Nothing came of it, so it was not used: whoever was robbed must not lose the link to a busy store.
    await kernel.store.put(userId, keyOf(id), kept, ttlSeconds).catch(() => undefined);
    throw error;
  }
}

type Acted = Pick<Used, 'did' | 'barredUntil'>;

async function actOn(kernel: Kernel, userId: string, hints: RequestHints, { to, ...change }: Kept): Promise<Acted> {
  const epoch = kernel.random.token();
  const { sealer } = kernel;
  const context = contextWith(kernel, { user: { id: userId, label: userId }, locale: 'en', flowId: 'objection' });
  const proves = (own: Authenticator): boolean => {
    const address = factorOf(kernel, own.kind)?.addressOf?.(context, own);
    return to !== undefined && address !== undefined && isAddressOf(sealer, userId, address, to);
  };
  const from = { since: kernel.now(), ...(to === undefined ? {} : { address: to }) };
  return transact<Acted>(kernel, { user: { id: userId }, hints }, (record) => {
    const { what } = change;
    if (record.authenticators.length === 0 && !record.protected) {
      return { result: { did: 'is-off' }, happened: [told(what, 'is-off', false)] };
    }
    const { record: rest, removed, did } = takeBack(kernel, record, change, proves, from);
    const until = codesBarredUntil(kernel, rest);
    const result: Acted = { did, ...(until === undefined ? {} : { barredUntil: until }) };
    return { save: { ...rest, epoch }, result, happened: [told(what, did, removed.length > 0)] };
  });
}

function told(what: string, did: Done, removed: boolean) {
  return { name: 'notice-objected' as const, detail: { what, did, removed } };
}

function isKept(value: Json | undefined): value is Kept & Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['what'] === 'string';
}
