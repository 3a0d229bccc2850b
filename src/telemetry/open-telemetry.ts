// Events as counters and trips to the store as durations, for whoever watches an app by OpenTelemetry. The only file that
// knows @opentelemetry/api, an optional peer. Knows no person: nothing that names one becomes an attribute.
import { metrics } from '@opentelemetry/api';
import type { MfaStore } from '../core/kernel/ports.js';
import type { MfaEvent } from '../core/words/events.js';

/** An `onEvent` listener that counts, and a wrapper for the store that measures. */
export type OpenTelemetryListener = ((event: MfaEvent) => void) & {
  /** The same store; each trip is measured in `express_mfa.store.duration`, in seconds. */
  store<Store extends MfaStore>(store: Store): Store;
};

/** What makes one trip. `scan` and `claims` are walks of operators, and would say nothing of a person's wait. */
const trips: ReadonlySet<PropertyKey> = new Set<keyof MfaStore>([
  'load',
  'save',
  'remove',
  'abandon',
  'claim',
  'put',
  'putIfAbsent',
  'get',
  'take',
  'increment',
]);

/**
 * Makes a listener for `onEvent`. The meter is the one that the app registered by `metrics.setGlobalMeterProvider`;
 * without one nothing is measured, as OpenTelemetry has it.
 *
 * - `express_mfa.events`, a counter: attributes `event`, and where there are such `kind`, `outcome`, `reason`, `actor`. What was
 *   told once for many counts as many.
 * - `express_mfa.store.duration`, a histogram in seconds: attributes `operation`, `store`, `outcome` (`answered` or `failed`).
 *
 * No attribute holds an id, an address or anything else of a person (OpenTelemetry: attributes are of bounded number).
 */
export function openTelemetry(): OpenTelemetryListener {
  const meter = metrics.getMeter('express-mfa');
  const events = meter.createCounter('express_mfa.events', {
    description: 'What happened, by name, kind of factor, outcome and reason.',
    unit: '{event}',
  });
  const durations = meter.createHistogram('express_mfa.store.duration', {
    description: 'How long a trip to the store took.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] },
  });

  const listen = ({ name, kind, outcome, reason, actor, detail }: MfaEvent): void => {
    const many = detail?.['count'];
    events.add(typeof many === 'number' && many > 0 ? many : 1, { event: name, kind, outcome, reason, actor });
  };

  return Object.assign(listen, {
    store<Store extends MfaStore>(store: Store): Store {
      const measured = (operation: string, ask: (...given: unknown[]) => Promise<unknown>) => {
        return async (...given: unknown[]): Promise<unknown> => {
          const started = performance.now();
          const record = (outcome: 'answered' | 'failed') =>
            durations.record((performance.now() - started) / 1000, { operation, store: store.name ?? 'own', outcome });
          try {
            const answer = await ask.apply(store, given);
            record('answered');
            return answer;
          } catch (error) {
            record('failed');
            throw error;
          }
        };
      };
      const known = new Map<PropertyKey, unknown>();
      return new Proxy(store, {
        get(target, property) {
          const own: unknown = Reflect.get(target, property, target);
          if (typeof own !== 'function') return own;
          if (!known.has(property)) {
            const ask = own as (...given: unknown[]) => Promise<unknown>;
            known.set(property, trips.has(property) ? measured(String(property), ask) : ask.bind(target));
          }
          return known.get(property);
        },
      });
    },
  });
}
