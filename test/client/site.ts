// A browser's `fetch` without a browser: a cookie jar, an Origin, and a record of all that was asked, against a real app.
import {
  createMfaClient,
  isMfaClientError,
  type MfaClient,
  type MfaClientError,
  type MfaClientOptions,
} from '../../src/client/index.js';
import { testApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { documentedPath, misfit } from '../support/open-api.js';
import { rejectionOf } from '../support/thrown.js';

export type Asked = { method: string; url: string; headers: Headers; body: string };

export type Tab = {
  client: MfaClient;
  asked: Asked[];
  fetch: typeof fetch;
  /** What the next requests meet: `undefined` the app. */
  network: { answer?: ((url: string, init: RequestInit) => Promise<Response> | Response) | undefined };
};

/** The cookies of one browser, whose tabs share them. */
export class Jar {
  readonly #cookies = new Map<string, string>();

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  take(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
  }
}

/** @param origin of the page, where it is not the app's own */
export function openTab(app: TestApp, jar = new Jar(), options: MfaClientOptions = {}, origin = app.url): Tab {
  const asked: Asked[] = [];
  const network: Tab['network'] = {};
  const send = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = String(input instanceof Request ? input.url : input);
    const headers = new Headers(init.headers);
    asked.push({
      method: init.method ?? 'GET',
      url,
      headers: new Headers(headers),
      body: typeof init.body === 'string' ? init.body : '',
    });
    if (network.answer) return network.answer(url, init);
    headers.set('Cookie', jar.header);
    headers.set('Origin', origin);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    jar.take(response);
    await compare(app, init.method ?? 'GET', url, response.clone());
    return response;
  };
  const client = createMfaClient({ baseUrl: `${app.url}${app.base}`, fetch: send, ...options });
  return { client, asked, fetch: send, network };
}

/** What the client was refused with; any other error goes on. */
export async function refusalOf(asked: Promise<unknown>): Promise<MfaClientError> {
  const error: unknown = await rejectionOf(asked);
  if (isMfaClientError(error)) return error;
  throw error;
}

/** What the client reads is what the document says. */
async function compare(app: TestApp, method: string, url: string, response: Response): Promise<void> {
  const path = documentedPath(new URL(url).pathname, app.base);
  const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
  if (path === undefined || !type.endsWith('json')) return;
  const wrong = misfit(method, path, { status: response.status, type, body: await response.json() });
  if (wrong !== undefined) throw new Error(wrong);
}

export async function signIn(app: TestApp, tab: Tab, uid: string): Promise<void> {
  const body = JSON.stringify({ uid });
  await tab.fetch(`${app.url}/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
}

/** An app with a person in a tab of it. */
export async function openSite(options: TestAppOptions = {}, uid = 'anna') {
  const app = await testApp(options);
  const jar = new Jar();
  const tab = openTab(app, jar);
  await signIn(app, tab, uid);
  return { app, jar, tab, client: tab.client };
}
