// How each action of administrators is carried out: by the same calls as the host's own code makes.
import { administrationOf } from './administration.js';
import { endHostSessions, endSignIns } from './core/flows/end-sign-ins.js';
import { grantEnrollment, grantSeconds } from './core/flows/enrollment-grant.js';
import type { Case } from './core/kernel/cases.js';
import type { Kernel } from './core/kernel/kernel.js';
import * as administer from './core/operators/administer.js';
import type { CarryOut, Done } from './core/operators/desk.js';
import type { AdminAction } from './core/rules/admin-rights.js';
import { MfaError } from './core/words/errors.js';
import type { MfaConfig } from './config.js';

type Who = Parameters<CarryOut>[3];
type Call = { kernel: Kernel; config: MfaConfig; userId: string; who: Who; options: Case['options'] };

/** For what makes nothing that anybody is shown. */
function quietly(act: (call: Call) => Promise<unknown>): (call: Call) => Promise<undefined> {
  return async (call) => {
    await act(call);
    return undefined;
  };
}

const actions: { readonly [action in AdminAction]: (call: Call) => Promise<Done | undefined> } = {
  unlock: quietly(({ kernel, userId, who }) => administer.unlockUser(kernel, userId, who)),
  'end-trust': quietly(({ kernel, userId, who }) => administer.endTrust(kernel, userId, who)),
  async 'grant-enrollment'({ kernel, userId, who }) {
    const code = await grantEnrollment(kernel, userId, who);
    return { code, expiresAt: kernel.now() + grantSeconds };
  },
  reset: quietly(({ kernel, userId, who }) => administer.resetUser(kernel, userId, who)),
  'end-sign-ins': quietly(async ({ kernel, config, userId, who, options }) => {
    const one = typeof options['signInId'] === 'string' ? { signInId: options['signInId'] } : {};
    await endSignIns(kernel, userId, { ...who, ...one });
    await endHostSessions(config.endSessions, userId, one);
  }),
  async pass({ kernel, config, userId, who, options }) {
    const { validMinutes } = options as { validMinutes?: number };
    const given = { ...who, ...(validMinutes === undefined ? {} : { validMinutes }) };
    const { pass, expiresAt } = await administrationOf(kernel, config).issuePass(userId, given);
    return { code: pass, expiresAt };
  },
  release: quietly(({ kernel, config, userId, who }) => administrationOf(kernel, config).release(userId, who)),
  exempt: quietly(async ({ kernel, config, userId, who, options }) => {
    const until = new Date(Number(options['until']) * 1000);
    await administrationOf(kernel, config).exempt(userId, { ...who, until });
  }),
  'end-exemption': quietly(({ kernel, config, userId, who }) =>
    administrationOf(kernel, config).endExemption(userId, who),
  ),
  'owe-codes': quietly(({ kernel, config, userId, who }) =>
    administrationOf(kernel, config).oweBackupCodes(userId, who),
  ),
  suspend: quietly(({ kernel, config, userId, who }) => administrationOf(kernel, config).suspend(userId, who)),
  resume: quietly(({ kernel, config, userId, who }) => administrationOf(kernel, config).resume(userId, who)),
  erase: quietly(async ({ config, userId, who }) => {
    if (!config.audit)
      throw new MfaError('admin.not_applicable', 'There is no audit log: the option `audit` is not given.');
    await config.audit.erase(userId, who);
  }),
};

/** Carries out what the rules let through. */
export async function carryOut(
  config: MfaConfig,
  ...[kernel, action, userId, who, options]: Parameters<CarryOut>
): Promise<Done> {
  const done = await actions[action]({ kernel, config, userId, who, options });
  return done ?? {};
}
