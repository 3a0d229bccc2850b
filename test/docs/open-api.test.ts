// docs/openapi.json is what the routes, their declarations and the schemas of joi make it, is a sound document, and is served where an app
// wants it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { expect } from 'chai';
import supertest from 'supertest';
import { documentText } from '../../scripts/open-api/index.js';
import { misfits } from '../../scripts/open-api/routes.js';
import { statusOf } from '../../src/core/words/errors.js';
import { root } from '../architecture/sources.js';
import { testApp } from '../support/app.js';
import { documented, misfit } from '../support/open-api.js';

const file = join(root, 'docs', 'openapi.json');
const text = () => readFileSync(file, 'utf8');

describe('the OpenAPI document', () => {
  it('is as the routes and their declarations make it', function () {
    this.timeout(120_000);
    const isFresh = documentText() === text();
    expect(isFresh, 'docs/openapi.json is stale: run `npm run docs:openapi` and commit what it writes').to.equal(true);
  });

  it('says of a route that nobody described, and of a description without a route, what to do', () => {
    const wrong = misfits({ 'GET /old': {} }, ['GET /new'], 'src/api/operations.ts');
    expect(wrong).to.have.length(2);
    expect(wrong[0]).to.match(/GET \/new is not described. Add .* to src\/api\/operations.ts.*npm run docs:openapi/);
    expect(wrong[1]).to.match(/no route GET \/old. Take it out of src\/api\/operations.ts/);
  });

  it('has nothing that a linter minds', async function () {
    this.timeout(60_000);
    // Two routes have no answer of their own: one redirects, one refuses every program.
    const config = await createConfig({ extends: ['recommended'], rules: { 'operation-2xx-response': 'off' } });
    const problems = await lint({ ref: file, config });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).to.deep.equal([]);
  });

  it('names every code that an answer can carry, and no other, each at its status', () => {
    const told = new Map<string, string>();
    for (const [name, response] of Object.entries(documented.components.responses)) {
      const { allOf } = response.content!['application/problem+json']!.schema as unknown as {
        allOf: [object, { properties: { code: { enum: string[] } } }];
      };
      const status = /\d+/.exec(name)![0];
      for (const code of allOf[1].properties.code.enum) told.set(code, status);
    }
    const codes = Object.entries(statusOf).map(([code, status]) => [code, String(status)]);
    expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(codes));
  });

  it('takes no answer that has a field more, one less, another code or another status', () => {
    const body = { state: 'none', next: { step: 'done', url: '/' }, csrfToken: 't', availableFactors: [] };
    const problem = { type: 't', title: 't', status: 401, code: 'session.not_signed_in' };
    const of = (status: number, type: string, answer: object) => misfit('GET', '/mfa', { status, type, body: answer });
    const json = 'application/json';
    expect(of(200, json, body)).to.equal(undefined);
    expect(of(200, json, { ...body, more: 1 })).to.match(/additional properties/);
    expect(of(200, json, { ...body, state: 'other' })).to.match(/allowed values/);
    expect(of(200, json, { ...body, csrfToken: undefined })).to.match(/required|string/);
    expect(of(200, 'text/plain', body)).to.match(/no media type/);
    expect(of(418, json, body)).to.match(/no such answer/);
    expect(of(401, 'application/problem+json', problem)).to.equal(undefined);
    expect(of(401, 'application/problem+json', { ...problem, code: 'request.csrf' })).to.match(/allowed values/);
  });

  it('is served where an app wants it, with its own addresses, and nowhere else', async () => {
    const app = await testApp({ openApi: true, host: { base: '/account/mfa' }, publicBasePath: '/account/mfa' });
    const other = await testApp();
    try {
      const served = await supertest(app.url).get('/account/mfa/openapi.json').expect(200);
      const { paths, ...rest } = served.body as { paths: object; openapi: string };
      expect(Object.keys(paths)).to.include.members([
        '/account/mfa',
        '/account/mfa/verify/{factor}',
        '/admin/mfa/people',
      ]);
      expect(rest.openapi).to.equal('3.1.1');
      const tag = served.headers['etag']!;
      await supertest(app.url).get('/account/mfa/openapi.json').set('If-None-Match', tag).expect(304);
      await supertest(other.url).get('/mfa/openapi.json').expect(404);
    } finally {
      await app.close();
      await other.close();
    }
  });

  it('stands beside the sentences in force, which anybody may read and keep', async () => {
    const app = await testApp({ messages: { de: { 'verify.submit': 'Los' }, 'de-CH': {} } });
    try {
      const read = (locale: string) => supertest(app.url).get(`/mfa/messages/${locale}`);
      const german = await read('de').expect(200);
      expect(german.body).to.include({ locale: 'de', dir: 'ltr' });
      expect(german.body.messages).to.include({ 'verify.submit': 'Los' });
      expect(Object.keys(german.body.messages as object).filter((key) => key.startsWith('admin.'))).to.deep.equal([]);
      expect(german.headers['cache-control']).to.equal('public, no-cache');
      await read('de').set('If-None-Match', german.headers['etag']!).expect(304);
      expect((await read('it-CH').expect(200)).body).to.include({ locale: 'it' });
      expect((await read('xx').expect(200)).body).to.include({ locale: 'en' });
      expect((await read('..%2F..%2Fpackage').expect(200)).body).to.include({ locale: 'en' });
    } finally {
      await app.close();
    }
  });
});
