// What `readMfa` answers of visitors, of placeholders that stand in for them, and of people: as the guard would.
import { expect } from 'chai';
import { readMfa, type ReadMfa } from '../../../src/index.js';
import { Browser } from '../../support/agent.js';
import { hostData, testApp, type TestApp, type TestAppOptions } from '../../support/app.js';
import { enrolled, levelsApp, signedIn } from '../../support/risk-levels.js';

/** What is told of whoever asks, without options. */
const upgrade: NonNullable<TestAppOptions['host']>['between'] = (host, mfa) =>
  host.get('/upgrade', (req, res, next) => {
    readMfa(mfa, req).then((told) => void res.json(told), next);
  });

describe('readMfa', () => {
  let app: TestApp;
  const read = async (who: Browser, options: object): Promise<ReadMfa> =>
    (await who.jsonGet(`/upgrade?options=${encodeURIComponent(JSON.stringify(options))}`).expect(200)).body as ReadMfa;

  beforeEach(async () => {
    app = await testApp({
      policy: 'no-prompt',
      user: (req) => {
        const { uid } = hostData(req);
        // The host's own object for visitors, as some apps put in `req.user`.
        const person = uid === undefined ? { guest: true } : { guest: false, id: uid as string };
        return person.id === undefined ? null : { id: person.id };
      },
      host: {
        between: (host, mfa) =>
          host.get('/upgrade', (req, res, next) => {
            const options = JSON.parse(req.query['options'] as string) as object;
            readMfa(mfa, req, options).then((told) => void res.json(told), next);
          }),
      },
    });
  });
  afterEach(() => app.close());

  it('refuses visitors, unless they may pass', async () => {
    const visitor = new Browser(app);
    for (const options of [{}, { anonymous: 'refuse' }])
      expect(await read(visitor, options)).to.deep.equal({ passes: false, reason: 'session.not_signed_in' });
    expect(await read(visitor, { anonymous: 'pass' })).to.deep.equal({ passes: true });
    expect(await read(visitor, { anonymous: 'pass', maxAgeSeconds: 300 })).to.deep.equal({ passes: true });
  });

  it('lets no pending person pass as a visitor', async () => {
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const thief = await new Browser(app).signIn('ada');
    for (const anonymous of ['refuse', 'pass']) {
      const told = await read(thief, { anonymous });
      expect(told).to.include({ passes: false, reason: 'session.mfa.require_mfa_verification', state: 'pending' });
    }
  });

  it('tells what the guard tells of whoever passes', async () => {
    const ada = await new Browser(app).signIn('ada');
    expect(await read(ada, { anonymous: 'pass' })).to.include({ passes: true, state: 'none' });
    await ada.enrollTotp();
    expect(await read(ada, {})).to.deep.include({ passes: true, state: 'elevated' });
    app.clock.advance(301);
    expect(await read(ada, { maxAgeSeconds: 300 })).to.include({
      passes: false,
      reason: 'session.mfa.step_up_required',
    });
  });

  it('holds no level against a browser that is known which another one was raised to', async () => {
    const levels = await levelsApp({ riskActions: { signIn: { high: 'block' } }, host: { between: upgrade } });
    const { browser } = await enrolled(levels, 'ada');
    const thief = await signedIn(levels, 'high', 'ada');
    await thief.jsonGet('/account').expect(403);
    const other = await signedIn(levels, 'low', 'ada', '2');
    await browser.signIn('ada');
    const reasonOf = async (who: Browser) => ((await who.jsonGet('/upgrade').expect(200)).body as ReadMfa).reason;
    expect(await reasonOf(other)).to.equal('session.mfa.blocked');
    expect(await reasonOf(browser)).to.equal('session.mfa.require_mfa_verification');
    await levels.close();
  });

  it('keeps nothing: where levels of risk are only told of, it assesses none', async () => {
    const levels = await levelsApp({
      riskMode: 'report',
      host: { between: upgrade },
    });
    await enrolled(levels, 'ada');
    const person = await signedIn(levels, 'high', 'ada');
    await levels.mfa.settled();
    levels.events.length = 0;
    const { headers } = await person.jsonGet('/upgrade').expect(200);
    await levels.mfa.settled();
    expect(levels.events.map(({ name }) => name)).not.to.include('risk-assessed');
    expect(headers).not.to.have.property('set-cookie');
    await levels.close();
  });
});
