// A person as most are: an authenticator app, ten backup codes, two browsers, and what happened lately. Made by the flows
// themselves, so that its record is what a store gets.
import { generate } from 'otplib';
import { beginEnrollment } from '../../src/core/flows/enroll.js';
import { confirmEnrollment } from '../../src/core/flows/confirm-enrollment.js';
import { verify } from '../../src/core/flows/verify.js';
import type { Asker } from '../../src/core/kernel/kernel.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import type { Json } from '../../src/core/words/json.js';
import { createMfaCore } from '../../src/mfa.js';
import { backupCodes } from '../../src/factors/backup-codes/backup-codes.js';
import { totp } from '../../src/factors/totp/totp.js';

export const usualSecret = 'a secret of the benchmark, thirty-two bytes or more';

const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
];

/** Puts `id` into `store`; eight sign-ins some days apart. `verifyOnce` is one more right answer, a minute later. */
export async function usualPerson(store: MfaStore, id: string) {
  let ms = 1_790_000_000_000;
  const { kernel } = createMfaCore({
    appName: 'Bench',
    secrets: [usualSecret],
    store,
    factors: [totp(), backupCodes()],
    confirmFirstEnrollment: 'open',
    user: () => null,
    clock: { now: () => ms },
  });
  const known: (string | undefined)[] = [undefined, undefined];
  const signIn = { userId: id, flowId: 'flow', startedAt: kernel.now(), moment: 'sign-in', proofs: [], csrf: 'none' };
  let asker: Asker = { user: { id, label: id }, signIn: signIn as Asker['signIn'], locale: 'en', hints: {} };
  const from = (browser: number): void => {
    const { knownBrowser: _former, ...rest } = asker;
    const cookie = known[browser];
    asker = { ...rest, hints: { userAgent: agents[browser] ?? '' }, ...(cookie && { knownBrowser: cookie }) };
  };
  const enroll = async (kind: string, answer: (shown: { [key: string]: Json }) => Promise<Json> | Json) => {
    from(0);
    const begun = await beginEnrollment(kernel, asker, kind, {}, 'anew');
    const shown = begun.accepted ? begun.begun?.shown : undefined;
    const outcome = await confirmEnrollment(kernel, asker, kind, await answer(shown as { [key: string]: Json }));
    if (!outcome.accepted) throw new Error(`${kind} was not enrolled: ${outcome.reason}`);
    const { epoch, proof, knownBrowser } = outcome;
    known[0] ??= knownBrowser;
    asker.signIn = { ...asker.signIn, epoch, proofs: [...asker.signIn.proofs, ...(proof ? [proof] : [])] };
  };
  let secret = '';
  const code = async () => ({ code: await generate({ secret, epoch: Math.floor(ms / 1000) }) });
  const verifyOnce = async (browser = 0) => {
    ms += 60_000;
    from(browser);
    const outcome = await verify(kernel, asker, 'totp', await code());
    if (!outcome.accepted) throw new Error(`Not accepted: ${outcome.reason}`);
    known[browser] = outcome.knownBrowser ?? known[browser];
  };

  await enroll('totp', (shown) => {
    secret = shown['secret'] as string;
    return code();
  });
  await enroll('backup-codes', (shown) => ({ revealToken: shown['revealToken'] ?? '', saved: 'yes' }));
  for (let day = 0; day < 8; day += 1) {
    ms += 3 * 86_400_000;
    await verifyOnce(day % 3 === 1 ? 1 : 0);
  }
  return { kernel, verifyOnce };
}
