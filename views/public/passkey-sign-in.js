// Sign-in with a passkey on the host's own login page: one script tag and one element,
// `<div data-mfa-passkey-sign-in="/mfa/passkey-sign-in"></div>`. It offers passkeys in the autofill of an input with
// `autocomplete="username webauthn"`, and by a button; without JavaScript or passkeys the page stays as it was.
import './simplewebauthn-browser.js';

const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication } =
  globalThis.SimpleWebAuthnBrowser;

/** Said where the element has no `data-…` of that name. */
const defaults = {
  label: 'Sign in with a passkey',
  busy: 'Follow the instructions of your device.',
  errorCancelled: 'This was cancelled, or took too long. Try again, or sign in another way.',
  errorWrongSite: 'Passkeys do not work at this address. Open the site at its usual address.',
  errorFailed: 'That did not work. Try again, or sign in another way.',
};
const words = { NotAllowedError: 'errorCancelled', SecurityError: 'errorWrongSite' };
/** How often autofill waits again after a refusal: each was a choice of the person's. */
const mostRefusals = 5;
/** How long before a challenge lapses the waiting autofill gets a new one. */
const marginMs = 30_000;

if (browserSupportsWebAuthn()) {
  for (const place of document.querySelectorAll('[data-mfa-passkey-sign-in]')) offer(place);
}

function offer(place) {
  const url = place.dataset.mfaPasskeySignIn;
  const text = (name) => place.dataset[name] ?? defaults[name];
  const button = place.querySelector('button') ?? place.appendChild(newButton(text('label')));
  const message = place.appendChild(newMessage());
  let renewal;
  let refusals = 0;

  const say = (words = '') => {
    message.textContent = words;
    message.hidden = words === '';
  };

  /** @param byAutofill waits in the autofill of the page, and fails in silence */
  const run = async (byAutofill) => {
    clearTimeout(renewal);
    const { options, challenge, csrfToken } = await fetchJson(url, {});
    if (byAutofill) renewal = setTimeout(autofill, Math.max(options.timeout - marginMs, marginMs));
    const response = await startAuthentication({ optionsJSON: options, useBrowserAutofill: byAutofill });
    clearTimeout(renewal);
    say(text('busy'));
    const { next } = await fetchJson(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken },
      body: JSON.stringify({ response, challenge }),
    }).catch((error) => {
      throw Object.assign(error, { answered: true });
    });
    location.assign(next.url);
  };

  // A new ceremony aborts the one that waits: of that, and of browsers without autofill, nobody need hear. What the
  // server refused is told, and another passkey may be chosen; a server that gives no challenge is not asked again.
  const autofill = () =>
    run(true).catch((error) => {
      if (error.told) say(error.told);
      if (error.answered && (refusals += 1) <= mostRefusals) autofill();
    });

  button.addEventListener('click', async () => {
    button.disabled = true;
    say();
    try {
      await run(false);
    } catch (error) {
      say(error.told ?? text(words[error.name] ?? 'errorFailed'));
      startAutofill();
    }
    button.disabled = false;
  });

  const startAutofill = async () => {
    const input = document.querySelector('input[autocomplete$="webauthn"]');
    if (input && (await browserSupportsWebAuthnAutofill())) autofill();
  };
  startAutofill();
}

async function fetchJson(url, { headers, ...rest }) {
  const answer = await fetch(url, {
    credentials: 'same-origin',
    cache: 'no-store',
    headers: { Accept: 'application/json', ...headers },
    ...rest,
  });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.code), { told: body.title });
  return body;
}

function newButton(label) {
  return Object.assign(document.createElement('button'), { type: 'button', textContent: label });
}

function newMessage() {
  const message = Object.assign(document.createElement('p'), { hidden: true });
  message.setAttribute('role', 'alert');
  return message;
}
