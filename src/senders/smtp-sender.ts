// E-mail over SMTP, to the host's own mail server or a provider's relay. The only file that knows nodemailer, which is
// loaded when the first message is sent: who uses another sender need not install it.
import type { Transporter } from 'nodemailer';
import type { Message, Sender } from '../core/kernel/ports.js';
import { requireRecipient } from './address.js';
import { automatic, subjectOf } from './email-headers.js';
import { neverReached, redact, sendFailed, throttled } from './failure.js';
import { readOptions } from './sender-options.js';
import type { SmtpOptions, SmtpSettings } from './smtp-settings.js';
import { readSmtpSettings, smtpOptionNames } from './smtp-settings.js';

/** `close` ends the idle connections, which otherwise keep a process alive for a minute. */
export type SmtpSender = Sender & {
  /** Ends the idle connections. */
  close(): Promise<void>;
};

/** What nodemailer says of a failed send; `responseCode` is there only if the server answered. */
type SmtpFailure = {
  code?: string;
  /** What Node.js said, where nodemailer says ESOCKET. */
  originalCode?: string;
  responseCode?: number;
  response?: string;
  message?: string;
};

/** Failures before the message was offered: name not found, handshake, sign-in, no such recipient. */
const beforeTheMessage = new Set([
  'EDNS',
  'ETLS',
  'EAUTH',
  'ENOAUTH',
  'EOAUTH2',
  'EENVELOPE',
  'ECONFIG',
  'EREQUIRETLS',
]);

/**
 * Sends e-mail over SMTP (RFC 5321) with pooled connections, by nodemailer (https://nodemailer.com/smtp/).
 *
 * A server's "later" is a throttle, `connector.rate_limit_exceeded`: 421, 450 and 452, which relays use for rates and
 * quotas, and 451 and 454 where the words say so. Every other reply is `connector.send_failed`, `definite`: a server
 * that answered anything but 250 after the data has not taken the message over (RFC 5321 §6.1).
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function smtpSender(options: SmtpOptions): SmtpSender {
  const read = readOptions('smtpSender', options, smtpOptionNames);
  const from = read.mailbox('from');
  const replyTo = read.optionalMailbox('replyTo');
  const timeoutMs = read.timeoutMs();
  const settings = readSmtpSettings(options, read);
  const secrets = [options.transport, (options.auth as { pass?: string } | undefined)?.pass].filter(
    (s) => s !== undefined,
  );
  let transporter: Promise<Transporter> | undefined;

  return {
    name: 'smtp',
    channel: 'email',
    async send(message) {
      const to = requireRecipient('smtp', 'email', message.to);
      transporter ??= connect(settings);
      const pool = await transporter.catch((error: unknown) => {
        transporter = undefined;
        throw error;
      });
      const mail = {
        from: { name: from.name ?? '', address: from.address },
        // The object form is never parsed, so a comma or an angle bracket in it could not make two recipients.
        to: { name: '', address: to },
        envelope: { from: from.address, to: [to] },
        ...(replyTo === undefined ? {} : { replyTo: { name: replyTo.name ?? '', address: replyTo.address } }),
        subject: subjectOf(message),
        text: message.text,
        ...(message.html === undefined ? {} : { html: message.html }),
        headers: { [automatic.name]: automatic.value },
        signal: AbortSignal.timeout(timeoutMs),
      };
      await pool.sendMail(mail).catch((error: unknown) => {
        throw translate(error as SmtpFailure, message, secrets, timeoutMs);
      });
    },
    async close() {
      (await transporter)?.close();
      transporter = undefined;
    },
  };
}

/** Major version: earlier ones know neither these settings nor `signal`. */
const oldest = 6;

async function connect(settings: SmtpSettings): Promise<Transporter> {
  const nodemailer = await import('nodemailer').catch((error: unknown) => {
    const told = 'the package nodemailer cannot be loaded; nothing was sent. Install it: npm install nodemailer';
    throw sendFailed('smtp', told, true, error);
  });
  const transporter = nodemailer.createTransport(settings);
  // Hosts that send no codes may have any version, so none is asked for at installation.
  const { version: told = '' } = transporter.transporter as { version?: string };
  const version = /^[\d.]*/.exec(told)?.[0] ?? '';
  if (Number.parseInt(version, 10) >= oldest) return transporter;
  transporter.close();
  const which = `nodemailer ${version} is installed, and ${oldest} or later is needed`;
  throw sendFailed('smtp', `${which}; nothing was sent. Install it: npm install nodemailer`, true);
}

function translate(error: SmtpFailure, message: Message, secrets: readonly string[], timeoutMs: number): Error {
  const { code = '', responseCode, response = '' } = error;
  if (responseCode !== undefined && responseCode >= 400) {
    const cause = new Error(redact(response, message, secrets));
    const paced = /throttl|\brate\b|quota|too many|\blimit|\b4\.7\.\d/i.test(response);
    const later = [421, 450, 452].includes(responseCode) || ([451, 454].includes(responseCode) && paced);
    if (later) return throttled('smtp', `the server asks to wait (${responseCode}).`, undefined, cause);
    return sendFailed('smtp', `the server refused the message (${responseCode}).`, true, cause);
  }
  const cause = new Error(redact(`${code} ${error.message ?? ''}`, message, secrets));
  if (code === 'EABORT' || code === 'ETIMEDOUT') {
    return sendFailed('smtp', `no answer within ${timeoutMs} ms.`, false, cause);
  }
  const unreached = beforeTheMessage.has(code) || neverReached.has(error.originalCode ?? '');
  return sendFailed('smtp', unreached ? `not sent (${code}).` : `the connection broke (${code}).`, unreached, cause);
}
