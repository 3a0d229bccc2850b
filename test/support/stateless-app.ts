// A host without a server session: signed in by a token of its own, in a cookie or a header, that carries an id of the
// sign-in.
import { createHmac } from 'node:crypto';
import express, { type Express, type Request } from 'express';
import type { Response } from 'supertest';
import type { User } from '../../src/index.js';
import { Browser } from './agent.js';
import { testApp, type TestApp, type TestAppOptions } from './app.js';

type Claims = { sub: string; sid?: string };
const sign = (text: string) => createHmac('sha256', 'the key of the host').update(text).digest('base64url');

/** As a JWT is: what it says, and a signature over it. */
export function tokenFor(claims: Claims): string {
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${text}.${sign(text)}`;
}

function claimsOf(req: Request): Claims | undefined {
  const token =
    /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? /\bjwt=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  const [text = '', signature] = token?.split('.') ?? [];
  return signature === sign(text) ? (JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims) : undefined;
}

export function userOfToken(req: Request): User | null {
  const claims = claimsOf(req);
  return claims ? { id: claims.sub, ...(claims.sid === undefined ? {} : { signInId: claims.sid }) } : null;
}

export function statelessApp(
  proofs: 'cookie' | 'token',
  { host = {}, ...options }: TestAppOptions = {},
): Promise<TestApp> {
  return testApp({
    proofs,
    policy: 'no-prompt',
    user: userOfToken,
    ...options,
    host: {
      ...host,
      session: false,
      before: (app: Express) => {
        app.post('/sign-in', express.json(), (req, res) => {
          const token = tokenFor(req.body as Claims);
          res.cookie('jwt', token, { httpOnly: true, sameSite: 'lax' }).json({ token });
        });
        host.before?.(app);
      },
    },
  });
}

let signIns = 0;

/** A person in a browser whose host set it a cookie. */
export class CookieBrowser extends Browser {
  async enter(sub: string, sid = `s${(signIns += 1)}`): Promise<this> {
    await this.agent.post('/sign-in').set(this.headers).send({ sub, sid }).expect(200);
    return this;
  }

  /** The id under which proofs are kept, as this browser holds it. */
  get proofs(): string {
    return /mfa-proofs-[^=]+=([^;]*)/.exec(this.cookies)?.[1] ?? '';
  }
}

/** A program that keeps the newest `X-MFA-Token` and sends it along. */
export class TokenBrowser extends Browser {
  mfaToken: string | undefined;

  constructor(app: ConstructorParameters<typeof Browser>[0], sub: string, sid: string) {
    super(app, { Authorization: `Bearer ${tokenFor({ sub, sid })}` });
  }

  override jsonGet(path: string) {
    return this.keeping(super.jsonGet(path, this.sent));
  }

  override postJson(path: string, body: object = {}, headers: { [name: string]: string } = {}) {
    return this.keeping(super.postJson(path, body, { ...this.sent, ...headers }));
  }

  private get sent(): { [name: string]: string } {
    return this.mfaToken === undefined ? {} : { 'X-MFA-Token': this.mfaToken };
  }

  private keeping<T extends ReturnType<Browser['jsonGet']>>(test: T): T {
    return test.expect((response: Response) => {
      this.mfaToken = response.headers['x-mfa-token'] ?? this.mfaToken;
    });
  }
}
