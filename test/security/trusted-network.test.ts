// Attack: an address of a trusted network is claimed: by `X-Forwarded-For`, through a proxy or past one, written as IPv6, or by
// the host's own field of that name; and a request from there wants more than not to be asked at sign-in.
// Rule: `req.ip` alone counts, and none where the app believes anybody (`trust proxy: true`); what is not asked is the sign-in step.
// Answer: asked as everywhere; step-up, change, enrolment and recovery are asked in the network as well.
import { expect } from 'chai';
import { requireMfa, totp, type MfaOptions } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { hostData, testApp, type TestApp } from '../support/app.js';

const owed = 'session.mfa.require_mfa_verification';
const inside = '10.1.2.3';

for (const express of [5, 4] as const) {
  describe(`a trusted network, on Express ${express}`, () => {
    let app: TestApp;
    afterEach(() => app.close());

    /** Ada is protected, and comes in a browser that proved nothing. */
    async function start(trustProxy: unknown, trustedNetworks: string[], more: Partial<MfaOptions> = {}) {
      app = await testApp({
        trustedNetworks,
        ...more,
        host: {
          express,
          before: (host) => void host.set('trust proxy', trustProxy),
          routes: (host, mfa) =>
            host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ open: true })),
        },
      });
      await (await new Browser(app).signIn('ada')).enrollTotp();
      return new Browser(app).signIn('ada');
    }
    const from = (chain: string) => ({ 'X-Forwarded-For': chain });
    const asks = async (ada: Browser, chain: string) =>
      expect(codeIn(await ada.jsonGet('/account', from(chain)).expect(403)), chain).to.equal(owed);

    it('is not asked at sign-in, by the address that the proxy saw', async () => {
      const ada = await start(1, ['10.0.0.0/8', '2001:db8::/32']);
      for (const address of [inside, '::ffff:10.1.2.3', '::ffff:a01:203', '2001:db8::7', `203.0.113.9, ${inside}`])
        await ada.jsonGet('/account', from(address)).expect(200);
      expect((await ada.jsonGet('/account', from(inside))).body.mfa).to.include({ state: 'none' });
      for (const address of [
        '203.0.113.9',
        '11.0.0.1',
        '::ffff:203.0.113.9',
        '2001:db9::7',
        `${inside}, 203.0.113.9`,
        'x',
      ])
        await asks(ada, address);
    });

    it('is asked for everything else', async () => {
      const ada = await start(1, ['10.0.0.0/8']);
      expect(codeIn(await ada.jsonGet('/vault', from(inside)).expect(401))).to.equal('session.mfa.step_up_required');
      for (const path of ['/mfa/setup/totp', '/mfa/backup-codes'])
        expect((await ada.jsonGet(path, from(inside))).status, path).to.be.oneOf([400, 401, 403, 404]);
      const token = { 'X-CSRF-Token': (await ada.jsonGet('/mfa', from(inside))).body.csrfToken as string };
      const changed = await ada.postJson('/mfa/preferences', { signInStep: 'off' }, { ...from(inside), ...token });
      expect(codeIn(changed)).to.equal('session.mfa.step_up_required');
      const bea = await new Browser(app).signIn('bea');
      await bea.jsonGet('/account', from(inside)).expect(200);
    });

    it('excuses nobody from a mandatory enrolment, or from recovery', async () => {
      const ada = await start(1, ['10.0.0.0/8'], { policy: 'mandatory' });
      await ada.jsonGet('/account', from(inside)).expect(200);
      const bea = await new Browser(app).signIn('bea');
      expect(codeIn(await bea.jsonGet('/account', from(inside)).expect(403))).to.equal('user.missing_mfa');
      const { store } = app.mfa.kernel;
      const { record, revision } = await store.load('ada');
      const broken = record!.authenticators.map((own) => ({ ...own, disabledAt: app.clock.seconds }));
      await store.save('ada', { ...record!, authenticators: broken }, revision);
      app.clock.advance(60);
      const again = await new Browser(app).signIn('ada');
      expect(codeIn(await again.jsonGet('/account', from(inside)).expect(403))).to.equal(
        'session.mfa.recovery_required',
      );
    });

    for (const trusting of [true, 'loopback, 0.0.0.0/1, 128.0.0.0/1', () => true]) {
      it(`counts nowhere where the app believes anybody: ${String(trusting)}`, async () => {
        const ada = await start(trusting, ['10.0.0.0/8', '127.0.0.0/8']);
        for (const address of [inside, `${inside}, 203.0.113.9`]) await asks(ada, address);
        expect(codeIn(await ada.jsonGet('/account').expect(403)), 'not by the socket either').to.equal(owed);
      });
    }

    it('is no header where no proxy is trusted', async () => {
      const ada = await start(false, ['10.0.0.0/8']);
      await asks(ada, inside);
    });

    it('is no field of the host’s', async () => {
      const user: MfaOptions['user'] = (req) => {
        const { uid } = hostData(req) as { uid?: string };
        return uid === undefined ? null : { id: uid, inTrustedNetwork: true, shown: { id: 'eve' } };
      };
      const ada = await start(false, ['10.0.0.0/8'], { user });
      await asks(ada, '203.0.113.9');
    });
  });
}

describe('networks', () => {
  it('are refused at start-up where they are none, or everybody’s', async () => {
    for (const wrong of [
      '10.0.0.0/0',
      '::/0',
      '::ffff:0.0.0.0/96',
      '10.0.0/8',
      '10.0.0.0/33',
      '10.0.0.0/8/8',
      'home',
      '',
      '::1/129',
      'fe80::1%eth0/64',
      '10.0.0.0/-1',
    ]) {
      const failed: unknown = await testApp({ factors: [totp()], trustedNetworks: [wrong] }).then(
        (app) => app.close(),
        (error: unknown) => error,
      );
      expect(failed, wrong).to.include({ code: 'config.invalid_option' });
    }
  });
});
