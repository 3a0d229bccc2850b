// "This wasn't me": the one acting link of a notice. Single use, for seven days; it ends the elevation of every session
// and trusted browsers, and takes away what that change added. It never makes a protected person unprotected: whoever
// reads somebody's mail must not be able to switch their second factor off.
import { MfaError } from '../words/errors.js';
import type { RequestHints } from '../words/events.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Notice } from '../words/notices.js';
import type { Json } from '../words/json.js';
import { transact } from '../kernel/transact.js';

const ttlSeconds = 7 * 86_400;
const belongsTo = { userId: 'objection', authenticatorId: '', purpose: 'objection' };

export type Objection = { what: Notice['what']; at: number };
type Named = { userId: string; id: string };

function keyOf(id: string): string {
  return `objection:${id}`;
}

/** A token for the link of a notice. Sealed: it names the person to us and to nobody else. */
export async function createObjection(kernel: Kernel, userId: string, notice: Notice): Promise<string> {
  const id = kernel.random.token();
  const { what, at, authenticatorId } = notice;
  await kernel.store.put(
    userId,
    keyOf(id),
    { what, at, ...(authenticatorId === undefined ? {} : { authenticatorId }) },
    ttlSeconds,
  );
  return kernel.sealer.seal(JSON.stringify({ userId, id }), belongsTo);
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

/** What the link is about; undefined where it is unknown, used or lapsed. Changes nothing. */
export async function readObjection(kernel: Kernel, token: string): Promise<Objection | undefined> {
  const name = named(kernel, token);
  const kept = name && (await kernel.store.get(name.userId, keyOf(name.id)));
  return isKept(kept) ? { what: kept.what, at: kept.at } : undefined;
}

/** @returns undefined where the link is unknown, used or lapsed */
export async function object(kernel: Kernel, token: string, hints: RequestHints = {}): Promise<Objection | undefined> {
  const name = named(kernel, token);
  const kept = name && (await kernel.store.take(name.userId, keyOf(name.id)));
  if (!name || !isKept(kept)) return undefined;
  try {
    await takeBack(kernel, name.userId, hints, kept);
  } catch (error) {
    // Nothing came of it, so it was not used: whoever was robbed must not lose the link to a busy store.
    await kernel.store.put(name.userId, keyOf(name.id), kept, ttlSeconds).catch(() => undefined);
    throw error;
  }
  return { what: kept.what, at: kept.at };
}

async function takeBack(kernel: Kernel, userId: string, hints: RequestHints, { what, authenticatorId }: Kept) {
  const epoch = kernel.random.token();
  await transact(kernel, { user: { id: userId }, hints }, (record) => {
    if (record.authenticators.length === 0 && !record.protected) return { result: undefined, happened: [told(what)] };
    const authenticators = record.authenticators.filter(({ id }) => id !== authenticatorId);
    return {
      save: { ...record, epoch, authenticators, trusted: [], known: [] },
      result: undefined,
      happened: [told(what, authenticators.length < record.authenticators.length)],
    };
  });
}

function told(what: string, removed = false) {
  return { name: 'notice-objected' as const, detail: { what, removed } };
}

type Kept = { what: Notice['what']; at: number; authenticatorId?: string };

function isKept(value: Json | undefined): value is Kept {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['what'] === 'string';
}
