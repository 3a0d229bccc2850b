// Attack: support acts in somebody else's stead (`impersonator`), or a thief does with support's password: past the second factor,
// by the factor of the person shown, or to set up, change or take away what is that person's.
// Rule: whoever acts proves their own second factor, at the guard and at a step-up; our pages change nothing meanwhile.
// Answer: asked for support's factor; 403 `session.mfa.impersonated`, told with both; leaving is always open.
import { expect } from 'chai';
import { requireMfa, type MfaOptions } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, hostData, testApp, type TestApp } from '../support/app.js';
import { totp } from '../../src/index.js';

const impersonated = 'session.mfa.impersonated';
const owed = 'session.mfa.require_mfa_verification';

/** As hosts do it: the session says who is shown, and who acts. */
const user: MfaOptions['user'] = (req) => {
  const { uid, actor } = hostData(req) as { uid?: string; actor?: string };
  if (uid === undefined) return null;
  return actor === undefined ? { id: uid } : { id: uid, impersonator: { id: actor, leavePath: '/leave' } };
};

for (const express of [5, 4] as const) {
  describe(`acting for somebody else, on Express ${express}`, () => {
    let app: TestApp;
    let ada: { secret: string };
    let support: { secret: string };

    beforeEach(async () => {
      app = await testApp({
        user,
        factors: [totp(), fewBackupCodes()],
        host: {
          express,
          routes: (host, mfa) => {
            host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ open: true }));
            host.get('/leave', (req, res) => {
              const data = hostData(req);
              data.uid = data['actor'];
              delete data['actor'];
              res.json({ left: true });
            });
          },
        },
      });
      ada = await (await new Browser(app).signIn('ada')).enrollTotp();
      support = await (await new Browser(app).signIn('support')).enrollTotp();
      app.clock.advance(60);
      app.events.length = 0;
    });
    afterEach(() => app.close());

    const shownAs = (who: string) => new Browser(app).signIn(who, { actor: 'support' });

    it('asks for one’s own second factor, whether the person shown has one or not', async () => {
      for (const who of ['ada', 'nobody']) {
        const acting = await shownAs(who);
        expect(codeIn(await acting.jsonGet('/account').expect(403)), who).to.equal(owed);
        const token = { 'X-CSRF-Token': (await acting.jsonGet('/mfa/verify').expect(200)).body.csrfToken as string };
        app.clock.advance(30);
        const hers = await acting.postJson('/mfa/verify/totp', { code: code(ada.secret, app.clock) }, token);
        expect(hers.status, 'the factor of the person shown').to.equal(422);
        await acting.postJson('/mfa/verify/totp', { code: code(support.secret, app.clock) }, token).expect(200);
        await acting.jsonGet('/account').expect(200);
        await acting.jsonGet('/vault').expect(200);
        app.clock.advance(120);
        expect(codeIn(await acting.jsonGet('/vault').expect(401))).to.equal('session.mfa.step_up_required');
        const told = app.events.find(({ name }) => name === 'verification-accepted');
        expect(told).to.include({ userId: 'support' });
        expect(told?.detail).to.include({ shown: who });
        app.events.length = 0;
      }
    });

    it('changes and sets up nothing, proved or not, and says so to both', async () => {
      const before = [await app.mfa.status('ada'), (await app.mfa.status('support'))?.authenticators.length];
      const acting = await shownAs('ada');
      const tries = async () => {
        for (const path of ['/mfa', '/mfa/setup', '/mfa/setup/totp', '/mfa/backup-codes'])
          expect(codeIn(await acting.jsonGet(path).expect(403)), path).to.equal(impersonated);
        for (const path of [
          '/mfa/preferences',
          '/mfa/setup/totp',
          '/mfa/backup-codes/generate',
          '/mfa/sign-ins/end-others',
        ])
          expect(codeIn(await acting.postJson(path, {}).expect(403)), path).to.equal(impersonated);
        const page = await acting.htmlGet('/mfa').expect(403);
        expect(page.text).to.include('Not while you act for somebody else').and.to.include('href="/leave"');
      };
      await tries();
      const token = { 'X-CSRF-Token': (await acting.jsonGet('/mfa/verify')).body.csrfToken as string };
      app.clock.advance(30);
      await acting.postJson('/mfa/verify/totp', { code: code(support.secret, app.clock) }, token).expect(200);
      await tries();
      expect([await app.mfa.status('ada'), (await app.mfa.status('support'))?.authenticators.length]).to.deep.equal(
        before,
      );
      const told = app.events.find(({ reason }) => reason === impersonated);
      expect(told).to.include({ name: 'session-refused', userId: 'ada', impersonator: 'support', outcome: 'refused' });
    });

    it('can be left whatever is owed; what was proved stays one’s own', async () => {
      const acting = await shownAs('ada');
      await acting.jsonGet('/leave').expect(200);
      expect(codeIn(await acting.jsonGet('/account').expect(403))).to.equal(owed);
      await acting.proveTotp(support.secret);
      await acting.jsonGet('/account').expect(200);
      const her = await new Browser(app).signIn('ada');
      expect(codeIn(await her.jsonGet('/account').expect(403))).to.equal(owed);
    });

    it('is refused of a suspended impersonator, and of one who has no id', async () => {
      await app.mfa.suspend('support', { by: 'ops' });
      expect(codeIn(await (await shownAs('ada')).jsonGet('/account').expect(403))).to.equal('session.mfa.suspended');
      const acting = await new Browser(app).signIn('ada', { actor: '' });
      expect((await acting.jsonGet('/account')).status).to.equal(500);
    });
  });
}
