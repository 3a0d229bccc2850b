// Screens of a phone side by side as one picture, for the documentation.
import type { Page } from 'playwright-core';

/** A phone's. */
export const screen = { viewport: { width: 380, height: 760 }, deviceScaleFactor: 1.5 };

/** The screens side by side, each with a thin edge, on no ground: it stands on white pages and on black ones. */
export async function pictureOf(page: Page, screens: readonly Buffer[]): Promise<Buffer> {
  const { viewport, deviceScaleFactor: scale } = screen;
  const picture = await page.evaluate(
    async ([pictures, width, height]) => {
      const [edge, gap, round] = [2, 30, 30];
      const canvas = document.createElement('canvas');
      canvas.width = pictures.length * (width + gap) - gap;
      canvas.height = height;
      const brush = canvas.getContext('2d');
      if (!brush) throw new Error('This browser draws nothing.');
      for (const [index, base64] of pictures.entries()) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const left = index * (width + gap);
        brush.save();
        brush.beginPath();
        brush.roundRect(left + edge, edge, width - 2 * edge, height - 2 * edge, round);
        brush.lineWidth = 2 * edge;
        brush.strokeStyle = '#8b949e';
        brush.stroke();
        brush.clip();
        brush.drawImage(bitmap, left, 0);
        brush.restore();
      }
      return canvas.toDataURL('image/webp', 0.8).split(',')[1] ?? '';
    },
    [screens.map((each) => each.toString('base64')), viewport.width * scale, viewport.height * scale] as const,
  );
  return Buffer.from(picture, 'base64');
}
