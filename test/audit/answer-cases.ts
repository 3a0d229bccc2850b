// Ways to answer, as a table: who stands where, and the one request with which they answer.
import type { RequestHandler } from 'express';
import type { Response } from 'supertest';
import {
  emailCode,
  outboxSender,
  passkeySignInRouter,
  smsCode,
  totp,
  verifyBackupCode,
  webauthn,
} from '../../src/index.js';
import type { AuditLog } from '../../src/audit/audit-log.js';
import { passkeyQuestion, passkeyStrategy } from '../../src/passport.js';
import { softAuthenticator, type SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import { code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, hostData } from '../support/app.js';
import { addresses, wrongFor } from '../support/addresses.js';
import { origin, PasskeyBrowser } from '../support/passkeys.js';
import { passportApp, type PassportApp, type PassportAppOptions } from '../support/passport-app.js';

export const kinds = ['totp', 'backup-codes', 'email', 'sms', 'webauthn'] as const;
export type Kind = (typeof kinds)[number];

export type AnswerApp = PassportApp & { lastCode(kind: 'email' | 'sms'): string };

/** `letsIn`: whether the app wants whom a passkey names. */
export type AnswerAppOptions = {
  letsIn?: boolean;
  confirmFirstEnrollment?: 'required';
  user?: NonNullable<PassportAppOptions['user']>;
};

/** An app with every factor, and every way to answer them. */
export async function answerApp(
  audit: AuditLog,
  { letsIn = true, ...options }: AnswerAppOptions = {},
): Promise<AnswerApp> {
  const outboxes = { email: outboxSender('email'), sms: outboxSender('sms') };
  const app = await passportApp({
    origin,
    audit,
    lockout: { selfUnlock: true },
    ...options,
    factors: [
      ...[totp(), webauthn(), emailCode({ sender: outboxes.email }), smsCode({ sender: outboxes.sms })],
      fewBackupCodes(),
    ],
    mount(host, passport, mfa) {
      const user = (_req: unknown, userId: string) => letsIn && { id: Number(userId), name: 'ada' };
      passport.use(passkeyStrategy(mfa, { user }));
      host.get('/question', passkeyQuestion(mfa));
      for (const kind of [...kinds, 'passkey'])
        host.post(`/told/${kind}`, (req, res, next) => {
          const told = (error: unknown, found: unknown, info: unknown) =>
            error ? next(error) : void res.json({ user: found, info });
          (passport.authenticate(`mfa-${kind}`, told) as RequestHandler)(req, res, next);
        });
      host.post('/own', verifyBackupCode(mfa), (_req, res) => void res.json({}));
      const signIn = (req: Parameters<typeof hostData>[0], userId: string) => {
        hostData(req)['passport'] = { user: Number(userId) };
        return letsIn;
      };
      host.use('/mfa', passkeySignInRouter(mfa, { signIn }));
    },
  });
  const lastCode = (kind: 'email' | 'sms') =>
    outboxes[kind].messages.findLast(({ usage }) => usage !== 'Notice')?.code ?? '';
  return { ...app, lastCode };
}

export class Person extends PasskeyBrowser {
  async enterAs(name = 'ada'): Promise<this> {
    await this.agent.post('/enter').send({ name }).expect(200);
    return this;
  }
}

export type Answer = { [field: string]: unknown };

/** Somebody who owes a factor, and what they could answer. */
export type Pending = {
  person: Person;
  right(): Promise<Answer>;
  wrong(): Promise<Answer>;
  malformed: Answer;
  /** Only with an authenticator app: what it shows now. */
  shown?: () => Answer;
};

export async function pendingWith(app: AnswerApp, kind: Kind): Promise<Pending> {
  const first = await new Person(app).enterAs();
  const later = () => new Person(app).enterAs();
  if (kind === 'webauthn') {
    const key = softAuthenticator();
    await first.enrollFirst(key);
    const person = await later();
    const answer = async (at: string) => ({ response: await key.get(await person.challenge(), { origin: at }) });
    return {
      person,
      right: () => answer(origin),
      wrong: () => answer('https://evil.example'),
      malformed: { response: 1 },
    };
  }
  if (kind === 'email' || kind === 'sms') {
    await bindCode(app, first, kind);
    const person = await later();
    await person.json(`/mfa/verify/${kind}/begin`);
    const answer = (typed: string) => Promise.resolve({ code: typed });
    const sent = app.lastCode(kind);
    return { person, right: () => answer(sent), wrong: () => answer(wrongFor(sent)), malformed: { code: 'letters' } };
  }
  const { secret, codes } = await first.enrollTotp();
  app.clock.advance(60);
  const person = await later();
  const [right, wrong] =
    kind === 'totp' ? [code(secret, app.clock), wrongCode(secret, app.clock)] : [codes[0], turned(codes[0] ?? '')];
  return {
    person,
    right: () => Promise.resolve({ code: right }),
    wrong: () => Promise.resolve({ code: wrong }),
    malformed: { code: { $ne: '' } },
    shown: () => ({ code: code(secret, app.clock) }),
  };
}

/** Another backup code of the same form. */
const turned = (one: string): string => one.replace(/[A-Z0-9]/gi, (each) => (each === 'A' ? 'B' : 'A'));

async function bindCode(app: AnswerApp, person: Person, kind: 'email' | 'sms'): Promise<void> {
  await person.json(`/mfa/setup/${kind}/begin`, { address: addresses[kind] });
  await person.json(`/mfa/setup/${kind}`, { code: app.lastCode(kind) });
  await person.saveCodes();
  app.clock.advance(60);
}

/** What a stranger sends who answers the question of `path` with a passkey. */
export async function passkeyAnswer(
  person: Person,
  question: string,
  key: SoftAuthenticator,
  at = origin,
): Promise<(path: string, change?: (body: { response: object; challenge: string }) => object) => Promise<Response>> {
  const { body } = await person.jsonGet(question).expect(200);
  const { options, challenge, csrfToken } = body as { options: never; challenge: string; csrfToken: string };
  const response = await key.get(options, { origin: at });
  return async (path, change = (same) => same) =>
    person.postJson(path, change({ response, challenge }), { 'X-CSRF-Token': csrfToken });
}
