// Sign-ins that look risky, where risk is only reported: whoever watches hears of each once, the person notices nothing.
import { expect } from 'chai';
import { memoryStore, totp } from '../../src/index.js';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import { geoFromHeaders, riskByHistory } from '../../src/risk.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { Browser, code as codeNow } from '../support/agent.js';
import { fewBackupCodes, hostData, testClock, type TestApp } from '../support/app.js';
import { countingStore } from '../support/counting-store.js';
import { passkeyApp, PasskeyBrowser, signedIn } from '../support/passkeys.js';
import { abroad, assessments, forget, home, riskApp, scores } from '../support/risk.js';

const nothing = { level: 'low', score: 0, risk: '' };

describe('a sign-in whose risk is reported', () => {
  let app: TestApp;
  let secret: string;
  let owner: Browser;

  beforeEach(async () => {
    app = await riskApp();
    owner = await new Browser(app, home).signIn('ada');
    ({ secret } = await owner.enrollTotp());
    await forget(app);
  });
  afterEach(() => app.close());

  it('is told once, with level, score and what was found, and asks for no more than any other', async () => {
    const far = await new Browser(app, abroad).signIn('ada');
    await far.jsonGet('/account').expect(403);
    await far.htmlGet('/mfa/verify/totp').expect(200);
    await far.proveTotp(secret);
    const { body } = await far.jsonGet('/account').expect(200);
    expect((await assessments(app)).map(({ detail, userId, ip }) => ({ detail, userId, ip }))).to.deep.equal([
      {
        userId: 'ada',
        ip: '198.51.100.9',
        detail: { level: 'high', score: 65, risk: 'device.no_match network.unseen country.unseen', place: 'BR' },
      },
    ]);
    expect(body.mfa.risk).to.have.all.keys('level', 'score', 'signals');
    expect(body.mfa.risk).to.include({ level: 'high', score: 65 });
    expect(body.mfa.risk.signals).to.deep.include({ id: 'country', code: 'unseen', points: 30, detail: 'BR' });
  });

  it('is the last one of its kind: what was proved from there is known from then on', async () => {
    const far = await new Browser(app, abroad).signIn('ada');
    await far.jsonGet('/account').expect(403);
    await far.proveTotp(secret);
    await forget(app);
    await (await new Browser(app, abroad).signIn('ada')).jsonGet('/account').expect(403);
    expect((await assessments(app)).map(({ detail }) => detail)).to.deep.equal([{ ...nothing, place: 'BR' }]);
  });

  it('is low from where somebody always signs in', async () => {
    await owner.signIn('ada');
    await owner.jsonGet('/account').expect(403);
    await owner.proveTotp(secret);
    await owner.jsonGet('/account').expect(200);
    expect((await assessments(app)).map(({ detail }) => detail)).to.deep.equal([{ ...nothing, place: 'CH' }]);
  });

  it('is assessed again where network or browser changes, at the next load, and never falls', async () => {
    await owner.signIn('ada');
    await owner.jsonGet('/account').expect(403);
    await owner.jsonGet('/account', abroad).expect(403);
    await owner.jsonGet('/account').expect(403);
    await owner.proveTotp(secret);
    const { body } = await owner.jsonGet('/account').expect(200);
    // The browser is a known one, whatever it calls itself.
    expect(await scores(app)).to.deep.equal([0, 40]);
    expect(body.mfa.risk).to.include({ level: 'medium', score: 40 });
  });

  it('weighs a new password and a reset', async () => {
    await app.mfa.passwordChanged('ada');
    await (await new Browser(app, home).signIn('ada')).jsonGet('/account').expect(403);
    expect((await assessments(app)).map(({ detail }) => detail?.['risk'])).to.deep.equal(['change.recent']);
    await app.mfa.reset('ada', { by: 'grace', reason: 'lost phone' });
    await forget(app);
    await (await new Browser(app, home).signIn('ada')).enrollTotp();
    expect((await assessments(app)).map(({ detail }) => detail)).to.deep.equal([
      { level: 'medium', score: 30, risk: 'change.after_reset', place: 'CH' },
    ]);
  });

  it('weighs a change that the host tells of', async () => {
    await app.close();
    const clock = testClock();
    app = await riskApp({
      clock,
      user: (req) => {
        const { uid } = hostData(req);
        return uid === undefined ? null : { id: uid as string, changedAt: new Date(clock.now() - 3_600_000) };
      },
    });
    await (await new Browser(app, home).signIn('ada')).enrollTotp();
    expect((await assessments(app)).map(({ detail }) => detail?.['risk'])).to.deep.equal(['change.recent']);
  });

  it('is nothing for whoever has no second factor and owes none: no session, no assessment', async () => {
    const bob = await new Browser(app, home).signIn('bob');
    await bob.jsonGet('/account').expect(200);
    expect(await assessments(app)).to.deep.equal([]);
  });

  it('stands in the audit log', async () => {
    const audit = auditLog({ store: memoryAuditStore() });
    const logged = await riskApp({ audit });
    await (await new Browser(logged, home).signIn('ada')).enrollTotp();
    await logged.mfa.settled();
    const { entries } = await audit.read({ names: ['risk-assessed'] });
    expect(
      entries.map(({ subject, detail, personal: { risk, place } }) => ({ subject, detail, risk, place })),
    ).to.deep.equal([{ subject: { id: 'ada' }, detail: { level: 'low', score: 0 }, risk: '', place: 'CH' }]);
    await logged.close();
  });

  for (const [riskMode, first] of [
    ['report', 1],
    // What is pending is written once.
    ['enforce', 3],
  ] as const)
    it(`costs no trip to the store but that, and nothing for the guard of an elevated session (${riskMode})`, async () => {
      const clock = testClock();
      const counted = countingStore(memoryStore({ clock }));
      let asked = 0;
      const risk = riskByHistory({
        geo: geoFromHeaders({ country: 'x-country' }),
        reputation: () => {
          asked += 1;
          return {};
        },
      });
      const other = await riskApp({ riskMode, store: counted.store, clock, risk, factors: [totp(), fewBackupCodes()] });
      const { secret: own } = await (await new Browser(other, home).signIn('ann')).enrollTotp();
      // Medium: of a high one the owner is told, aside, which counts its own.
      const ann = await new Browser(other, { ...abroad, 'User-Agent': home['User-Agent'] }).signIn('ann');
      const tripsOf = async (request: PromiseLike<{ status: number }>) => {
        counted.reset();
        await request;
        return counted.trips;
      };
      clock.advance(60);
      expect(await tripsOf(ann.htmlGet('/account').expect(303))).to.equal(first);
      const token = { 'X-CSRF-Token': await ann.csrf() };
      clock.advance(60);
      expect(await tripsOf(ann.jsonGet('/account').expect(403))).to.equal(1);
      const code = codeNow(own, clock);
      expect(await tripsOf(ann.postJson('/mfa/verify/totp', { code }, token).expect(200))).to.equal(2);
      const before = asked;
      for (let times = 0; times < 3; times += 1)
        expect(await tripsOf(ann.jsonGet('/account', home).expect(200))).to.equal(0);
      expect(asked).to.equal(before);
      await other.close();
    });

  it('is assessed before it counts where a passkey signs in alone', async () => {
    const site = await passkeyApp({ risk: riskByHistory(), riskMode: 'report' });
    const phone = softAuthenticator();
    await (await signedIn(site, 'ada')).enrollFirst(phone);
    await forget(site);
    const stranger = new PasskeyBrowser(site, { 'User-Agent': abroad['User-Agent'] });
    expect((await stranger.enter(phone)).status).to.equal(200);
    const { body } = await stranger.jsonGet('/account').expect(200);
    expect(await scores(site)).to.deep.equal([25]);
    expect(body.mfa.risk).to.include({ level: 'low', score: 25 });
    await site.close();
  });
});
