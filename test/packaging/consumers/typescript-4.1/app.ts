// An Express app as TypeScript 4.1 compiled it: only the types are looked at.
import express from 'express';
import { createMfa, memoryStore, totp, backupCodes, mfaRouter, requireMfa } from 'express-mfa';
import { mfaStrategies } from 'express-mfa/passport';

const app = express();
const mfa = createMfa({
  appName: 'Consumer',
  secrets: ['0123456789abcdef0123456789abcdef'],
  store: memoryStore(),
  factors: [totp(), backupCodes()],
  user: () => ({ id: 'u1', label: 'a@example.com' }),
});
if (!mfaStrategies(mfa).some(({ name }) => name === 'mfa-totp')) throw new Error('no strategy for totp');
app.use('/mfa', mfaRouter(mfa));
app.use(requireMfa(mfa, { anonymous: 'pass' }));
