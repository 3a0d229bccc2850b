// What would have been sent, for development: kept in memory instead, and shown at `GET /dev/outbox`. In production there
// is no such thing, and without real senders no codes by e-mail and SMS.
import type { NextFunction, Request, Response } from 'express';
import { emailCode, outboxSender, smsCode, webauthn, type Factor } from 'express-mfa';
import { send } from './answers.js';
import type { Message } from './message.js';
import { outboxPage } from './pages.js';

export type Outbox = {
  /** What needs an origin in production, where it is left out. */
  passkeys: Factor[];
  /** What needs a sender in production. */
  moreFactors: Factor[];
  show(req: Request, res: Response, next: NextFunction): void;
};

export function openOutbox(environment = process.env.NODE_ENV): Outbox {
  if (environment && !['development', 'test'].includes(environment)) {
    return { passkeys: [], moreFactors: [], show: (_req, _res, next) => next() };
  }
  const email = outboxSender('email');
  const sms = outboxSender('sms');
  return {
    passkeys: [webauthn()],
    moreFactors: [smsCode({ sender: sms }), emailCode({ sender: email })],
    show(req, res, next) {
      // Whoever reads this can answer for anybody: without a word on the environment it is for this machine alone.
      if (!environment && !isOfThisMachine(req)) return next();
      const messages: Message[] = [...email.messages, ...sms.messages].sort((a, b) => b.sentAtMs - a.sentAtMs);
      if (req.accepts(['html', 'json']) === 'json') res.set('Cache-Control', 'no-store').json({ messages });
      else send(res, outboxPage(messages, req.user));
    },
  };
}

/** A proxy on this machine speaks for everybody. */
function isOfThisMachine({ socket, headers }: Request): boolean {
  const proxied = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip'];
  return /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '') && !proxied.some((name) => name in headers);
}
