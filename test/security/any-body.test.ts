// Attack: arbitrary bodies, content types, headers and paths are thrown at every route.
// Rule: whatever is wrong with a request is answered by its code, 400 for a body; never 500, never a hang.
// Answer: every route of ours, found by walking the routers, answers each, in time, with a status that it has.
import { expect } from 'chai';
import fc from 'fast-check';
import { mfaRouter, totp, type Mfa } from '../../src/index.js';
import { statusOf } from '../../src/core/words/errors.js';
import { anyCharacter } from '../support/any-character.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

type Layer = { route?: { path: string; methods: { [method: string]: boolean } }; handle: { stack?: Layer[] } };
type Route = { method: 'GET' | 'POST'; path: string };

/** Every route of a router and of the routers in it. */
function routesOf(stack: readonly Layer[]): Route[] {
  return stack.flatMap(({ route, handle }) => {
    if (!route) return routesOf(handle.stack ?? []);
    return (['get', 'post'] as const)
      .filter((method) => route.methods[method])
      .map((method): Route => ({ method: method.toUpperCase() as Route['method'], path: route.path }));
  });
}

const allRoutes = (mfa: Mfa): Route[] => routesOf((mfaRouter(mfa) as unknown as { stack: Layer[] }).stack);

const parameter = fc.constantFrom(
  ...[
    'totp',
    'backup-codes',
    'webauthn',
    'email',
    'sms',
    '__proto__',
    'constructor',
    'toString',
    '%00',
    '%',
    '..',
    '%2e%2e',
  ],
  ...['totp', 'backup-codes', 'totp', 'backup-codes', 'totp', 'backup-codes'],
  ...['%F0%9F%A6%8A', 'a'.repeat(500), '%ff', 'mfa.css', 'x'],
);
const fieldNames = [
  'code',
  'name',
  'address',
  'response',
  'revealToken',
  'saved',
  'confirmed',
  'signInStep',
  'trustBrowser',
];
const fields = fc.dictionary(
  fc.constantFrom(...fieldNames, 'resetPrompts', 'openLane', '__proto__', 'constructor', 'toString', '_csrf'),
  fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: anyCharacter }),
    fc.constantFrom('123456', 'ABCD-EFGH', 'yes', 'off', '', 'x'.repeat(5000)),
  ),
);
const anyBody = fc.oneof(
  fields.map((value) => ({ type: 'application/json', text: JSON.stringify(value) })),
  fc.jsonValue().map((value) => ({ type: 'application/json', text: JSON.stringify(value) })),
  fields.map((value) => ({
    type: 'application/x-www-form-urlencoded',
    text: Object.entries(value)
      .map(
        ([name, each]) =>
          `${name}=${encodeURIComponent(typeof each === 'string' ? each.replace(/[\ud800-\udfff]/g, '') : JSON.stringify(each))}`,
      )
      .join('&'),
  })),
  fc.record({
    type: fc.constantFrom(
      ...['application/json', 'application/json; charset=utf-7', 'application/json; charset=utf-16', 'text/plain', 'x'],
      ...['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=x', 'multipart/form-data'],
    ),
    text: fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.string(),
      fc.constantFrom('{', '%', 'a[b][c]=1', 'code[]=1', '\u0000'),
    ),
  }),
);
const anyHeaders = fc.record(
  {
    accept: fc.constantFrom(
      'text/html',
      'application/json',
      '*/*',
      'text/html;q=x',
      ',;,',
      'application/json;q=0, text/html',
    ),
    'accept-language': fc.constantFrom('de', 'xx-YY', '__proto__', '*', 'en;q=9', ',,,', 'x'.repeat(300), '-'),
    'hx-request': fc.constantFrom('true', 'false'),
    'x-request-id': fc.constantFrom('a b', '__proto__', 'x'.repeat(300)),
    'content-encoding': fc.constantFrom('gzip', 'br', 'x', 'identity'),
    'sec-fetch-site': fc.constantFrom('same-origin', 'none', 'same-origin', 'cross-site'),
    cookie: fc.constantFrom('=', 'a=b; __proto__=x', '%=%', 'mfa-known=x.y.z', ';;;'),
  },
  { requiredKeys: [] },
);

for (const express of [5, 4] as const) {
  describe(`every route on Express ${express}`, function () {
    this.timeout(300_000);
    let app: TestApp;
    let people: { [who: string]: { cookie: string; token: string } };

    before(async () => {
      // A generous budget, so that answers are looked at rather than refused by the lock.
      const lockout = { after: 100, closeLaneAfter: 100, disableAfter: 100 };
      app = await testApp({ factors: [totp(), fewBackupCodes()], lockout, host: { express } });
      people = { nobody: { cookie: '', token: '' } };
      for (const who of ['none', 'elevated', 'pending']) {
        const person = await new Browser(app).signIn(who === 'none' ? 'bob' : 'ada');
        if (who === 'elevated') await person.enrollTotp();
        people[who] = { token: await person.csrf(), cookie: person.cookies };
      }
    });

    it('is found by walking the routers', () => {
      const found = allRoutes(app.mfa).map(({ method, path }) => `${method} ${path}`);
      expect(found).to.include.members([
        'GET /',
        'GET /recover',
        'POST /authenticators/:id/rename',
        'POST /authenticators/:id/remove',
        'POST /preferences',
        'POST /sign-out',
        'GET /assets/:file',
        'GET /verify',
        'GET /verify/:factor',
        'POST /verify/:factor',
        'POST /verify/:factor/begin',
        'GET /setup',
        'POST /setup/skip',
        'POST /setup/:factor',
        'POST /setup/:factor/begin',
        'GET /backup-codes',
        'POST /backup-codes/generate',
        'POST /backup-codes/download',
        'POST /backup-codes/confirm',
        'POST /backup-codes/remove',
      ]);
    });

    it('answers whatever is sent to it with a status of its own, in time', async () => {
      const routes = allRoutes(app.mfa);
      // 204: what the guard says to htmx of an address that no router of ours has.
      const known = new Set<number>(
        [200, 204, 303, 307, 404, ...Object.values(statusOf)].filter((status) => status < 500),
      );
      const request = fc.record({
        route: fc.constantFrom(...routes),
        parameter,
        method: fc.oneof(
          { weight: 9, arbitrary: fc.constant('') },
          fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'HEAD'),
        ),
        who: fc.constantFrom('nobody', 'none', 'pending', 'elevated'),
        withToken: fc.constantFrom(true, true, true, false),
        body: anyBody,
        headers: anyHeaders,
      });
      await fc.assert(
        fc.asyncProperty(request, async ({ route, parameter: word, method: other, who, withToken, body, headers }) => {
          const { cookie, token } = people[who]!;
          const method = other || route.method;
          // What signs out or changes the account for good is left to its own tests.
          const spared = /sign-out|remove|revoke/.test(route.path) ? { ...body, text: '' } : body;
          const cookies = [cookie, headers.cookie].filter((each) => each).join('; ');
          const answer = await fetch(`${app.url}/mfa${route.path.replace(/:\w+/, word)}`, {
            method,
            redirect: 'manual',
            signal: AbortSignal.timeout(20_000),
            headers: {
              ...headers,
              cookie: cookies,
              'content-type': spared.type,
              ...(withToken && !/sign-out|remove|revoke/.test(route.path) ? { 'x-csrf-token': token } : {}),
            },
            ...(/^P|^D/.test(method) ? { body: Buffer.from(spared.text) } : {}),
          });
          const text = await answer.text();
          expect(known.has(answer.status), `${answer.status} ${text.slice(0, 300)}`).to.equal(true);
        }),
        { numRuns: 1000, endOnFailure: true },
      );
      // Express itself refuses a path that does not decode, with 400.
      expect(app.thrown.filter((error) => (error as { status?: number }).status !== 400)).to.deep.equal([]);
    });
  });
}
