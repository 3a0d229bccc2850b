// Backup codes on a page of the host's own: the route goes on only after a right one, and all else is as on our page.
import { expect } from 'chai';
import type { Express } from 'express';
import { mfaCsrfToken, totp, verifyBackupCode, type Mfa } from '../../../src/index.js';
import { Browser, codeIn } from '../../support/agent.js';
import { appSecret, fewBackupCodes, testApp, type TestApp } from '../../support/app.js';
import { createMfa } from '../../../src/index.js';

const between = (app: Express, mfa: Mfa) => {
  app.get('/own', (req, res, next) => {
    mfaCsrfToken(mfa, req).then((token) => void res.json({ token: token ?? null }), next);
  });
  app.post('/own', verifyBackupCode(mfa), (req, res) => void res.json({ state: req.mfa?.state }));
  const onRefused = verifyBackupCode(mfa, {
    onRefused: (_req, res, _next, { status, code, message }) => void res.status(status).json({ own: code, message }),
  });
  app.post('/page', onRefused, (_req, res) => res.redirect(303, '/account'));
};

describe('verifyBackupCode', () => {
  let app: TestApp;
  let codes: string[];
  let person: Browser;
  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()], host: { between } });
    ({ codes } = await (await new Browser(app).signIn('ada')).enrollTotp());
    person = await new Browser(app).signIn('ada');
  });
  afterEach(() => app.close());
  const token = async () => (await person.jsonGet('/own').expect(200)).body.token as string;

  it('goes on after a right code, with the session elevated, and takes no code twice', async () => {
    const before = person.sessionCookie;
    const answer = await person.post('/own', { _csrf: await token(), code: codes[0]! }).expect(200);
    expect(answer.body.state).to.equal('elevated');
    expect(person.sessionCookie).to.not.equal(before);
    await person.jsonGet('/account').expect(200);
    person = await new Browser(app).signIn('ada');
    const again = await person.post('/own', { _csrf: await token(), code: codes[0]! }, { Accept: 'application/json' });
    expect([again.status, codeIn(again)]).to.deep.equal([422, 'session.mfa.invalid_backup_code']);
    expect(again.type).to.equal('application/problem+json');
  });

  it('answers a wrong code with a page of ours, or as the host says', async () => {
    const fields = { _csrf: await token(), code: 'wrong-code-here' };
    const ours = await person.post('/own', fields);
    expect(ours.status).to.be.within(400, 422);
    expect(ours.type).to.equal('text/html');
    const hosts = await person.post('/page', fields);
    expect(hosts.status).to.equal(ours.status);
    expect(hosts.body.message).to.be.a('string').and.not.equal('');
    await person.jsonGet('/account').expect(403);
    await person.post('/page', { ...fields, code: codes[1]! }).expect(303);
  });

  it('refuses without our token, and nobody at all', async () => {
    expect((await person.post('/page', { code: codes[0]! })).body.own).to.equal('request.csrf');
    const nobody = new Browser(app);
    expect((await nobody.jsonGet('/own')).body.token).to.equal(null);
    expect((await nobody.post('/page', { code: codes[0]! })).body.own).to.equal('session.not_signed_in');
  });

  it('is refused at start-up without backup codes among the factors', () => {
    const without = createMfa({ appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null });
    expect(() => verifyBackupCode(without)).to.throw(/needs `backupCodes\(\)`/);
  });
});
