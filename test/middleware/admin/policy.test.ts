// What is in force, for administrators to read: sentences that follow the options, in the reader's language, and plain data.
import { expect } from 'chai';
import { durationIn, roughly } from '../../../middleware/admin/durations.js';
import { backupCodes, totp, webauthn } from '../../../src/index.js';
import { adminSite, allRights, home } from '../../support/admin-site.js';

describe('the page of the policy', () => {
  it('says what the options say, and every default', async () => {
    const site = await adminSite({
      policy: 'mandatory',
      graceUntil: new Date('2027-03-01T00:00:00Z'),
      factors: [totp({ maxPerPerson: 2 }), webauthn({ maxAuthenticators: 3 }), backupCodes({ expiresInDays: null })],
      trustBrowser: { days: 7 },
      lockout: { after: 4 },
      fourEyes: ['reset'],
    });
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: ['view'] });
    const ana = await site.enter('ana');
    const { text } = await ana.htmlGet(`${home}/policy`).expect(200);
    for (const sentence of [
      'Everybody must have a method.',
      'Until <time',
      'Authenticator app: 6 digits, a new code every 30 seconds.',
      'Passkey: 3 at most for each person',
      'Backup code: 10 in a set, without an end.',
      'Not in a browser that the person trusts, for 7 days.',
      'After 4 incorrect codes in a row: a wait of 30 seconds, then twice as long each time, 1 hour at most.',
      'Two administrators are needed for: Reset.',
      'No risk is assessed.',
      'The log is kept for 400 days.',
    ])
      expect(text).to.include(sentence);
    expect(text).to.match(/aria-current="page">Policy</);
    const german = await ana.htmlGet(`${home}/policy`, { 'Accept-Language': 'de' }).expect(200);
    expect(german.text).to.include('Alle müssen eine Methode haben.').and.include('für 7 Tage');
    const { body } = await ana.jsonGet(`${home}/policy`).expect(200);
    expect(body).to.deep.include({ policy: 'mandatory', graceUntil: 1_803_859_200, trustDays: 7, risk: 'none' });
    expect(body.factors[0]).to.deep.equal({
      kind: 'totp',
      rank: 'primary',
      options: { digits: 6, period: 30, maxPerPerson: 2, window: 'standard' },
    });
    expect(body.lockout).to.include({ after: 4, disableAfter: 100 });
    expect(body.administration).to.deep.equal({ fourEyes: ['reset'], directory: true, caseSeconds: 86_400 });
    await site.close();
  });

  it('says which standards these options meet, what keeps them from the others, and the hash', async () => {
    const site = await adminSite({ preset: 'asvs-l2', policyVersion: '<i>7</i>', trustBrowser: { days: 7 } });
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: ['view'] });
    const ana = await site.enter('ana');
    const { text } = await ana.htmlGet(`${home}/policy`).expect(200);
    expect(text).to.match(
      /OWASP ASVS 5\.0, level 2<\/strong> <span class="mfa-badge">Met<\/span>\s+<span class="[^"]+">In force</,
    );
    expect(text).to.match(/PCI DSS 4\.0\.1<\/strong> <span class="mfa-badge is-warn">\d settings away</);
    expect(text).to.include('it must be at least 1800').and.include('&lt;i&gt;7&lt;/i&gt;');
    const { body } = await ana.jsonGet(`${home}/policy`).expect(200);
    expect(text).to.include(body.hash);
    expect(body.presets.find((state: { preset: string }) => state.preset === 'nist-aal2').breaches).to.deep.include({
      option: 'trustBrowser',
      value: '{ days: 7 }',
      must: 'false',
      section: 'NIST SP 800-63B-4, AAL2: §5.1',
    });
    await site.close();
  });

  it('says so where the app decides for each person, and whatever the reader’s tenant is', async () => {
    const site = await adminSite({ policy: () => 'mandatory', graceUntil: () => undefined });
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights, ofTenant: 'red', tenant: 'red' });
    const ana = await site.enter('ana');
    const { text } = await ana.htmlGet(`${home}/policy`).expect(200);
    expect(text).to.include('decided for each person').and.not.include('Everybody must');
    expect((await ana.jsonGet(`${home}/policy`)).body).to.include({ policy: 'by-person', graceUntil: 'by-person' });
    await site.close();
  });

  it('says times in the largest unit that is exact, or roughly', () => {
    const said = [30, 60, 90, 600, 3600, 86_400, 2_592_000].map((seconds) => durationIn('en', seconds));
    expect(said).to.deep.equal([
      ...['30 seconds', '1 minute', '90 seconds', '10 minutes', '1 hour', '24 hours', '30 days'],
    ]);
    expect([0, 119, 137, 7300, 200_000].map((seconds) => roughly('en', seconds))).to.deep.equal([
      ...['0 seconds', '119 seconds', '2 minutes', '2 hours', '2 days'],
    ]);
  });
}).timeout(30_000);
