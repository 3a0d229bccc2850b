// Trips of a whole answer over HTTP: what express-session asks of its store, counted together with the store of records.
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { generate } from 'otplib';
import { createMfa, memoryStore, mfaRouter, totp } from '../src/index.js';
import { countingSessions } from '../test/support/counting-sessions.js';
import { countingStore } from '../test/support/counting-store.js';
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
  let cookie = '';
  const send = async (path: string, body?: object, csrf = '') => {
    const answer = await fetch(`${base}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', cookie, 'X-CSRF-Token': csrf },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const [sid] = answer.headers.getSetCookie().filter((each) => each.startsWith('connect.sid'));
    cookie = sid?.split(';')[0] ?? cookie;
    return (await answer.json()) as { [key: string]: string };
  };
  const code = (secret: string) => generate({ secret, epoch: Math.floor(ms / 1000) });
  try {
    await send('/login', {});
    const { secret = '' } = await send('/mfa/setup/totp');
    await send('/mfa/setup/totp', { code: await code(secret) }, (await send('/mfa'))['csrfToken']);
    cookie = '';
    await send('/login', {});
    const { csrfToken } = await send('/mfa');
    ms += 60_000;
    const typed = { code: await code(secret) };
    counting.reset();
    await send('/mfa/verify/totp', typed, csrfToken);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  const { trips, commands, log } = counting;
  const told = log.map((names) => names.join('+')).join(' → ');
  return { operation: 'TOTP, sessions too', trips, commands, derivations: 0, log: told };
}
