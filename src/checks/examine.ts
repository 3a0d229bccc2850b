// All that a running app can find out about itself: by `doctor`, which looks at more, and on the page of health.
import { isMfaError } from '../core/words/errors.js';
import type { MfaCore } from '../mfa.js';
import { examineAudit } from './examine-audit.js';
import { examineDirectories } from './examine-directories.js';
import { examineConfiguration } from './examine-configuration.js';
import { createFindings, type Finding, type Findings } from './finding.js';
import { examineSending } from './sender-health.js';

export async function examineRunning(mfa: MfaCore, findings: Findings): Promise<void> {
  await examineConfiguration(mfa, findings);
  await examineAudit(mfa, findings);
  await examineDirectories(mfa, findings);
  // That the log is away is found already.
  await examineSending(mfa, findings).catch((error: unknown) => {
    if (!isMfaError(error)) throw error;
  });
}

/** What was found, and when: Unix seconds. */
export type Examined = { at: number; findings: readonly Finding[] };

/** Looking asks servers, some of them slow: whoever reloads the page asks them no more often. */
const rememberSeconds = 20;
const remembered = new WeakMap<MfaCore['config'], { at: number; found: Promise<Examined> }>();

/** Looks, or says again what was found a moment ago. @throws what looking throws */
export function findingsOf(mfa: MfaCore): Promise<Examined> {
  const at = mfa.kernel.now();
  const known = remembered.get(mfa.config);
  if (known && at - known.at < rememberSeconds && at >= known.at) return known.found;
  const findings = createFindings();
  const found = examineRunning(mfa, findings).then(() => ({ at, findings: findings.all }));
  remembered.set(mfa.config, { at, found });
  found.catch(() => remembered.delete(mfa.config));
  return found;
}
