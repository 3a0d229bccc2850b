// An app in which risk does something, and people in it: at home with an authenticator app and backup codes, far away with
// nothing but the password and the sheet of codes. 65 points far away, 35 from a new browser on a new network at home.
import { emailCode, supportPass, totp } from '../../src/index.js';
import { outbox } from '../../src/testing.js';
import { memoryCaseStore } from '../../src/admin.js';
import { Browser } from './agent.js';
import { fewBackupCodes, hostData, type TestApp, type TestAppOptions } from './app.js';
import { abroad, home, riskApp } from './risk.js';

/** Another browser and network at home: medium. */
export const elsewhere = { ...abroad, 'X-Country': 'CH' };
export const levels = { low: home, medium: elsewhere, high: abroad } as const;

export const admin = { id: 'grace', name: 'Grace', may: ['view', 'help', 'decide'] as const };
export const reason = 'called back, knows the last invoice';

export type RecoveryApp = TestApp & {
  readonly mails: ReturnType<typeof outbox>;
  /** Somebody with an authenticator app and codes, who is known at home for a day and more. */
  owner(uid?: string): Promise<{ secret: string; codes: string[]; browser: Browser }>;
};

/** The host says `signedInBy` and `email` as the log-in said them. */
export async function recoveryApp(given: TestAppOptions = {}): Promise<RecoveryApp> {
  const mails = outbox('email');
  const app = await riskApp({
    factors: [totp(), emailCode({ sender: mails }), fewBackupCodes(), supportPass()],
    riskMode: 'enforce',
    confirmFirstEnrollment: 'open',
    autoBind: false,
    administration: { cases: memoryCaseStore() },
    user(req) {
      const { uid, email, signedInBy } = hostData(req) as { [name: string]: string | undefined };
      if (uid === undefined) return null;
      const address = email ?? `${uid}@example.com`;
      return {
        id: uid,
        label: uid,
        email: address,
        emailVerified: true,
        ...(signedInBy === undefined ? {} : { signedInBy }),
      };
    },
    ...given,
  });
  return {
    ...app,
    mails,
    async owner(uid = 'ada') {
      const browser = await new Browser(app, home).signIn(uid);
      const enrolled = await browser.enrollTotp();
      app.clock.advance(2 * 86_400);
      return { ...enrolled, browser };
    },
  };
}
