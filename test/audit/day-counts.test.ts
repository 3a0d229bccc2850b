// What is counted of a day: messages by what they were for, seconds, codes; what is watched is found by itself.
import { expect } from 'chai';
import { memoryAuditStore } from '../../src/audit.js';
import { openLog } from './open-log.js';

describe('the figures of a day', () => {
  it('tell messages of codes from notices, and count what stands for several', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    tell('code-sent', { kind: 'sms' });
    tell('code-not-sent', { kind: 'sms', outcome: 'refused' });
    tell('send-limited', { kind: 'email', outcome: 'refused' });
    tell('send-limited', { kind: 'totp', outcome: 'refused', detail: { what: 'factor-added' } });
    tell('notice-sent', { kind: 'email', detail: { what: 'reset' } });
    tell('notice-failed', { detail: { what: 'reset' } });
    await log.settled();
    const [day] = await log.days('2026-03-01', '2026-03-01');
    const messages = Object.entries(day?.counts ?? {}).filter(([name]) => name.startsWith('message/'));
    expect(Object.fromEntries(messages)).to.deep.equal({
      'message/codes/sms/sent': 1,
      'message/codes/sms/failed': 1,
      'message/codes/email/limited': 1,
      'message/notices/-/limited': 1,
      'message/notices/email/sent': 1,
      'message/notices/-/failed': 1,
    });
  });

  it('belong to the day in UTC on which it happened, whenever it is stored', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    for (const at of ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z', '2016-12-31T23:59:59.999Z'])
      tell('verification-accepted', { at, kind: 'totp', outcome: 'accepted', detail: { seconds: 12 } });
    await log.settled();
    const days = await log.days('2016-12-31', '2027-01-01');
    expect(days.map(({ day, counts }) => [day, counts['seconds/totp/15']])).to.deep.equal([
      ['2016-12-31', 1],
      ['2026-12-31', 1],
      ['2027-01-01', 1],
    ]);
  });

  it('count seconds of what was accepted alone, and where they are a number', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    tell('verification-accepted', { kind: 'totp', outcome: 'accepted', detail: { seconds: '12' } });
    tell('reset', { kind: 'totp', detail: { seconds: 12 } });
    await log.settled();
    const [day] = await log.days('2026-03-01', '2026-03-01');
    expect(Object.keys(day?.counts ?? {}).filter((name) => name.startsWith('seconds'))).to.deep.equal([]);
  });

  it('leave lock-outs, recoveries and used codes to be looked at one by one', async () => {
    const { log, tell, fill } = openLog(memoryAuditStore());
    tell('locked', { kind: 'totp' });
    await fill(30);
    tell('backup-code-used', { kind: 'backup-codes', detail: { left: 3 } });
    await log.settled();
    const found = await log.watched(50);
    expect(found.map(({ name }) => name)).to.deep.equal(['backup-code-used', 'locked']);
  });
});
