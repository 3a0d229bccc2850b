// Sends one code: reserve in every limit, draw, render, deliver. What the ceremony keeps of it is a digest; the code
// itself is in the message and nowhere else.
import { isIP } from 'node:net';
import { isMfaError, MfaError } from '../../core/words/errors.js';
import type { Begun, FactorContext } from '../../core/kernel/factor.js';
import type { Message, Sender } from '../../core/kernel/ports.js';
import type { Json } from '../../core/words/json.js';
import type { CodeChannel } from './channel.js';
import { digestCode, drawCode } from './code.js';
import type { CodePurpose } from './code.js';
import { reserveSend, resendAfterSeconds } from './limits.js';
import type { Reservation } from './limits.js';
import type { CodeSettings } from './options.js';
import { clockInWords, timeInWords } from '../../core/words/times.js';
import type { Usage, Values } from './templates.js';

/** The secret half of a code that was sent. */
export type Pending = {
  codeId: string;
  /** Keyed digest of the code, and the id of the secret that made it. */
  digest: string;
  keyId: string;
  purpose: CodePurpose;
  /** The binding in the record that it was sent for; in an enrolment, the one to come. */
  addressId: string;
  /** Only in an enrolment: the address, sealed, and its mask. */
  address?: string;
  masked: string;
  sentAt: number;
  expiresAt: number;
  /** When the ceremony lapses, twice a life after sending: until then `expired` differs from `not_found`. */
  keptUntil: number;
};

/** The half that a page may show. Times are Unix seconds; `number` says which code counts. */
export type ShownCode = {
  masked: string;
  /** In full, to whoever typed it a moment ago; of an address that was known before only `masked`. */
  address?: string;
  sentAt: number;
  expiresAt: number;
  resendAfter: number;
  number: number;
  digits: number;
};

export type SendRequest = {
  purpose: CodePurpose;
  address: string;
  addressId: string;
  /** Only in an enrolment. */
  sealed?: string;
  since: string;
};

const usageOf: { [purpose in CodePurpose]: Usage } = {
  verify: 'MfaVerification',
  bind: 'BindMFA',
  confirm: 'MfaVerification',
};

/**
 * Sends a code and says what to keep of it.
 * @throws MfaError `connector.rate_limit_exceeded`, `connector.send_failed`, `connector.template_not_found`
 */
export async function sendCode(
  context: FactorContext,
  channel: CodeChannel,
  settings: CodeSettings,
  request: SendRequest,
): Promise<Begun> {
  const { kind } = channel;
  const { purpose, address, addressId } = request;
  const { maxPerHour, maxPerNetworkPerHour, digits, lifeSeconds } = settings;
  const mailbox = channel.mailboxOf(address);
  const limits = { kind, purpose, mailbox, since: request.since, maxPerHour, maxPerNetworkPerHour };
  const reservation = await reserveSend(context, limits);

  const code = drawCode(context.random, digits);
  const codeId = context.random.token(9);
  const sentAt = context.now;
  const expiresAt = sentAt + lifeSeconds;
  const shown: ShownCode = {
    masked: channel.mask(address),
    ...(purpose === 'bind' ? { address } : {}),
    sentAt,
    expiresAt,
    resendAfter: sentAt + resendAfterSeconds,
    number: reservation.number,
    digits,
  };
  await deliver(settings.sender, reservation, () => {
    const valuesIn = (language: string) => codeValues(context, shown, code, language);
    const about = { origins: context.origins, code };
    const rendered = channel.render(settings, usageOf[purpose], context.locale, valuesIn, about);
    const expiresInMinutes = Math.ceil(lifeSeconds / 60);
    return { to: address, usage: usageOf[purpose], ...rendered, code, expiresInMinutes, ...hintsOf(context) };
  });
  const secret: Pending = {
    codeId,
    digest: digestCode(context, { kind, purpose, codeId, address }, code),
    keyId: context.sealer.keyId,
    purpose,
    addressId,
    ...(request.sealed === undefined ? {} : { address: request.sealed }),
    masked: shown.masked,
    sentAt,
    expiresAt,
    keptUntil: sentAt + 2 * lifeSeconds,
  };
  return {
    secret: secret as unknown as Json,
    shown,
    happened: [{ name: 'code-sent', detail: { number: shown.number } }],
  };
}

function hintsOf(context: FactorContext): Pick<Message, 'appName' | 'ip'> {
  return { appName: context.appName, ...(context.ip === undefined ? {} : { ip: context.ip }) };
}

export function codeValues(context: FactorContext, shown: ShownCode, code: string, language: string): Values {
  const { timeZone } = context.user;
  return {
    appName: context.appName,
    code,
    minutes: String(Math.ceil((shown.expiresAt - shown.sentAt) / 60)),
    until: timeInWords(shown.expiresAt, language, 'dateTime', timeZone),
    time: timeInWords(shown.sentAt, language, 'dateTime', timeZone),
    clock: clockInWords(shown.sentAt, timeZone),
    number: String(shown.number),
    address: shown.masked,
    // A forged header is no address; only what is one is repeated to the person.
    ...(context.ip !== undefined && isIP(context.ip) !== 0 ? { ip: context.ip } : {}),
  };
}

/** What was reserved is given back only where surely nothing was delivered: else retrying would be a way to send more. */
async function deliver(sender: Sender, reservation: Reservation, compose: () => Message): Promise<void> {
  let message: Message;
  try {
    message = compose();
  } catch (error) {
    await reservation.giveBack();
    throw error;
  }
  // Nobody waits for what only tidies up: it is done long before the message is out.
  reservation.settle().catch(() => undefined);
  try {
    await sender.send(message);
  } catch (error) {
    if (!isMfaError(error)) {
      throw new MfaError('connector.send_failed', `The ${sender.channel} sender failed.`, { cause: error });
    }
    if (error.details.definite === true) await reservation.giveBack();
    throw error;
  }
}
