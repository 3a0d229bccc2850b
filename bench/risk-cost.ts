// How many sign-ins one core assesses in a second: the assessment alone, and with the history read from a full record.
import { emptyRecord } from '../src/core/kernel/record.js';
import { historyFor, withSignIn, type SeenNow } from '../src/core/kernel/history.js';
import { riskByHistory, type RiskContext } from '../src/risk.js';
import { usualPerson } from '../test/support/usual-person.js';
import { memoryStore } from '../src/stores/memory-store.js';

/** `perSecond`: of CPU. `withHistory`: its rows compared and its seal opened for each. */
export type RiskCost = { perSecond: number; withHistory: number; bytes: number };

const rounds = 20_000;

export async function measureRisk(): Promise<RiskCost> {
  const { kernel } = await usualPerson(memoryStore(), 'someone');
  const risk = riskByHistory({ geo: { lookUp: () => undefined }, denyList: ['198.51.100.0/24'] });
  const seenAt = (index: number): SeenNow => ({
    address: `203.0.${index}.7`,
    family: `Browser ${index}`,
    system: `System ${index}`,
    place: { country: `C${String.fromCharCode(65 + index)}`, latitude: 47.4, longitude: 8.5, accuracyKm: 10 },
  });
  let record = emptyRecord('e');
  const bare = JSON.stringify(record).length;
  for (let index = 0; index < 20; index += 1) record = withSignIn(kernel, 'someone', record, seenAt(index));
  const seen = seenAt(30);
  const history = historyFor(kernel, 'someone', record, seen);
  const context: RiskContext = { ...seen, network: '203.0.30', knownBrowser: false, failedAt: [] };
  const now = kernel.now();
  return {
    perSecond: perSecond(() => risk.assess(context, history, now)),
    withHistory: perSecond(() => risk.assess(context, historyFor(kernel, 'someone', record, seen), now)),
    bytes: JSON.stringify(record).length - bare,
  };
}

function perSecond(assess: () => unknown): number {
  for (let warm = 0; warm < rounds / 10; warm += 1) assess();
  const before = process.cpuUsage();
  for (let done = 0; done < rounds; done += 1) assess();
  const { user, system } = process.cpuUsage(before);
  return rounds / ((user + system) / 1e6);
}
