// One person with passkeys, a factor and a store: enrols and verifies as the flows do, step by step, so that a test can
// interfere between the steps.
import type { Begun, FactorContext } from '../../src/core/kernel/factor.js';
import { isMalformed } from '../../src/core/kernel/factor.js';
import type { Happened } from '../../src/core/words/events.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import type { Json } from '../../src/core/words/json.js';
import type { Authenticator } from '../../src/core/kernel/record.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { createSealer } from '../../src/crypto/seal.js';
import type { PasskeyData } from '../../src/factors/webauthn/passkey.js';
import type { WebauthnFactor } from '../../src/factors/webauthn/webauthn.js';
import { webauthn } from '../../src/factors/webauthn/webauthn.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import type {
  CreateCeremony,
  CreationOptionsJSON,
  GetCeremony,
  RequestOptionsJSON,
  SoftAuthenticator,
} from '../../src/testing/soft-authenticator.js';

export const origin = 'https://example.org';
export const sealer = createSealer({ secrets: ['a secret of thirty-two bytes, or more'], namespace: 'test' });

/** `'right'`, or the reason and the hint of the refusal. */
type Result = { is: string; hint?: string; expected?: string; happened?: Happened[]; userVerified?: boolean };

type Setting = {
  factor?: WebauthnFactor;
  store?: MfaStore;
  userId?: string;
  origins?: readonly string[];
  now?: number;
};

export type Person = ReturnType<typeof createPerson>;

export function createPerson({ factor = webauthn(), store = memoryStore(), userId = 'ada', ...rest }: Setting = {}) {
  const { origins = [origin], now = 1_800_000_000 } = rest;
  const own: Authenticator[] = [];
  const context: FactorContext = {
    user: { id: userId, label: `${userId}@example.org` },
    now,
    appName: 'Acme',
    locale: 'en',
    origins,
    flowId: `flow of ${userId}`,
    random: cryptoRandom,
    sealer,
    store,
  };

  async function confirm(response: object, begun: Begun): Promise<Result> {
    const { enrollment } = factor;
    const answer = enrollment.parse({ response: response as Json });
    if (isMalformed(answer)) return { is: 'malformed' };
    const verdict = enrollment.judge(context, own, await enrollment.weigh(context, own, answer, begun));
    if (verdict.is !== 'right') return refusal(verdict);
    for (const key of verdict.claims ?? []) {
      if ((await store.claim(key, userId)) !== userId) return { is: verdict.claimed ?? 'claimed' };
    }
    const { name, data, userVerified = false } = verdict;
    const id = cryptoRandom.token();
    own.push({ id, kind: 'webauthn', createdAt: now + own.length, data, ...(name === undefined ? {} : { name }) });
    return { is: 'right', userVerified };
  }

  async function answer(response: object, begun: Begun): Promise<Result> {
    const parsed = factor.parse({ response: JSON.stringify(response) });
    if (isMalformed(parsed)) return { is: 'malformed' };
    const verdict = factor.judge(context, own, await factor.weigh(context, own, parsed, begun));
    if (verdict.is === 'stale') return { is: 'stale' };
    const written = verdict.is === 'right' ? verdict : verdict.flag;
    const happened = written?.happened;
    if (written) own.find(({ id }) => id === written.authenticatorId)!.data = written.data;
    if (verdict.is === 'right') return { is: 'right', userVerified: verdict.userVerified ?? false };
    return { ...refusal(verdict), ...(happened === undefined ? {} : { happened }) };
  }

  return {
    context,
    own,
    factor,
    store,
    begin: () => factor.enrollment.begin(context, own, null),
    issue: () => factor.issue!(context, own),
    confirm,
    answer,
    /** The kept data of the passkey at `index`. */
    passkey: (index = 0) => own[index]!.data as PasskeyData,
    async enroll(authenticator: SoftAuthenticator, ceremony: Partial<CreateCeremony> = {}): Promise<Result> {
      const begun = await factor.enrollment.begin(context, own, null);
      return confirm(await authenticator.create(creationOptions(begun), { origin, ...ceremony }), begun);
    },
    async verify(authenticator: SoftAuthenticator, ceremony: Partial<GetCeremony> = {}): Promise<Result> {
      const begun = await factor.issue!(context, own);
      return answer(await authenticator.get(requestOptions(begun), { origin, ...ceremony }), begun);
    },
  };
}

export function creationOptions({ shown }: Begun): CreationOptionsJSON & { [member: string]: unknown } {
  return shown as never;
}

export function requestOptions({ shown }: Begun): RequestOptionsJSON & { [member: string]: unknown } {
  return shown as never;
}

function refusal(verdict: { is: string; reason?: string; details?: { hint?: string; expected?: string } }): Result {
  const { is, reason = is, details: { hint, expected } = {} } = verdict;
  return { is: reason, ...(hint === undefined ? {} : { hint }), ...(expected === undefined ? {} : { expected }) };
}
