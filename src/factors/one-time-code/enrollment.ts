// Binding an address by a code that was sent to it. There is no authenticator yet to count tries in: each answer takes
// one of the code's tries from a counter in the store before it is compared, so parallel guesses are bounded too.
import type { Begun, EnrollmentVerdict, FactorContext, FactorEnrollment, Malformed } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';
import { addressTyped } from '../../core/words/typed-text.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { asJson, boundOf, newAddress, openAddress } from './address.js';
import { sinceOf } from './challenge.js';
import type { CodeChannel } from './channel.js';
import { digestCode, parseCode } from './code.js';
import type { CodeAnswer } from './code.js';
import type { CodeSettings } from './options.js';
import { sendCode } from './sending.js';
import type { Pending } from './sending.js';

export type BindEvidence =
  | { state: 'expired'; expiredAt: number }
  | { state: 'spent' }
  | { state: 'compared'; right: boolean; remaining: number; pending: Pending };

/**
 * What a flow begins with. `confirm`: a code to an address that the host app knows, before a first enrolment; it binds
 * nothing, is no new address, and comes from the flow, never from a request: `parseBegin` makes no such input.
 */
export type BeginInput = { address: string; purpose?: 'bind' | 'confirm' };

export function createEnrollment(
  channel: CodeChannel,
  settings: CodeSettings,
): FactorEnrollment<CodeAnswer, BindEvidence> {
  return {
    ceremony: { tries: settings.tries },
    ttlSeconds: 2 * settings.lifeSeconds,
    limit: 1,
    beginsOnPage: false,
    parseBegin: (body) => parseBegin(channel, body),
    begin: (context, own, input) => begin(context, channel, settings, own, input as BeginInput),
    parse: (body) => parseCode(body, settings.digits),
    weigh: (context, _own, answer, begun) => weigh(context, channel, settings, answer, begun),
    judge,
  };
}

function parseBegin(channel: CodeChannel, body: Json): { address: string } | Malformed {
  const typed = typeof body === 'object' && body !== null && !Array.isArray(body) ? body.address : undefined;
  const parsed = channel.parseTyped(typeof typed === 'string' ? addressTyped(typed) : typed);
  return 'hint' in parsed ? { malformed: true, details: { field: 'address', hint: parsed.hint } } : parsed;
}

async function begin(
  context: FactorContext,
  channel: CodeChannel,
  settings: CodeSettings,
  own: readonly Authenticator[],
  input: BeginInput,
): Promise<Begun> {
  const purpose = input.purpose ?? 'bind';
  const data = newAddress(context, channel.kind, input.address, channel.mask(input.address));
  return sendCode(context, channel, settings, {
    purpose,
    address: input.address,
    addressId: data.addressId,
    sealed: data.address,
    since: sinceOf(boundOf(own)),
  });
}

async function weigh(
  context: FactorContext,
  channel: CodeChannel,
  settings: CodeSettings,
  answer: CodeAnswer,
  begun: Begun,
): Promise<BindEvidence> {
  const pending = begun.secret as Pending;
  const { codeId, purpose, keyId, expiresAt } = pending;
  if (context.now >= expiresAt) return { state: 'expired', expiredAt: expiresAt };
  const key = `code:tries:${channel.kind}:${codeId}`;
  const { count } = await context.store.increment(context.user.id, key, 2 * settings.lifeSeconds);
  if (count > settings.tries) return { state: 'spent' };
  const { kind } = channel;
  const address = openAddress(context, kind, { address: pending.address ?? '', addressId: pending.addressId });
  const digest = digestCode(context, { kind, purpose, codeId, address }, answer.code, keyId);
  const right = context.sealer.equal(digest, pending.digest);
  return { state: 'compared', right, remaining: settings.tries - count, pending };
}

function judge(_context: FactorContext, own: readonly Authenticator[], evidence: BindEvidence): EnrollmentVerdict {
  if (evidence.state === 'expired') {
    const details = { expiredAt: evidence.expiredAt };
    return { is: 'wrong', reason: 'verification_code.expired', attempt: false, details };
  }
  if (evidence.state === 'spent') {
    const details = { remainingAttempts: 0 };
    return { is: 'wrong', reason: 'verification_code.exceed_max_try', attempt: false, details };
  }
  const { right, remaining, pending } = evidence;
  if (!right) {
    return { is: 'wrong', reason: 'verification_code.code_mismatch', details: { remainingAttempts: remaining } };
  }
  const { address = '', addressId, masked } = pending;
  return {
    is: 'right',
    data: asJson({ address, addressId, masked, codes: {} }),
    replaces: own.map(({ id }) => id),
  };
}

/** The address that the host app has verified, normalised; `undefined` where there is none or it cannot be used. */
export function adoptAddress(context: FactorContext, channel: CodeChannel): string | undefined {
  const verified = channel.verifiedOf(context.user);
  const parsed = verified === undefined ? undefined : channel.parseAddress(verified);
  return parsed === undefined || 'hint' in parsed ? undefined : parsed.address;
}
