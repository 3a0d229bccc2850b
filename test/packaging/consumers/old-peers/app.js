// An app that stayed with old versions of what is optional. It takes somebody through set-up and sign-in, on its session and
// its Redis client, and prints what happened and what was said.
const express = require('express');
const Redis = require('ioredis');
const session = require('express-session');
const { createMfa, mfaRouter, redisStore, requireMfa, smtpSender, totp } = require('express-mfa');
const { testClock, totpCode } = require('express-mfa/testing');

const app = express();
app.use(session({ secret: 'a secret of the consumer', resave: false, saveUninitialized: false }));
app.post('/login', (req, res, next) => {
  req.session.regenerate((error) => {
    if (error) return next(error);
    req.session.userId = 'u1';
    res.json({});
  });
});

const clock = testClock();
const redis = new Redis(process.env.REDIS_URL);
const mfa = createMfa({
  appName: 'Consumer & Sons',
  secrets: ['0123456789abcdef0123456789abcdef'],
  store: redisStore(redis, { namespace: `old-peers-${process.pid}-${Date.now()}`, warn: () => undefined }),
  factors: [totp()],
  policy: 'no-prompt',
  clock,
  notify: () => undefined,
  user: (req) => req.session.userId && { id: req.session.userId },
});
app.use('/mfa', mfaRouter(mfa));
app.use(requireMfa(mfa));
app.get('/account', (req, res) => void res.json({ state: req.mfa.state }));

async function main(origin) {
  const cookies = new Map();
  let csrf = '';
  const ask = async (method, path, body) => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { accept: 'application/json', 'content-type': 'application/json', cookie, 'x-csrf-token': csrf };
    const answer = await fetch(`${origin}${path}`, { method, headers, body: body && JSON.stringify(body) });
    for (const set of answer.headers.getSetCookie()) cookies.set(...set.split(';')[0].split(/=(.*)/s));
    const told = await answer.json();
    csrf = told.csrfToken ?? csrf;
    return { status: answer.status, told };
  };
  const statuses = [];
  const step = async (...given) => {
    const { status, told } = await ask(...given);
    statuses.push(status);
    return told;
  };

  await mfa.ready;
  await step('POST', '/login');
  const { secret } = await step('GET', '/mfa/setup/totp');
  await step('GET', '/mfa');
  await step('POST', '/mfa/setup/totp', { code: totpCode(secret, { clock }) });
  await step('POST', '/login');
  await step('GET', '/account');
  await step('GET', '/mfa');
  clock.advance(30);
  await step('POST', '/mfa/verify/totp', { code: totpCode(secret, { clock }) });
  const { state } = await step('GET', '/account');

  const letter = { to: 'ada@acme.example', subject: 'x', text: 'y', usage: 'Generic', locale: 'en' };
  const sender = smtpSender({ host: '127.0.0.1', from: 'no-reply@acme.example' });
  const sent = await sender.send(letter).catch(({ code, message, details }) => ({ code, message, ...details }));
  let otherClient = 'taken';
  try {
    redisStore({ get() {}, set() {}, eval() {} }, { namespace: 'other' });
  } catch ({ code, message }) {
    otherClient = { code, message };
  }
  return { statuses, state, sent, otherClient };
}

const server = app.listen(0, '127.0.0.1', () => {
  main(`http://127.0.0.1:${server.address().port}`).then(
    (said) => process.stdout.write(JSON.stringify(said), () => process.exit()),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
