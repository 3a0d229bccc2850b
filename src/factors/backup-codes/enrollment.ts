// A new set of backup codes: shown until the person says that it is saved, and only then put in the place of the old
// one, in one write. Until then the old codes work, so that a lost page locks nobody out.
import type { Begun, FactorContext, FactorEnrollment, Malformed } from '../../core/kernel/factor.js';
import type { ErrorDetails } from '../../core/words/errors.js';
import type { Reason } from '../../core/words/outcome.js';
import type { Json } from '../../core/words/json.js';
import { drawCodes, grouped } from './alphabet.js';
import type { CodeSet } from './code-set.js';
import { derivations } from './derivation.js';
import { hashCode, saltBytes } from './hash-code.js';
import type { BackupCodesConfig } from './options.js';
import { fieldOf, parseCode } from './parse-code.js';
import { wrong } from './verification.js';

const ttlSeconds = 600;
const daySeconds = 86_400;

/** What the page shows until the set is confirmed. Times in Unix seconds. */
export type PendingCodes = {
  /** As people read them, `K7QF-3XTM`. */
  codes: string[];
  /** Names this set in the forms that confirm and download it. */
  revealToken: string;
  createdAt: number;
  /** `null`: never. */
  expiresAt: number | null;
  /** What the confirming form asks for: a tick (`saved`), or one of the codes (`code`). */
  confirm: 'checkbox' | 'type-one';
};

/** `code`: without hyphens, where the person must type one. */
export type Confirmation = { revealToken: string; code?: string };

export type ConfirmationEvidence = { set: CodeSet } | { reason: Reason; details?: ErrorDetails };

/** The enrolment half of `backupCodes()`. */
export function backupCodesEnrollment(config: BackupCodesConfig): FactorEnrollment<Confirmation, ConfirmationEvidence> {
  return {
    ceremony: 'kept',
    ttlSeconds,
    limit: 1,
    beginsOnPage: false,

    async begin({ random, now }): Promise<Begun> {
      const { count, strength, expiresInDays, confirm } = config;
      const pending: PendingCodes = {
        codes: drawCodes(random, count, strength).map(grouped),
        revealToken: random.token(),
        createdAt: now,
        expiresAt: expiresInDays === null ? null : now + expiresInDays * daySeconds,
        confirm,
      };
      return { secret: pending, shown: pending };
    },

    parse: (body) => parseConfirmation(body, config.confirm),

    async weigh(context, _own, { revealToken, code }, begun): Promise<ConfirmationEvidence> {
      const { sealer } = context;
      const pending = begun.secret as PendingCodes;
      // Other codes are pending by now than those that this page showed.
      if (!sealer.equal(revealToken, pending.revealToken)) {
        return { reason: 'session.verification_session_not_found', details: { hint: 'backup.other_set' } };
      }
      const codes = pending.codes.map((each) => each.replace(/-/g, ''));
      const typedOne = code === undefined || codes.filter((each) => sealer.equal(each, code)).length === 1;
      if (!typedOne) return { reason: wrong, details: { field: 'code' } };
      return { set: await setFrom(context, codes, pending) };
    },

    judge(_context, own, evidence) {
      if ('reason' in evidence) return { is: 'wrong', ...evidence, attempt: false };
      return { is: 'right', data: evidence.set, replaces: own.map(({ id }) => id) };
    },
  };
}

/** Reads the form that says "I have saved these codes". */
function parseConfirmation(body: Json, confirm: PendingCodes['confirm']): Confirmation | Malformed {
  const revealToken = fieldOf(body, 'revealToken');
  if (typeof revealToken !== 'string' || revealToken === '') return missing('revealToken');
  if (confirm === 'type-one') {
    const typed = parseCode(body);
    return 'malformed' in typed ? typed : { revealToken, code: typed.code };
  }
  const saved = fieldOf(body, 'saved');
  return saved === 'yes' || saved === true ? { revealToken } : missing('saved', 'backup.not_saved');
}

function missing(field: string, hint?: string): Malformed {
  const details = hint === undefined ? { field } : { field, hint };
  return { malformed: true, reason: 'request.invalid', details };
}

/** Hashes every code under one new salt; in one turn of the queue, so that a set is never half derived. */
async function setFrom(context: FactorContext, codes: readonly string[], pending: PendingCodes): Promise<CodeSet> {
  const { sealer, random } = context;
  const hashing = { salt: Buffer.from(random.bytes(saltBytes)).toString('base64url'), keyId: sealer.keyId };
  const hashes: string[] = [];
  await derivations.run(context.user.id, async () => {
    for (const code of codes) hashes.push(await hashCode(sealer, context.user.id, code, hashing));
  });
  const { createdAt, expiresAt } = pending;
  return { ...hashing, createdAt, expiresAt, codes: hashes.map((hash) => ({ hash })) };
}
