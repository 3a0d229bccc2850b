// What the app's pages say. They are told plain facts and know nothing of requests.
import type { RequestMfa } from 'express-mfa';
import { html, type Html, type Page } from './html.js';
import type { Message } from './message.js';
import type { AppUser } from './users.js';

/** @param hasOutbox whether messages go to `/dev/outbox` */
export function homePage(hasOutbox: boolean, user?: AppUser): Page {
  const content = user
    ? html`<p>You are signed in as <strong>${user.email}</strong>.</p>
        <ul class="cards">
          <li><a href="/account">Your account</a><small>Asks for your second factor once in every sign-in.</small></li>
          <li>
            <a href="/transfer">Transfer money</a
            ><small>Asks again when your last proof is older than five minutes.</small>
          </li>
          <li>
            <a href="/admin">Administration</a
            ><small>For addresses at @admin.example, who must use a second factor.</small>
          </li>
          <li>
            <a href="/mfa">Security settings</a
            ><small>Passkeys, authenticator app, codes and what else protects you.</small>
          </li>
        </ul>`
    : html`<p>An ordinary Express app with accounts and sessions of its own, protected by express-mfa.</p>
        <p>
          Sign up with any address; nothing is sent to it. Whoever signs up at <strong>@admin.example</strong> is an
          administrator and must set up a second factor.
        </p>
        <p class="row">
          <a class="button" href="/signup">Sign up</a> <a class="button quiet" href="/login">Sign in</a>
        </p>`;
  const outbox = html`<p class="soft">
    Codes by e-mail and SMS are not sent here: read them in the <a href="/dev/outbox">outbox</a>.
  </p>`;
  return { title: 'Welcome', content: html`${content}${hasOutbox && outbox}`, user };
}

export type FormState = {
  email?: string;
  error?: string;
  /** Whether people may sign in with a passkey alone. */
  passkeys?: boolean;
};

export function signUpPage(state: FormState = {}): Page {
  return {
    title: 'Sign up',
    content: html`${credentialsForm('/signup', 'Sign up', 'new-password', state)}
      <p class="soft">You have an account? <a href="/login">Sign in</a></p>`,
  };
}

export function logInPage(state: FormState = {}): Page {
  return {
    title: 'Sign in',
    content: html`${credentialsForm('/login', 'Sign in', 'current-password', state)} ${state.passkeys && passkeySignIn}
      <p class="soft">New here? <a href="/signup">Sign up</a></p>`,
  };
}

// mfa:
const passkeySignIn = html`<div class="row" data-mfa-passkey-sign-in="/mfa/passkey-sign-in"></div>
  <script type="module" src="/mfa/passkey-sign-in.js"></script>`;
// :mfa

function credentialsForm(
  action: string,
  button: string,
  autocomplete: string,
  { email, error, passkeys }: FormState,
): Html {
  const isNew = autocomplete === 'new-password';
  return html`${error !== undefined && html`<p class="error" role="alert">${error}</p>`}
    <form method="post" action="${action}">
      <label for="email">E-mail address</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="${passkeys ? 'username webauthn' : 'username'}"
        maxlength="254"
        required
        value="${email}"
      />
      <label for="password">Password</label>
      ${isNew && html`<small id="password-hint">At least 8 characters.</small>`}
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="${autocomplete}"
        required
        ${isNew && html`minlength="8" aria-describedby="password-hint"`}
      />
      <button>${button}</button>
    </form>`;
}

const suggestions: { [step: string]: string } = {
  'suggest-mfa': 'Your account has a password only. A second factor keeps others out who learn it.',
  'suggest-another': 'One second factor is set up. Another one helps when you lose the first.',
};

/** What people call the kinds of proof. */
const factorNames: { [kind: string]: string } = {
  totp: 'authenticator app',
  webauthn: 'passkey',
  email: 'code by e-mail',
  sms: 'code by SMS',
  'backup-codes': 'backup code',
};

export function accountPage(user: AppUser, mfa: RequestMfa): Page {
  const suggestion = suggestions[mfa.next.step];
  const proved = mfa.proofs.map(({ kind, at }) => `${factorNames[kind] ?? kind}, ${ago(at)}`).join('; ');
  return {
    title: 'Your account',
    user,
    content: html`${suggestion !== undefined && html`<p class="note">${suggestion} <a href="/mfa/setup">Set it up</a></p>`}
      <dl>
        <dt>E-mail address</dt>
        <dd>${user.email}</dd>
        <dt>Second factor in this sign-in</dt>
        <dd>${proved || 'none'}</dd>
      </dl>
      <p class="row"><a class="button" href="/mfa">Security settings</a></p>`,
  };
}

export function transferPage(user: AppUser, mfa: RequestMfa): Page {
  const newest = Math.max(...mfa.proofs.map(({ at }) => at));
  return {
    title: 'Transfer money',
    user,
    content: html`<p>You may do what matters here: you proved your second factor ${ago(newest)}.</p>
      <form method="post"><button>Transfer</button></form>
      <p class="soft">Five minutes after that proof page and form ask for another one.</p>`,
  };
}

export function adminPage(user: AppUser): Page {
  return {
    title: 'Administration',
    user,
    content: html`<p>Only administrators see this, and no administrator without a second factor.</p>
      <p><a href="/admin/mfa">People and their second factors</a></p>`,
  };
}

const channels: { [channel: string]: string } = { email: 'E-mail', sms: 'SMS' };

export function outboxPage(messages: readonly Message[], user?: AppUser): Page {
  return {
    title: 'Outbox',
    user,
    content: html`<p class="soft">Messages that were not sent, because this is development. The newest come first.</p>
      ${messages.length === 0 && html`<p>There is none yet.</p>`}
      <ul class="cards">
        ${messages.map(
          ({ channel, to, subject, text, sentAtMs }) =>
            html`<li>
              <strong>${channels[channel] ?? channel} to ${to}</strong>
              <small>${subject !== undefined && `${subject}, `}${ago(sentAtMs / 1000)}</small>
              <pre>${text}</pre>
            </li>`,
        )}
      </ul>`,
  };
}

export function messagePage(title: string, sentence: string, user?: AppUser): Page {
  return {
    title,
    user,
    content: html`<p>${sentence}</p>
      <p><a href="/">Back to the start</a></p>`,
  };
}

/** @param at Unix seconds */
function ago(at: number): string {
  const minutes = Math.floor((Date.now() / 1000 - at) / 60);
  return minutes < 1 ? 'just now' : minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
}
