// Samples of look, words and options that stand by themselves: a stolen password first, then what each could let in.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Browser, code, formsOf } from '../../support/agent.js';
import { blocksOf } from '../markdown.js';
import { paste } from '../pasted.js';
import { options, type Line } from '../sample-attacks.js';
import { openSample, ownerAndThief } from '../sample-host.js';
import { newFolder } from '../../support/folder.js';

const markup = '<script>alert(1)</script>';
const alone = (page: string, heading: string): Line => ({
  page,
  heading,
  attack: 'a stolen password',
  holds: (block) => options(block),
});

export const looks: Line[] = [
  alone('docs/own-look.md', 'A colour, a logo, a way to help'),
  alone('docs/own-words.md', 'Other sentences'),
  alone('docs/own-words.md', 'Messages'),
  alone('docs/guides/lost-everything.md', 'Before: switch it on'),
  alone('docs/events.md', 'Events'),
  {
    page: 'docs/own-look.md',
    heading: 'Inside my own page',
    nth: 3,
    attack: 'a nonce that would end its directive, or open all of it',
    async holds(block) {
      const site = await options(block, {
        beforeSample: (app) =>
          app.use((req, res, next) => {
            res.locals['nonce'] = req.get('X-Nonce');
            next();
          }),
      });
      const policyWith = async (nonce: string) => {
        const page = await new Browser(site, { 'X-Nonce': nonce })
          .signIn('eve')
          .then((eve) => eve.htmlGet('/mfa/setup'));
        return { status: page.status, policy: page.headers['content-security-policy'] ?? '' };
      };
      expect((await policyWith('abc123')).policy).to.include("'nonce-abc123'");
      for (const bad of ["x' 'unsafe-inline", "x'; script-src *", 'x, default-src *']) {
        const { policy } = await policyWith(bad);
        expect(policy).not.to.match(/unsafe-inline|script-src \*|default-src \*/);
      }
    },
  },
  ...([1, 2] as const).map((nth): Line => ({
    page: 'docs/own-look.md',
    heading: 'Some pages of my own',
    nth,
    attack: 'a stolen password; a forged form; markup in a label; a view outside the folder',
    async holds({ page }) {
      const [given, view] = blocksOf(page).filter(({ code: text }) => /viewsDir|partials\/top/.test(text));
      const folder = newFolder('views');
      mkdirSync(join(folder, 'verify'));
      writeFileSync(join(folder, 'verify', 'totp.ejs'), view!.code);
      const own = { ...given!, code: given!.code.replace("'views/mfa'", JSON.stringify(folder)) };
      const site = await options(own, { options: { appName: `Acme ${markup}` } });
      site.rows.get('tom')!.email = `${markup}@example.com`;
      const { thief, secret } = await ownerAndThief(site, 'tom');
      const shown = await thief.htmlGet('/mfa/verify/totp').expect(200);
      expect(shown.text)
        .to.match(/<form method="post" action="[^"]*\/mfa\/verify\/totp">/)
        .and.not.include(markup);
      expect(shown.headers['content-security-policy']).to.include("default-src 'none'");
      const form = formsOf(shown.text).find(({ action }) => action.endsWith('/verify/totp'));
      expect(form?.fields['_csrf']).to.be.a('string');
      site.clock.advance(30);
      const right = { code: code(secret, site.clock) };
      expect((await thief.post('/mfa/verify/totp', right)).status).to.equal(403);
      for (const outside of ['..%2f..%2fpackage', '%2e%2e/partials/top', '__proto__'])
        expect((await thief.htmlGet(`/mfa/verify/${outside}`)).text).not.to.include('<form');
      await thief.post('/mfa/verify/totp', { ...right, _csrf: form!.fields['_csrf']! }).expect(303);
      await thief.jsonGet('/account').expect(200);
    },
  })),
  {
    page: 'docs/own-words.md',
    heading: 'Another language',
    attack: 'a stolen password; languages that are no language, a path, several at once',
    async holds(block) {
      const words = JSON.stringify({ 'verify.continue': `Continuar ${markup}` });
      const site = await options(block, { modules: { 'node:fs': { readFileSync: () => words } } });
      const { thief } = await ownerAndThief(site, 'tom');
      const shown = await thief.htmlGet('/mfa/verify/totp?lang=pt').expect(200);
      expect(shown.text).to.include('Continuar').and.not.include(markup);
      for (const lang of [
        'lang=../../etc/passwd',
        'lang=__proto__',
        'lang=pt&lang=de',
        'lang[x]=1',
        'lang=%00',
        `lang=${'x'.repeat(5000)}`,
      ])
        expect((await thief.htmlGet(`/mfa/verify/totp?${lang}`)).status, lang.slice(0, 40)).to.equal(200);
    },
  },
  {
    page: 'docs/rotate-secrets.md',
    heading: 'Rotate secrets',
    attack: 'a stolen password; the old secret left out by mistake',
    async holds(block) {
      const env = { MFA_SECRET: 'n'.repeat(32), MFA_SECRET_OLD: 'o'.repeat(32) };
      await options(block, { around: { process: { env } } });
      const { MFA_SECRET_OLD: _, ...half } = env;
      const refused = await openSample(block, { as: 'before', around: { process: { env: half } } }).then(
        () => undefined,
        (error: unknown) => error as { code: string },
      );
      expect(refused?.code).to.equal('config.secret_too_short');
    },
  },
  {
    page: 'docs/guides/json-and-spa.md',
    heading: 'Add MFA to an app with a JSON API and a single-page app',
    attack: 'a guessed code, and the same from a page of another site',
    async holds(block) {
      const site = await openSample({ ...block, code: '' }, { as: 'behind' });
      const { thief } = await ownerAndThief(site);
      for (const origin of [site.url, 'https://evil.example']) {
        const asPage = (path: string, init: RequestInit = {}) =>
          fetch(new URL(path, site.url), {
            ...init,
            headers: { ...(init.headers as { [name: string]: string }), cookie: thief.cookies, origin },
          });
        const { next, title } = await paste(block, { fetch: asPage });
        expect(next).to.equal(undefined);
        expect(title).to.be.a('string').and.not.equal('');
        await thief.jsonGet('/account').expect(403);
      }
      expect(site.events.filter(({ name }) => name === 'verification-refused')).to.have.length(1);
    },
  },
];
