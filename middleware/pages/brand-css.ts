// The host's accent as a tiny style sheet, because a strict CSP forbids a style attribute. Whatever colour is given,
// what is written in it stays readable: it is darkened or lightened until it meets WCAG 2.2 SC 1.4.3.
import { MfaError } from '../../src/core/words/errors.js';

type Rgb = readonly [number, number, number];

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
/** The grounds of `mfa.css` on which the accent is harder to read: the light theme's grey, the dark theme's warning. */
const lightGround: Rgb = [0xf4, 0xf5, 0xf7];
const darkGround: Rgb = [0x2e, 0x27, 0x15];
const minimum = 4.5;

/**
 * CSS that sets `--mfa-accent` and what is written on it, for both themes.
 * @param accent `#rgb` or `#rrggbb`
 * @throws MfaError `config.invalid_option` for anything else
 */
export function brandCss(accent: string): string {
  const wanted = parseHex(accent);
  const light = readableOn(lightGround, wanted, black);
  const dark = readableOn(darkGround, wanted, white);
  // Without weight, as in `mfa.css`: what the host's own style sheet says of `.mfa` wins.
  const onLight = hex(inkOn(light));
  const both = (first: string, second: string) => `light-dark(${first},${second})`;
  // Which of the two is shown follows `color-scheme`, as in `mfa.css`; browsers that cannot ask for it are light.
  const sheets = [
    `:where(.mfa){${colours(hex(light), onLight)}}`,
    `@supports (color:${both('#000', '#fff')}){:where(.mfa){${colours(both(hex(light), hex(dark)), both(onLight, hex(inkOn(dark))))}}}`,
  ];
  return `${sheets.join('\n')}\n`;
}

/** The accent, what is written on it, and the ground of icons, which is a breath of it. */
function colours(accent: string, onAccent: string): string {
  const tint = `color-mix(in srgb,${accent} 12%,var(--mfa-paper))`;
  return `--mfa-accent:${accent};--mfa-on-accent:${onAccent};--mfa-tint:${tint}`;
}

/** WCAG 2.2 contrast ratio of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

export function parseHex(colour: string): Rgb {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (digits === undefined) {
    throw new MfaError(
      'config.invalid_option',
      `brand.accent must be a colour as #rgb or #rrggbb, but is "${colour.slice(0, 40)}". Write it in hexadecimal.`,
    );
  }
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb;
}

function readableOn(ground: Rgb, colour: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = colour.map((part, i) => Math.round(part + ((towards[i] ?? 0) - part) * share)) as unknown as Rgb;
    if (contrast(mixed, ground) >= minimum) return mixed;
  }
  return towards;
}

function inkOn(colour: Rgb): Rgb {
  return contrast(colour, white) >= minimum ? white : black;
}

function luminance(colour: Rgb): number {
  const [r = 0, g = 0, b = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
