// The signed-in person: as a host describes them, and as the rules know them. What a host says is read field by field, and
// what could be taken for something else is refused with a sentence.
import type { Request } from 'express';
import { MfaError } from './core/words/errors.js';
import type { MfaUser } from './core/kernel/mfa-user.js';
import { idTextOf, userIdOf } from './core/words/user-id.js';

/** The signed-in person as the host describes them. `id`: the stored key; a string, a safe integer or an ObjectId. */
export type User = Omit<
  MfaUser,
  'id' | 'label' | 'signInId' | 'signedInAt' | 'changedAt' | 'inTrustedNetwork' | 'shown'
> & {
  id: string | number | bigint | { toHexString(): string };
  /** What the person knows this account by: an e-mail address, a user name. Default: `email`, else the id. */
  label?: string;
  /**
   * Names this sign-in, and is another one at the next; proofs of another one do not count. A session's id, the `sid` of a
   * token, or a whole token of up to 65,536 characters: it is kept as a hash.
   */
  signInId?: User['id'];
  /** When this sign-in took place, as it was kept then: a Date, milliseconds or seconds of Unix time, ISO 8601. */
  signedInAt?: number | string | Date;
  /** When the password, e-mail address or phone number changed last, likewise; weighed where risk is assessed. */
  changedAt?: number | string | Date;
  /**
   * Who acts, where another person is shown to them: their own second factor counts, and our pages change nothing. Further
   * fields are as of a user. `leavePath` ends it, and is open to whoever still owes the factor.
   */
  impersonator?: ({ id: User['id']; leavePath?: string } & Further) | undefined;
} & Further;

/** Fields of the host's own, handed on to its `policy` and `graceUntil`. */
type Further = { [field: string]: unknown };

/** The person as the host's own functions are told: `id` as text, and every field that `user(req)` gave. */
export type DescribedUser = MfaUser & Further;

/** What `user(req)` says: somebody, or nobody. */
type Described = User | null | undefined | false;

/** Rules know no request; the host's functions that they ask are told the one by which this person came. */
const requests = new WeakMap<MfaUser, Request>();

export function requestOf(user: MfaUser): Request {
  return requests.get(user) as Request;
}

/**
 * Asks the host who is there: the person with every default filled in; at once where the host says it at once.
 * @throws MfaError `config.invalid_user_id`, `config.invalid_option`
 */
export function readUser(
  user: (req: Request) => Described | Promise<Described>,
  req: Request,
  isInTrustedNetwork: (req: Request) => boolean,
): MfaUser | null | Promise<MfaUser | null> {
  const askedAt = Date.now();
  const read = (described: Described): MfaUser | null => {
    if (!described) return null;
    const normal = actingUser(described, askedAt);
    take(normal, 'inTrustedNetwork', isInTrustedNetwork(req) ? true : undefined);
    requests.set(normal, req);
    return normal;
  };
  const given = user(req);
  return isPromise(given) ? Promise.resolve(given).then(read) : read(given);
}

function isPromise<T>(given: T | Promise<T>): given is Promise<T> {
  return typeof (given as { then?: unknown } | null | undefined)?.then === 'function';
}

const texts = ['email', 'phone', 'locale', 'timeZone', 'signedInBy', 'via', 'tenant'] as const;
const flags = ['emailVerified', 'phoneVerified', 'mfaExpected'] as const;

/**
 * Whoever acts: of somebody who is shown by another, the other. Their sign-in is the one that the host tells of.
 * @throws MfaError `config.invalid_option` for an impersonator without an id, whom any other would be taken for
 */
function actingUser(user: User, askedAt: number): MfaUser {
  const { impersonator, ...person } = user;
  if (impersonator === undefined || (impersonator as unknown) === null) {
    const normal = normalUser(user, askedAt);
    take(normal, 'shown', undefined);
    return normal;
  }
  const { leavePath, ...acting } = impersonator;
  const { signInId, signedInAt, signedInBy, via, locale, timeZone } = user;
  const normal = normalUser({ signInId, signedInAt, signedInBy, via, locale, timeZone, ...acting } as User, askedAt);
  const shown = { id: userIdOf(person.id), ...(leavePath === undefined ? {} : { leavePath }) };
  if (leavePath !== undefined && (typeof leavePath !== 'string' || !/^\/(?![/\\])/.test(leavePath)))
    throw new MfaError(
      'config.invalid_option',
      '`leavePath` of an impersonator takes a path that starts with one slash.',
    );
  return { ...normal, shown };
}

/**
 * By name: a row of an object mapper has its fields as getters, of which a copy would have none.
 * @param askedAt when the host was asked, milliseconds
 */
function normalUser(user: User, askedAt: number): MfaUser {
  const id = userIdOf(user.id);
  const normal: Further = { ...user, id };
  for (const name of texts) take(normal, name, user[name]);
  for (const name of flags) {
    const flag: unknown = user[name] ?? undefined;
    if (flag !== undefined && typeof flag !== 'boolean') throw noBoolean(name, flag);
    take(normal, name, flag);
  }
  take(normal, 'signInId', signInIdOf(user.signInId));
  normal['label'] = user.label ?? user.email ?? id;
  const signedInAt = secondsOf(user.signedInAt, askedAt);
  take(normal, 'signedInAt', signedInAt);
  take(normal, 'changedAt', changedAtOf(user.changedAt));
  return normal as MfaUser;
}

/** More than any header holds. */
const longestSignInId = 65_536;

/** A whole token may name a sign-in; what has no text of its own would be another one at each request. */
function signInIdOf(given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  const text = idTextOf(given);
  if (text !== undefined && text.length <= longestSignInId) return text;
  const what = text === undefined ? `a value of type ${typeof given}` : `${text.length} characters`;
  throw new MfaError(
    'config.invalid_option',
    `\`user(req)\` returned \`signInId\` as ${what}. Give a text of at most ${longestSignInId} characters: an id of the ` +
      'sign-in such as the `sid` of a token, or the token itself.',
  );
}

/** A column that is null says nothing. */
function take(normal: Further, name: string, value: unknown): void {
  if (value !== undefined && value !== null) normal[name] = value;
  else if (name in normal) Reflect.deleteProperty(normal, name);
}

/** `1` from SQLite and MySQL is no `true`: what compares with that would be off, and nobody would hear of it. */
function noBoolean(name: string, given: unknown): MfaError {
  const what = typeof given === 'number' ? `the number ${given}` : `a value of type ${typeof given}`;
  return new MfaError(
    'config.invalid_option',
    `\`user(req)\` returned \`${name}\` as ${what}. Give true or false: \`${name}: Boolean(row.${name})\`.`,
  );
}

/** Seconds of the year 5138, milliseconds of 1973: no sign-in was or will be then. */
const firstMilliseconds = 1e11;

/** How often in a row the host has said "now": a log-in may be a request of the same millisecond, three are none. */
let saidNow = 0;

function secondsOf(given: number | string | Date | null | undefined, askedAt: number): number | undefined {
  if (given === undefined || given === null) return undefined;
  const number = typeof given === 'number' && given < firstMilliseconds ? given * 1000 : given;
  const ms = new Date(number).getTime();
  if (Number.isNaN(ms)) {
    throw invalidTime('is no time. Give a Date, milliseconds or ISO 8601 text, as it was kept at the sign-in.');
  }
  const isNow = number === given && ms >= askedAt && ms <= Date.now();
  saidNow = isNow ? saidNow + 1 : 0;
  if (saidNow >= 3) {
    throw invalidTime(
      'is the time of this very request, which makes every sign-in a recent one. Keep it at the sign-in.',
    );
  }
  return Math.floor(ms / 1000);
}

function changedAtOf(given: User['changedAt'] | null): number | undefined {
  if (given === undefined || given === null) return undefined;
  const ms = new Date(typeof given === 'number' && given < firstMilliseconds ? given * 1000 : given).getTime();
  if (!Number.isNaN(ms)) return Math.floor(ms / 1000);
  const message = '`changedAt` of `user(req)` is no time. Give a Date, milliseconds or ISO 8601 text.';
  throw new MfaError('config.invalid_option', message);
}

function invalidTime(what: string): MfaError {
  return new MfaError('config.invalid_option', `\`signedInAt\` of \`user(req)\` ${what}`);
}
