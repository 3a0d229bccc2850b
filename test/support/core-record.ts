// A person's record as no flow would write it, and the ids of what stands in it.
import type { MfaRecord } from '../../src/core/kernel/record.js';
import type { Kernel } from '../../src/core/kernel/kernel.js';
import type { TestKernel } from './core-kernel.js';

/** Changes the stored record past every flow; its mac is right all the same. */
export async function tamper(
  { store }: Pick<Kernel, 'store'>,
  change: (record: MfaRecord) => Partial<MfaRecord>,
  userId = 'ann',
): Promise<void> {
  const { record, revision } = await store.load(userId);
  if (!record) throw new Error(`There is no record of ${userId}.`);
  await store.save(userId, { ...record, ...change(record) }, revision);
}

/** The id of the first authenticator of a kind; `none` is the id of nothing. */
export async function idOf(kernel: TestKernel, kind: string, userId = 'ann'): Promise<string> {
  return (await kernel.recordOf(userId)).authenticators.find((own) => own.kind === kind)?.id ?? 'none';
}
