// People with passkeys over HTTP: an app that offers them, as a second step and for sign-in, and what a browser with an
// authenticator sends to it. A test says what is to be wrong with one ceremony.
import { expect } from 'chai';
import type { Express, Request } from 'express';
import type { Response } from 'supertest';
import { passkeyEndpoints, passkeySignInRouter, webauthn } from '../../src/index.js';
import type { Mfa, PasskeySignInOptions } from '../../src/index.js';
import type { CreateCeremony, GetCeremony, SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import type { Target } from './agent.js';
import { Browser } from './agent.js';
import { fewBackupCodes, hostData, testApp } from './app.js';
import type { TestApp, TestAppOptions } from './app.js';

export const origin = 'https://acme.example';
export const failed = 'session.mfa.webauthn_verification_failed';
export const lapsed = 'session.mfa.pending_info_not_found';

/** The host's half of passkey sign-in; `suspended` may not come in. */
export function hostSignIn(suspended: readonly string[] = []): PasskeySignInOptions['signIn'] {
  return (req: Request, userId: string) => {
    if (suspended.includes(userId)) return false;
    hostData(req).uid = userId;
    return true;
  };
}

export type PasskeyAppOptions = TestAppOptions & { signIn?: PasskeySignInOptions['signIn'] | 'off' };

export const passkeyFactors = () => [webauthn(), fewBackupCodes()];

export function mountPasskeys(app: Express, mfa: Mfa, signIn: PasskeySignInOptions['signIn']): void {
  app.use('/mfa', passkeySignInRouter(mfa, { signIn }));
  app.get('/.well-known/passkey-endpoints', passkeyEndpoints(mfa));
}

/** An app with passkeys and backup codes. Its users are asked for nothing but what they have. */
export function passkeyApp({ signIn = hostSignIn(), host, ...options }: PasskeyAppOptions = {}): Promise<TestApp> {
  const between = signIn === 'off' ? {} : { between: (app: Express, mfa: Mfa) => mountPasskeys(app, mfa, signIn) };
  return testApp({ origin, factors: passkeyFactors(), policy: 'no-prompt', ...options, host: { ...between, ...host } });
}

/** A program's session at the app, with the authenticators that its person holds. */
export class PasskeyBrowser extends Browser {
  /** Asks for creation options and answers them. */
  async enroll(
    authenticator: SoftAuthenticator,
    { name, ...lie }: Partial<CreateCeremony> & { name?: string } = {},
  ): Promise<Response> {
    const begun = await this.json('/mfa/setup/webauthn/begin');
    if (begun.status !== 200) return begun;
    const response = await authenticator.create(begun.body.options, { origin, ...lie });
    return this.json('/mfa/setup/webauthn', { response, ...(name === undefined ? {} : { name }) });
  }

  /** Enrols the first passkey, and saves the backup codes that follow it. */
  async enrollFirst(authenticator: SoftAuthenticator, name?: string): Promise<string[]> {
    const enrolled = await this.enroll(authenticator, name === undefined ? {} : { name });
    expect(enrolled.status, enrolled.text).to.equal(200);
    return enrolled.body.next.step === 'save-backup-codes' ? this.saveCodes() : [];
  }

  /** The request options of a new challenge of the second step. */
  async challenge(): Promise<never> {
    const begun = await this.json('/mfa/verify/webauthn/begin');
    expect(begun.status, begun.text).to.equal(200);
    return begun.body.options as never;
  }

  /** Answers a new challenge of the second step. */
  async verify(authenticator: SoftAuthenticator, lie: Partial<GetCeremony> = {}): Promise<Response> {
    const response = await authenticator.get(await this.challenge(), { origin, ...lie });
    return this.json('/mfa/verify/webauthn', { response });
  }

  /** `{ options, challenge, csrfToken }` of passkey sign-in. */
  async question(): Promise<Question> {
    const { body } = await this.jsonGet('/mfa/passkey-sign-in').expect(200);
    return body as Question;
  }

  /** Signs in with a passkey alone. */
  async enter(
    authenticator: SoftAuthenticator,
    lie: Partial<GetCeremony> = {},
    question?: Question,
  ): Promise<Response> {
    const { options, challenge, csrfToken } = question ?? (await this.question());
    const response = await authenticator.get(options, { origin, ...lie });
    return this.postJson('/mfa/passkey-sign-in', { response, challenge }, { 'X-CSRF-Token': csrfToken });
  }

  /** Who the app behind the guard says this is, and what its guard says of them. */
  async account(): Promise<{ account: string | null; mfa: { state: string; amr: string[] } | null }> {
    const { body } = await this.jsonGet('/account').expect(200);
    return body;
  }
}

export type Question = { options: never; challenge: string; csrfToken: string };

export async function signedIn(app: Target, uid: string): Promise<PasskeyBrowser> {
  const browser = new PasskeyBrowser(app);
  await browser.signIn(uid);
  return browser;
}

/** A person who has set a passkey up, and has signed in anew with a password since: their second step is owed. */
export async function pendingWith(app: Target, uid: string, authenticator: SoftAuthenticator): Promise<PasskeyBrowser> {
  await (await signedIn(app, uid)).enrollFirst(authenticator);
  return signedIn(app, uid);
}

/** The reason and the hint of a refusal. */
export function said({ body }: Response): { code: string; hint?: string } {
  const { code, hint } = body as { code: string; hint?: string };
  return hint === undefined ? { code } : { code, hint };
}
