// An account barred, and let in again: by an administrator, or by the directory that it came from. Each lifts its own. Whether
// a bar stands is for `barred.ts` to say.
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { suspensionSources, type MfaRecord, type SuspensionSource } from '../kernel/record.js';
import { transact, type Decision } from '../kernel/transact.js';
import { MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import { checkAdmin, type ByAdmin } from './by-admin.js';

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

/** Lifts what this source barred; what another one did stays. */
export async function resumeUser(kernel: Kernel, userId: string, given: BySource): Promise<void> {
  const { source, ...byAdmin } = checkSource('mfa.resume', given);
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (record.suspended?.[source] === undefined) return { result: undefined };
    const { [source]: _lifted, ...others } = record.suspended;
    const left = Object.keys(others)[0];
    const { suspended: _before, ...free } = record;
    const save: MfaRecord = left === undefined ? free : { ...free, suspended: others };
    return {
      save,
      result: undefined,
      happened: [told('resumed', source, byAdmin, left)],
      ...(left === undefined ? { notices: [{ what: 'resumed', at: kernel.now() }] } : {}),
    };
  });
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
