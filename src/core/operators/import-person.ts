// What another system knew of one person, taken over in one save, or not at all: for whoever never had a second factor here.
// A second run changes nothing, and brings nothing back that was removed or replaced since. Knows no other system.
import { owedAfter, settled } from '../flows/add-authenticator.js';
import { claimAll, keepingLoose } from '../flows/claiming.js';
import type { AdoptedSecret, Factor } from '../kernel/factor.js';
import { aboutUser, contextWith, factorOf, type Kernel } from '../kernel/kernel.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import { loadRecord, transact, type Decision } from '../kernel/transact.js';
import { isMfaError } from '../words/errors.js';
import type { Json } from '../words/json.js';
import { ownOf } from '../rules/situation.js';

/** One method of a person, as an importer read it; `input` is for `adoptSecret` of that kind. */
export type Brought = {
  kind: string;
  input: Json;
  name?: string | undefined;
  lastUsedAt?: number | undefined;
  /** Of the file: a row is taken whole, or not at all. */
  row?: number;
};

/** `left`: what was not taken, and why, as the end of a sentence; of all where `is` says `left`. */
export type Taken = { is: 'taken' | 'there' | 'left'; taken: number; weak: boolean; left: string[] };

type Adopted = { brought: Brought; factor: Factor; adopted: AdoptedSecret };

/**
 * @param dry whether only to tell what would be done
 * @throws MfaError `store.unavailable`, `store.conflict`
 */
export async function importPerson(
  kernel: Kernel,
  userId: string,
  brought: readonly Brought[],
  { by, from, dry }: { by: string; from: string; dry: boolean },
): Promise<Taken> {
  const { fit, left } = await adopt(kernel, userId, brought);
  const nothing = (is: 'there' | 'left', ...why: string[]): Decision<Taken> => ({
    result: { is, taken: 0, weak: false, left: [...left, ...why] },
  });
  const start = await loadRecord(kernel, { id: userId });
  if (start.record === undefined && start.revision !== undefined)
    return nothing('left', 'this person was removed here').result;
  const epoch = kernel.random.token();
  const claimed = new Set<string>();
  const decide = async (record: MfaRecord): Promise<Decision<Taken>> => {
    if (fit.length === 0) return nothing('left');
    if (record.protected || record.protectedBefore === true || record.authenticators.length > 0)
      return (await stands(kernel, userId, record, fit))
        ? nothing('there')
        : nothing('left', 'this person has a second factor here, or had one');
    const mine: Adopted[] = [];
    const lost: string[] = [];
    for (const one of fit) {
      const keys = one.factor.claimsOf?.(authenticatorOf(one, 0)) ?? [];
      if (await areFree(kernel, userId, keys, dry, claimed)) mine.push(one);
      else lost.push(`a ${one.brought.kind} is somebody else's here, or was`);
    }
    const [first] = mine;
    if (!first) return nothing('left', ...lost);
    const weak = mine.some(({ adopted }) => adopted.weak);
    const result: Taken = { is: 'taken', taken: mine.length, weak, left: [...left, ...lost] };
    if (dry) return { result };
    const now = kernel.now();
    return {
      save: {
        ...settled(record, now),
        epoch,
        protected: true,
        trusted: [],
        owed: owedAfter(kernel, record, first.factor),
        authenticators: mine.map((one) => authenticatorOf(one, now)),
      },
      result,
      happened: mine.map(({ brought: { kind }, adopted: { id } }) => ({
        name: 'authenticator-enrolled' as const,
        kind,
        authenticatorId: id,
        outcome: 'accepted' as const,
        actor: 'admin' as const,
        by,
        detail: { imported: true, from },
      })),
    };
  };
  return transact<Taken>(
    kernel,
    aboutUser(userId),
    async (record) => keepingLoose(kernel, userId, record, await decide(record), claimed),
    start,
  );
}

/** Reads each as its factor does, the one used last first; what one person may have is what their factor says. */
async function adopt(kernel: Kernel, userId: string, brought: readonly Brought[]) {
  const context = contextWith(kernel, { user: { id: userId, label: userId }, locale: 'en', flowId: 'import' });
  const readable: Adopted[] = [];
  const left: string[] = [];
  const broken = new Set<number>();
  const latest = [...brought].sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0));
  for (const one of latest) {
    const { kind, input } = one;
    const factor = factorOf(kernel, kind);
    if (!factor?.adoptSecret) {
      left.push(`${kind} is no method of this app`);
      continue;
    }
    try {
      const adopted = await factor.adoptSecret(context, [], input);
      if (adopted.useless === undefined) readable.push({ brought: one, factor, adopted });
      else left.push(adopted.useless);
    } catch (error) {
      if (!isMfaError(error) || error.code !== 'config.invalid_option') throw error;
      left.push(error.message.replace(/\.$/, ''));
      if (one.row !== undefined) broken.add(one.row);
    }
  }
  const fit: Adopted[] = [];
  for (const one of readable) {
    const { kind, row } = one.brought;
    const sameKind = fit.filter(({ brought: known }) => known.kind === kind);
    const most = one.factor.enrollment.limit;
    if (row !== undefined && broken.has(row)) left.push(`a ${kind} of that row is left with it`);
    else if (sameKind.some((known) => known.adopted.fingerprint === one.adopted.fingerprint)) continue;
    else if (sameKind.length < most) fit.push(one);
    else left.push(`a ${kind} more than the ${most} that this app allows; the last used stay`);
  }
  return { fit, left };
}

/** Whether all of it is in force already. */
async function stands(kernel: Kernel, userId: string, record: MfaRecord, fit: readonly Adopted[]): Promise<boolean> {
  const context = contextWith(kernel, { user: { id: userId, label: userId }, locale: 'en', flowId: 'import' });
  const same = fit.map(
    async ({ brought: { kind, input }, factor }) =>
      (await factor.adoptSecret?.(context, ownOf(record, kind), input))?.same === true,
  );
  return (await Promise.all(same)).every(Boolean);
}

async function areFree(kernel: Kernel, userId: string, keys: readonly string[], dry: boolean, claimed: Set<string>) {
  if (!dry) return claimAll(kernel, userId, [...keys], claimed);
  const owners = await Promise.all(keys.map((key) => kernel.store.claim(key)));
  return owners.every((owner) => owner === undefined || owner === userId);
}

function authenticatorOf(
  { brought: { kind, name }, adopted: { id, data } }: Adopted,
  createdAt: number,
): Authenticator {
  const short = name
    ?.replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 50);
  return { id, kind, createdAt, data, ...(short ? { name: short } : {}) };
}
