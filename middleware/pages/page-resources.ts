// What the pages of one `createMfa` need, made once: words, templates, assets.
import { localesDir, viewsDir } from '#views-dir';
import { join } from 'node:path';
import type { MfaCore } from '../../src/mfa.js';
import { createAssets, type Assets } from './assets.js';
import { createMessages, type Messages } from './messages.js';
import { createRenderer, type Renderer } from './render.js';

export type Web = { messages: Messages; renderer: Renderer; assets: Assets };

const made = new WeakMap<MfaCore['config'], Web>();

export function webOf({ config }: MfaCore): Web {
  const known = made.get(config);
  if (known) return known;
  const { messages, viewsDir: hostViewsDir, layout, render, brand } = config.web;
  const web: Web = {
    messages: createMessages({ dir: localesDir, ...(messages && { messages }) }),
    renderer: createRenderer({ viewsDir, hostViewsDir, layout, render }),
    assets: createAssets({ publicDir: join(viewsDir, 'public'), accent: brand.accent }),
  };
  made.set(config, web);
  return web;
}
