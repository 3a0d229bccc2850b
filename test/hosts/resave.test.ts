// `resave: true`: a request that is slow to end writes the session back as it was when it began. What was proved may be
// lost by that; it never comes back.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { hostData, testApp, type TestApp } from '../support/app.js';

describe('a host with `resave: true` and a slow request', () => {
  let app: TestApp;
  let release: () => void;
  let begun: Promise<void>;
  beforeEach(async () => {
    let reached: () => void;
    begun = new Promise((resolve) => (reached = resolve));
    const held = new Promise<void>((resolve) => (release = resolve));
    app = await testApp({
      policy: 'no-prompt',
      host: {
        session: { resave: true },
        keepsSession: true,
        between: (host, mfa) => {
          host.get('/slow', (_req, res) => {
            reached();
            void held.then(() => res.json({}));
          });
          host.post('/leave', (req, res, next) => {
            delete hostData(req).uid;
            mfa.signedOut(req).then(() => res.json({}), next);
          });
          host.post('/enter', (req, res, next) => {
            hostData(req).uid = 'ada';
            mfa.signedIn(req).then(() => res.json({}), next);
          });
        },
      },
    });
  });
  afterEach(() => app.close());

  async function elevated() {
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    await person.proveTotp(secret);
    return { person };
  }

  /** Begins a request with the cookies of now, and ends it after `meanwhile`. */
  async function during(person: Browser, meanwhile: () => Promise<unknown>): Promise<void> {
    const slow = new Browser(app, { Cookie: person.cookies }).jsonGet('/slow').then((response) => response);
    await begun;
    await meanwhile();
    release();
    await slow;
  }

  it('keeps a person elevated who verified meanwhile, and the old session is worth no more than before', async () => {
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    const before = person.cookies;
    await during(person, () => person.proveTotp(secret));
    await person.jsonGet('/account').expect(200);
    await new Browser(app, { Cookie: before }).jsonGet('/account').expect((res) => {
      expect(res.body.mfa?.state).to.not.equal('elevated');
    });
  });

  it('brings no proof back after our sign-out', async () => {
    const { person } = await elevated();
    await during(person, () => person.form('/mfa/sign-out'));
    await person.signIn('ada');
    await person.jsonGet('/account').expect(403);
  });

  for (const call of ['signedOut', 'signedIn'] as const) {
    it(`brings no proof back after the host's own sign-out or sign-in, told by ${call}`, async () => {
      const { person } = await elevated();
      await during(person, async () => {
        if (call === 'signedOut') await person.post('/leave').expect(200);
        await person.post('/enter').expect(200);
        await person.jsonGet('/account').expect(403);
      });
      await person.jsonGet('/account').expect(403);
    });
  }

  it('brings no proof back of an authenticator that was removed', async () => {
    const { person } = await elevated();
    const stolen = person.cookies;
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    await during(person, () => person.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' }));
    const { body } = await new Browser(app, { Cookie: stolen }).jsonGet('/account');
    expect(body.mfa?.state ?? 'none').to.equal('none');
  });
});
