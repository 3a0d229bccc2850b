// Prints, by language, the sentences that programs are told, and the OpenAPI document that the app serves.
const express = require('express');
const session = require('express-session');
const { createMfa, memoryStore, totp, mfaRouter } = require('express-mfa');

const app = express();
app.use(session({ secret: 'a secret of the consumer', resave: false, saveUninitialized: false }));
const mfa = createMfa({
  appName: 'Consumer & Sons',
  secrets: ['0123456789abcdef0123456789abcdef'],
  store: memoryStore(),
  factors: [totp()],
  user: () => undefined,
  openApi: true,
});
app.use('/mfa', mfaRouter(mfa));

const server = app.listen(0, '127.0.0.1', async () => {
  const json = async (path) => (await fetch(`http://127.0.0.1:${server.address().port}/mfa/${path}`)).json();
  const said = { document: await json('openapi.json'), messages: {} };
  for (const language of ['de', 'en', 'fr', 'it']) {
    const { locale, messages } = await json(`messages/${language}`);
    said.messages[locale] = messages;
  }
  process.stdout.write(JSON.stringify(said), () => process.exit());
});
