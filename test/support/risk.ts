// An app that assesses risk, behind a proxy that says where requests come from; and who they come from: somebody at home, and
// somebody far away.
import { totp, type MfaEvent } from '../../src/index.js';
import { geoFromHeaders, riskByHistory } from '../../src/risk.js';
import { fewBackupCodes, testApp, type TestApp, type TestAppOptions } from './app.js';

/** In Switzerland, with Firefox on Linux. */
export const home = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
  'X-Country': 'CH',
  'X-Forwarded-For': '203.0.113.7',
};

/** In Brazil, with Chrome on Windows: 65 points for whoever signs in at home. */
export const abroad = {
  'User-Agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'X-Country': 'BR',
  'X-Forwarded-For': '198.51.100.9',
};

export function riskApp(options: TestAppOptions = {}): Promise<TestApp> {
  return testApp({
    factors: [totp(), fewBackupCodes()],
    risk: riskByHistory({ geo: geoFromHeaders({ country: 'x-country' }) }),
    riskMode: 'report',
    ...options,
    host: { ...options.host, before: (app) => void app.set('trust proxy', 1) },
  });
}

/** What was assessed so far, oldest first. */
export async function assessments(app: TestApp): Promise<MfaEvent[]> {
  await app.mfa.settled();
  return app.events.filter(({ name }) => name === 'risk-assessed');
}

/** The scores of them. */
export async function scores(app: TestApp): Promise<unknown[]> {
  return (await assessments(app)).map(({ detail }) => detail?.['score']);
}

export async function forget(app: TestApp): Promise<void> {
  await app.mfa.settled();
  app.events.length = 0;
}
