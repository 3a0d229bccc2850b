// Renders the samples with our own templates, and takes the HTML apart far enough to check it.
import { join } from 'node:path';
import { localesDir, viewsDir } from '#views-dir';
import { createAssets } from '../../middleware/pages/assets.js';
import { createMessages } from '../../middleware/pages/messages.js';
import type { Words } from '../../middleware/pages/messages.js';
import { createRenderer } from '../../middleware/pages/render.js';
import type { PageFacts, PageModel, ViewName } from '../../middleware/pages/view-model.js';
import { sampleModels } from './sample-models.js';
import type { Sample } from './sample-models.js';

export { localesDir, viewsDir } from '#views-dir';
export const publicDir = join(viewsDir, 'public');

export const messages = createMessages({ dir: localesDir });
export const assets = createAssets({ publicDir, accent: '#0a7a5c' });
export const renderer = createRenderer({ viewsDir, cache: true });

export const htmlOf = ({ view, model }: { view: ViewName; model: PageModel }): string =>
  renderer.html(view, model as never);

/** Every sample in the language of `words`, as HTML. */
export function renderAll(words: Words, facts: Partial<PageFacts> = {}): { sample: Sample; html: string }[] {
  return sampleModels(words, assets, facts).map((sample) => ({ sample, html: htmlOf(sample) }));
}

/** The start tags of `name`, each with its attributes; an attribute without a value is `''`. */
export function tags(html: string, name: string): { [attribute: string]: string }[] {
  return [...html.matchAll(new RegExp(`<${name}(\\s[^>]*)?>`, 'g'))].map(([, inside = '']) =>
    Object.fromEntries(
      [...inside.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, attribute = '', value = '']) => [attribute, value]),
    ),
  );
}
