// Trips of a whole answer over HTTP: what express-session asks of its store, counted together with the store of records.
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { generate } from 'otplib';
import { createMfa, memoryStore, mfaRouter, totp } from '../src/index.js';
import { countingSessions } from '../test/support/counting-sessions.js';
import { countingStore } from '../test/support/counting-store.js';
import { createBrowser } from './browser.js';
import type { Trips } from './round-trips.js';

/** `POST /mfa/verify/totp` as JSON, from the cookie to the answer. */
export async function countAnswer(): Promise<Trips> {
  const counting = countingStore(memoryStore());
  let ms = Date.now();
  const mfa = createMfa({
    appName: 'Bench',
    secrets: ['a secret of the benchmark, thirty-two bytes or more'],
    store: counting.store,
    factors: [totp()],
    user: (req) => ((req.session as { uid?: string }).uid === undefined ? null : { id: 'someone' }),
    clock: { now: () => ms },
  });
  const app = express();
  const store = countingSessions(new session.MemoryStore(), (name) => counting.count(name));
  app.use(session({ secret: 'bench', resave: false, saveUninitialized: false, store }));
  app.post('/login', (req, res) => {
    Object.assign(req.session, { uid: 'someone' });
    res.json({});
  });
  app.use('/mfa', mfaRouter(mfa));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const enrolling = createBrowser(base);
  const answering = createBrowser(base);
  const code = (secret: string) => generate({ secret, epoch: Math.floor(ms / 1000) });
  try {
    await enrolling('/login', {});
    const { secret = '' } = await enrolling('/mfa/setup/totp');
    await enrolling('/mfa/setup/totp', { code: await code(secret) }, (await enrolling('/mfa'))['csrfToken']);
    await answering('/login', {});
    const { csrfToken } = await answering('/mfa');
    ms += 60_000;
    const typed = { code: await code(secret) };
    counting.reset();
    await answering('/mfa/verify/totp', typed, csrfToken);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  const { trips, commands, log } = counting;
  const told = log.map((names) => names.join('+')).join(' → ');
  return { operation: 'TOTP, sessions too', trips, commands, derivations: 0, log: told };
}
