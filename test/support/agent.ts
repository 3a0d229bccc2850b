// A person with a browser and a phone, and a program with JSON: what tests send and read over HTTP.
import { expect } from 'chai';
import supertest, { type Response, type Test } from 'supertest';
import { totpCode } from '../../src/testing.js';
import type { TestApp, TestClock } from './app.js';
import { asDocumented } from './open-api.js';

type Headers = { [name: string]: string };
export type Fields = { [name: string]: string | string[] };

/** What a browser sends with a page that its person opens. */
const navigation: Headers = {
  Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Site': 'same-origin',
};

/** An app in this process or in another. */
export type Target = Pick<TestApp, 'url' | 'base' | 'clock'>;

export class Browser {
  readonly agent: ReturnType<typeof supertest.agent>;

  /** @param headers sent with every request */
  constructor(
    readonly app: Target,
    readonly headers: Headers = {},
  ) {
    this.agent = supertest.agent(app.url);
  }

  htmlGet(path: string, headers: Headers = {}): Test {
    return this.agent.get(path).set({ ...navigation, ...this.headers, ...headers });
  }

  jsonGet(path: string, headers: Headers = {}): Test {
    return this.agent
      .get(path)
      .set({ Accept: 'application/json', ...this.headers, ...headers })
      .expect(asDocumented('GET', path, this.app.base));
  }

  /** A form as it stands, token and all in `fields`. */
  post(path: string, fields: Fields = {}, headers: Headers = {}): Test {
    return this.agent
      .post(path)
      .type('form')
      .set({ ...navigation, Origin: this.app.url, ...this.headers, ...headers })
      .send(new URLSearchParams(Object.entries(fields).flatMap(pairs)).toString());
  }

  /** JSON as it stands, without a token. */
  postJson(path: string, body: object = {}, headers: Headers = {}): Test {
    return this.agent
      .post(path)
      .set({ Accept: 'application/json', ...this.headers, ...headers })
      .expect(asDocumented('POST', path, this.app.base))
      .send(body);
  }

  /** The token of this session, as JSON clients read it. */
  async csrf(): Promise<string> {
    const { body } = await this.jsonGet(this.app.base).expect(200);
    return body.csrfToken as string;
  }

  /** A form with the right token. */
  async form(path: string, fields: Fields = {}, headers: Headers = {}): Promise<Response> {
    return this.post(path, { _csrf: await this.csrf(), ...fields }, headers);
  }

  /** JSON with the right token. */
  async json(path: string, body: object = {}, headers: Headers = {}): Promise<Response> {
    return this.postJson(path, body, { 'X-CSRF-Token': await this.csrf(), ...headers });
  }

  async signIn(uid: unknown, more: object = {}): Promise<this> {
    await this.agent
      .post('/login')
      .set(this.headers)
      .send({ uid, ...more })
      .expect(200);
    return this;
  }

  /** Presses the button of the form whose action ends with `action`, as a browser would without a script. */
  submit(page: Response, action: string, fields: Fields = {}): Test {
    const form = formsOf(page.text).find((each) => each.action.endsWith(action));
    if (!form) throw new Error(`This page has no form for ${action}: ${page.text}`);
    return this.post(form.action, { ...form.fields, ...fields });
  }

  /** Sets an authenticator app up; saves the backup codes that follow, where the app has them. */
  async enrollTotp(): Promise<{ secret: string; codes: string[] }> {
    const { base, clock } = this.app;
    const { body } = await this.jsonGet(`${base}/setup/totp`).expect(200);
    const secret = body.secret as string;
    const confirmed = await this.json(`${base}/setup/totp`, { code: code(secret, clock) });
    expect(confirmed.status, confirmed.text).to.equal(200);
    const codes = confirmed.body.next.step === 'save-backup-codes' ? await this.saveCodes() : [];
    return { secret, codes };
  }

  /** Confirms the pending set of backup codes. */
  async saveCodes(): Promise<string[]> {
    const path = `${this.app.base}/backup-codes`;
    const { body } = await this.jsonGet(path).expect(200);
    const saved = await this.json(`${path}/confirm`, { revealToken: body.pending.revealToken, saved: 'yes' });
    expect(saved.status, saved.text).to.equal(200);
    return body.pending.codes as string[];
  }

  /** Answers with JSON and tells the answer, whatever it is. */
  answer(kind: string, typed: unknown): Promise<Response> {
    return this.json(`${this.app.base}/verify/${kind}`, { code: typed });
  }

  /** Answers with the app's code of the next step, one that was never used. */
  async proveTotp(secret: string): Promise<Response> {
    this.app.clock.advance(30);
    const response = await this.answer('totp', code(secret, this.app.clock));
    expect(response.status, response.text).to.equal(200);
    return response;
  }

  /** The cookies as a `Cookie` header, to be sent from elsewhere. */
  get cookies(): string {
    const access = { domain: new URL(this.app.url).hostname, path: '/', secure: false, script: false };
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- superagent keeps the class to itself
    return this.agent.jar.getCookies(access).toValueString();
  }

  /** The session's id; changes when the session gets a new one. */
  get sessionCookie(): string {
    return /connect\.sid=([^;]*)/.exec(this.cookies)?.[1] ?? '';
  }
}

const pairs = ([name, value]: [string, string | string[]]): [string, string][] =>
  [value].flat().map((each) => [name, each]);

/** What the app on the phone shows. */
export function code(secret: string, clock: TestClock, steps = 0): string {
  return totpCode(secret, { clock, steps });
}

/** A code that is right at no step near now. */
export function wrongCode(secret: string, clock: TestClock): string {
  const near = [-3, -2, -1, 0, 1, 2, 3].map((steps) => code(secret, clock, steps));
  return ['482915', '739206', '915348', '264803', '357194', '690527', '148372', '503861'].find(
    (each) => !near.includes(each),
  )!;
}

type FoundForm = { action: string; fields: Fields };

/** The forms of a page with their hidden fields. */
export function formsOf(html: string): FoundForm[] {
  return [...html.matchAll(/<form[^>]*\baction="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(([, action = '', inner = '']) => ({
    action,
    fields: Object.fromEntries(
      [...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    ),
  }));
}

/** The `code` of a problem answer. */
export const codeIn = (response: Response): string | undefined => response.body.code as string | undefined;
