// How risky a sign-in looks: once, and again where its network or its browser changed. Within a sign-in that never falls.
// What follows from a level is decided elsewhere.
import { historyFor, whereaboutsOf } from '../kernel/history.js';
import type { Asker, Kernel, Told } from '../kernel/kernel.js';
import { networkOf } from '../kernel/network.js';
import type { MfaRecord } from '../kernel/record.js';
import { higherLevel, riskLevels, type RiskContext, type RiskLevel, type RiskSignal } from '../kernel/risk.js';
import type { AssessedRisk, SignIn } from '../kernel/sign-in.js';
import { chargedFailures } from '../rules/attempts.js';
import { isReleased, keptLevel, withLevel } from '../rules/kept-level.js';
import { laneOf } from '../rules/known-browsers.js';
import type { Notice } from '../words/notices.js';
import { transact } from '../kernel/transact.js';

/** Who asks from where, in which sign-in, if there is one yet. */
type Assessed = Told & Pick<Asker, 'knownBrowser'> & { signIn?: SignIn };

/** Whether this sign-in was not assessed yet from where it is asked now. */
export function isUnassessed(kernel: Kernel, asker: Asker): boolean {
  return kernel.risk !== undefined && asker.signIn.risk?.seenFrom !== seenFromOf(kernel, asker);
}

/**
 * The sign-in with its risk; the same where nothing changed, or no risk is assessed. Told once, and where it rises. Where levels do
 * something, a higher one than the record keeps is written to it at once, and its owner is told of a high one: whoever sees that
 * they are asked for more must not start lower by another session.
 */
export async function assessed(kernel: Kernel, asker: Asker, record: MfaRecord): Promise<SignIn> {
  const { signIn } = asker;
  const risk = await riskOf(kernel, asker, record);
  if (risk === signIn.risk || risk === undefined) return signIn;
  await keepRaised(kernel, asker, record, risk);
  return { ...signIn, risk };
}

export async function riskOf(kernel: Kernel, asker: Assessed, record: MfaRecord): Promise<AssessedRisk | undefined> {
  const before = asker.signIn?.risk;
  if (!kernel.risk) return before;
  const now = kernel.now();
  const seenFrom = seenFromOf(kernel, asker);
  const least = leastOf(kernel, asker, record);
  if (before?.seenFrom === seenFrom)
    return before.level === higherLevel(before.level, least) ? before : atLeast(before);
  const lookedUp = await kernel.risk.lookUp(asker);
  const { ip: address } = asker.hints;
  const seen = { ...lookedUp, ...(address === undefined ? {} : { address }) };
  const context = contextOf(kernel, asker, record, seen);
  const found = kernel.risk.assess(context, historyFor(kernel, asker.user.id, record, seen), now);
  if (before && !isWorse(found, before) && before.level === higherLevel(before.level, least))
    return { ...before, seenFrom };
  const { score, level, signals } = found;
  const risk = atLeast({ score, level, signals, seenFrom, since: now });
  if (risk.level !== before?.level) tell(kernel, asker, risk, lookedUp.place?.country);
  return risk;

  /** No lower than what is pending beside it. */
  function atLeast(one: AssessedRisk): AssessedRisk {
    const high = higherLevel(one.level, least);
    if (high === one.level) return one;
    return { ...one, level: high, signals: [...one.signals, { id: 'pending', code: 'higher', points: 0 }], since: now };
  }
}

/** What is pending of this person in the asker's lane; nothing for whoever proved a factor in this sign-in already. */
function leastOf(kernel: Kernel, asker: Assessed, record: MfaRecord): RiskLevel {
  const { settings } = kernel;
  const hasProofs = asker.signIn !== undefined && asker.signIn.proofs.length > 0;
  if (!settings.riskActions || hasProofs || isReleased(kernel, record)) return 'low';
  return keptLevel(record, laneOf(kernel, asker, record));
}

/** Writes once for each level that is reached: nobody makes a record busy by asking again. */
export async function keepRaised(
  kernel: Kernel,
  asker: Assessed,
  record: MfaRecord,
  risk: AssessedRisk,
): Promise<void> {
  const raised = (current: MfaRecord) => withLevel(current, laneOf(kernel, asker, current), risk.level);
  const isOff = (current: MfaRecord) => isReleased(kernel, current) || raised(current) === current;
  if (!kernel.settings.riskActions || isOff(record)) return;
  await transact<undefined>(kernel, asker, (current) => {
    if (isOff(current)) return { result: undefined };
    const signals = risk.signals.filter(isAdverse).map(inWord);
    const notices: Notice[] = [{ what: 'unusual-sign-in', at: kernel.now(), signals }];
    return { save: raised(current), result: undefined, ...(risk.level === 'high' ? { notices } : {}) };
  });
}

function tell(
  kernel: Kernel,
  asker: Assessed,
  { level, score, signals }: AssessedRisk,
  place: string | undefined,
): void {
  const risk = signals.filter(isAdverse).map(inWord).join(' ');
  const detail = { level, score, risk, ...(place === undefined ? {} : { place }) };
  kernel.tell(asker, [{ name: 'risk-assessed', detail }]);
}

function contextOf(kernel: Kernel, asker: Assessed, record: MfaRecord, seen: RiskContext | object): RiskContext {
  const now = kernel.now();
  const lane = laneOf(kernel, asker, record);
  const network = networkOf(asker.hints.ip);
  const { changedAt, reset } = whereaboutsOf(kernel, asker.user.id, record);
  const changes = [changedAt, asker.user.changedAt].filter((at) => at !== undefined);
  return {
    ...seen,
    ...(network === undefined ? {} : { network }),
    knownBrowser: lane !== 'unknown',
    failedAt: chargedFailures(record, lane, now),
    ...(changes.length === 0 ? {} : { changedAt: Math.max(...changes) }),
    ...(reset ? { afterReset: true } : {}),
  };
}

function isWorse(found: Pick<AssessedRisk, 'level' | 'score'>, before: AssessedRisk): boolean {
  const [is, was] = [riskLevels.indexOf(found.level), riskLevels.indexOf(before.level)];
  return is > was || (is === was && found.score > before.score);
}

/** Those that have points, or that something could not be looked up, or is pending beside it. */
function isAdverse({ id, points }: RiskSignal): boolean {
  return points > 0 || id === 'unavailable' || id === 'pending';
}

/** `device.no_match` */
function inWord({ id, code }: RiskSignal): string {
  return `${id}.${code}`;
}

/** In the session, and so without the address itself. */
function seenFromOf({ sealer }: Kernel, { user, hints }: Assessed): string {
  const from = JSON.stringify([user.id, networkOf(hints.ip) ?? hints.ip ?? '', hints.userAgent ?? '']);
  return sealer.hashToken(`seen from ${[...sealer.digest('seen-from', from)].join(' ')}`).slice(0, 16);
}
