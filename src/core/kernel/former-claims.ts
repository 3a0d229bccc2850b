// What was claimed for a person across all users, such as credential ids, by authenticators that stand in the record no more.
// It stays claimed, so the record knows of it until the person ends: then nothing may name them. Sealed: it is not for readers.
import { isMfaError } from '../words/errors.js';
import { claimsOf, factorOf, type Kernel } from './kernel.js';
import { emptyRecord, type MfaRecord } from './record.js';
import { claimsOfLinks } from './upstream-links.js';
import { openField, sealField } from './sealed-field.js';

/** `more`: there are others, which only a walk over all claims finds. */
type Kept = { keys: string[]; more?: true };

/** A bound, so that a record cannot be made to grow; a credential id may have a thousand bytes. */
const mostKept = 32;
const mostCharacters = 4000;

/**
 * What of `before` is claimed no more in `save` is remembered there.
 * @param loose what was claimed for this person and will not stand in a record, for nothing came of an enrolment
 */
export function withFormerClaims(
  kernel: Kernel,
  userId: string,
  before: MfaRecord,
  save: MfaRecord,
  loose: readonly string[] = [],
): MfaRecord {
  const gone = before.authenticators.filter(({ id }) => !save.authenticators.some((own) => own.id === id));
  const isWhole = before.formerClaims === undefined || before.formerClaims.sealed === save.formerClaims?.sealed;
  if (gone.length === 0 && loose.length === 0 && isWhole) return save;
  const current = new Set(claimsOf(kernel, save));
  const news = [...claimsOf(kernel, { ...before, authenticators: gone }), ...loose].filter((key) => !current.has(key));
  const unknown = !isKnown(kernel, gone);
  if (news.length === 0 && !unknown && isWhole) return save;
  const old = [before, save].map((record) => keptIn(kernel, userId, record));
  const keys = [...new Set([...old.flatMap((kept) => kept.keys), ...news])].filter((key) => !current.has(key));
  const more = unknown || old.some((kept) => kept.more) || exceeds(keys);
  while (exceeds(keys)) keys.shift();
  return { ...save, formerClaims: sealed(kernel, userId, { keys, ...(more ? { more } : {}) }) };
}

/** A record that says nothing of one that cannot be believed, but that there was one. */
export function unbelieved(kernel: Kernel, userId: string): MfaRecord {
  const formerClaims = sealed(kernel, userId, { keys: [], more: true });
  return { ...emptyRecord(''), protectedBefore: true, formerClaims };
}

/** All that is or was claimed for a person as far as their record knows; `isAll`: nothing else can be. */
export function everClaimed(kernel: Kernel, userId: string, record: MfaRecord): { keys: string[]; isAll: boolean } {
  const { keys, more } = keptIn(kernel, userId, record);
  const isAll = more !== true && isKnown(kernel, record.authenticators);
  const links = claimsOfLinks(record.upstream ?? []);
  return { keys: [...new Set([...claimsOf(kernel, record), ...links, ...keys])], isAll };
}

/** Of a factor that is not in use any more nobody knows what it claims. */
function isKnown(kernel: Kernel, authenticators: MfaRecord['authenticators']): boolean {
  return authenticators.every(({ kind }) => factorOf(kernel, kind) !== undefined);
}

function exceeds(keys: readonly string[]): boolean {
  return keys.length > mostKept || keys.join('').length > mostCharacters;
}

function sealed({ sealer }: Kernel, userId: string, kept: Kept) {
  return sealField(sealer, userId, 'formerClaims', JSON.stringify(kept));
}

/** A list whose secret is gone keeps nobody from removing a factor, nor from ending a person. */
function keptIn({ sealer }: Kernel, userId: string, { formerClaims }: MfaRecord): Kept {
  if (formerClaims === undefined) return { keys: [] };
  try {
    return JSON.parse(openField(sealer, userId, 'formerClaims', formerClaims)) as Kept;
  } catch (error) {
    if (isMfaError(error)) return { keys: [], more: true };
    throw error;
  }
}
