// The bound address as an authenticator's data: sealed at rest, with its mask beside it, and what became of the codes
// sent to it. Also says which address a record holds now.
import type { FactorContext, SealedValue } from '../../core/kernel/factor.js';
import type { SealedFor } from '../../core/kernel/ports.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';

/** What the record knows of one code: wrong answers, or that it was used; forgotten after `until`, Unix seconds. */
export type CodeTally = { wrong: number; done?: true; until: number };

export type AddressData = {
  /** Sealed for the user, `addressId` and the kind. */
  address: string;
  /** Random; names this binding, so that a code sent to the address before fits no other. */
  addressId: string;
  masked: string;
  /** By code id; several sessions may have a code each. At most as many as were sent in twice a code's life. */
  codes: { [codeId: string]: CodeTally };
  /** The code that was accepted last: what is counted "without success" starts anew with it. */
  lastCodeId?: string;
  /** The host app verified it; when the host's address changes, this one follows. */
  vouched?: true;
};

export type Bound = Omit<Authenticator, 'data'> & { data: AddressData };

/** The one bound address, if any. */
export function boundOf(own: readonly Authenticator[]): Bound | undefined {
  return own[0] as unknown as Bound | undefined;
}

export function sealAddress(context: FactorContext, kind: string, addressId: string, address: string): string {
  return context.sealer.seal(address, belongsTo(context.user.id, kind, addressId));
}

/** @throws MfaError `store.unavailable` when it was sealed with a secret that this process does not have */
export function openAddress(
  context: FactorContext,
  kind: string,
  bound: { address: string; addressId: string },
): string {
  return context.sealer.open(bound.address, belongsTo(context.user.id, kind, bound.addressId));
}

/** The address as it is stored, for whoever seals it anew. */
export function sealedIn(kind: string, userId: string, authenticator: Authenticator): SealedValue {
  const { data } = authenticator as unknown as Bound;
  const place = belongsTo(userId, kind, data.addressId);
  return { value: data.address, belongsTo: place, with: (address) => asJson({ ...data, address }) };
}

function belongsTo(userId: string, kind: string, addressId: string): SealedFor {
  return { userId, authenticatorId: addressId, purpose: `address:${kind}` };
}

/** Data for an address that was never bound before. */
export function newAddress(context: FactorContext, kind: string, address: string, masked: string): AddressData {
  const addressId = context.random.token();
  return { address: sealAddress(context, kind, addressId, address), addressId, masked, codes: {} };
}

/** The data with one code's tally changed and those of lapsed codes gone. */
export function withTally(data: AddressData, codeId: string, tally: CodeTally, now: number): AddressData {
  const kept = Object.entries(data.codes).filter(([id, { until }]) => id !== codeId && until > now);
  return { ...data, codes: { ...Object.fromEntries(kept), [codeId]: tally } };
}

/** As the record stores it. */
export function asJson(data: AddressData): Json {
  return data;
}
