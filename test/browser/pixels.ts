// What is seen on the screen, where computed styles do not tell: under forced colours the browser paints other colours
// than it says. Reads pixels of a screenshot; knows no page of ours.
import type { BrowserContext, Page } from 'playwright-core';

/** `edge`: something is drawn around it; `ink`: something is drawn in it; `full`, `empty`: the colour of its middle. */
type Look = 'edge' | 'ink' | 'full' | 'empty';
export type Place = { look: Look; name: string; x: number; y: number; width: number; height: number };

/** A page that decodes pictures, without a policy that would forbid it. */
export function openDarkroom(context: BrowserContext): Promise<Page> {
  return context.newPage();
}

/** The names of the places that do not look as they should, in a picture (PNG) at one pixel a CSS pixel. */
export async function unseen(darkroom: Page, picture: Buffer, places: readonly Place[]): Promise<string[]> {
  return darkroom.evaluate(
    async ([base64, wanted]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const brush = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (!brush) throw new Error('This browser draws nothing.');
      brush.drawImage(bitmap, 0, 0);
      const { data } = brush.getImageData(0, 0, bitmap.width, bitmap.height);
      const at = (x: number, y: number) => {
        const start = (Math.round(y) * bitmap.width + Math.round(x)) * 4;
        return [...data.slice(start, start + 3)];
      };
      /** By a step that eyes see: 3:1 is at least a quarter of the way from black to white. */
      const differ = (a: number[], b: number[]) => a.some((part, index) => Math.abs(part - (b[index] ?? 0)) > 64);
      const isSeen = ({ look, x, y, width, height }: Place) => {
        const ground = at(x + width / 2, Math.min(y + height + 4, bitmap.height - 1));
        const middle = at(x + width / 2, y + height / 2);
        if (look === 'full') return differ(middle, ground);
        if (look === 'empty') return !differ(middle, ground);
        // Along a piece of it, for it may be dashed.
        if (look === 'edge') {
          return [-2, -1, 0, 1].some((by) =>
            [0, 1, 2, 3, 4, 5].some((along) => differ(at(x + width / 2 + along, y + height + by), ground)),
          );
        }
        for (let row = 0; row < height; row += 1) {
          for (let column = 0; column < width; column += 1) if (differ(at(x + column, y + row), ground)) return true;
        }
        return false;
      };
      return wanted.filter((place) => !isSeen(place)).map(({ look, name }) => `no ${look}: ${name}`);
    },
    [picture.toString('base64'), places] as const,
  );
}
