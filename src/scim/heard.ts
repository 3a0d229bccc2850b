// When each directory was last heard of: one that fell silent lets nobody go any more, and nobody notices. For `doctor`.
import type { Kernel } from '../core/kernel/kernel.js';
import { nobody } from './turns.js';

const keptSeconds = 400 * 86_400;
/** As often is it written down, in each process. */
const apartSeconds = 600;
/** A directory synchronises several times an hour. */
export const silentSeconds = 7 * 86_400;

type Tenants = Map<string | undefined, number>;
/** By app; a kernel may be one answer's. */
const known = new WeakMap<Kernel['settings'], Tenants>();

function tenantsOf(kernel: Kernel): Tenants {
  const tenants = known.get(kernel.settings) ?? new Map<string | undefined, number>();
  known.set(kernel.settings, tenants);
  return tenants;
}

const keyOf = (tenant: string | undefined): string => `scim-heard:${tenant ?? ''}`;

/** This tenant has a directory. */
export function expectDirectory(kernel: Kernel, tenant: string | undefined): void {
  const tenants = tenantsOf(kernel);
  if (!tenants.has(tenant)) tenants.set(tenant, 0);
}

/** Nobody waits for it, and nothing fails for it. */
export function noteHeard(kernel: Kernel, tenant: string | undefined): void {
  const tenants = tenantsOf(kernel);
  const now = kernel.now();
  if (now - (tenants.get(tenant) ?? 0) < apartSeconds) return;
  tenants.set(tenant, now);
  kernel.store.put(nobody, keyOf(tenant), now, keptSeconds).catch(() => tenants.delete(tenant));
}

/** Each directory that there is, and when it was last heard of; Unix seconds. @throws MfaError `store.unavailable` */
export async function directoriesHeard(
  kernel: Kernel,
): Promise<{ tenant: string | undefined; at: number | undefined }[]> {
  return Promise.all(
    [...(known.get(kernel.settings)?.keys() ?? [])].map(async (tenant) => {
      const at = await kernel.store.get(nobody, keyOf(tenant));
      return { tenant, at: typeof at === 'number' ? at : undefined };
    }),
  );
}
