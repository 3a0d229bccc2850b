// Rendering over HTTP: our pages without the host's engine, and every way in which a host makes them its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { createRenderer } from '../../../middleware/pages/render.js';
import type { RenderOptions } from '../../../middleware/pages/render.js';
import { assets, messages, viewsDir } from '../../views/rendering.js';
import { sampleModels } from '../../views/sample-models.js';
import type { Sample } from '../../views/sample-models.js';
import { newFolder } from '../../support/folder.js';

const express4 = createRequire(import.meta.url)('express-4') as typeof express;
const samples = sampleModels(messages.words('de'), assets);
const sampleOf = (name: string): Sample => samples.find((sample) => sample.name === name) as Sample;

/** A folder of the host's with these templates in it. */
function hostViews(files: { [name: string]: string }): string {
  const dir = newFolder('views');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

function showing(name: string, options: Partial<RenderOptions> = {}, app = express()) {
  const renderer = createRenderer({ viewsDir, ...options });
  const { view, model, status } = sampleOf(name);
  app.get('/', (req, res, next) => {
    renderer.page(req, res, view, model as never, status).catch(next);
  });
  app.use((error: Error, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(500).type('text').send(error.message);
  });
  return request(app).get('/');
}

describe('a page', () => {
  it('is sent with its status, whole, in our layout', async () => {
    const answer = await showing('totp wrong').expect(422).expect('Content-Type', 'text/html; charset=utf-8');
    expect(answer.text).to.match(/^<!doctype html>\s*<html lang="de" dir="ltr">/);
    expect(answer.text).to.include('<title>Fehler: Geben Sie Ihren Sicherheitscode ein – Acme</title>');
  });

  it('needs no engine, meets none, and writes nothing into res.locals', async () => {
    const app = express();
    app.use((_req, res, next) => {
      Object.freeze(res.locals);
      res.render = () => {
        throw new Error('the host’s engine was asked');
      };
      next();
    });
    await showing('totp', {}, app).expect(200);
  });

  it('is the same under Express 4', async () => {
    const [four, five] = await Promise.all([showing('manage', {}, express4()), showing('manage')]);
    expect(four.text).to.equal(five.text);
  });
});

describe('a file of the host’s of the same name', () => {
  it('replaces a page, which still finds our partials', async () => {
    const hostViewsDir = hostViews({ 'verify/totp.ejs': "<h1>Ours</h1><%- include('partials/csrf') %><%= appName %>" });
    const answer = await showing('totp', { hostViewsDir });
    expect(answer.text).to.include('<h1>Ours</h1><input type="hidden" name="_csrf"');
    expect(answer.text).to.include('<header class="mfa-brand">');
  });

  it('replaces a partial in every page, ours included', async () => {
    const hostViewsDir = hostViews({ 'partials/help-text.ejs': '<p>Zimmer <%= 40 + 2 %></p>' });
    for (const name of ['choose', 'recover', 'totp alone, step-up']) {
      expect((await showing(name, { hostViewsDir })).text, name).to.include('<p>Zimmer 42</p>');
    }
  });

  it('replaces the layout', async () => {
    const hostViewsDir = hostViews({ 'layout.ejs': '<html><title><%= title %></title><%- content %></html>' });
    const answer = await showing('recover', { hostViewsDir });
    expect(answer.text).to.match(/^<html><title>Zugang wiederherstellen<\/title>/);
    expect(answer.text).not.to.include('mfa-brand');
  });

  it('is the page of a factor of the host’s own', () => {
    const renderer = createRenderer({ viewsDir, hostViewsDir: hostViews({ 'verify/pigeon.ejs': '' }) });
    expect(renderer.verifyView('pigeon')).to.equal('verify/pigeon');
    expect(renderer.setupView('pigeon')).to.equal('setup/generic');
    expect(renderer.verifyView('totp')).to.equal('verify/totp');
    expect(renderer.verifyView('../layout')).to.equal('verify/generic');
  });

  it('is read again at each request, unless it is kept', async () => {
    const hostViewsDir = hostViews({ 'recover.ejs': 'one' });
    const renderers = [false, true].map((cache) => createRenderer({ viewsDir, hostViewsDir, cache }));
    const { view, model } = sampleOf('recover');
    const read = () => renderers.map((renderer) => /one|two/.exec(renderer.html(view, model as never))?.[0]);
    expect(read()).to.deep.equal(['one', 'one']);
    writeFileSync(join(hostViewsDir, 'recover.ejs'), 'two');
    expect(read()).to.deep.equal(['two', 'one']);
  });

  it('says where it is wrong', async () => {
    const hostViewsDir = hostViews({ 'recover.ejs': '<p>\n<%= noSuchName %>' });
    const answer = await showing('recover', { hostViewsDir }).expect(500);
    expect(answer.text).to.match(/recover\.ejs:2[\s\S]*noSuchName is not defined/);
  });
});

describe('the layout option', () => {
  it('wraps our content, which brings its style sheet and its sign-out', async () => {
    const answer = await showing('totp wrong', {
      layout: async (html, req, _res, { title, lang, dir, view }) =>
        `<html lang="${lang}" dir="${dir}"><title>${title}</title><main data-view="${view}" data-path="${req.path}">${html}</main>`,
    }).expect(422);
    expect(answer.text).to.match(
      /^<html lang="de" dir="ltr"><title>Fehler: Geben Sie Ihren Sicherheitscode ein<\/title><main data-view="verify\/totp" data-path="\/"><link rel="stylesheet"/,
    );
    expect(answer.text).to.include('<div class="mfa" lang="de" dir="ltr">');
    expect(answer.text).to.include('Abmelden');
    expect(answer.text).not.to.match(/<body|mfa-brand/);
    expect(answer.text.match(/<main/g)).to.have.length(1);
  });

  it('passes its failure on', async () => {
    const layout = () => {
      throw new Error('no layout today');
    };
    const answer = await showing('totp', { layout }).expect(500);
    expect(answer.text).to.equal('no layout today');
  });
});

describe('the render option', () => {
  it('is handed the view, the model and the title, with the status set', async () => {
    const answer = await showing('totp wrong', {
      render: (_req, res, view, model) => {
        const { title, error, csrfToken } = model;
        res.json({ view, title, field: error?.field, csrfToken, said: model.t('verify.continue') });
      },
    }).expect(422);
    expect(answer.body).to.deep.equal({
      view: 'verify/totp',
      title: 'Geben Sie Ihren Sicherheitscode ein',
      field: 'code',
      csrfToken: 'Jq3v0Yw6b1TnK5s8',
      said: 'Bestätigen',
    });
  });
});
