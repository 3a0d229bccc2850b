// A form that wants a fresh proof, in apps that read forms in different ways: it is stopped, the person verifies, one press sends it
// with every field it had.
import { expect } from 'chai';
import express, { type RequestHandler } from 'express';
import { memoryStore, requireMfa, totp } from '../../src/index.js';
import { Browser, code, formsOf } from '../support/agent.js';
import { testApp } from '../support/app.js';

const parsers: [how: string, before: RequestHandler[], after: RequestHandler[]][] = [
  ['after the guard', [], [express.urlencoded({ extended: false })]],
  ['before it, flat', [express.urlencoded({ extended: false })], []],
  ['before it, nested', [express.urlencoded({ extended: true })], []],
  ['before it, as text', [express.text({ type: '*/*' })], []],
];

describe('a form that is stopped', () => {
  for (const [how, before, after] of parsers) {
    it(`is sent again with all its fields where the app reads forms ${how}`, async () => {
      const bodies: unknown[] = [];
      const app = await testApp({
        factors: [totp()],
        store: memoryStore(),
        host: {
          before: (host) => before.length > 0 && host.use('/people', ...before),
          routes: (host, mfa) => {
            const guard = requireMfa(mfa, { maxAgeSeconds: 300, repeat: true, label: ({ path }) => `Change ${path}` });
            host.post('/people/:id', guard, ...after, (req, res) => {
              bodies.push(typeof req.body === 'string' ? Object.fromEntries(new URLSearchParams(req.body)) : req.body);
              res.send('done');
            });
          },
        },
      });
      const ada = await new Browser(app).signIn('ada');
      const { secret } = await ada.enrollTotp();
      const fields = { 'name[first]': 'Zoë & Co', tags: ['a', 'b'], empty: '', note: 'x' };
      await ada.post('/people/7', fields).expect(200);
      app.clock.advance(331);
      const stopped = await ada.post('/people/7', fields).expect(401);
      expect(stopped.text).to.include('Change /people/7').and.include('with one press');
      const challenge = await ada.htmlGet('/mfa/verify/totp').expect(200);
      const verified = await ada.submit(challenge, '/verify/totp', { code: code(secret, app.clock) }).expect(303);
      const page = await ada.htmlGet(verified.headers.location!).expect(200);
      expect(page.text).to.include('You are verified.').and.include('Change /people/7');
      const form = formsOf(page.text).find(({ action }) => action.includes('/repeat?'))!;
      const pressed = await ada.post(form.action, fields).expect(307).expect('Location', '/people/7');
      await ada.post(pressed.headers.location!, fields).expect(200);
      expect(bodies).to.have.length(2);
      expect(bodies[1]).to.deep.equal(bodies[0]);
      await ada.htmlGet('/mfa/repeat').expect(303).expect('Location', '/mfa');
    });
  }
});
