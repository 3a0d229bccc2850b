// What is said of a configuration over time: that it changed, told to the audit log some seconds after the start. The code is loaded
// then.
import type { Kernel } from './core/kernel/kernel.js';
import type { MfaConfig } from './config.js';

export interface PolicyCalls {
  /** @hidden Ours: `tell` says to the audit log which options are in force, where it does not know them yet. */
  readonly policy: { tell(): Promise<void> };
}

/** Long enough for the command line to say that it is no server. */
const startMs = 3_000;
const againMs = 60_000;

export function policyCallsOf(kernel: Kernel, config: MfaConfig): PolicyCalls {
  const policy: PolicyCalls['policy'] = {
    async tell() {
      const { tellPolicyChange } = await import('./policy-change.js');
      await tellPolicyChange(kernel, config);
    },
  };
  // In development options change by the minute, and nobody reads of it.
  if (config.audit && config.environment === 'production') tellSoon(kernel, policy, startMs);
  return { policy };
}

function tellSoon(kernel: Kernel, policy: PolicyCalls['policy'], ms: number): void {
  setTimeout(() => {
    if (kernel.operator === undefined) policy.tell().catch(() => tellSoon(kernel, policy, againMs));
  }, ms).unref();
}
