// An app whose assessor says what the browser asks for: a level by its user agent, so that each cell of the table of what a level does
// is one browser. A level is assessed once for each browser, as with any other assessor.
import { backupCodes, emailCode, totp, type MfaOptions } from '../../src/index.js';
import type { RiskAssessor, RiskLevel } from '../../src/risk.js';
import { outbox, type TestOutbox } from '../../src/testing.js';
import { expect } from 'chai';
import { Browser } from './agent.js';
import { hostData, testApp, type TestApp, type TestAppOptions } from './app.js';

/** `high` and so on in the user agent; the score is where each level begins. */
export const levelsByBrowser: RiskAssessor = {
  lookUp: async ({ userAgent = '' }) => ({ family: userAgent }),
  assess({ family = '' }) {
    const level = (['high', 'medium'] as const).find((each) => family.includes(each)) ?? 'low';
    const score = { low: 0, medium: 30, high: 60 }[level];
    return { score, level, signals: level === 'low' ? [] : [{ id: 'country', code: 'unseen', points: score }] };
  },
};

/** Sends as a browser that looks so risky. `nth`: another one of that level. */
export const looking = (level: RiskLevel, nth = '') => ({ 'User-Agent': `Browser ${level} ${nth}`.trim() });

export type LevelsApp = TestApp & { mail: TestOutbox };

/** Apps, backup codes and codes by mail; everybody has a verified address but `nobody…`. */
export async function levelsApp(options: TestAppOptions = {}): Promise<LevelsApp> {
  const mail = outbox('email');
  const user: MfaOptions['user'] = (req) => {
    const { uid } = hostData(req);
    if (typeof uid !== 'string') return null;
    const email = `${uid}@example.com`;
    return { id: uid, label: email, ...(uid.startsWith('nobody') ? {} : { email, emailVerified: true }) };
  };
  const app = await testApp({
    factors: [totp(), emailCode({ sender: mail }), backupCodes({ count: 5, lowAt: 2 })],
    user,
    risk: levelsByBrowser,
    riskMode: 'enforce',
    ...options,
  });
  return { ...app, mail };
}

/** Somebody's new sign-in in a browser that looks so risky. */
export const signedIn = (app: LevelsApp, level: RiskLevel, uid: string, nth?: string): Promise<Browser> =>
  new Browser(app, looking(level, nth)).signIn(uid);

export type Enrolled = { browser: Browser; secret: string; codes: string[] };

/** With an authenticator app, backup codes and their mailbox, from a browser that looks like any other. */
export async function enrolled(app: LevelsApp, uid: string): Promise<Enrolled> {
  const browser = await signedIn(app, 'low', uid);
  const first = await browser.json('/mfa/setup/confirm/begin');
  expect(first.status, first.text).to.equal(200);
  await browser.json('/mfa/setup/confirm', { code: app.mail.code(`${uid}@example.com`) });
  const { secret, codes } = await browser.enrollTotp();
  const bound = await browser.json('/mfa/setup/email/begin', { address: `${uid}@example.com` });
  expect(bound.status, bound.text).to.equal(200);
  return { browser, secret, codes };
}
