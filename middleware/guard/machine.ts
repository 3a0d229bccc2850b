// A request by a machine's token at the guard: it passes, unless somebody else may come with it, or the account that the token
// is of is suspended. That is read from the record, at most `recordMaxAgeSeconds` old.
import type { Request, Response } from 'express';
import { barredBy, stoppedAsBarred } from '../../src/core/rules/barred.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { Kernel } from '../../src/core/kernel/kernel.js';
import { emptyRecord, type MfaRecord } from '../../src/core/kernel/record.js';
import { loadRecord } from '../../src/core/kernel/transact.js';
import type { Happened } from '../../src/core/words/events.js';
import type { MfaCore } from '../../src/mfa.js';
import { refuse } from '../visit/answers.js';
import type { Reader } from '../visit/visit.js';
import { besideToken } from './credentials-beside-token.js';
import { tellReported } from './enforcement.js';
import { isAllowed } from './guard-paths.js';
import { watchMachine } from './named-later.js';

type Asked = { mfa: MfaCore; req: Request; res: Response; reader: () => Reader };

/** Why a machine is stopped: somebody else may be signed in by the same request, or its account is suspended. */
export type StoppedMachine = 'session.not_signed_in' | 'session.mfa.suspended';

/**
 * @param enforced whether the guard stops this account's requests, or only tells
 * @returns `person`: the token is one of ours, and the sign-in that it carries is to be judged as anybody's
 */
export async function judgeMachine(
  { mfa, req, res, reader }: Asked,
  machine: MfaUser,
  enforced: boolean,
): Promise<'pass' | 'person' | StoppedMachine> {
  const beside = besideToken(mfa, req, machine);
  if (beside === 'same') return 'person';
  const stopped = beside === 'unknown' ? 'session.not_signed_in' : await suspensionOf(mfa, req, machine);
  const tell = (happened: Happened) => mfa.kernel.tell({ user: machine, hints: reader().hints }, [happened]);
  if (stopped === undefined) {
    watchMachine(mfa, req, res, machine);
    tell({ name: 'token-request-passed', actor: 'system' });
    return 'pass';
  }
  if (!enforced) {
    tellReported(mfa, reader(), machine, stopped);
    return 'pass';
  }
  // A thief's own token must not carry a session through that owes the factor.
  const besides: Happened = { name: 'session-refused', outcome: 'refused', detail: { why: 'beside-token' } };
  tell(stopped === 'session.not_signed_in' ? besides : stoppedAsBarred);
  return stopped;
}

async function suspensionOf(mfa: MfaCore, req: Request, machine: MfaUser): Promise<StoppedMachine | undefined> {
  if (isAllowed(mfa, req)) return undefined;
  return barredBy(await recordOf(mfa.kernel, machine)) ? 'session.mfa.suspended' : undefined;
}

/** Most machines have no record, and come often: that there is none is remembered as well. */
async function recordOf(kernel: Kernel, machine: MfaUser): Promise<MfaRecord> {
  const now = kernel.now();
  const known = kernel.remembered.recall(machine.id, now);
  if (known) return known;
  const { record } = await kernel.remembered.share(machine.id, () => loadRecord(kernel, machine));
  if (record) return record;
  const nothing = emptyRecord('');
  kernel.remembered.keep(machine.id, nothing, now);
  return nothing;
}

export async function stopSuspended(reader: Reader): Promise<void> {
  await refuse(reader, { reason: 'session.mfa.suspended', details: { url: reader.base } });
}
