// Attack: what the host hangs on us is made to fail: a listener that throws, rejects or never comes back.
// Rule: a listener that throws or hangs changes nothing; no outcome waits for it.
// Answer: the same answers as without it, and a warning.
import { expect } from 'chai';
import { totp, type MfaOptions } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { warningsOf } from '../support/warnings.js';

const listeners: {
  [how: string]: [warning: string | undefined, NonNullable<MfaOptions['onEvent']> & NonNullable<MfaOptions['notify']>];
} = {
  throws: [
    'the audit log is full',
    () => {
      throw new Error('the audit log is full');
    },
  ],
  rejects: ['the audit log is away', () => Promise.reject(new Error('the audit log is away'))],
  'throws nothing that is an error': [
    'a value that is no Error',
    () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- hosts do
      throw 'full';
    },
  ],
  hangs: [undefined, () => new Promise(() => undefined)],
  'changes what it is given': [
    undefined,
    (told) => {
      for (const key of Object.keys(told)) (told as { [key: string]: unknown })[key] = 'changed';
    },
  ],
};

describe('a listener that', () => {
  for (const [how, [warning, listener]] of Object.entries(listeners)) {
    it(`${how} changes no answer`, async () => {
      const warned = await warningsOf(async () => {
        const app = await testApp({ factors: [totp(), fewBackupCodes()], onEvent: listener, notify: listener });
        const person = await new Browser(app).signIn('ada');
        const { secret, codes } = await person.enrollTotp();
        const again = await new Browser(app).signIn('ada');
        await again.jsonGet('/account').expect(403);
        expect((await again.answer('totp', '123456')).status).to.equal(422);
        expect((await again.answer('backup-codes', codes[0])).status).to.equal(200);
        await again.proveTotp(secret);
        await app.mfa.reset('ada', { by: 'root' });
        expect((await app.mfa.status('ada'))?.protected).to.equal(false);
      });
      // Once, however often it fails.
      const said = warning === undefined ? [] : [`A listener of express-mfa failed: ${warning}`];
      expect(warned.map(({ message }) => message)).to.deep.equal(said);
    });
  }
});
