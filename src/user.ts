// The signed-in person: as a host describes them, and as the rules know them.
import type { MfaUser } from './core/kernel/factor.js';
import { userIdOf } from './core/words/user-id.js';

/** The signed-in person as the host describes them. `id`: the stored key; a string, a safe integer or an ObjectId. */
export type User = Omit<MfaUser, 'id' | 'label' | 'signedInAt'> & {
  id: string | number | bigint | { toHexString(): string };
  /** What the person knows this account by: an e-mail address, a user name. Default: `email`, else the id. */
  label?: string;
  /** When this sign-in took place. Unix seconds or a Date. */
  signedInAt?: number | Date;
};

/** What `user(req)` says: somebody, or nobody. */
type Described = User | null | undefined | false;

/**
 * The person with every default filled in; at once where the host says it at once.
 * @throws MfaError `config.invalid_user_id`
 */
export function readUser(given: Described | Promise<Described>): MfaUser | null | Promise<MfaUser | null> {
  return isPromise(given) ? Promise.resolve(given).then(normalUser) : normalUser(given);
}

function isPromise<T>(given: T | Promise<T>): given is Promise<T> {
  return typeof (given as { then?: unknown } | null | undefined)?.then === 'function';
}

function normalUser(user: Described): MfaUser | null {
  if (!user) return null;
  const id = userIdOf(user.id);
  const { signedInAt } = user;
  const normal = { ...user, id, label: user.label ?? user.email ?? id };
  if (signedInAt instanceof Date) normal.signedInAt = Math.floor(signedInAt.getTime() / 1000);
  return normal as MfaUser;
}
