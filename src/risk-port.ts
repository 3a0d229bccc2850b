// The host's assessor, as the rules ask it: what it looks up is asked once per request, and whatever fails or hangs in it makes
// a sign-in look riskier, never an error of the request.
import type { Risk, Told } from './core/kernel/kernel.js';
import type { LookedUp, RiskAssessor, RiskRequest } from './core/kernel/risk.js';
import type { MfaUser } from './core/kernel/mfa-user.js';
import { requestOf } from './user.js';

/** More than an assessor takes that keeps its own half second. */
const mostMs = 1000;

export function riskOf(assessor: RiskAssessor): Risk {
  const asked = new WeakMap<Told['hints'], Promise<LookedUp>>();
  return {
    lookUp(about) {
      const found = asked.get(about.hints) ?? lookedUp(assessor, requestFor(about));
      asked.set(about.hints, found);
      return found;
    },
    assess(context, history, now) {
      try {
        return assessor.assess(context, history, now);
      } catch {
        const signals = [{ id: 'unavailable', code: 'assessor', points: 0 }];
        return { score: 30, level: 'medium', signals };
      }
    },
  };
}

async function lookedUp(assessor: RiskAssessor, request: RiskRequest): Promise<LookedUp> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, mostMs, undefined);
  });
  const asking = Promise.resolve().then(() => assessor.lookUp?.(request) ?? {});
  const found = await Promise.race([asking, late]).catch(() => undefined);
  clearTimeout(timer);
  return found ?? { unavailable: ['assessor'] };
}

function requestFor({ user, hints }: Told): RiskRequest {
  // Whoever signs in by a passkey alone is nobody yet: no request of theirs is known by the person.
  const request = requestOf(user as MfaUser) as ReturnType<typeof requestOf> | undefined;
  return {
    ...(hints.ip === undefined ? {} : { address: hints.ip }),
    ...(hints.userAgent === undefined ? {} : { userAgent: hints.userAgent }),
    header(name) {
      const value = request?.headers[name.toLowerCase()];
      return typeof value === 'string' ? value : undefined;
    },
  };
}
