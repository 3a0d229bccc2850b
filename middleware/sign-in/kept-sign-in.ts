// A sign-in as it stands in the host's session. Whatever stands there is read, and digested twice by express-session, at every
// request of the app: a risk, which most sign-ins have, is kept as rows without names.
import type { AssessedRisk, SignIn } from '../../src/core/kernel/sign-in.js';

type Signal = [id: string, code: string, points: number, detail?: string];
type KeptRisk = [level: AssessedRisk['level'], score: number, seenFrom: string, since: number, ...signals: Signal[]];

export type KeptSignIn = Omit<SignIn, 'risk'> & { risk?: KeptRisk };

export function keptOf({ risk, ...rest }: SignIn): KeptSignIn {
  if (!risk) return rest;
  const signals = risk.signals.map(({ id, code, points, detail }): Signal => {
    return detail === undefined ? [id, code, points] : [id, code, points, detail];
  });
  return { ...rest, risk: [risk.level, risk.score, risk.seenFrom, risk.since, ...signals] };
}

export function signInOfKept(kept: KeptSignIn): SignIn {
  if (!kept.risk) return kept as Omit<KeptSignIn, 'risk'>;
  const [level, score, seenFrom, since, ...rows] = kept.risk;
  const signals = rows.map(([id, code, points, detail]) => {
    return { id, code, points, ...(detail === undefined ? {} : { detail }) };
  });
  return { ...kept, risk: { score, level, signals, seenFrom, since } };
}
