// What is said of directories that provision people: one that fell silent lets nobody go any more.
import { isMfaError } from '../core/words/errors.js';
import type { MfaCore } from '../mfa.js';
import { directoriesHeard, silentSeconds } from '../scim/heard.js';
import type { Findings } from './finding.js';

export async function examineDirectories({ kernel }: MfaCore, findings: Findings): Promise<void> {
  const heard = await directoriesHeard(kernel).catch((error: unknown) => {
    // That the store is away is found already.
    if (isMfaError(error)) return [];
    throw error;
  });
  for (const { tenant, at } of heard) {
    const check = tenant === undefined ? 'directory' : `directory ${tenant}`;
    const days = at === undefined ? undefined : Math.floor((kernel.now() - at) / 86_400);
    if (at === undefined) findings.warn(check, 'It was never heard of: nobody is made, changed or let go by it.');
    else if (kernel.now() - at >= silentSeconds)
      findings.warn(
        check,
        `It was last heard of ${days} days ago: nobody who left since is let go. Is its token in \`tokens\`?`,
      );
    else findings.ok(check, `Heard of within ${(days ?? 0) + 1} ${days === 0 ? 'day' : 'days'}.`);
  }
}
