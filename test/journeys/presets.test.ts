// Under each standard, with the least factors that it demands, somebody sets up, signs in again, is asked for a fresh proof, loses
// it all and comes back by a backup code; and what the standard keeps out stays out.
import { expect } from 'chai';
import { requireMfa, totp, webauthn } from '../../src/index.js';
import type { Preset } from '../../src/core/words/presets.js';
import { softAuthenticator, type SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { passkeyApp, said, signedIn } from '../support/passkeys.js';

const key = () => softAuthenticator({ counter: 'growing', backupEligible: false, backupState: false });

/** A page that asks for a proof of the last minute. */
const host = {
  routes: (express: TestApp['express'], mfa: TestApp['mfa']) =>
    void express.get('/payouts', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ paid: true })),
};

async function withPasskeys(preset: Preset, authenticator: SoftAuthenticator): Promise<TestApp> {
  const app = await passkeyApp({ preset, factors: [webauthn(), fewBackupCodes()], policy: 'mandatory', host });
  const desk = await signedIn(app, 'ada');
  await desk.jsonGet('/account').expect(403);
  const codes = await desk.enrollFirst(authenticator);
  await desk.jsonGet('/account').expect(200);
  app.clock.advance(3600);
  await desk.jsonGet('/payouts').expect(401);
  expect((await desk.verify(authenticator)).status).to.equal(200);
  await desk.jsonGet('/payouts').expect(200);

  const evening = await signedIn(app, 'ada');
  await evening.jsonGet('/account').expect(403);
  expect((await evening.verify(authenticator)).status).to.equal(200);
  await evening.jsonGet('/account').expect(200);
  const lost = await signedIn(app, 'ada');
  expect((await lost.answer('backup-codes', codes[0])).status).to.equal(200);
  return app;
}

async function withAppCodes(preset: Preset): Promise<{ app: TestApp; secret: string }> {
  const app = await testApp({ preset, factors: [totp(), fewBackupCodes()], policy: 'mandatory', host });
  const desk = await new Browser(app).signIn('ada');
  await desk.jsonGet('/account').expect(403);
  const { secret, codes } = await desk.enrollTotp();
  await desk.jsonGet('/account').expect(200);
  app.clock.advance(3600);
  await desk.jsonGet('/payouts').expect(401);
  await desk.proveTotp(secret);
  await desk.jsonGet('/payouts').expect(200);
  const evening = await new Browser(app).signIn('ada');
  await evening.jsonGet('/account').expect(403);
  await evening.proveTotp(secret);
  await evening.jsonGet('/account').expect(200);
  const lost = await new Browser(app).signIn('ada');
  expect((await lost.answer('backup-codes', codes[0])).status).to.equal(200);
  return { app, secret };
}

describe('the whole way under a preset', () => {
  it('nist-aal2: a synced passkey does, and a sign-in lasts a day', async () => {
    const app = await withPasskeys('nist-aal2', softAuthenticator());
    await app.close();
  });

  it('nist-aal3: only a passkey that stays on its device does, also for those who have one from before', async () => {
    const synced = softAuthenticator();
    const app = await withPasskeys('nist-aal3', key());
    const desk = await signedIn(app, 'eve');
    expect(said(await desk.enroll(synced)).hint).to.equal('webauthn.may_be_synced');
    await desk.jsonGet('/account').expect(403);

    // Half a day later a proof is none any more.
    const evening = await signedIn(app, 'bob');
    await evening.enrollFirst(key());
    await evening.jsonGet('/account').expect(200);
    app.clock.advance(43_201);
    await evening.jsonGet('/account').expect(403);
    await app.close();
  });

  it('asvs-l2: the code of the step before is none', async () => {
    const { app, secret } = await withAppCodes('asvs-l2');
    const browser = await new Browser(app).signIn('ada');
    app.clock.advance(90);
    expect((await browser.answer('totp', code(secret, app.clock, -1))).status).to.equal(422);
    expect((await browser.answer('totp', code(secret, app.clock))).status).to.equal(200);
    await app.close();
  });

  it('asvs-l3', async () => {
    const app = await withPasskeys('asvs-l3', key());
    await app.close();
  });

  it('pci: the fifth wrong code waits for half an hour', async () => {
    const { app, secret } = await withAppCodes('pci');
    const thief = await new Browser(app).signIn('ada');
    for (let tries = 0; tries < 5; tries += 1) await thief.answer('totp', wrongCode(secret, app.clock));
    app.clock.advance(1_790);
    const waiting = await (await new Browser(app).signIn('ada')).answer('totp', code(secret, app.clock));
    expect(waiting.status, waiting.text).to.equal(429);
    await app.close();
  });
});

describe('webauthn({ synced: false })', () => {
  it('does not believe a synced passkey that was set up before, as a second step or alone', async () => {
    const before = await passkeyApp();
    const phone = softAuthenticator();
    await (await signedIn(before, 'ada')).enrollFirst(phone);
    const { store } = before.mfa.config;
    const app = await passkeyApp({
      store,
      clock: before.clock,
      factors: [webauthn({ synced: false }), fewBackupCodes()],
    });
    const desk = await signedIn(app, 'ada');
    expect(said(await desk.verify(phone)).hint).to.equal('webauthn.may_be_synced');
    expect(said(await desk.enter(phone)).hint).to.equal('webauthn.may_be_synced');
    await desk.jsonGet('/account').expect(403);
    await Promise.all([app.close(), before.close()]);
  });
});
