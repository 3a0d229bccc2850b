// The files of the pages over HTTP: under an address that names their content, for ever, and nothing else.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewsDir } from '#views-dir';
import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { createAssets } from '../../../middleware/pages/assets.js';
import type { Assets } from '../../../middleware/pages/assets.js';
import { newFolder } from '../../support/folder.js';

const publicDir = join(viewsDir, 'public');

function serving(assets: Assets) {
  const app = express();
  app.get('/mfa/assets/:file', (req, res) => {
    assets.serve(req, res);
  });
  return request(app);
}

describe('the assets', () => {
  const assets = createAssets({ publicDir, accent: '#0a7a5c' });

  it('are served by their versioned address, to be kept for ever', async () => {
    for (const [name, type] of [
      ['mfa.css', 'text/css; charset=utf-8'],
      ['brand.css', 'text/css; charset=utf-8'],
      ['webauthn.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const answer = await serving(assets).get(assets.url('/mfa', name)).expect(200);
      expect(answer.headers).to.include({
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      });
      expect(answer.text.length).to.be.above(50);
    }
  });

  it('are found under any base path', () => {
    expect(assets.url('/auth/mfa', 'mfa.css')).to.match(/^\/auth\/mfa\/assets\/mfa-[0-9a-f]{12}\.css$/);
  });

  it('are two style sheets with an accent, one without', () => {
    expect(assets.stylesheets('/mfa')).to.have.length(2);
    expect(createAssets({ publicDir }).stylesheets('/mfa')).to.deep.equal([assets.url('/mfa', 'mfa.css')]);
  });

  it('are nothing else, whatever the address says', async () => {
    for (const file of [
      'mfa.css',
      'mfa-000000000000.css',
      '..%2Flayout.ejs',
      '%2e%2e%2f%2e%2e%2fpackage.json',
      '__proto__',
      'constructor',
    ]) {
      const answer = await serving(assets).get(`/mfa/assets/${file}`).expect(404);
      expect(answer.headers['cache-control']).to.equal('no-store');
      expect(answer.text).to.equal('Not found\n');
    }
  });

  it('refuse the address of a file that there is not', () => {
    expect(() => assets.url('/mfa', 'jquery.js')).to.throw('There is no file "jquery.js"');
  });

  it('import each other by versioned addresses, all of which are there', async () => {
    const script = await serving(assets).get(assets.url('/mfa', 'webauthn.js')).expect(200);
    const [, neighbour = ''] = /import '\.\/(simplewebauthn-browser-[0-9a-f]{12}\.js)'/.exec(script.text) ?? [];
    const library = await serving(assets).get(`/mfa/assets/${neighbour}`).expect(200);
    expect(library.text).to.include('SimpleWebAuthnBrowser');
  });

  it('change their address with their content, and with that of what they import', () => {
    const dir = newFolder('assets');
    const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
    const addresses = () => {
      const made = createAssets({ publicDir: dir });
      return ['page.js', 'other.js'].map((name) => made.url('', name));
    };
    write('page.js', "import { a } from './part.js';\na();\n");
    write('part.js', 'export const a = () => 1;\n');
    write('other.js', 'export {};\n');
    write('notes.txt', 'not served');
    expect(() => createAssets({ publicDir: dir }).url('', 'notes.txt')).to.throw();
    const before = addresses();
    expect(addresses()).to.deep.equal(before);
    write('part.js', 'export const a = () => 2;\n');
    const after = addresses();
    expect(after[0]).not.to.equal(before[0]);
    expect(after[1]).to.equal(before[1]);
  });
});
