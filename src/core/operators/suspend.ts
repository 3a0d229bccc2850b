// An account barred, and let in again: by an administrator, or by the directory that it came from. Each lifts its own. Whether
// a bar stands is for `barred.ts` to say. And an id whose account ended, which somebody else may have next.
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { suspensionSources, type MfaRecord, type SuspensionSource } from '../kernel/record.js';
import { transact, type Decision } from '../kernel/transact.js';
import { MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import { byWhom, checkAdmin, type ByAdmin } from './by-admin.js';

/** Who bars, or lets in again. `source`: default `admin`; each lifts its own bar alone. */
export type BySource = ByAdmin & { source?: SuspensionSource };

function checkSource(caller: string, given: BySource): Required<Pick<BySource, 'source'>> & ByAdmin {
  const { source = 'admin', ...byAdmin } = checkAdmin(caller, given, ['source']);
  if (suspensionSources.includes(source)) return { ...byAdmin, source };
  throw new MfaError('config.invalid_option', `${caller}: \`source\` takes one of ${suspensionSources.join(', ')}.`);
}

/**
 * Bars the account, protected or not, whether there is a record or not. Nothing that was proved counts any more, in this
 * process at once, in others within `recordMaxAgeSeconds`. Barred by this source already: nothing is written.
 */
export async function suspendUser(kernel: Kernel, userId: string, given: BySource): Promise<void> {
  const { source, ...byAdmin } = checkSource('mfa.suspend', given);
  const epoch = kernel.random.token();
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (record.suspended?.[source] !== undefined) return { result: undefined };
    const suspended = { ...record.suspended, [source]: kernel.now() };
    return {
      save: { ...record, epoch, trusted: [], suspended },
      result: undefined,
      happened: [told('suspended', source, byAdmin)],
      notices: [{ what: 'suspended', at: kernel.now() }],
    };
  });
}

/**
 * Lifts what this source barred; what another one did stays.
 * @throws MfaError `admin.not_applicable` for the directory's bar of an account that ended
 */
export async function resumeUser(kernel: Kernel, userId: string, given: BySource): Promise<void> {
  const { source, ...byAdmin } = checkSource('mfa.resume', given);
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (record.suspended?.[source] === undefined) return { result: undefined };
    if (source === 'scim' && isEnded(record))
      throw new MfaError('admin.not_applicable', 'This account ended: `mfa.readmit` lets whoever has its id next in.');
    const { save, left } = lifted(record, source);
    return {
      save,
      result: undefined,
      happened: [told('resumed', source, byAdmin, left)],
      ...(left === undefined ? { notices: [{ what: 'resumed', at: kernel.now() }] } : {}),
    };
  });
}

/** Whether an account of this id ended, and nobody was let in under it since. */
export function isEnded(record: MfaRecord | undefined): boolean {
  return record?.account === 'ended' && record.suspended?.scim !== undefined;
}

/**
 * Lets whoever has the id of an account that ended in: no longer barred by the directory, and not believed to be who had it before,
 * so a first enrolment is confirmed as under `required`. Nothing happens to any other account.
 * @param anew the account was made anew by its directory, which bars it or does not: it holds for every account that ended
 */
export async function readmitUser(
  kernel: Kernel,
  userId: string,
  given: ByAdmin,
  anew?: 'free' | 'barred',
): Promise<void> {
  const admin = checkAdmin('mfa.readmit', given);
  const start = await kernel.store.load(userId);
  const cameBack = anew !== undefined && start.revision !== undefined && start.record === undefined;
  await transact<undefined>(
    kernel,
    aboutUser(userId),
    (record): Decision<undefined> => {
      if (!cameBack && record.account !== 'ended') return { result: undefined };
      const back: MfaRecord = { ...record, epoch: record.epoch || kernel.random.token(), account: 'anew' };
      const save = anew === 'barred' ? back : lifted(back, 'scim').save;
      return { save, result: undefined, happened: [{ name: 'readmitted', ...byWhom(admin) }] };
    },
    start,
  );
}

function lifted(record: MfaRecord, source: SuspensionSource): { save: MfaRecord; left?: string } {
  const { suspended = {}, ...free } = record;
  const { [source]: _lifted, ...others } = suspended;
  const left = Object.keys(others)[0];
  return left === undefined ? { save: free } : { save: { ...free, suspended: others }, left };
}

function told(
  name: 'suspended' | 'resumed',
  source: SuspensionSource,
  { by, reason }: ByAdmin,
  stillBarredBy?: string,
): Happened {
  const detail = {
    source,
    ...(reason === undefined ? {} : { reason }),
    ...(stillBarredBy === undefined ? {} : { stillBarredBy }),
  };
  return { name, actor: 'admin', by, detail };
}
