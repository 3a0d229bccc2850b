// The picture of an authenticator app's set-up in a real browser: read from a photograph of the screen whatever the names,
// never wider than the screen; and on a phone the app itself first.
import { expect } from 'chai';
import { otpauthUri } from '../../src/factors/totp/otpauth-uri.js';
import { qrSvg } from '../../src/factors/totp/qr.js';
import { launchBrowser, openTab, pictureOfPage } from '../support/browser.js';
import { during } from '../support/during.js';
import { scan } from '../support/phone.js';
import { openSampleSite } from '../support/sample-site.js';

const parameters = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 } as const;
const names = ['Acme', 'Государственная Третьяковская галерея', '日本語の非常に長い名前の会社株式会社の認証'];

describe('setting up an authenticator app in a browser', () => {
  const browser = during(launchBrowser);
  const site = during(openSampleSite);

  const url = () => site().url('en', site().names.indexOf('set-up totp'));

  for (const name of names) {
    it(`is read from a screenshot at four pixels per module, for “${name}”`, async () => {
      const uri = otpauthUri('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', name, 'alexandra.long.name@example.com', parameters);
      const { context, page } = await openTab(browser(), { viewport: { width: 1280, height: 800 } });
      await page.goto(url());
      const picture = page.locator('.mfa-mouse .mfa-qr');
      await picture.evaluate((element, svg) => void (element.innerHTML = svg), qrSvg(uri));
      const { width, modules } = await picture.locator('svg').evaluate((svg) => ({
        width: svg.getBoundingClientRect().width,
        modules: (svg as SVGSVGElement).viewBox.baseVal.width,
      }));
      expect(width / modules).to.be.at.least(4);
      expect(await scan(await pictureOfPage(page, { fullPage: true }))).to.equal(uri);
      for (const narrow of [320, 360]) {
        await page.setViewportSize({ width: narrow, height: 800 });
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(over, `${narrow} px`).to.equal(0);
      }
      await context.close();
    });
  }

  it('opens the app and copies the key first on a phone, the picture being below', async () => {
    const { context, page, problems } = await openTab(browser(), {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(url());
    const open = page.getByRole('link', { name: 'Open the app' });
    expect(await open.getAttribute('href')).to.match(/^otpauth:/);
    const copy = page.getByRole('button', { name: 'Copy key' });
    await copy.click();
    await page.getByRole('status').getByText('The key is copied.', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
    const picture = page.locator('.mfa-touch .mfa-qr');
    expect(await picture.isVisible()).to.equal(false);
    await page.getByText('Scan with another device').click();
    const [top, below] = [await open.boundingBox(), await picture.boundingBox()];
    expect(below?.y).to.be.above(top?.y ?? Infinity);
    expect(problems).to.deep.equal([]);
    await context.close();
  });
});
