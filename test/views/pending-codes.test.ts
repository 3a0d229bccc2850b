// The page of backup codes that wait to be saved: how long they wait is said in every language, aloud before it is over,
// and whoever has time left to take is told so.
import { expect } from 'chai';
import { messages, renderAll, tags } from './rendering.js';

describe('the page of a pending set of backup codes', () => {
  for (const locale of messages.locales) {
    it(`says in ${locale} when it lapses, keeps room for the warning, and offers more time while there is some`, () => {
      const pages = renderAll(messages.words(locale)).filter(({ sample }) => sample.view === 'backup-codes/pending');
      const offers = new Set<boolean>();
      for (const { sample, html } of pages) {
        const { t } = messages.words(locale);
        const [place, ...more] = tags(html, 'div').filter((tag) => 'data-mfa-lapse' in tag);
        const extendable = 'extendAction' in sample.model;
        offers.add(extendable);
        expect(more, sample.name).to.deep.equal([]);
        expect(place, sample.name).to.deep.include({ role: 'status', 'data-over': t('codes.pending.over') });
        expect(place?.['data-soon'], sample.name).to.equal(
          t(extendable ? 'codes.pending.soon_extend' : 'codes.pending.soon'),
        );
        // A live region that comes with its text is not read out.
        expect(html, sample.name).to.match(/<div role="status" data-mfa-lapse="\d+"[^>]*><\/div>/);
        const sentence = t('codes.pending.lapses').split('{when}')[0]!;
        expect(html.split(sentence), sample.name).to.have.length(3);
        expect(html.includes(`action="/mfa/backup-codes/extend"`), sample.name).to.equal(extendable);
      }
      expect([...offers].sort()).to.deep.equal([false, true]);
    });
  }
});
