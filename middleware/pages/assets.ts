// The style sheets and scripts of the pages: read once at start-up, named by their content, served for ever. Nothing
// but these files is served, whatever the address says.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import { brandCss } from './brand-css.js';

const contentTypes: { [extension: string]: string } = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

export interface Assets {
  /** The versioned address of a file of `views/public/`: `/mfa/assets/mfa-0123456789ab.css`. */
  url(base: string, name: string): string;
  /** The addresses of the style sheets of every page, in order. */
  stylesheets(base: string): string[];
  /** Answers `GET <base>/assets/:file`; mount it there: `router.get('/assets/:file', assets.serve)`. */
  serve(req: Request, res: Response): void;
}

/**
 * @param options.publicDir the folder of the style sheet and scripts
 * @param options.accent `#rgb` or `#rrggbb`; becomes a style sheet of its own
 */
export function createAssets(options: { publicDir: string; accent?: string | undefined }): Assets {
  const sources = new Map<string, string>();
  // `vendor/` has the scripts of others, with their licences.
  for (const folder of [options.publicDir, join(options.publicDir, 'vendor')]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      if (/^[a-z0-9-]+\.(css|js)$/.test(name)) sources.set(name, readFileSync(join(folder, name), 'utf8'));
    }
  }
  if (options.accent !== undefined) sources.set('brand.css', brandCss(options.accent));

  const versioned = new Map<string, string>();
  const served = new Map<string, { body: Buffer; type: string }>();
  for (const name of sources.keys()) add(name);

  // A script that imports another one names it plainly; the versioned name takes its place, so that what is cached
  // for ever never meets a newer neighbour.
  function add(name: string): string {
    const done = versioned.get(name);
    if (done !== undefined) return done;
    const text = (sources.get(name) ?? '').replace(
      /(\bfrom\s*|\bimport\s*\(?\s*)(['"])\.\/([a-z0-9-]+\.js)\2/g,
      (whole, lead: string, quote: string, other: string) =>
        sources.has(other) && other !== name ? `${lead}${quote}./${add(other)}${quote}` : whole,
    );
    const [stem = '', extension = ''] = name.split('.');
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const address = `${stem}-${hash}.${extension}`;
    versioned.set(name, address);
    served.set(address, { body: Buffer.from(text), type: contentTypes[extension] ?? 'application/octet-stream' });
    return address;
  }

  function url(base: string, name: string): string {
    const address = versioned.get(name);
    if (address === undefined) throw new Error(`There is no file "${name}" among the assets of the pages.`);
    return `${base}/assets/${address}`;
  }

  return {
    url,
    stylesheets: (base) =>
      ['mfa.css', 'brand.css'].filter((name) => versioned.has(name)).map((name) => url(base, name)),
    serve(req, res) {
      const { file } = req.params;
      const found = typeof file === 'string' ? served.get(file) : undefined;
      res.set('X-Content-Type-Options', 'nosniff');
      if (!found) {
        res.status(404).set('Cache-Control', 'no-store').type('text/plain').send('Not found\n');
        return;
      }
      res.set({ 'Cache-Control': 'public, max-age=31536000, immutable', 'Content-Type': found.type });
      res.removeHeader('Pragma');
      res.removeHeader('Expires');
      res.status(200).send(found.body);
    },
  };
}
