// The options of smtpSender, and what nodemailer makes of them. Knows no mail and imports no library.
import type { ConnectionOptions } from 'node:tls';
import type { Mailbox } from './address.js';
import type { OptionReader } from './sender-options.js';
import { isLoopback } from './sender-options.js';
import { urlOf } from '../core/words/url.js';

/** Options of smtpSender. */
export type SmtpOptions = {
  /** `Acme <no-reply@acme.example>`; the address is the envelope's sender as well. */
  from: string | Mailbox;
  replyTo?: string | Mailbox;
  /** `smtps://user:password@smtp.acme.example`, in place of host, port, secure and auth. */
  transport?: string | undefined;
  host?: string | undefined;
  /** Default 587, or 465 with `secure`. */
  port?: number;
  /** TLS from the first octet (port 465). Default false: STARTTLS. */
  secure?: boolean;
  auth?:
    { user: string | undefined; pass: string | undefined } | { type: 'OAuth2'; user: string; [name: string]: unknown };
  /** For `tls.connect`, say `{ ca }` for a private authority. */
  tls?: ConnectionOptions;
  /**
   * Refuses a server without STARTTLS: else whoever sits in between strips it and reads password and codes. Default
   * true, except on this machine.
   */
  requireTls?: boolean;
  /** Connections kept open. Default 5. */
  maxConnections?: number;
  /** For one message, from connecting to the server's last word. Default 10000. */
  timeoutMs?: number;
};

/** Settings of nodemailer's pooled SMTP transport. */
export type SmtpSettings = { [name: string]: unknown };

/** The names of all options. */
export const smtpOptionNames = [
  'from',
  'replyTo',
  'transport',
  'host',
  'port',
  'secure',
  'auth',
  'tls',
  'requireTls',
  'maxConnections',
  'timeoutMs',
];

/**
 * Where to connect, and how patiently.
 * @throws MfaError `config.invalid_option`.
 */
export function readSmtpSettings(options: SmtpOptions, read: OptionReader): SmtpSettings {
  return { ...readServer(options, read), ...limits(read.timeoutMs()), pool: true };
}

function readServer(options: SmtpOptions, { text, fail }: OptionReader): SmtpSettings {
  const { transport, port, secure = false, auth, tls, requireTls, maxConnections = 5 } = options;
  if (!Number.isInteger(maxConnections) || maxConnections < 1) fail('maxConnections', 'a whole number above 0');
  const shared = { maxConnections, ...(tls === undefined ? {} : { tls }) };
  if (transport !== undefined) {
    const taken = (['host', 'port', 'secure', 'auth'] as const).find((name) => options[name] !== undefined);
    if (taken !== undefined) fail(taken, 'absent where transport is given');
    const wanted = 'an address such as smtps://user:password@smtp.acme.example';
    const url = urlOf(text('transport', wanted)) ?? fail('transport', wanted);
    if (!/^smtps?:$/.test(url.protocol) || url.hostname === '') fail('transport', wanted);
    const encrypted = url.protocol === 'smtps:' || isLoopback(url.hostname);
    return { ...shared, url: transport, requireTLS: requireTls ?? !encrypted };
  }
  const host = text('host', 'the name of a mail server (or give transport)', /^[\w.:-]+$/);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) fail('port', 'a port number');
  if (typeof secure !== 'boolean') fail('secure', 'true or false');
  if (auth !== undefined && !(auth.user && ('type' in auth || auth.pass))) fail('auth', '{ user, pass }, both given');
  return {
    ...shared,
    host,
    secure,
    ...(port === undefined ? {} : { port }),
    ...(auth === undefined ? {} : { auth }),
    requireTLS: requireTls ?? !(secure || isLoopback(host)),
  };
}

// The signal of each message is the limit that counts; these end the connection behind it. An idle connection is
// given up before a server would, and a message whose connection died before a byte of it went out is offered again.
function limits(timeoutMs: number): SmtpSettings {
  return {
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    maxRequeues: 1,
    idleTimeout: 60_000,
  };
}
