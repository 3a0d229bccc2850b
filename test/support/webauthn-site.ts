// A bare site on localhost around one person and their passkeys: the pages' scripts as they are shipped, the routes that
// they speak to, and a record of what arrived. For tests of the scripts in a real browser.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { Begun } from '../../src/core/kernel/factor.js';
import { isMalformed } from '../../src/core/kernel/factor.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { webauthn } from '../../src/factors/webauthn/webauthn.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import { createPerson } from './webauthn-person.js';

const publicDir = fileURLToPath(new URL('../../views/public/', import.meta.url));
const words = ['cancelled', 'already-registered', 'not-supported', 'wrong-site', 'failed'];

export type Site = Awaited<ReturnType<typeof openSite>>;

export async function openSite() {
  const app = express();
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const store = memoryStore();
  const person = createPerson({ factor: webauthn(), store, origins: [origin], now: Math.floor(Date.now() / 1000) });
  const signInContext = { ...person.context, store, flowId: 'this browser' };
  const { directSignIn } = person.factor;
  const results: string[] = [];
  const pages: { [path: string]: string } = { '/blank': '<p>blank</p>' };
  let begun: Begun | undefined;
  let refusal: { status: number; title: string } | undefined;

  app.use(express.json(), express.urlencoded({ extended: false }));
  app.use('/assets', express.static(publicDir), express.static(join(publicDir, 'vendor')));
  app.post('/begin/:what', async (req, res) => {
    if (req.get('x-csrf-token') !== 'token') return res.status(403).json({ title: 'No token.' });
    if (refusal) return res.status(refusal.status).json(refusal);
    begun = req.params.what === 'setup' ? await person.begin() : await person.issue();
    return res.json({ options: begun.shown });
  });
  app.post('/answer/:what', async (req, res) => {
    const { response, name = '' } = req.body as { response: string; name?: string };
    const parsed = JSON.parse(response) as object;
    const { is } = await (req.params.what === 'setup' ? person.confirm(parsed, begun!) : person.answer(parsed, begun!));
    results.push([req.params.what, is, name].filter((part) => part !== '').join(' '));
    res.redirect(303, '/blank');
  });
  app.get('/passkey-sign-in', async (_req, res) => {
    res.json({ ...(await directSignIn.issue(signInContext)), csrfToken: 'token' });
  });
  app.post('/passkey-sign-in', async (req, res) => {
    const answer = directSignIn.parse(req.body);
    if (isMalformed(answer)) return res.status(400).json({ title: 'Malformed.' });
    if (req.get('x-csrf-token') !== 'token') return res.status(403).json({ title: 'No token.' });
    const found = await directSignIn.weigh(signInContext, answer);
    if (!found.accepted) return res.status(422).json({ title: 'The passkey could not be verified.' });
    results.push(`sign-in ${found.userId}`);
    return res.json({ next: { step: 'done', url: '/blank' } });
  });
  app.get('/*page', (req, res) => {
    const body = pages[req.path];
    // As strict as the pages are: no inline script would run.
    res.set('Content-Security-Policy', "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'");
    if (body === undefined) return res.status(404).send('Not found');
    return res.type('html').send(`<!doctype html><html lang="en"><title>Test</title>${body}`);
  });

  return {
    origin,
    person,
    results,
    pages,
    /** Makes the next beginnings fail, as a lock would. */
    refuse: (with_: typeof refusal) => (refusal = with_),
    /** The person's record, where sign-in looks for it. */
    async save() {
      const { revision } = await store.load('ada');
      await store.save('ada', { ...emptyRecord('epoch'), authenticators: person.own }, revision);
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** The form of the set-up or verification page, as the templates make it. */
export function ceremonyPage(what: 'setup' | 'verify', more = ''): string {
  const errors = words.map((word) => `data-error-${word}="${word}"`).join(' ');
  return `<form method="post" action="/answer/${what}" data-mfa-webauthn="${what}" data-begin-url="/begin/${what}"
      data-busy="busy" ${errors}>
    <input type="hidden" name="_csrf" value="token"><input type="hidden" name="response" value=""> ${more}
    <p class="mfa-error" role="alert" data-mfa-message hidden></p>
    <button type="button" data-mfa-start hidden>Go</button></form>
    <script type="module" src="/assets/webauthn.js"></script>`;
}
