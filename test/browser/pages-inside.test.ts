// The pages inside a Bootstrap and a Tailwind layout: the very lines of docs/own-look.md, with the style sheets that those
// packages ship, by day and by night.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { compile } from 'tailwindcss';
import ts from 'typescript';
import type { MfaOptions } from '../../src/index.js';
import { blocksOf } from '../docs/markdown.js';
import { keepScreenshot, launchBrowser, openTab } from '../support/browser.js';
import { openSampleSite, type SampleSite } from '../support/sample-site.js';
import { axeFindings, bringAxe, keyboardFindings, layoutFindings } from './page-checks.js';

const packaged = (path: string) => readFileSync(createRequire(import.meta.url).resolve(path), 'utf8');

/** The layout and the brand of the sample of docs/own-look.md that names `file`, and the style sheet beside it. */
function sampleOf(file: string): { options: MfaOptions; css: string } {
  const blocks = blocksOf('docs/own-look.md');
  const at = blocks.findIndex(({ language, code }) => language === 'ts' && code.includes(file));
  const { outputText } = ts.transpileModule(blocks[at]?.code ?? '', {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  let options: MfaOptions | undefined;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own documentation, as a reader would run it.
  new Function('createMfa', outputText)((given: MfaOptions) => (options = given));
  if (!options) throw new Error(`docs/own-look.md has no sample with ${file}.`);
  return { options, css: blocks[at + 1]?.code ?? '' };
}

/** Tailwind writes what the classes of the layout need. */
async function tailwind(css: string, layout: string): Promise<string> {
  const loadStylesheet = (id: string) => {
    const path = createRequire(import.meta.url).resolve(id === 'tailwindcss' ? 'tailwindcss/index.css' : id);
    return Promise.resolve({ path, base: '', content: readFileSync(path, 'utf8') });
  };
  const { build } = await compile(css, { loadStylesheet });
  return build(layout.match(/[\w:/[\]-]+/g) ?? []);
}

const kinds = [
  { name: 'Bootstrap', file: '/bootstrap.min.css' },
  { name: 'Tailwind', file: '/tailwind.css' },
] as const;

for (const { name, file } of kinds) {
  describe(`every page inside a ${name} layout`, () => {
    let browser: Browser;
    let site: SampleSite;
    before(async () => {
      const { options, css } = sampleOf(file);
      const { layout, brand = {} } = options;
      if (!layout) throw new Error('The sample has no layout.');
      const styles =
        name === 'Bootstrap'
          ? { [file]: packaged('bootstrap/dist/css/bootstrap.min.css'), '/acme.css': css }
          : { [file]: await tailwind(css, layout.toString()) };
      site = await openSampleSite({ brand }, brand.accent, { layout, styles });
      browser = await launchBrowser();
    });
    after(async () => {
      await browser.close();
      await site.close();
    });

    const kept = ['totp wrong', 'manage', 'codes pending', 'remove, not chosen', 'set-up totp'];

    /** Lists keep their signs, links their lines: both resets take them away. */
    const plain = (page: Page) =>
      page.evaluate(() => {
        const styles = (selector: string) =>
          [...document.querySelectorAll(selector)].map((each) => getComputedStyle(each));
        return [
          ...styles('.mfa :is(.mfa-plain, .mfa-steps, .mfa-codes)')
            .filter(({ listStyleType }) => !['disc', 'decimal'].includes(listStyleType))
            .map(() => 'a list without signs'),
          ...styles('.mfa p a, .mfa .mfa-link')
            .filter(({ textDecorationLine }) => textDecorationLine !== 'underline')
            .map(() => 'a link without a line'),
          ...styles('.mfa legend')
            .filter(({ cssFloat, fontSize }) => cssFloat !== 'none' || fontSize !== '16px')
            .map(() => 'a legend of the layout'),
        ];
      });

    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      it(`has no fault, ${colorScheme}, ${width} px wide`, async () => {
        const { context, page, problems } = await openTab(browser, {
          colorScheme,
          viewport: { width, height: 800 },
          // Bootstrap scrolls slowly to what is focused, which the checks would look for meanwhile.
          reducedMotion: 'reduce',
        });
        await bringAxe(context);
        for (const [index, sample] of site.names.entries()) {
          // The first state of each page: how the others differ does not depend on what is around them.
          if (sample.includes(',') && !kept.includes(sample)) continue;
          await page.goto(site.url('en', index));
          const found = [...(await layoutFindings(page)), ...(await axeFindings(page)), ...(await plain(page))];
          if (kept.includes(sample)) {
            await keepScreenshot(page, `inside ${name} ${sample}-${colorScheme}`);
            found.push(...(await keyboardFindings(page)));
          }
          problems.push(...found.map((finding) => `${sample}: ${finding}`));
        }
        await context.close();
        expect(problems, problems.join('\n')).to.deep.equal([]);
      });
    }

    it('lets the layout say colours, corners and font', async () => {
      const { context, page } = await openTab(browser, { colorScheme: 'dark' });
      await page.goto(site.url('en', site.names.indexOf('manage')));
      const seen = await page.evaluate(() => {
        const styleOf = (selector: string) => getComputedStyle(document.querySelector(selector) ?? document.body);
        const { borderRadius, backgroundColor } = styleOf('.mfa-card');
        return {
          borderRadius,
          card: backgroundColor,
          font: styleOf('.mfa').fontFamily,
          body: styleOf('body').fontFamily,
        };
      });
      expect(seen.font).to.equal(seen.body);
      expect(seen.borderRadius).to.equal('8px');
      // Bootstrap stays light until it is told otherwise; the layout with Tailwind follows the device.
      expect(seen.card).to.equal(name === 'Bootstrap' ? 'rgb(255, 255, 255)' : 'rgb(27, 31, 36)');
      await context.close();
    });
  });
}
