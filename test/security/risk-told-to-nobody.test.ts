// Attack: whoever knows the password reads from answers which of their disguises failed; whoever reads the store, where people
// live and by what they sign in.
// Rule: a pending person is told no signal, score or level; the history is sealed as a whole, and in it networks and browsers
// are keyed digests of each person alone.
// Answer: nothing of it on a page, in JSON, a header or a cookie; nothing readable in the record, nothing the same in two.
import { expect } from 'chai';
import { backupCodes, emailCode, outboxSender, totp } from '../../src/index.js';
import { geoFromHeaders, riskByHistory } from '../../src/risk.js';
import { whereaboutsOf } from '../../src/core/kernel/history.js';
import { Browser } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import { rawRecord } from '../support/raw-record.js';
import { abroad, home, riskApp } from '../support/risk.js';

for (const riskMode of ['report', 'enforce'] as const)
  describe(`what is told of a risk (${riskMode})`, () => {
    let app: TestApp;
    let owner: Browser;

    beforeEach(async () => {
      const geo = geoFromHeaders({ country: 'x-country', latitude: 'x-latitude', longitude: 'x-longitude' });
      app = await riskApp({
        riskMode,
        risk: riskByHistory({ geo }),
        factors: [totp(), emailCode({ sender: outboxSender('email') }), backupCodes({ count: 5, lowAt: 2 })],
      });
      owner = new Browser(app, { ...home, 'X-Latitude': '47.3769', 'X-Longitude': '8.5417' });
      await (await owner.signIn('ada')).enrollTotp();
    });
    afterEach(() => app.close());

    it('to a pending person is nothing, whatever they ask', async () => {
      const thief = await new Browser(app, abroad).signIn('ada');
      const said = [
        await thief.jsonGet('/account').expect(403),
        await thief.htmlGet('/account').expect(303),
        await thief.jsonGet('/mfa').expect(200),
        await thief.htmlGet('/mfa/verify/totp').expect(200),
        await thief.htmlGet('/mfa/verify'),
        await thief.htmlGet('/mfa/recover').expect(200),
        await thief.jsonGet('/mfa/setup'),
        await thief.answer('totp', '000000'),
      ];
      for (const { text, headers } of said)
        expect(`${text} ${JSON.stringify(headers)}`).not.to.match(
          /\brisk\b|unseen|no_match|suspicious|score|country|medium|\bhigh\b/i,
        );
    });

    it('to a reader of the store is nothing that says where or by what', async () => {
      const record = await rawRecord(app.mfa, 'ada');
      expect(record.history).to.have.all.keys('sealed');
      const text = JSON.stringify({ ...record, activity: undefined });
      // As numbers of their own: with letters around them they stand in what is sealed now and then.
      expect(text).not.to.match(/203\.0\.113|(?<![\w-])(47|8)\.\d|"CH"|Firefox|Linux|Zürich/);
      for (const plain of ['203.0.113', '203.0.113.7', 'Firefox', 'Linux', '"CH"'])
        expect(text).not.to.include(Buffer.from(plain).toString('base64url').slice(0, -1));
    });

    it('to whoever compares two people, with the secret even, is not that they share a network or a browser', async () => {
      const bob = new Browser(app, { ...home });
      await (await bob.signIn('bob')).enrollTotp();
      const rows = async (uid: string) =>
        whereaboutsOf(app.mfa.kernel, uid, await rawRecord(app.mfa, uid)).seen.flatMap(({ networks, browsers }) =>
          [networks, browsers, browsers.slice(8)].map((row) => row.slice(0, 8)),
        );
      const [ada, bobs] = [await rows('ada'), await rows('bob')];
      expect(ada).to.have.length(3);
      expect(bobs.filter((digest) => ada.includes(digest))).to.deep.equal([]);
    });
  });
