// A text as a QR code, drawn as inline SVG: nothing is fetched, and no other party sees the secret. Black on white in
// dark mode too, because many readers take no inverted code.
import { encode } from 'uqr';

/** ISO/IEC 18004 §5.3.8: four modules of white on each side. */
const quietZone = 4;

/** A side of that many modules fits the page at four pixels each: version 19 of the code, with its white. */
const mostModules = 101;

/**
 * Pixels of a module: five while there is room, and never fewer than four, below which readers fail on a photograph of the
 * screen. Whole ones, so that no edge is blurred.
 */
function pixelsOf(size: number): number {
  return size * 5 <= 320 ? 5 : 4;
}

/** More redundancy where it costs no room; a screen is not torn or stained. */
function encoded(text: string) {
  const robust = encode(text, { ecc: 'M', border: quietZone });
  return robust.size <= mostModules ? robust : encode(text, { ecc: 'L', border: quietZone });
}

/**
 * An `<svg>` of one path, which says how large it wants to be. It is hidden from assistive technology; the page names it and gives the secret as text.
 * @param text up to about 1500 bytes
 */
export function qrSvg(text: string): string {
  const { data, size } = encoded(text);
  const side = size * pixelsOf(size);
  const path = data
    .map((row, y) =>
      runsOf(row)
        .map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)
        .join(''),
    )
    .join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${side}" height="${side}" aria-hidden="true" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** Start and length of every run of dark modules. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = runs.at(-1);
    if (dark && last && last[0] + last[1] === x) last[1] += 1;
    else if (dark) runs.push([x, 1]);
  });
  return runs;
}
