// Turns a refusal into the sentence that a page shows beside the field and in the summary. Knows the catalogue's keys,
// not the factors: which sentence is said follows from the code and what the refusal adds.
import type { ErrorCode, ErrorDetails } from '../../src/core/words/errors.js';
import type { Params, Words } from './messages.js';
import type { PageError } from './page-model.js';

const locked: ErrorCode = 'session.verification_blocked_too_many_attempts';

/** Fields that nobody can see or mend: the summary says what is wrong and links nowhere. */
const hidden = new Set(['response', 'revealToken', '_csrf']);

/**
 * The error as a page tells it. The most specific sentence wins: the hint (`hint.<hint>`), then what the details add
 * (how long to wait, when it lapsed, why a step-up is owed), then the sentence of the code.
 * @param field the input it belongs to where the details name none; absent: none. Where an input's `id` is not the name
 * of its field, as in a list of forms, put it into the answer.
 */
export function pageError(words: Words, code: ErrorCode, details: ErrorDetails = {}, field?: string): PageError {
  const { t, inTime, date } = words;
  const params: Params = { ...details.params };
  const keys: string[] = [];
  // The wrong answer that used the last try up: what matters now is the wait, which the code says nothing of.
  const locks = code === locked || (details.remainingAttempts === 0 && details.retryAfterSeconds !== undefined);
  const told = locks ? locked : code;
  if (details.hint !== undefined) {
    // The counted form has slots that only some refusals can fill.
    if (params.digits !== undefined && params.typed !== undefined) keys.push(`hint.${details.hint}.counted`);
    keys.push(`hint.${details.hint}`);
  }
  if (details.retryAfterSeconds === null) keys.push(`error.${told}.closed`);
  if (typeof details.retryAfterSeconds === 'number') {
    params.when = inTime(details.retryAfterSeconds);
    keys.push(`error.${told}.wait`);
  }
  if (details.expiredAt !== undefined) {
    params.date = date(details.expiredAt);
    keys.push(`error.${told}.at`);
  }
  if (details.stepUp) keys.push(`error.${told}.${details.stepUp.why}`);
  const named = details.field ?? field;
  if (named !== undefined) keys.push(`error.${told}.${named}`);
  const sentences = [t([...keys, `error.${told}`], params)];
  if (details.remainingAttempts !== undefined && details.retryAfterSeconds === undefined) {
    sentences.push(t('error.remaining', { count: details.remainingAttempts }));
  }
  return {
    code,
    message: sentences.join(' '),
    ...(named === undefined || hidden.has(named) ? {} : { field: named }),
    ...(locks && details.retryAfterSeconds ? { lockedForSeconds: details.retryAfterSeconds } : {}),
  };
}
