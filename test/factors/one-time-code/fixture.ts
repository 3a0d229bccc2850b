// E-mail and SMS codes on the real flows: a kernel, the factor with an outbox as its sender, and sessions that ask.
import { issueChallenge } from '../../../src/core/flows/challenge.js';
import { confirmEnrollment } from '../../../src/core/flows/confirm-enrollment.js';
import { beginEnrollment } from '../../../src/core/flows/enroll.js';
import type { FactorContext } from '../../../src/core/kernel/factor.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import { contextOf } from '../../../src/core/kernel/kernel.js';
import type { Asker } from '../../../src/core/kernel/kernel.js';
import type { Outcome } from '../../../src/core/words/outcome.js';
import type { Channel } from '../../../src/core/kernel/ports.js';
import { verify } from '../../../src/core/flows/verify.js';
import { emailCode } from '../../../src/factors/email/email-code.js';
import type { AddressData } from '../../../src/factors/one-time-code/address.js';
import type { CodeOptions } from '../../../src/factors/one-time-code/options.js';
import { smsCode } from '../../../src/factors/sms/sms-code.js';
import type { SmsCodeOptions } from '../../../src/factors/sms/sms-code.js';
import { outboxSender } from '../../../src/senders/outbox-sender.js';
import { testKernel } from '../../support/core-kernel.js';
import type { TestKernel, TestKernelOptions } from '../../support/core-kernel.js';
import { addresses, wrongFor } from '../../support/addresses.js';

export type CodesOptions = Partial<Omit<SmsCodeOptions, 'sender'>> & { sender?: CodeOptions['sender'] };

export type Session = {
  asker: Asker;
  context: FactorContext;
  begin(address?: string): ReturnType<typeof beginEnrollment>;
  confirm(code: string): ReturnType<typeof confirmEnrollment>;
  send(): ReturnType<typeof issueChallenge>;
  answer(code: string): ReturnType<typeof verify>;
};

/** One app with one of the two factors. `beside`: another process of it, with the same database. */
export function startCodes(kind: Channel, options: CodesOptions = {}, kernelOptions: TestKernelOptions = {}) {
  const outbox = outboxSender(kind, { limit: 1000 });
  const own = { sender: outbox, ...options };
  const factor = kind === 'email' ? emailCode(own) : smsCode(own);
  const kernel: TestKernel = testKernel({ ...kernelOptions, factors: [factor] });
  const session = (flowId = 'flow', user: Partial<MfaUser> = {}, ip = '192.0.2.7'): Session => {
    const asker: Asker = {
      user: { id: 'ann', label: 'ann', ...user },
      signIn: {
        userId: user.id ?? 'ann',
        flowId,
        startedAt: kernel.clock.now,
        moment: 'sign-in',
        proofs: [],
        csrf: 'csrf',
      },
      locale: user.locale ?? 'en',
      hints: { ip },
    };
    return {
      asker,
      get context() {
        return contextOf(kernel, asker);
      },
      begin: (address = addresses[kind]) => beginEnrollment(kernel, asker, kind, { address }, 'anew'),
      confirm: (code) => confirmEnrollment(kernel, asker, kind, { code }),
      send: () => issueChallenge(kernel, asker, kind),
      answer: (code) => verify(kernel, asker, kind, { code }),
    };
  };
  const lastCode = () => outbox.messages.at(-1)?.code ?? '';
  return {
    kind,
    factor,
    outbox,
    kernel,
    session,
    lastCode,
    wrongCode: () => wrongFor(lastCode()),
    /** The stored data of a user's authenticator. */
    dataOf: async (userId = 'ann') => (await kernel.recordOf(userId)).authenticators[0]?.data as unknown as AddressData,
    /** Binds the address in a session of its own, then lets the cool-down pass. @returns the cookie of that browser */
    async bind(userId = 'ann', address: string = addresses[kind]) {
      const setUp = session('set-up', { id: userId });
      must(await setUp.begin(address));
      const confirmed = await setUp.confirm(lastCode());
      must(confirmed);
      kernel.clock.now += 60;
      outbox.clear();
      return (confirmed.accepted && confirmed.knownBrowser) || '';
    },
  };
}

export type Codes = ReturnType<typeof startCodes>;

export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.accepted) throw new Error(`refused: ${outcome.reason} ${JSON.stringify(outcome.details)}`);
  return outcome;
}
