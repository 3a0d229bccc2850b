// The kernel for carrying out what was asked for some time ago: it works on the person's record of then, or not at all, and
// what it tells says for which case. So no single action has to know of cases.
import { isAltered } from '../kernel/bound-store.js';
import type { BoundStore } from '../kernel/bound-store.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Loaded } from '../kernel/ports.js';
import { MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';

/** Stands for the epoch of a record that cannot be believed; no record has it, for theirs are random. */
const altered = 'altered';

export type Seen = Loaded & { epoch: string };

/** How a person stands now. A record that was altered has no epoch that counts; it can be reset all the same. */
export async function seenOf({ store }: Pick<Kernel, 'store'>, userId: string): Promise<Seen> {
  try {
    const loaded = await store.load(userId);
    return { ...loaded, epoch: loaded.record?.epoch ?? '' };
  } catch (error) {
    if (!isAltered(error)) throw error;
    return { epoch: altered };
  }
}

export function isUnbelieved({ epoch }: Seen): boolean {
  return epoch === altered;
}

export function caseLapsed(why: string): MfaError {
  return new MfaError('admin.case_lapsed', `This case can no longer be answered: ${why}.`);
}

/**
 * The same kernel, on which nothing of this person is decided under another epoch: each save is by compare-and-set against
 * the very record that was looked at here.
 * @param detail what every event says beside what it says itself
 */
export function kernelAt(kernel: Kernel, userId: string, epoch: string, detail: Happened['detail']): Kernel {
  const { store, logbook } = kernel;
  const inFull = (each: Happened): Happened => ({ ...each, detail: { ...each.detail, ...detail } });
  // What an answer is handed stands on the store that all have, and must not be copied without it.
  const over = (store: BoundStore): BoundStore =>
    Object.assign(Object.create(store) as BoundStore, {
      within: (work) => store.within((own) => work(over(own))),
      async load(id) {
        if (id !== userId) return store.load(id);
        const seen = await store.load(id).catch((error: unknown): Loaded => {
          if (isAltered(error) && epoch !== altered) throw caseLapsed('the account was changed since');
          throw error;
        });
        if ((seen.record?.epoch ?? '') !== epoch) throw caseLapsed('the account was changed since');
        return seen;
      },
    } satisfies Partial<BoundStore>);
  return {
    ...kernel,
    store: over(store),
    tell: (about, happened, isLogged) => kernel.tell(about, happened.map(inFull), isLogged),
    ...(logbook && {
      logbook: { ...logbook, entryOf: (about, happened) => logbook.entryOf(about, inFull(happened)) },
    }),
  };
}
