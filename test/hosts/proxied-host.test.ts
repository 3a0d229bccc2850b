// A host behind a proxy that rewrites `Host`, and that named no `origin`: its own forms are its own where the proxy that it
// trusts says so, and whoever set it up hears of it where not.
import { expect } from 'chai';
import { requireMfa } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { testApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { warningsOf } from '../support/warnings.js';

const outside = 'https://shop.example';

async function warnedOfForms(run: () => Promise<void>): Promise<string[]> {
  const texts = (await warningsOf(run)).map(({ message }) => message);
  return texts.filter((text) => text.startsWith('A form from'));
}

for (const version of [4, 5] as const)
  describe(`a host behind a proxy that rewrites Host, on Express ${version}`, () => {
    let app: TestApp;
    afterEach(() => app.close());
    const open = async (trusts: boolean, options: TestAppOptions = {}) => {
      const before: NonNullable<TestAppOptions['host']>['before'] = (host) => {
        if (trusts) host.set('trust proxy', 1);
      };
      app = await testApp({ ...options, host: { express: version, before } });
      const person = await new Browser(app).signIn('ada');
      await person.enrollTotp();
      const _csrf = await person.csrf();
      return (headers: { [name: string]: string }) =>
        person.post('/mfa/preferences', { _csrf, resetPrompts: 'yes' }, { Host: 'app:3000', ...headers });
    };
    const seen = { Origin: outside, 'Sec-Fetch-Site': 'same-origin' };

    it('takes its own forms where the proxy tells what Host was', async () => {
      const press = await open(true);
      await press({ ...seen, 'X-Forwarded-Host': 'shop.example' }).expect(303);
      await press({ ...seen, 'X-Forwarded-Host': 'shop.example:443, inner.example' }).expect(303);
      await press({ ...seen, 'X-Forwarded-Host': 'inner.example, shop.example' }).expect(403);
      await press({ ...seen, Origin: 'https://evil.example', 'X-Forwarded-Host': 'shop.example' }).expect(403);
      await press({ ...seen, 'Sec-Fetch-Site': 'cross-site', 'X-Forwarded-Host': 'shop.example' }).expect(403);
    });

    it('believes that header from no proxy that it does not trust', async () => {
      const press = await open(false);
      await press({ ...seen, 'X-Forwarded-Host': 'shop.example' }).expect(403);
    });

    it('goes by `origin` alone where that is named', async () => {
      const press = await open(true, { origin: outside });
      await press(seen).expect(303);
      await press({ ...seen, Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' }).expect(403);
    });

    it('leads from a form of its own that a step-up stopped back to the page of that form', async () => {
      app = await testApp({
        origin: outside,
        host: {
          express: version,
          routes: (host, mfa) => void host.post('/payouts', requireMfa(mfa, { maxAgeSeconds: 60 })),
        },
      });
      const person = await new Browser(app).signIn('ada');
      await person.enrollTotp();
      app.clock.advance(61);
      const from = { ...seen, Host: 'app:3000', Referer: `${outside}/payouts?from=list` };
      const stopped = await person.post('/payouts', { iban: 'GB82' }, from).expect(401);
      expect(stopped.text).to.include('href="/payouts?from=list"');
    });

    it('warns once, and names `origin`, where a form of its own is refused; never of what another site sent', async () => {
      const press = await open(false);
      const ofOthers = await warnedOfForms(async () => {
        for (const site of ['cross-site', 'same-site']) await press({ ...seen, 'Sec-Fetch-Site': site }).expect(403);
      });
      expect(ofOthers).to.deep.equal([]);
      const warnings = await warnedOfForms(async () => {
        await press(seen).expect(403);
        await press({ ...seen, Origin: 'https://other.example' }).expect(403);
      });
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.contain('https://shop.example').and.contain('app:3000').and.contain('option `origin`');
    });
  });
