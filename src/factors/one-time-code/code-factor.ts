// Puts a factor together from a channel: what `emailCode` and `smsCode` return. Adds to the interface of a factor what
// only the assembly needs: a test message, notices, and a bound address that follows the host app's.
import type { Factor, FactorContext } from '../../core/kernel/factor.js';
import type { Sender } from '../../core/kernel/ports.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { asJson, boundOf, newAddress, openAddress, sealedIn } from './address.js';
import type { AddressData } from './address.js';
import { isElsewhere, issueCode, judgeCode, weighCode } from './challenge.js';
import type { CodeEvidence } from './challenge.js';
import type { CodeChannel } from './channel.js';
import { parseCode } from './code.js';
import type { CodeAnswer } from './code.js';
import { adoptAddress, createEnrollment } from './enrollment.js';
import type { BindEvidence } from './enrollment.js';
import { adoptImported } from './imported-address.js';
import type { Rendered, ValuesIn } from './messages.js';
import { mergeTemplates, parseTemplates } from './templates.js';
import type { Templates, Usage } from './templates.js';
import type { CodeSettings } from './options.js';
import { sendTest } from './send-test.js';
import type { TestMessage } from './send-test.js';

export interface CodeFactor extends Factor<CodeAnswer, CodeEvidence, CodeAnswer, BindEvidence> {
  readonly channel: 'email' | 'sms';
  readonly sender: Sender;
  /** Renders a message of this channel that carries no code, a notice; the host app's templates come first. */
  render(usage: Usage, locale: string, valuesIn: ValuesIn): Rendered;
  /** The address that the host app has verified, in its normal form; `undefined` where none can be used. */
  vouchedAddress(context: FactorContext): string | undefined;
  /** The bound address in clear, for delivering a notice, and for its owner's own eyes once they are elevated. */
  addressOf(context: FactorContext, authenticator: Authenticator): string;
  /** One address in its normal form; `undefined` where no message may go to it. */
  normalAddress(address: string): string | undefined;
  /**
   * The data that a bound address takes when the host app's verified address is another one now; `undefined` where it
   * is the same, where there is none, or where the person bound an address of their own.
   */
  follow(context: FactorContext, authenticator: Authenticator): Json | undefined;
  /**
   * The same factor with templates of the whole app; its own come first.
   * @throws MfaError `config.unknown_option`, `config.invalid_option`
   */
  withTemplates(templates: Templates): CodeFactor;
  /** Sends a `Generic` message with the code 000000, to check a configuration. */
  sendTest(message: TestMessage): Promise<void>;
}

export function createCodeFactor(channel: CodeChannel, settings: CodeSettings): CodeFactor {
  const { kind } = channel;
  const addressOf = (context: FactorContext, own: Authenticator) => openAddress(context, kind, dataOf(own));
  const vouched = (context: FactorContext, address: string) =>
    asJson({ ...newAddress(context, kind, address, channel.mask(address)), vouched: true });
  return {
    kind,
    rank: 'primary',
    strength: 1,
    channel: kind,
    ...(channel.amr === undefined ? {} : { amr: channel.amr }),
    wrong: 'verification_code.code_mismatch',
    guessable: true,
    ...(kind === 'sms' ? { onPhone: true as const } : {}),
    ceremony: { tries: settings.tries },
    challengeTtlSeconds: 2 * settings.lifeSeconds,
    inForce: { digits: settings.digits, expiresInSeconds: settings.lifeSeconds, tries: settings.tries },
    sender: settings.sender,
    render: (usage, locale, valuesIn) => channel.render(settings, usage, locale, valuesIn, { origins: [] }),
    parse: (body) => parseCode(body, settings.digits),
    issue: (context, own) => issueCode(context, channel, settings, own),
    voided: (own, begun) => (isElsewhere(own, begun) ? channel.mismatch : undefined),
    weigh: async (context, own, answer, begun) => weighCode(context, channel, own, answer, begun),
    judge: (context, own, evidence) => judgeCode(context, channel, settings, own, evidence),
    standing: () => ({ state: 'usable' }),
    enrollment: createEnrollment(channel, settings),
    describe: (_context, own) => ({ masked: dataOf(own).masked }),
    adopt: async (context) => {
      const address = adoptAddress(context, channel);
      return address === undefined ? undefined : vouched(context, address);
    },
    adoptSecret: async (context, own, input) => adoptImported(context, channel, own, input),
    sealed: (userId, own) => sealedIn(kind, userId, own),
    vouchedAddress: (context) => adoptAddress(context, channel),
    addressOf,
    maskOf: (address) => channel.mask(address),
    normalAddress: (typed) => {
      const parsed = channel.parseAddress(typed);
      return 'hint' in parsed ? undefined : parsed.address;
    },
    follow: (context, own) => {
      const address = adoptAddress(context, channel);
      if (address === undefined || !dataOf(own).vouched || address === addressOf(context, own)) return undefined;
      return vouched(context, address);
    },
    withTemplates: (templates) =>
      createCodeFactor(channel, {
        ...settings,
        templates: mergeTemplates(parseTemplates('createMfa', templates), settings.templates),
      }),
    sendTest: (message) => sendTest(channel, settings, message),
    ...(channel.check ? { check: channel.check.bind(channel) } : {}),
  };
}

function dataOf(own: Authenticator): AddressData {
  return (boundOf([own]) as { data: AddressData }).data;
}
