// The support pass: letters that support reads out to somebody who lost everything. Who may issue one, what it opens and
// for how long that is held are the flows' business; how it looks, and how many wrong ones it bears, are settled here.
import { MfaError } from '../../core/words/errors.js';
import type { Factor, FactorEnrollment } from '../../core/kernel/factor.js';
import type { Authenticator } from '../../core/kernel/record.js';
import type { Json } from '../../core/words/json.js';
import { drawLetters, readLetters } from './letters.js';

/** Wrong ones until it is void, over all browsers: of 20^12 passes a guesser sees twenty. */
const mostWrong = 20;

type PassData = { digest: string; keyId: string; expiresAt: number; wrong?: number; usedAt?: number };

/** What was typed, and its digest for each pass of this person, by the id of that. */
type Evidence = { [id: string]: string };

const wrong = 'session.mfa.invalid_pass';
const dataOf = ({ data }: Authenticator) => data as unknown as PassData;

function isOpen(own: Authenticator, now: number): boolean {
  const { expiresAt, wrong: tries = 0, usedAt } = dataOf(own);
  return usedAt === undefined && tries < mostWrong && expiresAt > now;
}

/** Nobody sets one up for themselves: an administrator issues it. */
const notByPeople: FactorEnrollment<never, never> = {
  ceremony: 'kept',
  ttlSeconds: 1,
  limit: 1,
  beginsOnPage: false,
  begin: () =>
    Promise.reject(new MfaError('session.mfa.mfa_factor_not_enabled', 'A support pass is issued to people.')),
  parse: () => ({ malformed: true }),
  weigh: () =>
    Promise.reject(new MfaError('session.mfa.mfa_factor_not_enabled', 'A support pass is issued to people.')),
  judge: () => ({ is: 'stale' }),
};

/**
 * The factor for support passes, issued by `mfa.issuePass`: twelve letters, for one use, offered last. NIST SP 800-63B-4
 * §4.2.1.2 has issued recovery codes end within 24 hours.
 */
export function supportPass(): Factor<string, Evidence> {
  const digestOf = (
    { sealer, user }: Parameters<Factor['weigh']>[0],
    id: string,
    letters: string,
    keyId: string,
  ): string => Buffer.from(sealer.digest('support-pass', `${user.id} ${id} ${letters}`, keyId)).toString('base64url');
  return {
    kind: 'pass',
    rank: 'pass',
    wrong,
    // It counts for itself; the lanes of the other factors know nothing of it.
    guessable: false,
    ceremony: 'none',
    parse(body: Json) {
      const letters = readLetters((body as { code?: unknown } | null)?.code);
      return letters ?? { malformed: true, details: { field: 'code', hint: 'pass.format' } };
    },
    async weigh(context, own, letters) {
      return Object.fromEntries(own.map((one) => [one.id, digestOf(context, one.id, letters, dataOf(one).keyId)]));
    },
    judge({ now, sealer }, own, evidence) {
      const open = own.find((one) => isOpen(one, now));
      if (!open) return { is: 'wrong', reason: wrong, attempt: false };
      const digest = evidence[open.id];
      if (digest === undefined) return { is: 'stale' };
      const data = dataOf(open);
      if (!sealer.equal(digest, data.digest)) {
        const counted = { ...data, wrong: (data.wrong ?? 0) + 1 };
        return { is: 'wrong', reason: wrong, flag: { authenticatorId: open.id, data: counted } };
      }
      return {
        is: 'right',
        authenticatorId: open.id,
        data: { ...data, usedAt: now },
        happened: [{ name: 'pass-used' }],
      };
    },
    standing(own, now) {
      const { expiresAt, usedAt, wrong: tries = 0 } = dataOf(own);
      const spent = usedAt !== undefined || tries >= mostWrong;
      return { state: spent ? 'empty' : expiresAt > now ? 'usable' : 'expired', expiresAt };
    },
    enrollment: notByPeople,
    hashedWith: (own) => [dataOf(own).keyId],
    issuePass(context, id, expiresAt) {
      const letters = drawLetters(context.random);
      const { keyId } = context.sealer;
      const data: PassData = { digest: digestOf(context, id, letters, keyId), keyId, expiresAt };
      return { pass: letters.match(/.{4}/g)?.join('-') ?? letters, data };
    },
  };
}
