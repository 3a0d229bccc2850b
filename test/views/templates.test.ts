// Every template in every state and language: well formed, without a missing word, without anything that a strict
// Content-Security-Policy would stop, with every slot escaped.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Words } from '../../middleware/pages/messages.js';
import type { PageModel } from '../../middleware/pages/view-model.js';
import { sampleModels } from './sample-models.js';
import { assets, htmlOf, messages, renderAll, tags, viewsDir } from './rendering.js';

const templates = readdirSync(viewsDir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ejs'));
const inEnglish = () => renderAll(messages.words('en'));

describe('the templates', () => {
  it('are all shown by the samples', () => {
    const shown = new Set<string>(sampleModels(messages.words('en'), assets).map(({ view }) => view));
    const pages = templates
      .map((file) => file.replace(/\\/g, '/').replace(/\.ejs$/, ''))
      .filter((name) => !name.startsWith('partials/') && name !== 'layout' && name !== 'embedded');
    expect([...shown].sort()).to.deep.equal(pages.sort());
  });

  it('leave unescaped what is HTML of ours: content, the picture, sentences with a time in them', () => {
    const raw = templates.flatMap((file) =>
      [...readFileSync(join(viewsDir, file), 'utf8').matchAll(/<%-\s*([\s\S]*?)\s*-?%>/g)].map(
        ([, inside = '']) => inside,
      ),
    );
    expect(
      [
        ...new Set(
          raw.filter((inside) => !/^(include|timed?)\(/.test(inside) && !/\? timed\(.*: timed\([^)]*\)$/.test(inside)),
        ),
      ].sort(),
    ).to.deep.equal(['content', 'facts.qr', 'figure.svg']);
  });

  for (const locale of messages.locales) {
    it(`lack no word in ${locale}`, () => {
      const missing = new Set<string>();
      const words = messages.words(locale);
      const strict: Words = {
        ...words,
        forPages(key, params) {
          const said = words.t(key, params);
          if (said === (typeof key === 'string' ? key : key[0])) missing.add(said);
          return said;
        },
      };
      for (const { sample, html } of renderAll(strict)) {
        const text = html.replace(/ data-words="[^"]*"/g, '');
        expect(text, sample.name).not.to.match(/\{\w+\}|undefined|\bNaN\b|Invalid Date|\[object/);
        expect(tags(html, 'html')[0], sample.name).to.include({ lang: locale, dir: 'ltr' });
      }
      expect([...missing]).to.deep.equal([]);
    });
  }

  it('carry nothing that a strict Content-Security-Policy stops', () => {
    for (const { sample, html } of inEnglish()) {
      expect(html, sample.name).not.to.match(/<style|javascript:|<iframe|<base/i);
      // In a text or a value it is only words.
      expect(html.replace(/"[^"]*"/g, '""'), sample.name).not.to.match(/<[a-z][^>]*\s(style|on[a-z]+)=/i);
      for (const script of html.match(/<script[^>]*>[^<]*/g) ?? []) {
        expect(script, sample.name).to.match(/^<script type="module" src="\/mfa\/assets\/[a-z-]+-[0-9a-f]{12}\.js">$/);
      }
      for (const { href } of tags(html, 'link')) expect(href).to.match(/^\/mfa\/assets\/[a-z]+-[0-9a-f]{12}\.css$/);
    }
  });

  it('carry the nonce of a host whose policy asks for one', () => {
    for (const { html } of renderAll(messages.words('en'), { nonce: 'r4nd0m' })) {
      for (const tag of [...tags(html, 'script'), ...tags(html, 'link')]) expect(tag.nonce).to.equal('r4nd0m');
    }
  });

  it('have one heading of the first rank, which is the title', () => {
    for (const { sample, html } of inEnglish()) {
      const headings = [...html.matchAll(/<h1>([^<]+)<\/h1>/g)].map(([, text]) => text);
      expect(headings, sample.name).to.have.length(1);
      const title = /<title>([^<]*)<\/title>/.exec(html)?.[1];
      const prefix = sample.model.error === undefined ? '' : 'Error: ';
      expect(title, sample.name).to.equal(`${prefix}${headings[0] ?? ''} – Acme`);
    }
  });

  it('give every field a label, and tie hint and error to it', () => {
    for (const { sample, html } of inEnglish()) {
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id);
      expect(new Set(ids).size, `${sample.name}: ids`).to.equal(ids.length);
      const labels = tags(html, 'label').map((label) => label.for);
      for (const input of tags(html, 'input').filter(({ type }) => type !== 'hidden')) {
        if (input.type !== 'checkbox') expect(labels, sample.name).to.include(input.id);
        for (const id of (input['aria-describedby'] ?? '').split(' ').filter(Boolean)) {
          expect(ids, sample.name).to.include(id);
        }
      }
      for (const { id = '' } of tags(html, 'p').filter(({ class: name, id }) => name === 'mfa-error' && id)) {
        const field = [...tags(html, 'input'), ...tags(html, 'select')].find(
          (input) => input.id === id.replace(/-error$/, ''),
        );
        expect(field, sample.name).to.include({ 'aria-invalid': 'true' });
        expect(field?.['aria-describedby']?.split(' '), sample.name).to.include(id);
      }
    }
  });

  it('say an error first in a summary that takes focus and links to a field that is there', () => {
    for (const { sample, html } of inEnglish()) {
      const { view, model } = sample;
      if (!model.error || view === 'error' || 'lock' in model) continue;
      const summary = /<div class="mfa-summary" role="alert" tabindex="-1" autofocus[\s\S]*?<\/div>/.exec(html)?.[0];
      expect(summary, sample.name).to.be.a('string');
      expect(html.indexOf('mfa-summary'), sample.name).to.be.below(html.indexOf('<h1>'));
      const target = /href="#([^"]+)"/.exec(summary ?? '')?.[1];
      const there = html.includes(` id="${model.error.field ?? ''}"`);
      expect(target, sample.name).to.equal(there ? model.error.field : undefined);
    }
  });

  it('lead on from every error', () => {
    const errors = renderAll(messages.words('en')).filter(({ sample }) => sample.view === 'error');
    expect(errors.length).to.be.above(8);
    for (const { sample, html } of errors) {
      const main = /<main[^]*<\/main>/.exec(html)?.[0] ?? '';
      expect(main, sample.name).to.match(/<a class="mfa-button[^>]* href=|<button class="mfa-button/);
    }
  });

  it('protect every form by the token', () => {
    for (const { sample, html } of inEnglish()) {
      for (const form of html.split('<form ').slice(1)) {
        // A search by its address changes nothing.
        if (form.startsWith('method="get"')) continue;
        expect(form, sample.name).to.include('method="post"');
        // What another route's form held goes as it was: the id in the address stands for the token.
        if (sample.view === 'repeat' && form.includes('action="/mfa/repeat?id=abc"')) continue;
        expect(form.split('</form>')[0], sample.name).to.include('name="_csrf" value="Jq3v0Yw6b1TnK5s8"');
      }
    }
  });

  it('take a code in one field that phones fill in and nothing cuts', () => {
    for (const { sample, html } of inEnglish()) {
      expect(html, sample.name).not.to.include('maxlength');
      const [code, ...more] = tags(html, 'input').filter(({ id }) => id === 'code');
      expect(more, sample.name).to.deep.equal([]);
      if (sample.name === 'backup') {
        expect(code).to.include({ autocapitalize: 'characters', spellcheck: 'false', autocomplete: 'off' });
      }
      if (sample.name === 'totp') expect(code).to.include({ inputmode: 'numeric', autocomplete: 'one-time-code' });
    }
  });

  it('say before anything is typed how long a locked person waits, with field and button off', () => {
    const locked = inEnglish().filter(({ sample }) => 'lock' in sample.model);
    expect(locked).to.have.length(5);
    for (const { sample, html } of locked) {
      const waits = html.split(/data-mfa-lock[ >]/).length === 2 && html.includes('id="lock"');
      expect(waits, sample.name).to.equal(true);
      expect(html, sample.name).not.to.include('mfa-summary');
      for (const { id, disabled, 'aria-describedby': by } of tags(html, 'input').filter((each) => each.id === 'code')) {
        expect({ id, disabled }, sample.name).to.deep.equal({ id: 'code', disabled: '' });
        expect(by?.split(' '), sample.name).to.include('lock');
      }
      const buttons = tags(html.split('<main')[1]?.split('</main>')[0] ?? '', 'button');
      expect(buttons.length, sample.name).to.be.above(0);
      for (const button of buttons) expect(button, sample.name).to.include({ disabled: '' });
      // A region that comes with its text is not read out.
      expect(html, sample.name).to.match(/<div role="status" data-mfa-over="[^"]+"><\/div>/);
      const main = html.includes('<a class="mfa-button" href="/mfa/verify/choose">');
      expect(main, sample.name).to.equal('chooseUrl' in sample.model);
    }
    const refused = locked.find(({ sample }) => sample.name === 'totp locked')?.html ?? '';
    expect(refused)
      .to.match(/<title>Error: /)
      .and.include('autofocus data-mfa-focus');
    expect(refused)
      .to.include('<strong data-mfa-wait="820">in 14 minutes</strong>')
      .and.match(/at <time [^>]+>2:18\sPM UTC<\/time>/);
  });

  it('keep the tick of a browser to be trusted when an answer is refused', () => {
    const tick = (name: string) => tags(inEnglish().find(({ sample }) => sample.name === name)?.html ?? '', 'input');
    const ticked = (name: string) => tick(name).find((each) => each.name === 'trustBrowser')?.checked;
    expect([ticked('totp'), ticked('totp wrong')]).to.deep.equal([undefined, '']);
  });

  it('list a locked method as text, with the wait', () => {
    const html = inEnglish().find(({ sample }) => sample.name === 'choose, two locked')?.html ?? '';
    expect(tags(html, 'a').map(({ href }) => href))
      .to.include('/mfa/verify/webauthn')
      .and.not.include('/mfa/verify/totp');
    expect(html).to.include('data-mfa-url="/mfa/verify/totp"').and.include('It works again in 14 minutes.');
    expect(html).to.include('Verification is closed in this browser');
  });

  it('escape whatever they are told', () => {
    const attack = '"><script>alert(1)</script>';
    for (const sample of sampleModels(messages.words('en'), assets)) {
      // What templates branch on keeps its meaning; the picture is ours, and addresses of forms are made by us.
      const html = htmlOf({ view: sample.view, model: poisoned(sample.model, attack) as PageModel });
      expect(html, sample.name).not.to.include('<script>');
      expect(html, sample.name).to.include('&lt;script&gt;');
    }
  });
});

const kept = new Set([
  'svg',
  'lang',
  'dir',
  'qr',
  'purpose',
  'step',
  'via',
  'state',
  'confirm',
  'signInStep',
  'leaves',
  'left',
  'exposed',
  'field',
]);

function poisoned(value: unknown, attack: string): unknown {
  if (typeof value === 'string') return `${value}${attack}`;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, attack));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, kept.has(key) ? (each as unknown) : poisoned(each, attack)]),
  );
}
