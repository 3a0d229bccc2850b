// Reads the options that e-mail and SMS codes share, once, at start-up. Says what was received and what to do; knows
// neither channel's own options.
import { checkOptionNames } from '../../core/words/unknown-option.js';
import type { Channel, Sender } from '../../core/kernel/ports.js';
import { invalid, shown } from './misuse.js';
import { parseTemplates } from './templates.js';
import type { Templates } from './templates.js';

/** The options that `emailCode` and `smsCode` share. */
export type CodeOptions = {
  /** Delivers the messages; its channel must be the factor's. */
  sender: Sender;
  /** Digits of a code, 6–10 (default 6; NIST SP 800-63B-4 §3.1.3.2: at least 6). */
  digits?: number;
  /** Life of a code in seconds, 60–3600 for e-mail, 60–600 for SMS (default 600; NIST SP 800-63B-4 §3.1.3.2). */
  expiresInSeconds?: number;
  /** Wrong answers per code, 1–10 (default 5). */
  tries?: number;
  /** Messages of your own, by usage and language; what is not listed stays as it is. */
  templates?: Templates;
  /** The language where there is no message in the person's (default `en`). */
  defaultLocale?: string;
  /** Messages of this factor per hour over all users, so that a flood has a known price (default: no cap). */
  maxPerHour?: number;
  /** Messages per hour and network prefix, /24 or /64 (default 30); more where many people share one address. */
  maxPerNetworkPerHour?: number;
};

export type CodeSettings = {
  sender: Sender;
  digits: number;
  lifeSeconds: number;
  tries: number;
  templates: Templates;
  defaultLocale: string;
  maxPerHour: number;
  maxPerNetworkPerHour: number;
};

const sharedNames = [
  'sender',
  'digits',
  'expiresInSeconds',
  'tries',
  'templates',
  'defaultLocale',
  'maxPerHour',
  'maxPerNetworkPerHour',
];

/**
 * @param factory the name that the host app called, for messages
 * @param ownNames the options that only this factor has
 * @throws MfaError `config.unknown_option`, `config.invalid_option`
 */
export function parseCodeOptions(
  factory: string,
  options: CodeOptions,
  rules: { channel: Channel; maxLifeSeconds: number; ownNames: readonly string[] },
): CodeSettings {
  refuseUnknown(factory, options, [...sharedNames, ...rules.ownNames]);
  const locale = options.defaultLocale ?? 'en';
  if (typeof locale !== 'string' || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale)) {
    throw invalid(`${factory}: defaultLocale must be a language tag such as 'en' or 'pt-BR'.`);
  }
  return {
    sender: parseSender(factory, options.sender, rules.channel),
    digits: whole(factory, 'digits', options.digits, 6, [6, 10]),
    lifeSeconds: whole(factory, 'expiresInSeconds', options.expiresInSeconds, 600, [60, rules.maxLifeSeconds]),
    tries: whole(factory, 'tries', options.tries, 5, [1, 10]),
    templates: parseTemplates(factory, options.templates ?? {}),
    defaultLocale: locale,
    maxPerHour: whole(factory, 'maxPerHour', options.maxPerHour, Infinity, [1, 1e9]),
    maxPerNetworkPerHour: whole(factory, 'maxPerNetworkPerHour', options.maxPerNetworkPerHour, 30, [1, 1e9]),
  };
}

function refuseUnknown(factory: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw invalid(`${factory} needs an object of options with a sender, received ${typeof options}.`);
  }
  checkOptionNames(factory, options, known);
}

function parseSender(factory: string, sender: unknown, channel: Channel): Sender {
  const given = sender as Partial<Sender> | null | undefined;
  if (typeof given?.send !== 'function') {
    throw invalid(`${factory} needs a sender: an object with channel '${channel}' and a send method.`);
  }
  if (given.channel !== channel) {
    throw invalid(`${factory} needs a sender of channel '${channel}', received one of '${String(given.channel)}'.`);
  }
  return sender as Sender;
}

function whole(factory: string, name: string, given: unknown, byDefault: number, range: [number, number]): number {
  if (given === undefined) return byDefault;
  if (typeof given === 'number' && Number.isInteger(given) && given >= range[0] && given <= range[1]) return given;
  throw invalid(
    `${factory}: ${name} must be a whole number from ${range[0]} to ${range[1]}, received ${shown(given)}.`,
  );
}
