// What administrators read of a risky sign-in: level, points, and what was found, in words.
import { expect } from 'chai';
import { riskByHistory } from '../../../src/risk.js';
import { Browser } from '../../support/agent.js';
import { adminSite, allRights } from '../../support/admin-site.js';
import { abroad } from '../../support/risk.js';

describe('a risky sign-in, on the page of a person', () => {
  it('is told with level, points and what was found, as page and as JSON', async () => {
    const site = await adminSite({ risk: riskByHistory(), riskMode: 'report' });
    site.people.set('ana', { isAdmin: true, rights: allRights });
    site.people.set('u-1003', { name: 'Noor Juniper' });
    const ana = await site.enter('ana');
    await site.enter('u-1003');
    const stranger = await new Browser(site, { 'User-Agent': abroad['User-Agent'] }).signIn('u-1003');
    await stranger.jsonGet('/account').expect(403);
    await site.mfa.settled();
    const url = await site.pageOf(ana, 'u-1003');
    const { text } = await ana.htmlGet(url).expect(200);
    expect(text).to.include('Low risk').and.include('25 of 100 points').and.include('New browser and new system');
    const { body } = await ana.jsonGet(url).expect(200);
    const entries = (body.story as { entries: { what: string; risk?: object }[] }[]).flatMap(({ entries: all }) => all);
    expect(entries.filter(({ what }) => what === 'risk-assessed').map(({ risk }) => risk)).to.deep.include({
      level: 'low',
      score: 25,
      signals: ['device.no_match'],
    });
    await site.close();
  });
});
