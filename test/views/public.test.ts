// The files that a browser loads: small, self-contained, and without anything that leads elsewhere.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { brandCss, contrast, parseHex } from '../../middleware/pages/brand-css.js';
import { publicDir } from './rendering.js';

const css = readFileSync(join(publicDir, 'mfa.css'), 'utf8');

/** The custom properties of the light theme (0) or the dark one (1), `--mfa-` left out. */
function coloursOf(theme: 0 | 1): { [name: string]: string } {
  const pairs = [...css.matchAll(/--mfa-([a-z-]+):\s*light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\);/g)];
  return Object.fromEntries(pairs.map(([, name = '', ...colours]) => [name, colours[theme] ?? '']));
}

describe('the style sheet', () => {
  it('has at most 16 KB', () => {
    expect(statSync(join(publicDir, 'mfa.css')).size).to.be.at.most(16 * 1024);
  });

  it('loads nothing', () => {
    expect(css).not.to.match(/url\(|@import|@font-face/);
  });

  it('leaves the host page alone: every rule is under a class of ours', () => {
    const selectors = css
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/@(media|supports)[^{]+\{/g, '')
      .split('{')
      .slice(0, -1)
      // A comma inside brackets parts no selectors.
      .flatMap((chunk) => (chunk.split('}').at(-1) ?? '').split(/,(?![^()]*\))/))
      .map((selector) => selector.trim())
      .filter(Boolean);
    expect(selectors.length).to.be.above(100);
    for (const selector of selectors) expect(selector).to.include('.mfa');
  });

  it('turns with the writing direction', () => {
    expect(css).not.to.match(/(margin|padding|border)-(left|right)|text-align: (left|right)|[\s;](left|right):/);
  });

  for (const [theme, at] of [
    ['light', 0],
    ['dark', 1],
  ] as const) {
    it(`is readable in the ${theme} theme (WCAG 2.2 SC 1.4.3, 1.4.11)`, () => {
      const colour = coloursOf(at);
      const ratio = (a: string, b: string) => contrast(parseHex(colour[a] ?? ''), parseHex(colour[b] ?? ''));
      const grounds = ['paper', 'ground'];
      for (const ground of grounds) {
        for (const ink of ['ink', 'soft', 'accent', 'bad']) {
          expect(ratio(ink, ground), `${ink} on ${ground}`).to.be.at.least(4.5);
        }
        expect(ratio('field', ground), `field on ${ground}`).to.be.at.least(3);
      }
      for (const [ink, ground] of [
        ['on-accent', 'accent'],
        ['on-bad', 'bad'],
        ['bad', 'bad-ground'],
        ['good', 'good-ground'],
        ['ink', 'warn-ground'],
        ['warn', 'warn-ground'],
        ['ink', 'tint'],
        ['soft', 'tint'],
        ['accent', 'tint'],
        ['accent', 'warn-ground'],
      ] as const) {
        expect(ratio(ink, ground), `${ink} on ${ground}`).to.be.at.least(4.5);
      }
    });
  }

  it('does not move for whoever asked for less motion', () => {
    for (const at of css.matchAll(/transition|animation/g)) {
      expect(css.lastIndexOf('prefers-reduced-motion: no-preference', at.index)).to.be.above(-1);
    }
  });
});

describe('the style sheet of the brand', () => {
  for (const accent of ['#ffff00', '#000', '#1f5fd1', '#ffffff', '#e30613', '#00b894']) {
    it(`stays readable with ${accent}`, () => {
      const pair = /accent:light-dark\((#\w{6}),(#\w{6})\);--mfa-on-accent:light-dark\((#\w{6}),(#\w{6})\)/;
      const [, light = '', dark = '', onLight = '', onDark = ''] = pair.exec(brandCss(accent)) ?? [];
      for (const [colour, ink, ground] of [
        [light, onLight, coloursOf(0)['ground'] ?? ''],
        [light, onLight, coloursOf(0)['warn-ground'] ?? ''],
        [dark, onDark, coloursOf(1)['paper'] ?? ''],
        [dark, onDark, coloursOf(1)['warn-ground'] ?? ''],
      ] as const) {
        expect(contrast(parseHex(colour), parseHex(ground))).to.be.at.least(4.5);
        expect(contrast(parseHex(ink), parseHex(colour))).to.be.at.least(4.5);
      }
    });
  }

  it('keeps a colour that is readable as it is', () => {
    expect(brandCss('#1f5fd1')).to.include(':where(.mfa){--mfa-accent:#1f5fd1;--mfa-on-accent:#ffffff;');
  });

  it('refuses what is no colour, so that no rule can be smuggled in', () => {
    for (const accent of ['red', '#12', '#12345g', '#fff;}body{display:none']) {
      expect(() => brandCss(accent)).to.throw('brand.accent must be a colour');
    }
  });
});

describe('the scripts', () => {
  it('load nothing from elsewhere and evaluate nothing', () => {
    for (const file of readdirSync(publicDir).filter((name) => name.endsWith('.js'))) {
      expect(readFileSync(join(publicDir, file), 'utf8'), file).not.to.match(
        /https?:|\beval\(|new Function|innerHTML|postMessage|'message'/,
      );
    }
  });
});
