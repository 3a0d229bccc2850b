// One MfaStore of two: records in one, what is short-lived in the other. It knows neither.
import type { MfaStore, RecordStore, TransientStore } from '../core/kernel/ports.js';
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import { migrationsOfAll } from './all-migrations.js';

/** The two stores of a split one; both of one namespace. */
export type SplitStoreOptions = {
  /** Where records and claims live: what must stay. */
  records: MfaStore;
  /** Where ceremonies, codes that were sent and limits live: what may be lost. */
  transients: MfaStore;
};

/**
 * Keeps records in one store and transients in another: `splitStore({ records: sqlStore(knex, …), transients: redisStore(redis, …) })`.
 * Where one of both is in memory, so is the whole, which production refuses.
 * @throws MfaError `config.invalid_option`, also where their namespaces differ; `config.unknown_option`
 */
export function splitStore(options: SplitStoreOptions): MfaStore {
  checkOptionNames('splitStore', options, ['records', 'transients']);
  const { records, transients } = options;
  if (typeof (records as Partial<MfaStore> | undefined)?.save !== 'function') throw invalid('`records` is no store');
  if (typeof (transients as Partial<MfaStore> | undefined)?.take !== 'function')
    throw invalid('`transients` is no store');
  if (records.namespace !== transients.namespace)
    // What is sealed in the one would not open beside the other.
    throw invalid(`the namespaces differ: ${String(records.namespace)} and ${String(transients.namespace)}`);
  return joined(records, transients);
}

function joined(records: MfaStore, transients: MfaStore): MfaStore {
  const names = [records.name, transients.name];
  const migrations = migrationsOfAll([records, transients]);

  const kept: RecordStore = {
    load: (...asked) => records.load(...asked),
    save: (...asked) => records.save(...asked),
    remove: (...asked) => records.remove(...asked),
    abandon: (...asked) => records.abandon(...asked),
    claim: (...asked) => records.claim(...asked),
    scan: (...asked) => records.scan(...asked),
    claims: (...asked) => records.claims(...asked),
  };
  const lapsing: TransientStore = {
    put: (...asked) => transients.put(...asked),
    putIfAbsent: (...asked) => transients.putIfAbsent(...asked),
    get: (...asked) => transients.get(...asked),
    take: (...asked) => transients.take(...asked),
    increment: (...asked) => transients.increment(...asked),
  };
  return {
    name: names.includes('memory') ? 'memory' : names.map((name) => name ?? 'custom').join('+'),
    ...(records.namespace === undefined ? {} : { namespace: records.namespace }),
    ...kept,
    ...lapsing,
    ...(records.saveAll && { saveAll: (saves) => records.saveAll?.(saves) ?? Promise.resolve([]) }),
    ...(records.count && { count: () => records.count?.() ?? Promise.resolve(0) }),
    ...(migrations && { migrations }),
    async ready() {
      await records.ready?.();
      await transients.ready?.();
    },
    within: (work) =>
      withinOne(records, (keeping) => withinOne(transients, (passing) => work(joined(keeping, passing)))),
    async examine() {
      const [of, beside] = [await records.examine?.(), await transients.examine?.()];
      const { serverTimeMs = beside?.serverTimeMs } = of ?? {};
      return {
        findings: [...(of?.findings ?? []), ...(beside?.findings ?? [])],
        ...(serverTimeMs === undefined ? {} : { serverTimeMs }),
      };
    },
  };
}

function withinOne<T>(store: MfaStore, work: (own: MfaStore) => Promise<T>): Promise<T> {
  return store.within ? store.within(work) : work(store);
}

function invalid(wrong: string): MfaError {
  return new MfaError('config.invalid_option', `splitStore: ${wrong}.`);
}
