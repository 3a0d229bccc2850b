// A provider's HTTP server on this machine. A provider's file gives the part that it speaks: it checks the request
// against the provider's documentation and says what was delivered, or answers with the documented refusal.
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Request = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer; host: string };
export type Reply = { status: number; headers?: { [name: string]: string }; body?: string };
export type Delivered = { to: string; text: string; html?: string; subject?: string; from?: string };

/** What a provider's server does next. `hang` never answers, `reset` breaks the connection after the request was read. */
type Mood = 'ok' | 'refuse' | 'throttle' | 'fail' | 'hang' | 'reset';

export type Dialect = {
  /** Checks the request; a Reply where it is wrong, otherwise what it asks to deliver. */
  check(request: Request): Reply | Delivered | Promise<Reply | Delivered>;
  accepted(delivered: Delivered): Reply;
  refused(delivered: Delivered): Reply;
  throttled(delivered: Delivered): Reply;
  /** A 5xx answer. */
  failed(): Reply;
};

export type ProviderServer = {
  url: string;
  mood: Mood;
  /** The next answers, before `mood` counts again. */
  script: Reply[];
  readonly delivered: Delivered[];
  readonly requests: Request[];
  close(): Promise<void>;
};

export async function startProvider(dialect: Dialect): Promise<ProviderServer> {
  const delivered: Delivered[] = [];
  const requests: Request[] = [];

  const answer = async (request: Request): Promise<Reply | undefined> => {
    requests.push(request);
    const { mood } = state;
    if (mood === 'hang') return undefined;
    if (mood === 'fail') return dialect.failed();
    const scripted = state.script.shift();
    if (scripted !== undefined) return scripted;
    const checked = await dialect.check(request);
    if ('status' in checked) return checked;
    if (mood === 'refuse') return dialect.refused(checked);
    if (mood === 'throttle') return dialect.throttled(checked);
    delivered.push(checked);
    return dialect.accepted(checked);
  };

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (state.mood === 'reset') return void incoming.socket.destroy();
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks), host: headers.host ?? '' };
      answer(request).then(
        (reply) => reply && write(response, reply),
        (error: unknown) => write(response, { status: 500, body: String(error) }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that fails before it closes the server must not keep the run from ending.
  server.unref();
  const state: ProviderServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'ok',
    script: [],
    delivered,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

function write(response: ServerResponse, { status, headers = {}, body = '' }: Reply): void {
  response.writeHead(status, headers).end(body);
}

export function json(status: number, value: unknown, headers: { [name: string]: string } = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The names in `given` that are not in `known`, and those in `required` that are missing; empty when all is well. */
export function wrongFields(
  given: Iterable<string>,
  required: readonly string[],
  optional: readonly string[],
): string[] {
  const names = [...given];
  return [
    ...names.filter((name) => !required.includes(name) && !optional.includes(name)).map((name) => `unknown ${name}`),
    ...required.filter((name) => !names.includes(name)).map((name) => `missing ${name}`),
  ];
}

/** The user and password of a Basic authorization header (RFC 7617). */
export function basicAuth(headers: IncomingHttpHeaders): string | undefined {
  const [scheme, value] = (headers.authorization ?? '').split(' ');
  return scheme === 'Basic' && value !== undefined ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}
