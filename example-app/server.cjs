// The same for an app that uses `require`, as small as it can be: a form that signs anybody in by name, nothing but
// memory. In this repository, which need not be built for it: npm run start:require
const { randomBytes } = require('node:crypto');
const express = require('express');
const session = require('express-session');
const { backupCodes, createMfa, mfaRouter, requireMfa, totp } = require('express-mfa');

const app = express();
app.use(
  session({
    secret: randomBytes(32).toString('hex'),
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax' },
  }),
);

app.get('/login', (_req, res) => {
  res.send('<form method="post"><label>Name <input name="name" required></label> <button>Sign in</button></form>');
});
app.post('/login', express.urlencoded({ extended: false }), (req, res, next) => {
  req.session.regenerate((error) => {
    if (error) return next(error);
    req.session.name = String(req.body?.name ?? '');
    req.session.save((failed) => (failed ? next(failed) : res.redirect(303, '/')));
  });
});
app.post('/logout', (req, res, next) => {
  req.session.destroy((error) => (error ? next(error) : res.redirect(303, '/login')));
});

const mfa = createMfa({
  appName: 'Example',
  secrets: [process.env.MFA_SECRET ?? randomBytes(32).toString('hex')],
  factors: [totp(), backupCodes()],
  user: (req) => req.session.name && { id: req.session.name },
});
app.use('/mfa', mfaRouter(mfa));
app.use(requireMfa(mfa));

app.get('/', (req, res) => {
  const proved = req.mfa.proofs.map(({ kind }) => kind).join(', ') || 'nothing';
  res.send(`<p>Signed in, with ${proved} proved. <a href="/mfa">Security</a></p>`);
});

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`The example app listens at http://localhost:${server.address().port}`);
});
