// An Express app as TypeScript 4.1 compiled it: only the types are looked at.
import express from 'express';
import { createMfa, memoryStore, totp, backupCodes, mfaRouter, requireMfa } from 'express-mfa';
import { mfaStrategies } from 'express-mfa/passport';
import {
  signInWithMfa,
  softAuthenticator,
  storeContract,
  TestAgent,
  testClock,
  totpCode,
  walkPending,
} from 'express-mfa/testing';

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

const clock = testClock();
const ada = { email: 'ada@example.com', secret: totpCode('JBSWY3DPEHPK3PXP', { clock, steps: -1 }) };
const logIn = (agent: TestAgent) => agent.post('/login').type('form').send(ada);
export async function tests(agent: TestAgent): Promise<string[]> {
  const { backupCodes: codes } = await signInWithMfa(agent, ada, {
    signIn: logIn,
    clock,
    passkey: softAuthenticator(),
  });
  const { visited } = await walkPending(app, { as: logIn, allow: ['/login', { method: 'POST', path: '/logout' }] });
  return [...codes, ...visited];
}
storeContract('memoryStore', async () => ({ store: memoryStore(), close: async () => undefined }));
