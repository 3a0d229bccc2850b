// How good a person's two-step verification is, as one word: what their page says first. Decides from what works now; the
// words are the page's.
import { enrolledOf, type Situation } from '../../src/core/rules/situation.js';
import type { AccountState } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

export type Judged = { state: AccountState; methods: number };

export function judgeAccount({ mfa }: Visit, { record }: Pick<Situation, 'record'>): Judged {
  const works = enrolledOf(mfa.kernel, record).filter(
    ({ authenticator, standing }) =>
      authenticator.disabledAt === undefined && (standing.state === 'usable' || standing.state === 'low'),
  );
  const methods = works.filter(({ factor }) => factor.rank === 'primary');
  const hasCodes = works.length > methods.length;
  const judge = (): AccountState => {
    if (!record.protected) return 'off';
    if (methods.length === 0) return hasCodes ? 'codes' : 'broken';
    if (hasCodes) return 'good';
    if (methods.every(({ factor }) => factor.onPhone)) return 'phone';
    return methods.length === 1 ? 'single' : 'good';
  };
  return { state: judge(), methods: methods.length };
}
