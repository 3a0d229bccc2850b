// The message by which an operator checks a configuration: usage `Generic`, code 000000. It falls under no limit, since
// no person can ask for it.
import { MfaError } from '../../core/words/errors.js';
import type { CodeChannel } from './channel.js';
import type { CodeSettings } from './options.js';
import { clockInWords, timeInWords } from '../../core/words/times.js';

/** `now`: Unix seconds. */
export type TestMessage = { to: string; appName: string; locale: string; origins: readonly string[]; now: number };

/**
 * @throws MfaError `request.invalid` where `to` is no address of this channel, `connector.*` as every sending
 */
export async function sendTest(channel: CodeChannel, settings: CodeSettings, message: TestMessage): Promise<void> {
  const { appName, locale, origins, now } = message;
  const parsed = channel.parseAddress(message.to);
  if ('hint' in parsed) {
    throw new MfaError('request.invalid', `A test message by ${channel.kind} needs one valid address.`, {
      details: { field: 'to', hint: parsed.hint },
    });
  }
  const code = '000000';
  const minutes = Math.ceil(settings.lifeSeconds / 60);
  const valuesIn = (language: string) => ({
    appName,
    code,
    minutes: String(minutes),
    until: timeInWords(now + settings.lifeSeconds, language, 'dateTime'),
    time: timeInWords(now, language, 'dateTime'),
    clock: clockInWords(now),
    number: '1',
    address: channel.mask(parsed.address),
  });
  const rendered = channel.render(settings, 'Generic', locale, valuesIn, { origins, code });
  await settings.sender.send({
    to: parsed.address,
    usage: 'Generic',
    ...rendered,
    code,
    expiresInMinutes: minutes,
    appName,
  });
}
