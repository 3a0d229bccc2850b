// Renders a page to a string and sends it; the host's own view engine is never involved unless the host asks for it by
// `render`. Knows templates and where they lie, not what a page means.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ejs from 'ejs';
import type { TemplateFunction } from 'ejs';
import type { Request, Response } from 'express';
import { titleOf } from './page-titles.js';
import type { PageModel, SetupView, VerifyView, ViewModels, ViewName } from './view-model.js';

/** What the host's layout is told besides our content. `title` is that of the tab: "Error: " stands before what is wrong. */
export type LayoutFacts = { title: string; lang: string; dir: 'ltr' | 'rtl'; view: ViewName };

export type RenderOptions = {
  /** Where our templates lie. */
  viewsDir: string;
  /** A file of the same name here replaces ours: a page, a partial, the layout. */
  hostViewsDir?: string | undefined;
  /** Wraps our content (which brings its style sheet) in the host's own page. */
  layout?: ((html: string, req: Request, res: Response, facts: LayoutFacts) => string | Promise<string>) | undefined;
  /** Renders everything in our stead; the status is set already. */
  render?:
    | ((req: Request, res: Response, view: ViewName, model: PageModel & { title: string }) => void | Promise<void>)
    | undefined;
  /** Whether a template is read once; default: in production, as Express does. */
  cache?: boolean;
};

export interface Renderer {
  /** Sends a page with `status`, default 200. */
  page<V extends ViewName>(req: Request, res: Response, view: V, model: ViewModels[V], status?: number): Promise<void>;
  /** The whole page in our layout. */
  html<V extends ViewName>(view: V, model: ViewModels[V]): string;
  /** The view of a factor: its own where there is one, ours or the host's, else the generic one. */
  verifyView(kind: string): VerifyView;
  setupView(kind: string): SetupView;
}

export function createRenderer(options: RenderOptions): Renderer {
  const { layout, render } = options;
  const dirs = [options.hostViewsDir, options.viewsDir].filter((dir) => dir !== undefined).map((dir) => resolve(dir));
  const cache = options.cache ?? process.env.NODE_ENV === 'production';
  const compiled = new Map<string, TemplateFunction>();

  function fileOf(name: string): string | undefined {
    for (const dir of dirs) {
      const file = join(dir, `${name}.ejs`);
      if (!relative(dir, file).startsWith('..') && existsSync(file)) return file;
    }
    return undefined;
  }

  function template(name: string): TemplateFunction {
    const kept = compiled.get(name);
    if (kept) return kept;
    const file = fileOf(name);
    if (file === undefined) throw new Error(`There is no template "${name}.ejs" in ${dirs.join(' or ')}.`);
    const made = compiledFrom(file, readFileSync(file, 'utf8'));
    if (cache) compiled.set(name, made);
    return made;
  }

  // Our own `include` shadows that of EJS, so that a partial of the host's is found wherever the including file lies.
  function fill(name: string, locals: object): string {
    const include = (other: string, more: object = {}): string => fill(other, { ...locals, ...more });
    return template(name)({ ...locals, include });
  }

  function filled(view: ViewName, model: PageModel): { title: string; locals: object; content: string } {
    const title = titleOf(view, model);
    const locals = { ...model, title, view };
    return { title, locals, content: fill(view, locals) };
  }

  const viewOf = (room: 'verify' | 'setup', kind: string): string =>
    /^[a-z0-9-]+$/.test(kind) && fileOf(`${room}/${kind}`) !== undefined ? `${room}/${kind}` : `${room}/generic`;

  const renderer: Renderer = {
    async page(req, res, view, model, status = 200) {
      res.status(status);
      if (render) return render(req, res, view, { ...model, title: titleOf(view, model) });
      if (!layout) return void res.type('html').send(renderer.html(view, model));
      const { title, locals, content } = filled(view, model);
      const html = fill('embedded', { ...locals, content });
      const shown = model.error ? model.t('page.error_title', { title }) : title;
      res.type('html').send(await layout(html, req, res, { title: shown, lang: model.lang, dir: model.dir, view }));
    },
    html(view, model) {
      const { locals, content } = filled(view, model);
      return fill('layout', { ...locals, content });
    },
    verifyView: (kind) => viewOf('verify', kind) as VerifyView,
    setupView: (kind) => viewOf('setup', kind) as SetupView,
  };
  return renderer;
}

/** By their files, each with the text that it was made of: a template that was edited is compiled anew. */
const templates = new Map<string, { text: string; made: TemplateFunction }>();

function compiledFrom(file: string, text: string): TemplateFunction {
  const there = templates.get(file);
  if (there?.text === text) return there.made;
  const made = ejs.compile(text, { filename: file });
  templates.set(file, { text, made });
  return made;
}
