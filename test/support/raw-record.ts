// Records past the kernel, straight in the store: as whoever can write there does, with and without the secret of the mac.
import type { MfaRecord } from '../../src/core/kernel/record.js';
import { withMac } from '../../src/core/kernel/record-mac.js';
import type { MfaCore } from '../../src/mfa.js';

type Site = Pick<MfaCore, 'config' | 'kernel'>;

export async function rawRecord({ config }: Site, userId: string): Promise<MfaRecord> {
  const { record } = await config.store.load(userId);
  if (!record) throw new Error(`There is no record of ${userId}.`);
  return record;
}

/** What an attacker writes who has the store and not the secret: the mac stays as it was, or is what they make it. */
export async function writeRaw({ config }: Site, userId: string, record: MfaRecord): Promise<void> {
  const { revision } = await config.store.load(userId);
  if ((await config.store.save(userId, record, revision)) === undefined) throw new Error('Not written.');
}

/** With a right mac: for a state that is not easily come by, or to show what stands beside the mac. */
export async function writeWithMac(site: Site, userId: string, record: MfaRecord): Promise<void> {
  await writeRaw(site, userId, withMac(site.kernel.sealer, userId, record));
}
