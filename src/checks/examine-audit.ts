// What is said of the audit log: where it lives, which secrets it needs, what fails, how far each sink is.
import { isMfaError } from '../core/words/errors.js';
import { readSecrets } from '../crypto/keys.js';
import type { MfaCore } from '../mfa.js';
import type { Findings } from './finding.js';
import { count } from './count.js';

/** What is said of each even where something else is wrong has a check of its own. */
const check = 'audit';
const sizeCheck = 'audit size';
const secretsCheck = 'audit secrets';
const sinksCheck = 'audit sinks';
/** A sink that is so far behind is told of. */
const behindSeconds = 900;

export async function examineAudit({ audit, config }: MfaCore, findings: Findings): Promise<void> {
  if (!audit) {
    findings.ok(check, 'There is none: the option `audit` would keep what happens.');
    return;
  }
  if (audit.store.name === 'memory') {
    findings.warn(check, 'The log is kept in memory, which only the process of the app itself can see.');
    return;
  }
  try {
    for (const { level, text } of (await audit.store.examine?.()) ?? []) findings[level](check, text);
    const { entries, bytes, maxBytes, keyIds, sinks } = await audit.health();
    findings.ok(sizeCheck, `${count(entries, 'entry', 'entries')}, ${Math.round(bytes / 2 ** 20)} MiB.`);
    if (bytes > 0.8 * maxBytes)
      findings.warn(
        sizeCheck,
        'The log is over 80 % of `maxBytes`; the oldest entries will be dropped before their time.',
      );
    const secrets = readSecrets(config.secrets);
    for (const keyId of keyIds.filter((id) => !secrets.find(id)))
      findings.fail(
        secretsCheck,
        `Entries were made with a secret (key id ${keyId}) that is not in \`secrets\`: they do not verify.`,
      );
    const older = keyIds.filter((id) => id !== secrets.newest.id && secrets.find(id)).length;
    if (older > 0)
      findings.ok(secretsCheck, `Entries still need ${count(older, 'older secret')}; keep them in \`secrets\`.`);
    if (sinks.length === 0)
      findings.warn(sinksCheck, 'No sink takes the log elsewhere: whoever cuts log and ledger together is not found.');
    for (const { name, behind, behindSeconds: seconds, deadLetters } of sinks) {
      const lags = behind > 0 && seconds > behindSeconds;
      findings[lags ? 'warn' : 'ok'](
        `audit sink ${name}`,
        `The sink "${name}" is ${count(behind, 'entry', 'entries')} behind.`,
      );
      if (deadLetters > 0)
        findings.warn(
          sinksCheck,
          `The sink "${name}" refused ${count(deadLetters, 'entry', 'entries')} for good: \`audit dead-letters\`.`,
        );
    }
  } catch (error) {
    if (!isMfaError(error)) throw error;
    findings.fail(check, `The log cannot be reached: ${error.message}`);
    return;
  }
  for (const sink of audit.sinks) {
    const wrong = await sink.check?.(AbortSignal.timeout(10_000)).catch((error: unknown) => String(error));
    if (wrong !== undefined) findings.fail(sinksCheck, `The sink "${sink.name}": ${wrong}`);
  }
}
