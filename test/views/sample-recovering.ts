// After a backup code that is spent and counts for nothing yet: one more proof, or an administrator.
import { now, sentMail, to } from './sample-frame.js';
import type { Frame } from './sample-frame.js';

export function addRecoveringSamples({ page, add, wrong }: Pick<Frame, 'page' | 'add' | 'wrong'>): void {
  const sent = { via: 'email', action: to('confirm'), beginAction: to('confirm/begin'), sent: true as const };
  const ways = [{ kind: 'totp', url: to('verify/totp') }];
  add('confirm', 'confirm', { ...page, form: { ...sent, facts: sentMail }, ways });
  const { sent: _sent, ...unsent } = sent;
  add('confirm, nothing sent', 'confirm', {
    ...page,
    form: { ...unsent, facts: { masked: '***67' }, via: 'sms' },
    ways,
  });
  const password = { via: 'password', action: to('confirm'), facts: {} };
  const byMail = { kind: 'email', url: to('confirm?factor=email'), detail: 'al***@example.com' };
  add('confirm, password', 'confirm', { ...page, form: password, ways: [byMail], passUrl: to('verify/pass') });
  add('confirm, wrong password', 'confirm', {
    ...page,
    form: password,
    ways: [],
    ...wrong('session.mfa.password_mismatch', { remainingAttempts: 3 }, 'password'),
  });
  add('confirm, no password', 'confirm', {
    ...page,
    form: password,
    ways: [],
    ...wrong('request.invalid', {}, 'password'),
  });
  add('confirm, other ways only', 'confirm', {
    ...page,
    ways: [...ways, { kind: 'password', url: to('confirm?factor=password') }],
  });
  add('confirm, no way', 'confirm', { ...page, ways: [], passUrl: to('verify/pass') });
  const waiting = { ...page, since: now - 3600, until: now + 71 * 3600 };
  add('wait', 'wait', { ...waiting, waysUrl: to('verify/choose'), passUrl: to('verify/pass') });
  add('wait, approved', 'wait', { ...waiting, action: to('wait') });
  add('wait, approved too late', 'wait', { ...waiting, signInAction: to('sign-out') });
}
