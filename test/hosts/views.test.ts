// Hosts with a view engine of their own: several folders of views, others for every tenant, names that we use too. Our
// pages come from our templates, and what the host renders stays the host's.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Express } from 'express';
import { mfaRouter, requireMfa, type Mfa } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { expressOf } from '../support/app.js';
import { mfaFor, serve, type Served, mountSignIn } from '../support/serve.js';
import { newFolder } from '../support/folder.js';

/** Puts what is known into a template, `{name}` for each, as engines do: locals of the app, of the answer, of the call. */
function engine(path: string, known: object, done: (error: unknown, html?: string) => void): void {
  const values = known as { [name: string]: unknown };
  done(
    null,
    readFileSync(path, 'utf8').replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name])),
  );
}

/** A folder for each of two tenants, and one that they share; named as ours are, and with the extension of ours. */
function writeViews(folder: string): void {
  for (const [path, text] of Object.entries({
    'shared/layout.ejs': 'layout of the host',
    'shared/verify.ejs': 'the host verifies {title}',
    'shared/home.ejs': 'home of {tenant}: {title}',
    'north/home.ejs': 'north: {title}',
    'north/setup.ejs': 'the host sets up',
  })) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

for (const version of [5, 4] as const)
  describe(`a host with a view engine of its own, on Express ${version}`, () => {
    const own = expressOf(version);
    let folder: string;
    let served: Served;

    before(() => {
      folder = newFolder('views');
      writeViews(folder);
    });
    afterEach(() => served.close());

    function hostOf(mfa: Mfa | undefined, settle: (app: Express) => void): Express {
      const app = own();
      app.engine('ejs', engine).set('view engine', 'ejs');
      app.locals['title'] = 'of the host';
      mountSignIn(app);
      settle(app);
      if (mfa) {
        app.use('/mfa', mfaRouter(mfa));
        app.use(requireMfa(mfa, { anonymous: 'pass' }));
      }
      app.get('/', (req, res) => res.render('home', { tenant: req.get('X-Tenant') }));
      app.get('/verify', (_req, res) => res.render('verify'));
      return app;
    }

    const hosts: [what: string, settle: (app: Express) => void][] = [
      [
        'whose `views` are a list of folders',
        (app) => void app.set('views', [join(folder, 'north'), join(folder, 'shared')]),
      ],
      [
        'whose `views` change with every request',
        (app) =>
          void app.disable('view cache').use((req, _res, next) => {
            const folders = req.get('X-Tenant') === 'north' ? ['north', 'shared'] : ['shared'];
            app.set(
              'views',
              folders.map((each) => join(folder, each)),
            );
            next();
          }),
      ],
      [
        'which wraps what it renders',
        (app) =>
          void app.set('views', join(folder, 'shared')).use((_req, res, next) => {
            const render = res.render.bind(res) as (...given: unknown[]) => void;
            res.render = (view: string, locals?: object) =>
              render(view, { ...locals, title: 'wrapped' }, (error: unknown, html: string) =>
                error ? next(error) : void res.send(`<main>${html}</main>`),
              );
            next();
          }),
      ],
    ];

    for (const [what, settle] of hosts)
      it(`${what}: renders the same as without us, and our pages are ours`, async () => {
        const { mfa, clock } = mfaFor();
        const bare = await serve(hostOf(undefined, settle), clock);
        served = await serve(hostOf(mfa, settle), clock);
        const { secret } = await (await new Browser(served).signIn('ada')).enrollTotp();
        for (const tenant of ['north', 'south', 'north']) {
          const header = { 'X-Tenant': tenant };
          const ada = await new Browser(served, header).signIn('ada');
          for (const path of ['/mfa/verify/totp', '/mfa/verify/choose']) {
            const page = await ada.htmlGet(path).expect(200);
            expect(page.text)
              .to.match(/^<!doctype html>/i)
              .and.not.match(/the host|layout of|wrapped/);
          }
          clock.advance(30);
          const page = await ada.htmlGet('/mfa/verify/totp');
          await ada.submit(page, '/verify/totp', { code: code(secret, clock) }).expect(303);
          const [visitor, bob] = [new Browser(bare, header), await new Browser(served, header).signIn('bob')];
          for (const path of ['/', '/verify']) {
            const { text } = await visitor.htmlGet(path).expect(200);
            for (const person of [ada, bob]) expect((await person.htmlGet(path).expect(200)).text).to.equal(text);
          }
        }
        expect((await new Browser(bare, { 'X-Tenant': 'north' }).htmlGet('/')).text).to.match(/north/);
        await bare.close();
      });
  });
