// The measured process of verifications: an app in memory whose people all have the same authenticator app, and a clock that
// is moved from outside. Tells its own CPU time when asked.
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { createMfa, memoryStore, mfaRouter, totp } from '../src/index.js';
import { people, secret } from './verification-people.js';

let ms = Date.now();
const clock = { now: () => ms };
const mfa = createMfa({
  appName: 'Bench',
  secrets: ['a secret of the benchmark, thirty-two bytes or more'],
  store: memoryStore({ clock }),
  factors: [totp()],
  user: (req) => {
    const { uid } = req.session as { uid?: string };
    return uid === undefined ? null : { id: uid };
  },
  clock,
});
for (const id of people) await mfa.importTotp(id, { secret });
const app = express();
app.use(session({ secret: 'bench', resave: false, saveUninitialized: false }));
app.post('/login/:id', (req, res, next) => {
  req.session.regenerate((error?: unknown) => {
    if (error) {
      next(error);
      return;
    }
    Object.assign(req.session, { uid: req.params.id });
    res.sendStatus(204);
  });
});
app.use('/mfa', mfaRouter(mfa));
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', (message) => {
  if (message === 'next') ms += 30_000;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system, ms });
});
process.on('disconnect', () => process.exit(0));
