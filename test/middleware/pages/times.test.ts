// Times on pages: in the zone that the host names, else marked for the script that says them in the browser's zone.
import { expect } from 'chai';
import { totp } from '../../../src/index.js';
import { Browser } from '../../support/agent.js';
import { testApp, type TestAppOptions } from '../../support/app.js';
import { messages } from '../../views/rendering.js';

describe('times on pages', () => {
  const pageOf = async (timeZone?: string, options: TestAppOptions = {}) => {
    const app = await testApp({
      ...options,
      factors: [totp()],
      user: (req) => {
        const id = (req.session as { uid?: string }).uid;
        return id === undefined ? null : { id, ...(timeZone === undefined ? {} : { timeZone }) };
      },
    });
    try {
      const ada = await new Browser(app).signIn('ada');
      await ada.enrollTotp();
      return (await ada.htmlGet('/mfa').expect(200)).text;
    } finally {
      await app.close();
    }
  };

  it('are marked for the script where no zone is known, and stand in UTC without it', async () => {
    const text = await pageOf();
    expect(text).to.match(/<time datetime="[0-9T:.-]+Z" data-mfa-time="date">/);
    expect(text).to.match(/<script type="module" src="[^"]*local-time-[0-9a-f]+\.js"/);
  });

  it('are in the zone that the host names, with nothing left for a script', async () => {
    const text = await pageOf('Pacific/Kiritimati');
    expect(text).to.match(/<time datetime="[0-9T:.-]+Z">/);
    expect(text).not.to.include('data-mfa-time').and.not.include('local-time');
  });

  it('are those of the zone: 14 hours ahead of UTC it is tomorrow', () => {
    const at = Date.UTC(2026, 11, 31, 12) / 1000;
    expect(messages.words('en').date(at)).to.equal('December 31, 2026');
    expect(messages.words('en', 'Pacific/Kiritimati').date(at)).to.equal('January 1, 2027');
    expect(messages.words('en').dateTime(at)).to.include('UTC');
    expect(messages.words('en', 'Pacific/Kiritimati').dateTime(at)).not.to.include('UTC');
    expect(messages.words('en', 'Nowhere/Land').dateTime(at)).to.include('UTC');
  });

  it('stand in sentences whose other words are text, also where a host worded them', async () => {
    const added = '<b onclick="x">{date}</b> & {other}';
    const text = await pageOf(undefined, { messages: { en: { 'manage.added': added } } });
    expect(text).to.match(/&#60;b onclick=&#34;x&#34;&#62;<time [^>]*>[^<]+<\/time>&#60;\/b&#62; &#38; \{other\}/);
    expect(text).not.to.include('<b onclick');
  });
});

describe('sentences on pages', () => {
  it('keep "two-step" in one piece, which is for pages alone', () => {
    const words = messages.words('en');
    expect(words.forPages('title.manage')).to.equal('Two-\u2060step verification');
    const french = messages.words('fr');
    expect(french.forPages('safety.lost')).to.equal('Téléphone perdu\u00a0?');
    expect(french.forPages('setup.totp.name_hint')).to.include('«\u00a0Téléphone pro\u00a0»');
    expect(words.t('title.manage')).to.equal('Two-step verification');
  });
});
