// One more authenticator in the record, with everything that follows from it: who makes room, what is owed, whose browser is
// known, what is proved and told. Pure; that the answer was right, and that it may be, was decided before.
import { additionNews } from '../rules/addition-news.js';
import { clearFailures } from '../rules/attempts.js';
import type { Happened } from '../words/events.js';
import type { EnrollmentVerdict, Factor } from '../kernel/factor.js';
import { backupFactorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { admitBrowser, laneOf, type NewKnownBrowser } from '../rules/known-browsers.js';
import { accepted, type Outcome } from '../words/outcome.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import type { Proof } from '../kernel/sign-in.js';
import { exemptionOf, withoutExemption } from '../rules/exemption.js';
import { withReleaseUsed } from '../rules/kept-level.js';
import { cameByPass, withoutPasses } from '../rules/hold.js';
import { validProofs } from '../kernel/policy.js';
import { hasUsable } from '../rules/situation.js';
import { inheritedProof, leaningOn, replacedBy, replacedDetail } from '../rules/succession.js';
import type { Decision } from '../kernel/transact.js';

/** What the session may now say; `proof` is absent where nothing was proved by confirming. */
export type EnrolledNow = {
  authenticatorId: string;
  epoch: string;
  record: MfaRecord;
  proof?: Proof;
  knownBrowser?: string;
  /** The person was not protected before. */
  first?: true;
  /** It took the place of another. */
  replaced?: true;
};

/** Drawn before the decision, so that it stays pure. */
export type Addition = {
  authenticatorId: string;
  epoch: string;
  name: string | undefined;
  newBrowser: NewKnownBrowser;
};

export function added(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  record: MfaRecord,
  verdict: Extract<EnrollmentVerdict, { is: 'right' }>,
  { epoch, newBrowser, ...addition }: Addition,
): Decision<Outcome<EnrolledNow>> {
  const { kind, rank } = factor;
  const now = kernel.now();
  const id = verdict.id ?? addition.authenticatorId;
  const name = addition.name ?? verdict.name;
  const authenticator: Authenticator = {
    id,
    kind,
    createdAt: now,
    ...leaningOn(kernel, asker, record),
    data: verdict.data,
    ...(name === undefined ? {} : { name }),
  };
  const replaced = replacedBy(record, factor, verdict.replaces);
  const rest = record.authenticators.filter((own) => !replaced.includes(own));
  const kept = rank === 'primary' ? withoutPasses(kernel, rest) : rest;
  const lane = laneOf(kernel, asker, record);
  const save = admit(lane === 'unknown' ? newBrowser : undefined, now, {
    ...clearFailures(settled(record, now), kind, lane),
    epoch,
    authenticators: [...kept, authenticator],
    trusted: [],
    owed: owedAfter(
      kernel,
      record,
      factor,
      cameByPass(kernel, validProofs(asker.signIn, record, kernel.settings, now)),
    ),
    protected: true,
  });
  const proves = rank === 'primary' && verdict.proved !== false;
  const proof: Proof | undefined = proves
    ? { kind, authenticatorId: id, at: now, userVerified: verdict.userVerified === true }
    : inheritedProof(kernel, asker, record, replaced, id);
  const happened: Happened[] = [
    {
      name: rank === 'backup' ? 'backup-codes-confirmed' : 'authenticator-enrolled',
      kind,
      authenticatorId: id,
      outcome: 'accepted',
      ...(replaced.length === 0 ? {} : { detail: replacedDetail(replaced) }),
    },
    ...(verdict.happened ?? []),
    ...exemptionNews(record, now),
  ];
  const news = additionNews(kernel, record, factor, authenticator, replaced);
  return {
    save,
    happened: [...happened, ...news.happened],
    notices: news.notices,
    result: accepted({
      authenticatorId: id,
      epoch,
      record: save,
      ...(proof ? { proof } : {}),
      ...(lane === 'unknown' ? { knownBrowser: newBrowser.cookie } : {}),
      ...(record.protected ? {} : { first: true as const }),
      ...(replaced.length === 0 ? {} : { replaced: true as const }),
    }),
  };
}

function admit(browser: NewKnownBrowser | undefined, now: number, record: MfaRecord): MfaRecord {
  return browser ? admitBrowser(record, browser, now) : record;
}

/** Whoever has a factor again needs no confirmation of the next one, is no longer exempt, and has used a release up. */
export function settled({ reclaim: _done, account: _known, ...record }: MfaRecord, now: number): MfaRecord {
  return withReleaseUsed({ now: () => now }, withoutExemption(record, now));
}

/** The first factor ends an exemption. */
export function exemptionNews(record: MfaRecord, now: number): Happened[] {
  if (record.protected || !exemptionOf(record, now)) return [];
  return [{ name: 'exemption-ended', actor: 'system', detail: { why: 'enrolled' } }];
}

/**
 * Backup codes follow the first primary factor at once, where the app has them; a confirmed set settles that.
 * @param lost everything, the codes as well: the person came by a pass
 */
export function owedAfter(kernel: Kernel, record: MfaRecord, factor: Factor, lost = false): string[] {
  const { rank } = factor;
  const others = record.owed.filter((what) => what !== 'backup-codes' && (what !== 'primary' || rank === 'backup'));
  if (rank === 'backup') return others;
  const first = lost || (!hasUsable(kernel, record, 'primary') && !hasUsable(kernel, record, 'backup'));
  const stillOwed = first ? backupFactorOf(kernel) !== undefined : record.owed.includes('backup-codes');
  return stillOwed ? [...others, 'backup-codes'] : others;
}
