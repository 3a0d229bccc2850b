// Two honest factors that no app has, for testing the flows: a riddle, whose answer counts once, and a list of spare
// words. They prove that the core knows no factor, and count how often an answer was weighed and judged.
import type {
  Begun,
  Ceremony,
  EnrollmentVerdict,
  Factor,
  FactorEnrollment,
  Malformed,
  Verdict,
} from '../../src/core/kernel/factor.js';
import type { ErrorCode } from '../../src/core/words/errors.js';
import type { Json } from '../../src/core/words/json.js';
import type { Authenticator } from '../../src/core/kernel/record.js';

/** `use` is a number that must grow, as the step of a TOTP code does. `nonce` is the challenge's, where there is one. */
export type RiddleAnswer = { word: string; use: number; nonce?: string };
export type RiddleData = {
  word: string;
  salt: string;
  lastUse: number;
  done?: string[];
  tries?: { [nonce: string]: number };
};

type RiddleOptions = {
  kind?: string;
  rank?: 'primary' | 'backup';
  ceremony?: Ceremony;
  guessable?: boolean;
  channel?: 'email' | 'sms';
  limit?: number;
  enrollmentCeremony?: FactorEnrollment['ceremony'];
  beginsOnPage?: boolean;
  inUse?: ErrorCode;
  /** Claims the word for its user, as a passkey claims its credential id. */
  claims?: boolean;
  /** Runs inside `weigh`: a place for a rival, or for a failure. */
  whileWeighing?: () => Promise<void> | void;
  /** Runs inside `issue`: a place for a sender that fails. */
  whileIssuing?: () => Promise<void> | void;
};

type Riddle = Factor<RiddleAnswer, RiddleEvidence, RiddleAnswer, RiddleEvidence> & {
  readonly counted: { weighed: number; judged: number };
};
type RiddleEvidence = { answer: RiddleAnswer; salts: string[]; begun?: Begun };

const malformed: Malformed = { malformed: true, details: { field: 'word' } };

function parseRiddle(body: Json): RiddleAnswer | Malformed {
  const { word, use, nonce } = (body ?? {}) as { word?: unknown; use?: unknown; nonce?: unknown };
  if (typeof word !== 'string' || typeof use !== 'number') return malformed;
  return { word, use, ...(typeof nonce === 'string' ? { nonce } : {}) };
}

const dataOf = (own: Authenticator) => own.data as RiddleData;
const saltsOf = (own: readonly Authenticator[]) => own.map((one) => dataOf(one).salt);
const nonceOf = (begun: Begun | undefined) => (begun?.secret as { nonce?: string } | undefined)?.nonce;

export function riddle(options: RiddleOptions = {}): Riddle {
  const { kind = 'riddle', rank = 'primary', ceremony = 'none', guessable = true, limit = 1 } = options;
  const counted = { weighed: 0, judged: 0 };
  const wrong: ErrorCode = 'session.mfa.invalid_totp_code';

  async function weigh(own: readonly Authenticator[], answer: RiddleAnswer, begun?: Begun): Promise<RiddleEvidence> {
    counted.weighed += 1;
    await options.whileWeighing?.();
    return { answer, salts: saltsOf(own), ...(begun ? { begun } : {}) };
  }

  function judge(own: readonly Authenticator[], { answer, salts, begun }: RiddleEvidence): Verdict {
    counted.judged += 1;
    if (saltsOf(own).join() !== salts.join()) return { is: 'stale' };
    const nonce = nonceOf(begun);
    const [one] = own;
    if (one && nonce !== undefined && typeof ceremony === 'object') {
      const tries = dataOf(one).tries?.[nonce] ?? 0;
      if (dataOf(one).done?.includes(nonce)) {
        return { is: 'wrong', reason: 'verification_code.not_found', attempt: false };
      }
      if (tries >= ceremony.tries) return { is: 'wrong', reason: 'verification_code.exceed_max_try', attempt: false };
    }
    const match = own.find((each) => dataOf(each).word === answer.word && dataOf(each).lastUse < answer.use);
    if (match && answer.nonce === nonce) {
      const { done = [], ...data } = dataOf(match);
      return {
        is: 'right',
        authenticatorId: match.id,
        data: { ...data, lastUse: answer.use, done: nonce === undefined ? done : [...done, nonce] },
      };
    }
    if (!one || nonce === undefined) return { is: 'wrong', reason: wrong };
    const data = dataOf(one);
    const tries = (data.tries?.[nonce] ?? 0) + 1;
    const flag = { authenticatorId: one.id, data: { ...data, tries: { ...data.tries, [nonce]: tries } } };
    if (typeof ceremony !== 'object') return { is: 'wrong', reason: wrong };
    return { is: 'wrong', reason: wrong, details: { remainingAttempts: ceremony.tries - tries }, flag };
  }

  const enrollment: Riddle['enrollment'] = {
    ceremony: options.enrollmentCeremony ?? 'kept',
    ttlSeconds: 900,
    limit,
    beginsOnPage: options.beginsOnPage ?? true,
    ...(options.inUse ? { inUse: options.inUse } : {}),
    async begin(context) {
      const word = context.random.token(6);
      return { secret: { word, id: context.random.token(6) }, shown: { word } };
    },
    parse: parseRiddle,
    weigh: (_context, own, answer, begun) => weigh(own, answer, begun),
    judge(_context, own, { answer, salts, begun }): EnrollmentVerdict {
      counted.judged += 1;
      if (saltsOf(own).join() !== salts.join()) return { is: 'stale' };
      const { word, id } = begun?.secret as { word: string; id: string };
      if (answer.word !== word) return { is: 'wrong', reason: wrong };
      return {
        is: 'right',
        id,
        data: { word, salt: id, lastUse: answer.use },
        name: 'A riddle',
        ...(limit === 1 ? { replaces: own.map((one) => one.id) } : {}),
        ...(options.claims ? { claims: [`riddle:${word}`], claimed: 'user.passkey_already_registered' } : {}),
      };
    },
  };

  return {
    counted,
    kind,
    rank,
    wrong,
    guessable,
    ...(options.channel ? { channel: options.channel } : {}),
    ceremony,
    challengeTtlSeconds: 300,
    parse: parseRiddle,
    ...(ceremony === 'none'
      ? {}
      : {
          async issue(context) {
            await options.whileIssuing?.();
            const nonce = context.random.token(6);
            return { secret: { nonce }, shown: { nonce } };
          },
        }),
    weigh: (_context, own, answer, begun) => weigh(own, answer, begun),
    judge: (_context, own, evidence) => judge(own, evidence),
    standing: () => ({ state: 'usable' }),
    enrollment,
    ...(options.claims ? { claimsOf: (own: Authenticator) => [`riddle:${dataOf(own).word}`] } : {}),
  };
}

export type SpareData = { words: string[]; expiresAt: number | null };

/** A backup factor: a list of words, each of which works once. */
export function spareWords({ count = 3, expiresInSeconds = null as number | null } = {}): Factor<string, string> {
  const wordsOf = (own: readonly Authenticator[]) => own.flatMap((one) => (one.data as SpareData).words);
  return {
    kind: 'spare-words',
    rank: 'backup',
    wrong: 'session.mfa.invalid_backup_code',
    guessable: true,
    ceremony: 'none',
    parse(body) {
      const { word } = (body ?? {}) as { word?: unknown };
      return typeof word === 'string' ? word : malformed;
    },
    weigh: async (_context, _own, word) => word,
    judge(context, own, word) {
      const [one] = own;
      const lapsed = ((one?.data as SpareData | undefined)?.expiresAt ?? Infinity) <= context.now;
      if (!one || lapsed || !wordsOf(own).includes(word)) {
        return { is: 'wrong', reason: 'session.mfa.invalid_backup_code' };
      }
      const data = one.data as SpareData;
      const words = data.words.filter((each) => each !== word);
      return {
        is: 'right',
        authenticatorId: one.id,
        data: { ...data, words },
        happened: [{ name: 'backup-code-used', detail: { left: words.length } }],
      };
    },
    standing({ data }, now) {
      const { words, expiresAt } = data as SpareData;
      if (expiresAt !== null && expiresAt <= now) return { state: 'expired', left: words.length };
      if (words.length === 0) return { state: 'empty', left: 0 };
      const ends = expiresAt === null ? {} : { expiresAt };
      return { state: words.length < 2 ? 'low' : 'usable', left: words.length, ...ends };
    },
    enrollment: {
      ceremony: 'kept',
      ttlSeconds: 600,
      limit: 1,
      beginsOnPage: true,
      async begin(context) {
        const words = Array.from({ length: count }, () => context.random.token(6));
        return { secret: { words }, shown: { words } };
      },
      parse: (body) => ((body as { saved?: unknown } | null)?.saved === true ? 'saved' : malformed),
      weigh: async (_context, _own, _answer, begun) => (begun.secret as { words: string[] }).words,
      judge(context, own, words) {
        const expiresAt = expiresInSeconds === null ? null : context.now + expiresInSeconds;
        return { is: 'right', data: { words: words as string[], expiresAt }, replaces: own.map(({ id }) => id) };
      },
    },
  };
}
