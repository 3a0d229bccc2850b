// An Express app over CommonJS that mounts express-mfa, asks itself for a page and prints the answer.
const express = require('express');
const session = require('express-session');
const { createMfa, memoryStore, totp, backupCodes, mfaRouter, requireMfa } = require('express-mfa');
const { mfaStrategies } = require('express-mfa/passport');
const { storeContract, testClock, totpCode, walkPending } = require('express-mfa/testing');

const app = express();
app.use(session({ secret: 'a secret of the consumer', resave: false, saveUninitialized: false }));

const clock = testClock();
const mfa = createMfa({
  appName: 'Consumer & Sons',
  secrets: ['0123456789abcdef0123456789abcdef'],
  store: memoryStore(),
  factors: [totp(), backupCodes()],
  clock,
  user: () => ({ id: 'u1', label: 'a@example.com' }),
});
if (!mfaStrategies(mfa).some(({ name }) => name === 'mfa-totp')) throw new Error('no strategy for totp');
app.use('/mfa', mfaRouter(mfa));
app.use(requireMfa(mfa, { anonymous: 'pass' }));
app.get('/account', (_req, res) => void res.send('account'));

let tests = 0;
const runner = { describe: (_name, body) => body(), it: () => (tests += 1) };
storeContract('memoryStore', async () => ({ store: memoryStore(), close: async () => undefined }), runner);

const server = app.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const page = await fetch(`${origin}/mfa/setup`, { headers: { accept: 'text/html' } });
  const body = await page.text();
  const [, href] = /<link[^>]* href="([^"]+\.css[^"]*)"/.exec(body) ?? [];
  const style = await fetch(new URL(href ?? '/no-style-sheet', page.url));
  const { visited } = await walkPending(app, { as: () => undefined, clock });
  const answer = {
    status: page.status,
    type: page.headers.get('content-type'),
    body,
    styleStatus: style.status,
    styleType: style.headers.get('content-type'),
    visited,
    tests,
    code: totpCode('JBSWY3DPEHPK3PXP', { clock }),
  };
  process.stdout.write(JSON.stringify(answer), () => process.exit());
});
