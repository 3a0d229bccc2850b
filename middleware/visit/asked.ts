// A page that takes only some kinds of factors, asked for by somebody who has none of them: what it takes, until they set
// one up or turn to something else. Decides nothing: the guard of that page does.
import { withPrefix } from './return-to.js';
import type { Situation } from '../../src/core/rules/situation.js';
import type { Next } from './answers.js';
import type { Visit } from './visit.js';

/** The kinds that count, where the app offers one of them and this person still has none. */
export function askedFor({ mfa, asker }: Visit, { ways }: Situation): string[] | undefined {
  const kinds = asker.signIn.asked?.kinds ?? [];
  const offered = mfa.kernel.factors.filter((factor) => factor.rank === 'primary' && kinds.includes(factor.kind));
  if (offered.length === 0 || ways.some(({ kind }) => kinds.includes(kind))) return undefined;
  return offered.map(({ kind }) => kind);
}

/** Back to that page, once one of its kinds is set up. */
export function backToAsked(visit: Visit, kind: string, next: Next): Next {
  const { asked, ...rest } = visit.asker.signIn;
  if (!asked?.kinds.includes(kind) || next.step !== 'done') return next;
  visit.asker.signIn = rest;
  return asked.url === undefined ? next : { step: 'done', url: withPrefix(visit, asked.url) };
}
