// One of several processes that approve the same case at the same time; it says how it ended. Started by four-eyes.test.ts.
import { ben, openDesk, reason } from './admin-desk.js';
import { codeOf } from './thrown.js';
import { newRedis } from './redis.js';
import { sharedStore } from './shared-store.js';
import { patientCaseStore } from './patience.js';

const [namespace = '', me = ''] = process.argv.slice(2);
const redis = newRedis();
const { mfa } = openDesk({
  store: sharedStore(redis, { namespace }),
  cases: patientCaseStore(redis, { namespace }),
  fourEyes: ['reset'],
});
process.on('message', (caseId: string) => {
  void codeOf(mfa.approve(caseId, { by: { ...ben, id: me }, reason })).then((said) => process.send?.(said));
});
process.once('disconnect', () => process.exit());
void mfa.cases().then(() => process.send?.('ready'));
