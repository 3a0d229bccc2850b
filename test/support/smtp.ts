// A real mail server on this machine, with sign-in and STARTTLS, and a reader of what it received. The certificate is
// made for each run: no key lies in the repository.
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { selfSigned, type Certificate } from './certificate.js';

/** One received message: the envelope, and the parts decoded. Header names are lower case. */
type ReceivedMail = {
  from: string;
  to: string[];
  user: string;
  encrypted: boolean;
  headers: { [name: string]: string };
  subject: string;
  text: string;
  html: string | undefined;
  raw: string;
};

type Refusal = { at: 'connect' | 'mail' | 'recipient' | 'data'; code: number; told: string };

export type MailServer = {
  port: number;
  /** PEM; what a client must trust. */
  certificate: string;
  readonly mails: ReceivedMail[];
  connections(): number;
  /** What it refuses from now on. */
  refuse: Refusal | undefined;
  /** Closes the connections that there are, as a server does that heard nothing for long. */
  hangUp(): void;
  close(): Promise<void>;
};

export const smtpUser = 'relay@acme.example';
export const smtpPassword = 'a-password-of-nobody';

let pair: Certificate | undefined;

/** A certificate for localhost, signed by itself, of this run. */
export const certificate = () => (pair ??= selfSigned());

/** `options` go to smtp-server: `{ secure: true }` for TLS from the first octet, `{ hideSTARTTLS: true }`, … */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let connections = 0;
  const refusal = (at: Refusal['at']): Error | undefined =>
    state.refuse?.at === at
      ? Object.assign(new Error(state.refuse.told), { responseCode: state.refuse.code })
      : undefined;

  const server = new SMTPServer({
    ...certificate(),
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    disableReverseLookup: true,
    closeTimeout: 50,
    onConnect: (_, done) => {
      connections++;
      done(refusal('connect'));
    },
    onAuth: ({ username, password, accessToken }, _, done) => {
      const known = username === smtpUser && (password === smtpPassword || accessToken === smtpPassword);
      if (known) return done(null, { user: username });
      done(Object.assign(new Error('Authentication credentials invalid'), { responseCode: 535 }));
    },
    onMailFrom: (_, __, done) => done(refusal('mail')),
    onRcptTo: (_, __, done) => done(refusal('recipient')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refused = refusal('data');
        if (refused === undefined) mails.push(readMail(Buffer.concat(chunks).toString('utf8'), session));
        done(refused);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that fails before it closes the server must not keep the run from ending.
  server.server.unref();
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  const state: MailServer = {
    port,
    certificate: certificate().cert,
    mails,
    connections: () => connections,
    refuse: undefined,
    hangUp: () => server.connections.forEach((connection) => connection.close()),
    close,
  };
  return state;
}

/** A server that says `greeting` to whoever connects and then nothing more; without, nothing at all. */
export async function startSilentServer(greeting?: string): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (greeting !== undefined) socket.write(`${greeting}\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

type Oddity = {
  /** Waits before every reply. */
  delayMs?: number;
  /** How many connections it closes before it greets. */
  drops?: number;
  /** Takes a whole message and breaks the connection instead of answering. */
  breaks?: boolean;
};

/** A server that speaks just enough SMTP to misbehave in one way. */
export async function startOddServer({ delayMs = 0, drops = 0, breaks = false }: Oddity) {
  const state = { port: 0, taken: 0, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
  let connections = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (connections++ < drops) return void socket.end();
    const say = (line: string) => setTimeout(() => socket.writable && socket.write(`${line}\r\n`), delayMs);
    say('220 mail.example ESMTP');
    socket.on('data', (chunk: Buffer) => {
      const said = chunk.toString('latin1');
      if (/^(EHLO|MAIL|RCPT)/.test(said)) say('250 mail.example');
      else if (said.startsWith('DATA\r\n')) say('354 go on');
      else if (!said.endsWith('\r\n.\r\n')) return;
      else if (breaks) socket.destroy();
      else {
        state.taken++;
        say('250 taken');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  state.port = (server.address() as AddressInfo).port;
  return state;
}

function readMail(raw: string, session: SMTPServerSession): ReceivedMail {
  const [headers, body] = splitEntity(raw);
  const parts = leaves(headers, body);
  const { mailFrom, rcptTo } = session.envelope;
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    user: typeof session.user === 'string' ? session.user : '',
    encrypted: session.secure,
    headers,
    subject: decodeWords(headers.subject ?? ''),
    text: parts.find(([type]) => type === 'text/plain')?.[1] ?? '',
    html: parts.find(([type]) => type === 'text/html')?.[1],
    raw,
  };
}

/** RFC 5322 §2.2: headers, unfolded, and the body after the first empty line. A repeated header fails loudly. */
function splitEntity(raw: string): [headers: { [name: string]: string }, body: string] {
  const end = raw.indexOf('\r\n\r\n');
  const headers: { [name: string]: string } = {};
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    if (name in headers) throw new Error(`The header ${name} came twice.`);
    headers[name] = line.slice(line.indexOf(':') + 1).trim();
  }
  return [headers, raw.slice(end + 4)];
}

/** RFC 2046 §5.1: the leaves of a multipart tree, or the one part there is, decoded. */
function leaves(headers: { [name: string]: string }, body: string): [type: string, content: string][] {
  const type = headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) return [[type.split(';')[0]!.trim(), decodeBody(headers, body)]];
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((part) => leaves(...splitEntity(part.replace(/^\r\n/, '').replace(/\r\n$/, ''))));
}

function decodeBody(headers: { [name: string]: string }, body: string): string {
  const encoding = (headers['content-transfer-encoding'] ?? '7bit').toLowerCase();
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString('utf8')
      : encoding === 'quoted-printable'
        ? unquote(body.replace(/=\r\n/g, ''))
        : body;
  return text.replaceAll('\r\n', '\n').trimEnd();
}

/** RFC 2047: encoded words, of which neighbours join. */
function decodeWords(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString('utf8') : unquote(word.replaceAll('_', ' ')),
    );
}

function unquote(text: string): string {
  const octets = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}
