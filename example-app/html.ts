// Template strings that escape what they are given, and the app's own layout around a page.
import type { AppUser } from './users.js';

/** Markup that is safe as it stands. */
export type Html = { readonly html: string };

type Slot = Html | readonly Html[] | string | number | false | undefined;

/** html`<p>${text}</p>`: texts are escaped, markup made by html`…` is not, `false` and `undefined` leave nothing. */
export function html(strings: TemplateStringsArray, ...slots: readonly Slot[]): Html {
  return { html: strings.reduce((whole, text, index) => whole + fill(slots[index - 1]) + text) };
}

const entities: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function fill(slot: Slot): string {
  if (slot === undefined || slot === false) return '';
  if (typeof slot === 'string' || typeof slot === 'number')
    return String(slot).replace(/[&<>"']/g, (found) => entities[found] ?? '');
  return 'html' in slot ? slot.html : slot.map(fill).join('');
}

export type Page = { title: string; content: Html; user?: AppUser | undefined };

/** The whole document. The sign-out form carries no token: see `sameSiteOnly` in app.ts. */
export function layout({ title, content, user }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – Example</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="brand" href="/"><span class="mark" aria-hidden="true">E</span> Example</a>
          <nav aria-label="Main">${user ? signedInLinks : signedOutLinks}</nav>
        </header>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `.html;
}

const signedInLinks = html` <a href="/account">Account</a>
  <a href="/transfer">Transfer</a>
  <a href="/mfa">Security</a>
  <form method="post" action="/logout"><button class="link">Sign out</button></form>`;

const signedOutLinks = html` <a href="/login">Sign in</a>
  <a href="/signup">Sign up</a>`;
