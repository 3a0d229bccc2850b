// How risky a sign-in looks: once, and again where its network or its browser changed. Within a sign-in that never falls.
// Decides nothing about what follows from it.
import { historyFor, whereaboutsOf } from '../kernel/history.js';
import type { Asker, Kernel, Told } from '../kernel/kernel.js';
import { networkOf } from '../kernel/network.js';
import type { MfaRecord } from '../kernel/record.js';
import { riskLevels, type RiskContext } from '../kernel/risk.js';
import type { AssessedRisk, SignIn } from '../kernel/sign-in.js';
import { chargedFailures } from '../rules/attempts.js';
import { laneOf } from '../rules/known-browsers.js';

/** Who asks from where, in which sign-in, if there is one yet. */
type Assessed = Told & Pick<Asker, 'knownBrowser'> & { signIn?: SignIn };

/** The sign-in with its risk; the same where nothing changed, or no risk is assessed. Told once, and where it rises. */
export async function assessed(kernel: Kernel, asker: Asker, record: MfaRecord): Promise<SignIn> {
  const { signIn } = asker;
  const risk = await riskOf(kernel, asker, record);
  return risk === signIn.risk || risk === undefined ? signIn : { ...signIn, risk };
}

export async function riskOf(kernel: Kernel, asker: Assessed, record: MfaRecord): Promise<AssessedRisk | undefined> {
  const before = asker.signIn?.risk;
  if (!kernel.risk) return before;
  const seenFrom = seenFromOf(kernel, asker);
  if (before?.seenFrom === seenFrom) return before;
  const now = kernel.now();
  const lookedUp = await kernel.risk.lookUp(asker);
  const { ip: address } = asker.hints;
  const seen = { ...lookedUp, ...(address === undefined ? {} : { address }) };
  const context = contextOf(kernel, asker, record, seen);
  const found = kernel.risk.assess(context, historyFor(kernel, asker.user.id, record, seen), now);
  if (before && !isWorse(found, before)) return { ...before, seenFrom };
  const { score, level, signals } = found;
  if (level !== before?.level) {
    const place = lookedUp.place?.country;
    const detail = { level, score, risk: inWords(signals), ...(place === undefined ? {} : { place }) };
    kernel.tell(asker, [{ name: 'risk-assessed', detail }]);
  }
  return { score, level, signals, seenFrom, since: now };
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

/** `device.no_match network.unseen`: those that have points, or that something could not be looked up. */
function inWords(signals: AssessedRisk['signals']): string {
  return signals
    .filter(({ id, points }) => points > 0 || id === 'unavailable')
    .map(({ id, code }) => `${id}.${code}`)
    .join(' ');
}

/** In the session, and so without the address itself. */
function seenFromOf({ sealer }: Kernel, { user, hints }: Assessed): string {
  const from = JSON.stringify([user.id, networkOf(hints.ip) ?? hints.ip ?? '', hints.userAgent ?? '']);
  return sealer.hashToken(`seen from ${[...sealer.digest('seen-from', from)].join(' ')}`).slice(0, 16);
}
