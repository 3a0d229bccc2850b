// send-test: one message with the code 000000 through a sender of the app, to see whether it arrives.
import { isMfaError } from '../core/words/errors.js';
import type { Factor } from '../core/kernel/factor.js';
import type { CodeFactor } from '../factors/one-time-code/code-factor.js';
import type { MfaCore } from '../mfa.js';
import { UsageError } from './usage-error.js';
import { textOf, type Command } from './command.js';
import { Failure } from './configuration.js';

/** Senders that deliver to nobody. */
const development = ['console', 'outbox'];

export const sendTestCommand: Command = {
  name: 'send-test',
  summary: 'sends one message with the code 000000, to check a sender',
  positionals: [],
  options: {
    to: { type: 'string', value: 'ADDRESS', summary: 'an e-mail address, or a phone number as +41791234567' },
    channel: { type: 'string', value: 'email|sms', summary: 'where the app has both and the address does not tell' },
    locale: { type: 'string', value: 'TAG', summary: 'the language of the message, default en' },
  },
  examples: ['send-test --to ops@example.com', 'send-test --to +41791234567 --channel sms --locale de'],
  needs: 'configuration',
  async run({ mfa, values, terminal }) {
    const to = textOf(values, 'to');
    if (to === undefined) throw new UsageError('--to ADDRESS is missing.', 'send-test');
    const factor = factorFor(mfa, textOf(values, 'channel'), to);
    const { appName, origins } = mfa.kernel.settings;
    const sender = factor.sender.name ?? 'its own';
    try {
      const locale = textOf(values, 'locale') ?? 'en';
      await factor.sendTest({ to, appName, origins, locale, now: mfa.kernel.now() });
    } catch (error) {
      if (!isMfaError(error) || error.code !== 'request.invalid') throw error;
      throw new UsageError(`${to} is no address that ${factor.channel} messages can go to.`, 'send-test');
    }
    const delivered = !development.includes(sender);
    if (terminal.json) terminal.say(JSON.stringify({ sent: true, to, channel: factor.channel, sender, delivered }));
    else {
      terminal.say(`Handed over to the sender "${sender}" (${factor.channel}).`);
      if (!delivered) terminal.say('That one is for development: nothing was delivered.');
    }
    return 0;
  },
};

function factorFor({ config }: MfaCore, channel: string | undefined, to: string): CodeFactor {
  if (channel !== undefined && channel !== 'email' && channel !== 'sms') {
    throw new UsageError('--channel takes email or sms.', 'send-test');
  }
  const factors = config.factors.filter(isCodeFactor);
  const byAddress = channel ?? (to.includes('@') ? 'email' : 'sms');
  const wanted = factors.find((factor) => factor.channel === byAddress);
  if (wanted) return wanted;
  const has =
    factors.length > 0
      ? `It has ${factors.map((factor) => factor.channel).join(' and ')}.`
      : 'It sends nothing at all.';
  throw new Failure(`The app has no factor that sends by ${byAddress}. ${has}`);
}

function isCodeFactor(factor: Factor): factor is CodeFactor {
  return 'sendTest' in factor && 'sender' in factor;
}
