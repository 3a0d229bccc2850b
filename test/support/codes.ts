// A host app whose people have addresses, with codes by e-mail and SMS that land in outboxes; and what these people do.
import { expect } from 'chai';
import express from 'express';
import type { Response } from 'supertest';
import {
  emailCode,
  outboxSender,
  smsCode,
  totp,
  type EmailCodeOptions,
  type Factor,
  type SmsCodeOptions,
  type User,
} from '../../src/index.js';
import type { OutboxMessage } from '../../src/senders/outbox-sender.js';
import { Browser, codeIn } from './agent.js';
import { fewBackupCodes, hostData, testApp, type TestApp, type TestAppOptions } from './app.js';
import { addresses, kinds, type Kind } from './addresses.js';

export const masks = { email: 'ale***@example.com', sms: '***67' };
export const mismatches = { email: 'verification_code.email_mismatch', sms: 'verification_code.phone_mismatch' };

/** What the host knows of somebody besides the id. */
export type Known = Partial<Omit<User, 'id'>>;

/** The person's address as the host knows it, verified or not. */
export function known(kind: Kind, address = addresses[kind], verified = true): Known {
  return kind === 'email' ? { email: address, emailVerified: verified } : { phone: address, phoneVerified: verified };
}

export type CodesOptions = Omit<TestAppOptions, 'factors'> & {
  /** By id; a test changes it as the host would. */
  people?: { [id: string]: Known };
  /** Default: both kinds of codes and backup codes. */
  factors?: (made: { email: Factor; sms: Factor; totp: Factor; backupCodes: Factor }) => Factor[];
  email?: Partial<EmailCodeOptions>;
  sms?: Partial<SmsCodeOptions>;
  /** Notices go out by the senders, rather than to the host. */
  delivers?: boolean;
};

export type CodesApp = TestApp & {
  people: { [id: string]: Known };
  /** All messages, in the order in which they were sent, but for notices. */
  codes(kind?: Kind): OutboxMessage[];
  notes(kind?: Kind): OutboxMessage[];
  /** The newest code. */
  lastCode(kind: Kind): string;
};

export async function codesApp(options: CodesOptions = {}): Promise<CodesApp> {
  const { people = {}, factors, email, sms, delivers = false, host = {}, ...more } = options;
  const outboxes = { email: outboxSender('email', { limit: 1000 }), sms: outboxSender('sms', { limit: 1000 }) };
  const made = {
    email: emailCode({ sender: outboxes.email, ...email }),
    sms: smsCode({ sender: outboxes.sms, ...sms }),
    totp: totp(),
    backupCodes: fewBackupCodes(),
  };
  const app = await testApp({
    user: (req) => {
      const { uid, person } = hostData(req);
      if (uid === undefined) return null;
      return { id: uid as string, label: uid as string, ...people[uid as string], ...(person as Known | undefined) };
    },
    ...(delivers ? { notify: undefined as never } : {}),
    ...more,
    factors: factors?.(made) ?? [made.email, made.sms, made.backupCodes],
    host: { ...host, between: (own, mfa) => (mountSignUp(own, mfa), host.between?.(own, mfa)) },
  });
  const all = (kind?: Kind) => (kind ? [kind] : kinds).flatMap((each) => outboxes[each].messages);
  const codes = (kind?: Kind) => all(kind).filter(({ usage }) => usage !== 'Notice');
  return {
    ...app,
    people,
    codes,
    notes: (kind) => all(kind).filter(({ usage }) => usage === 'Notice'),
    lastCode: (kind) => codes(kind).at(-1)?.code ?? '',
  };
}

/** `POST /signup` as `POST /login`, and tells express-mfa that it was a sign-up. */
function mountSignUp(app: express.Express, mfa: TestApp['mfa']): void {
  app.post('/signup', express.json(), (req, res, next) => {
    Object.assign(req.session, req.body);
    mfa.signedUp(req).then(() => res.json({ signedUp: true }), next);
  });
}

export async function signUp(app: TestApp, uid: string, more: object = {}): Promise<Browser> {
  const person = new Browser(app);
  await person.agent
    .post('/signup')
    .send({ uid, ...more })
    .expect(200);
  return person;
}

export function signIn(app: TestApp, uid: string, more: object = {}): Promise<Browser> {
  return new Browser(app).signIn(uid, more);
}

/** Binds an address by a code, as JSON; saves the backup codes that follow. Then lets the cool-down pass. */
export async function bind(app: CodesApp, person: Browser, kind: Kind, address = addresses[kind]): Promise<string[]> {
  const begun = await person.json(`/mfa/setup/${kind}/begin`, { address });
  expect(begun.status, begun.text).to.equal(200);
  const confirmed = await person.json(`/mfa/setup/${kind}`, { code: app.lastCode(kind) });
  expect(confirmed.status, confirmed.text).to.equal(200);
  const codes = confirmed.body.next.step === 'save-backup-codes' ? await person.saveCodes() : [];
  app.clock.advance(60);
  return codes;
}

/** Somebody with one address bound, signed out. */
export async function boundPerson(
  app: CodesApp,
  kind: Kind,
  uid = 'ada',
  address = addresses[kind],
): Promise<string[]> {
  return bind(app, await signIn(app, uid), kind, address);
}

/** Asks for a code as JSON clients do. */
export function send(person: Browser, kind: Kind): Promise<Response> {
  return person.json(`/mfa/verify/${kind}/begin`);
}

/** Signs in, asks for a code and answers it. */
export async function elevated(app: CodesApp, kind: Kind, uid = 'ada'): Promise<Browser> {
  const person = await signIn(app, uid);
  expect((await send(person, kind)).status).to.equal(200);
  const answer = await person.answer(kind, app.lastCode(kind));
  expect(answer.status, answer.text).to.equal(200);
  return person;
}

/** Status and code in one word: `422 verification_code.code_mismatch`. */
export function said(response: Response): string {
  return response.status < 400 ? String(response.status) : `${response.status} ${codeIn(response)}`;
}
