// A configuration of the command line that is not at hand at once, as one that asks for its secrets first.
import { createMfa, memoryStore, totp } from 'express-mfa';

const secrets = await Promise.resolve(['0123456789abcdef0123456789abcdef']);

export const mfa = createMfa({
  appName: 'Consumer & Sons',
  secrets,
  store: memoryStore(),
  factors: [totp()],
  user: () => ({ id: 'u1', label: 'a@example.com' }),
});
