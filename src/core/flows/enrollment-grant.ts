// The code that an administrator hands to somebody whom they know, for a first enrolment: made, compared, and taken by one
// winner. What wrong ones cost is not known here.
import { base64 } from '../words/base64.js';
import type { Json } from '../words/json.js';
import { drawReadable, readTyped } from '../words/readable-code.js';
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { reachLog, tellFirst } from '../kernel/logbook.js';

const key = 'enrollment-grant';
const groups = 2;
/** How long a granted code works. */
export const grantSeconds = 86_400;

type Grant = { id: string; digest: string; keyId: string };

/** What was granted: a digest of the code, and what names it. */
export type Granted = { fits(typed: string): boolean; take(): Promise<boolean> };

function digestOf({ sealer }: Kernel, userId: string, plain: string, keyId?: string): string {
  return base64(sealer.digest('enrollment-grant', `${userId} ${plain}`, keyId));
}

/**
 * A one-time code with which this person may make their first enrolment; to be handed over by the administrator who
 * knows them. Works once, for 24 hours (NIST SP 800-63B-4 §4.2.1.2); a newer one replaces it.
 */
export async function grantEnrollment(
  kernel: Kernel,
  userId: string,
  { by, reason }: { by?: string | undefined; reason?: string } = {},
): Promise<string> {
  const { record } = await kernel.store.load(userId);
  const code = drawReadable(kernel.random, groups);
  const digest = digestOf(kernel, userId, code.replace(/-/g, ''));
  const grant: Grant = { id: kernel.random.token(9), digest, keyId: kernel.sealer.keyId };
  await reachLog(kernel);
  await kernel.store.put(userId, key, grant, grantSeconds);
  const why = reason === undefined ? {} : { detail: { reason } };
  const named = by === undefined ? {} : { by };
  await tellFirst(kernel, aboutUser(userId), [{ name: 'enrollment-granted', actor: 'admin', ...named, ...why }]);
  kernel.notify(aboutUser(userId), record, [{ what: 'enrollment-granted', at: kernel.now() }]);
  return code;
}

/** What was typed, in its plain form; undefined where it cannot be such a code. */
export function readGrantTyped(body: Json): string | undefined {
  return readTyped((body as { code?: unknown } | null)?.code, groups);
}

/** What this person was granted; undefined where nothing was, or no longer. `take`: true for one winner. */
export async function grantOf(kernel: Kernel, userId: string): Promise<Granted | undefined> {
  const { store, sealer } = kernel;
  const kept = (await store.get(userId, key)) as Grant | undefined;
  if (!kept) return undefined;
  return {
    fits: (typed) => sealer.equal(digestOf(kernel, userId, typed, kept.keyId), kept.digest),
    async take() {
      const taken = (await store.take(userId, key)) as Grant | undefined;
      return taken?.id === kept.id;
    },
  };
}

/** What was granted is good for nothing any more. Nobody waits for it: where it fails, its own time ends it. */
export function voidGrant({ store }: Kernel, userId: string): void {
  store.take(userId, key).catch(() => undefined);
}
