// Pictures made of numbers, as SVG text: no script, no style attribute, colours by class. A label is text, whatever it says. No
// outer `viewBox`: x in per cent, y in pixels, so that type keeps its size on every screen and on paper.

/** How a picture is put together. `axis`: room for numbers on the left. */
export type Drawing = { height: number; axis?: true; draw: (id: string) => string };

const signs: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for SVG: no markup, and no sign that XML forbids. */
export function text(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (sign) => signs[sign] ?? '');
}

/** A label that is longer than its place is cut with a mark; the table beside it has all of it. */
export function label(value: string, most = 34): string {
  const letters = [...value];
  return text(letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : value);
}

/** A place between 0 and 100 %. */
export function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : +Math.min(100, Math.max(0, (100 * part) / whole)).toFixed(3);
}

/** The end of a scale: a round number that all fit below. */
export function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  const steps = [1, 2, 4, 5, 6, 8, 10].map((step) => step * power);
  return steps.find((step) => step >= most && step % 2 === 0) ?? Math.max(2, 2 * Math.ceil(most / 2));
}

/** What is part of something, low, or still running. */
export function hatch(id: string, tone = ''): string {
  return `<defs><pattern id="${id}h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="mfa-hx ${tone}" x1="0" x2="0" y1="0" y2="5"/></pattern></defs>`;
}

/** The whole picture, with a title and what it says in words. */
export function picture(id: string, title: string, says: string, { height, axis, draw }: Drawing): string {
  return (
    `<svg class="mfa-chart${axis ? ' mfa-ts' : ''}" width="100%" height="${height}" role="img" aria-labelledby="${id}t ${id}d">` +
    `<title id="${id}t">${text(title)}</title><desc id="${id}d">${text(says)}</desc>${draw(id)}</svg>`
  );
}

/** One above the other, each with a scale of its own. */
export function stack(first: Drawing, second: Drawing): Drawing {
  const gap = 6;
  return {
    axis: true,
    height: first.height + gap + second.height,
    draw: (id) =>
      `${first.draw(id)}<svg x="0" y="${first.height + gap}" width="100%" height="${second.height}" overflow="visible">${second.draw(`${id}b`)}</svg>`,
  };
}
