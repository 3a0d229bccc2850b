// The pages of administration in the example app: for addresses at @admin.example with a second factor, and for nobody else.
import { expect } from 'chai';
import { freshEmail, redisOfExample, setUpApp, signedUp, startExample } from './fixture.js';

describe('the administration of the example app', () => {
  const redis = redisOfExample();

  for (const where of ['memory', 'Redis'] as const) {
    it(`finds people by their address, shows and suspends them, kept in ${where}`, async () => {
      const example = await startExample(where === 'Redis' ? redis() : undefined);
      const email = freshEmail();
      const person = await signedUp(example, email);
      await setUpApp(person);
      await person.htmlGet('/admin/mfa/people').expect(404);
      const admin = await signedUp(example, freshEmail('admin.example'));
      await admin.htmlGet('/admin/mfa/people').expect(303).expect('Location', '/mfa/setup');
      await setUpApp(admin);
      expect((await admin.htmlGet('/admin').expect(200)).text).to.include('href="/admin/mfa"');
      const found = await admin.json('/admin/mfa/people', { text: email.toUpperCase() });
      expect(found.body.people).to.have.length(1);
      const [{ url }] = found.body.people as [{ url: string }];
      const page = await admin.htmlGet(url).expect(200);
      expect(page.text).to.include('Authenticator app').and.not.include(email);
      expect((await admin.submit(page, '/suspend', { reason: 'left the company' })).status).to.equal(303);
      await person.htmlGet('/account').expect(403);
      await example.mfa.settled();
      expect((await admin.htmlGet('/admin/mfa/audit').expect(200)).text).to.include('The account was suspended');
      await example.close();
    });
  }
}).timeout(30_000);
