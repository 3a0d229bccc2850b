// Attack: whoever an identity provider vouches for does what takes a proof: a step-up, a change of methods, a recovery, a set-up as thief.
// Rule: its word stands in for the sign-in step, by `insteadOfOwnFactor` at most, and for nothing else.
// Answer: `session.mfa.step_up_required`, `user.missing_mfa`, `session.mfa.recovery_required`, as for whoever was not vouched for.
import { expect } from 'chai';
import { backupCodes, emailCode, outboxSender, requireMfa, totp } from '../../src/index.js';
import type { Browser } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import { accepted, claimsOf, comeBy, instead, standingOf, upstreamSite } from '../support/upstream-site.js';

describe('whoever an identity provider vouches for', () => {
  let app: TestApp;
  let owner: Browser & { secret?: string };
  let staff: Browser;

  const come = (iss: string, uid = 'ada') => comeBy(app, uid, claimsOf(app, iss, `${uid}@idp`));

  beforeEach(async () => {
    app = await upstreamSite({
      factors: [totp(), backupCodes({ count: 5, lowAt: 2 })],
      host: {
        between: (host, mfa) =>
          void host.get('/young', requireMfa(mfa, { maxAgeSeconds: 300 }), (_req, res) => void res.json({})),
      },
    });
    owner = await come(instead);
    const { secret } = await owner.enrollTotp();
    owner.secret = secret;
    app.clock.advance(1);
    staff = await come(instead);
    expect(await standingOf(staff)).to.equal(200);
  });
  afterEach(() => app.close());

  it('owes a step-up', async () => {
    expect(await standingOf(staff, '/young')).to.equal('session.mfa.step_up_required');
    expect(await standingOf(await come(accepted, 'bob'), '/young')).to.equal('user.missing_mfa');
    // And has done it by a factor, as anybody.
    await staff.proveTotp(owner.secret!);
    expect(await standingOf(staff, '/young')).to.equal(200);
    expect((await staff.jsonGet('/account')).body.mfa.amr).to.include.members(['otp', 'mfa', 'pwd']);
  });

  it('changes nothing of what somebody has', async () => {
    const before = await app.mfa.status('ada');
    const id = before?.authenticators[0]?.id ?? '';
    for (const [path, body] of [
      ['/mfa/setup/totp/begin', {}],
      ['/mfa/setup/totp', { code: '123456' }],
      ['/mfa/backup-codes/generate', {}],
      ['/mfa/backup-codes/remove', { confirmed: 'yes' }],
      [`/mfa/authenticators/${id}/remove`, { confirmed: 'yes' }],
      [`/mfa/authenticators/${id}/rename`, { name: 'mine' }],
      ['/mfa/preferences', { signInStep: 'off' }],
      ['/mfa/turn-off', { confirmed: 'yes' }],
      ['/mfa/sign-ins/end-others', {}],
      ['/mfa/trusted-browsers/revoke-all', {}],
    ] as const) {
      const { status, body: told } = await staff.json(path, body);
      expect([path, status, told.code]).to.deep.equal([path, 401, 'session.mfa.step_up_required']);
    }
    expect(await app.mfa.status('ada')).to.deep.equal(before);
    expect((await staff.jsonGet('/mfa')).body).not.to.have.property('authenticators');
    expect((await staff.jsonGet('/mfa/backup-codes')).status).to.equal(401);
  });

  it('is asked as anybody where a factor would have to be used first: a code, a lock, a set that is owed', async () => {
    await app.mfa.oweBackupCodes('ada', { by: 'ops' });
    expect(await standingOf(staff)).to.equal(200);
    const wrong = await staff.answer('totp', '000000');
    expect(wrong.body.code).to.equal('session.mfa.invalid_totp_code');
  });

  it('recovers nothing, and gets past no suspension', async () => {
    const { record, revision } = await app.mfa.kernel.store.load('ada');
    const authenticators = record!.authenticators.map((own) => ({ ...own, disabledAt: 1 }));
    await app.mfa.kernel.store.save('ada', { ...record!, authenticators }, revision);
    expect(await standingOf(await come(instead))).to.equal('session.mfa.recovery_required');
    await app.mfa.suspend('ada', { by: 'ops' });
    expect(await standingOf(await come(instead))).to.equal('session.mfa.suspended');
    expect(await standingOf(staff)).to.equal('session.mfa.suspended');
    // What was believed of a suspended account is nothing once it is not.
    await app.mfa.resume('ada', { by: 'ops' });
    expect(await standingOf(staff)).to.equal('session.mfa.recovery_required');
  });

  it('sets a first method up as anybody: the known address is asked', async () => {
    await app.close();
    const sender = outboxSender('email');
    app = await upstreamSite({
      factors: [totp(), emailCode({ sender })],
      confirmFirstEnrollment: 'required',
    });
    const eve = await come(accepted, 'eve');
    expect(await standingOf(eve)).to.equal(200);
    const { body } = await eve.jsonGet('/mfa/setup/totp');
    expect(body.code).to.equal('session.mfa.first_enrollment_unconfirmed');
  });

  it('is asked to sign in anew where a store forgot them: a lost record is no permission', async () => {
    await app.mfa.kernel.store.remove('ada');
    app.mfa.kernel.remembered.forget('ada');
    expect(await standingOf(staff)).to.equal('user.missing_mfa');
  });
});
