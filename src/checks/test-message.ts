// A test message to somebody's own bound address, to see whether a sender delivers: three an hour for each person, counted in the
// store, so that they are three however many processes and requests there are.
import { aboutUser, contextWith, type Asker } from '../core/kernel/kernel.js';
import type { Factor } from '../core/kernel/factor.js';
import { isMfaError, MfaError } from '../core/words/errors.js';
import type { CodeFactor } from '../factors/one-time-code/code-factor.js';
import type { MfaCore } from '../mfa.js';

/** Where one can go; `to` is masked. */
export type TestWay = { kind: string; to: string };

const perHour = 3;
const hourSeconds = 3600;
const counter = 'test-message';

type Bound = { factor: CodeFactor; to: string; masked: string };

const isCodeFactor = (factor: Factor): factor is CodeFactor => 'sendTest' in factor && 'addressOf' in factor;

async function boundOf({ kernel }: MfaCore, { user, locale }: Asker): Promise<Bound[]> {
  const { record } = await kernel.store.load(user.id);
  const context = contextWith(kernel, { user, locale, flowId: counter });
  return kernel.factors.filter(isCodeFactor).flatMap((factor) => {
    const own = record?.authenticators.find(({ kind }) => kind === factor.kind);
    if (!own) return [];
    const to = factor.addressOf(context, own);
    return [{ factor, to, masked: factor.maskOf?.(to) ?? '***' }];
  });
}

/** Where this person can send one to, and how many more within this hour. */
export async function testWaysOf(mfa: MfaCore, asker: Asker): Promise<{ ways: TestWay[]; left: number }> {
  const bound = await boundOf(mfa, asker);
  const { count } = await mfa.kernel.store.increment(asker.user.id, counter, hourSeconds, 0);
  return {
    ways: bound.map(({ factor: { kind }, masked }) => ({ kind, to: masked })),
    left: Math.max(0, perHour - count),
  };
}

/**
 * Sends one. Counted before it is sent, and not given back: a sender that fails is no reason to ask it more often.
 * @throws MfaError `request.invalid` without such an address of their own, `connector.rate_limit_exceeded` for the fourth,
 * `connector.*` where the sender fails
 */
export async function sendTestMessage(mfa: MfaCore, asker: Asker, kind: string, by: string): Promise<void> {
  const { kernel } = mfa;
  const bound = (await boundOf(mfa, asker)).find(({ factor }) => factor.kind === kind);
  if (!bound)
    throw new MfaError('request.invalid', 'There is no such address of yours.', { details: { field: 'kind' } });
  const { count, expiresInSeconds } = await kernel.store.increment(asker.user.id, counter, hourSeconds);
  if (count > perHour)
    throw new MfaError('connector.rate_limit_exceeded', 'Three test messages an hour; nothing was sent.', {
      details: { retryAfterSeconds: expiresInSeconds },
    });
  const { appName, origins } = kernel.settings;
  const tell = (name: 'notice-sent' | 'notice-failed') =>
    kernel.tell({ ...aboutUser(asker.user.id), hints: asker.hints, signIn: asker.signIn }, [
      { name, kind, actor: 'admin', by, detail: { what: counter } },
    ]);
  try {
    await bound.factor.sendTest({ to: bound.to, appName, origins, locale: asker.locale, now: kernel.now() });
    tell('notice-sent');
  } catch (error) {
    tell('notice-failed');
    if (isMfaError(error)) throw error;
    throw new MfaError('connector.send_failed', 'The sender failed.', { cause: error });
  }
}
