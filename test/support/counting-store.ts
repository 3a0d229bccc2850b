// Counts what an MfaStore is asked for: commands, and the sequential trips they make. Works with every store.
import { setImmediate as nextTick } from 'node:timers/promises';
import type { MfaStore } from '../../src/core/kernel/ports.js';

export type CountingStore = {
  /** Hand this in, in place of the counted one. */
  store: MfaStore;
  /** Steps that waited for the store one after the other; commands issued in parallel are one step. */
  readonly trips: number;
  readonly commands: number;
  /** The commands of each trip, by method name: `[['load', 'take'], ['save']]`. */
  readonly log: string[][];
  /** Counts a command to another store beside it; resolves when it may be sent. */
  count(name: string): Promise<void>;
  reset(): void;
};

/**
 * Wraps `store`. A command is held until the end of the tick it was issued in, and all commands issued until then are
 * one trip; so a trip is counted the same over a memory store, which answers within the tick, and over a network.
 * A command that nobody awaits is a trip as well. `scan` and `claims` count as one command each.
 */
export function countingStore(store: MfaStore): CountingStore {
  let log: string[][] = [];
  let open: { names: string[]; closed: Promise<void> } | undefined;

  function count(name: string): Promise<void> {
    if (!open) {
      const names: string[] = [];
      const closed = nextTick().then(() => {
        if (open?.names === names) open = undefined;
      });
      log.push(names);
      open = { names, closed };
    }
    open.names.push(name);
    return open.closed;
  }

  const counted: MfaStore = {
    ...(store.name !== undefined && { name: store.name }),
    ...(store.namespace !== undefined && { namespace: store.namespace }),
    ...(store.ready && { ready: () => store.ready!() }),
    load: (...args) => count('load').then(() => store.load(...args)),
    save: (...args) => count('save').then(() => store.save(...args)),
    remove: (...args) => count('remove').then(() => store.remove(...args)),
    abandon: (...args) => count('abandon').then(() => store.abandon(...args)),
    claim: (...args) => count('claim').then(() => store.claim(...args)),
    async *scan(...args) {
      await count('scan');
      yield* store.scan(...args);
    },
    async *claims(...args) {
      await count('claims');
      yield* store.claims(...args);
    },
    put: (...args) => count('put').then(() => store.put(...args)),
    putIfAbsent: (...args) => count('putIfAbsent').then(() => store.putIfAbsent(...args)),
    get: (...args) => count('get').then(() => store.get(...args)),
    take: (...args) => count('take').then(() => store.take(...args)),
    increment: (...args) => count('increment').then(() => store.increment(...args)),
  };

  return {
    store: counted,
    count,
    get trips() {
      return log.length;
    },
    get commands() {
      return log.flat().length;
    },
    get log() {
      return log.map((names) => [...names]);
    },
    reset() {
      log = [];
      open = undefined;
    },
  };
}
