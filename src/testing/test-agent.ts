// The part of supertest's agent that the kit asks for, and a small client of that shape for a walk over an app: one
// server on the loopback interface, a jar of cookies for each visitor. Follows no redirect.
import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** The part of an answer that the kit reads. */
export type TestAnswer = { status: number; headers: { [name: string]: unknown }; body: unknown };

/** A request of such an agent, sent when it is awaited. */
export interface TestRequest extends PromiseLike<TestAnswer> {
  set(name: string, value: string): TestRequest;
  /** `form` or `json`; an object is sent as JSON by default. */
  type(kind: string): TestRequest;
  send(body: string | object): TestRequest;
}

/** What `supertest.agent(app)` is, among others. */
export interface TestAgent {
  get(path: string): TestRequest;
  post(path: string): TestRequest;
  /** A header for all further requests, where the agent knows such. */
  set?(name: string, value: string): unknown;
}

export type Visitor = TestAgent & { ask(method: string, path: string): TestRequest };

/** How long an answer may take to begin. */
const patienceMs = 5000;

/** Serves the app on a free port of the loopback interface. */
export async function serve(app: RequestListener): Promise<{ visitor: () => Visitor; close: () => Promise<void> }> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    visitor: () => visitorAt(port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function visitorAt(port: number): Visitor {
  const cookies = new Map<string, string>();
  const always: { [name: string]: string } = {};
  const ask = (method: string, path: string): TestRequest => {
    const headers: { [name: string]: string } = { ...always };
    let body: string | object | undefined;
    let sent: Promise<TestAnswer> | undefined;
    const send = async (): Promise<TestAnswer> => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      if (cookie !== '') headers['cookie'] = cookie;
      if (body !== undefined) headers['content-type'] ??= types[typeof body === 'string' ? 'form' : 'json'] ?? '';
      const text = written(body, headers['content-type']);
      // Node tells no length by itself with a DELETE.
      if (text !== undefined) headers['content-length'] = String(Buffer.byteLength(text));
      const answer = await exchange({ port, method, path, headers }, text);
      for (const line of answer.cookies) keepCookie(cookies, line);
      return answer;
    };
    const asked: TestRequest = {
      set: (name, value) => {
        headers[name.toLowerCase()] = value;
        return asked;
      },
      type: (kind) => asked.set('content-type', types[kind] ?? kind),
      send: (given) => {
        body = given;
        return asked;
      },
      then: (fulfilled, rejected) => (sent ??= send()).then(fulfilled, rejected),
    };
    return asked;
  };
  return {
    ask,
    get: (path) => ask('GET', path),
    post: (path) => ask('POST', path),
    set: (name, value) => (always[name.toLowerCase()] = value),
  };
}

const types: { [kind: string]: string } = { form: 'application/x-www-form-urlencoded', json: 'application/json' };

function written(body: string | object | undefined, type: string | undefined): string | undefined {
  if (typeof body !== 'object') return body;
  return type === types['form'] ? new URLSearchParams(Object.entries(body)).toString() : JSON.stringify(body);
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const [name = '', ...value] = pair.trim().split('=');
  const ends = attributes.map((one) => /^\s*(max-age|expires)=(.*)$/i.exec(one) ?? []);
  const isGone = ends.some(([, kind, at]) =>
    kind?.toLowerCase() === 'max-age' ? Number(at) <= 0 : kind !== undefined && Date.parse(at ?? '') <= Date.now(),
  );
  if (isGone) cookies.delete(name);
  else cookies.set(name, value.join('='));
}

type Exchange = { port: number; method: string; path: string; headers: { [name: string]: string } };

/** Reads JSON alone: a stream of events never ends. */
async function exchange(asked: Exchange, text?: string): Promise<TestAnswer & { cookies: string[] }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { ...asked, host: '127.0.0.1', agent: false, signal: AbortSignal.timeout(patienceMs) };
    request(options, resolve).once('error', reject).end(text);
  });
  const { statusCode: status = 0, headers } = response;
  const isJson = /\bjson\b/.test(headers['content-type'] ?? '');
  const body = isJson ? await json(response).catch(() => ({})) : {};
  response.destroy();
  return { status, headers, body, cookies: headers['set-cookie'] ?? [] };
}
