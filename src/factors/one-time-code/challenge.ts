// Verification by a code that was sent. Checked in this order: none pending, wrong address, expired, spent, mismatch,
// accepted. Wrong tries and use are counted in the record, beside the address, so that both are exact under any number
// of parallel answers.
import { MfaError } from '../../core/words/errors.js';
import type { ErrorDetails } from '../../core/words/errors.js';
import type { Begun, FactorContext, Verdict } from '../../core/kernel/factor.js';
import type { Reason } from '../../core/words/outcome.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { asJson, boundOf, openAddress, sealAddress, withTally } from './address.js';
import type { AddressData, Bound } from './address.js';
import type { CodeChannel } from './channel.js';
import { digestCode } from './code.js';
import type { CodeAnswer } from './code.js';
import type { CodeSettings } from './options.js';
import { sendCode } from './sending.js';
import type { Pending } from './sending.js';

/** `resealed`: the address under the newest secret, where the record has it under an older one. */
export type CodeEvidence = { pending?: Pending; right: boolean; resealed?: string };

/** The code whose success the limits start anew with; a new binding has none. */
export function sinceOf(bound: Bound | undefined): string {
  return bound?.data.lastCodeId ?? bound?.data.addressId ?? 'never';
}

/** Sends a code to the address in the record, never to one from the request. */
export async function issueCode(
  context: FactorContext,
  channel: CodeChannel,
  settings: CodeSettings,
  own: readonly Authenticator[],
): Promise<Begun> {
  const bound = boundOf(own);
  const address = bound ? openAddress(context, channel.kind, bound.data) : undefined;
  // Checked again: the countries that the app allows may be fewer than when this number was bound.
  if (!bound || address === undefined || 'hint' in channel.parseAddress(address)) {
    throw new MfaError('session.mfa.mfa_factor_not_enabled', `There is no ${channel.kind} address to send a code to.`);
  }
  const { addressId } = bound.data;
  return sendCode(context, channel, settings, { purpose: 'verify', address, addressId, since: sinceOf(bound) });
}

/** Whether the code went to an address that another one has taken the place of. */
export function isElsewhere(own: readonly Authenticator[], begun: Begun): boolean {
  const bound = boundOf(own);
  return bound !== undefined && bound.data.addressId !== (begun.secret as Pending).addressId;
}

export function weighCode(
  context: FactorContext,
  channel: CodeChannel,
  own: readonly Authenticator[],
  answer: CodeAnswer,
  begun: Begun | undefined,
): CodeEvidence {
  const pending = begun?.secret as Pending | undefined;
  const bound = boundOf(own);
  if (!pending) return { right: false };
  if (bound?.data.addressId !== pending.addressId) return { pending, right: false };
  const { kind } = channel;
  const { purpose, codeId, keyId } = pending;
  const address = openAddress(context, kind, bound.data);
  const digest = digestCode(context, { kind, purpose, codeId, address }, answer.code, keyId);
  const isCurrent = context.sealer.isCurrent(bound.data.address);
  return {
    pending,
    right: context.sealer.equal(digest, pending.digest),
    ...(isCurrent ? {} : { resealed: sealAddress(context, kind, bound.data.addressId, address) }),
  };
}

export function judgeCode(
  context: FactorContext,
  channel: CodeChannel,
  settings: CodeSettings,
  own: readonly Authenticator[],
  evidence: CodeEvidence,
): Verdict {
  const { pending, right, resealed } = evidence;
  const bound = boundOf(own);
  if (!pending) return unevaluated('verification_code.not_found');
  if (bound?.data.addressId !== pending.addressId) return unevaluated(channel.mismatch);
  const { codeId, expiresAt, keptUntil: until } = pending;
  const tally = Object.hasOwn(bound.data.codes, codeId) ? bound.data.codes[codeId] : undefined;
  // Used: as if it had been tidied away already.
  if (tally?.done) return unevaluated('verification_code.not_found');
  if (context.now >= expiresAt) return unevaluated('verification_code.expired', { expiredAt: expiresAt });
  const wrong = tally?.wrong ?? 0;
  if (wrong >= settings.tries) return unevaluated('verification_code.exceed_max_try', { remainingAttempts: 0 });

  const next = (data: AddressData, changed: { wrong: number; done?: true }) =>
    asJson(withTally(data, codeId, { ...changed, until }, context.now));
  if (!right) {
    return {
      is: 'wrong',
      reason: 'verification_code.code_mismatch',
      details: { remainingAttempts: settings.tries - wrong - 1 },
      flag: { authenticatorId: bound.id, data: next(bound.data, { wrong: wrong + 1 }) },
    };
  }
  const data = { ...bound.data, ...(resealed === undefined ? {} : { address: resealed }), lastCodeId: codeId };
  return { is: 'right', authenticatorId: bound.id, data: next(data, { wrong, done: true }) };
}

/** Refused before anything was compared: costs no attempt. */
function unevaluated(reason: Reason, details?: ErrorDetails): Verdict {
  return { is: 'wrong', reason, attempt: false, ...(details === undefined ? {} : { details }) };
}
