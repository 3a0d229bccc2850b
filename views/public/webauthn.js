// Runs the passkey ceremony of a page: on a press of the button it fetches the options, asks the browser, and submits
// the form with the answer. What the answer is worth, the server says; here only the browser's refusals are put in words.
import './simplewebauthn-browser.js';

const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

/** The browser's error names (WebAuthn L3 §5.1.3, §5.1.4) → the form's `data-error-…`; all else: `failed`. */
const words = {
  NotAllowedError: 'errorCancelled',
  AbortError: 'errorCancelled',
  InvalidStateError: 'errorAlreadyRegistered',
  NotSupportedError: 'errorNotSupported',
  ConstraintError: 'errorNotSupported',
  SecurityError: 'errorWrongSite',
};

for (const form of document.querySelectorAll('form[data-mfa-webauthn]')) {
  const button = form.querySelector('[data-mfa-start]');
  const message = form.querySelector('[data-mfa-message]');
  const { response } = form.elements;
  let running = false;

  const say = (text, isError = true) => {
    message.textContent = text;
    message.classList.toggle('mfa-error', isError);
    message.hidden = text === '';
  };

  const start = async () => {
    if (running) return;
    running = true;
    button.disabled = true;
    say(form.dataset.busy ?? '', false);
    try {
      const optionsJSON = await fetchOptions(form);
      const run = form.dataset.mfaWebauthn === 'setup' ? startRegistration : startAuthentication;
      response.value = JSON.stringify(await run({ optionsJSON }));
      form.requestSubmit();
    } catch (error) {
      say(error.told ?? form.dataset[words[error.name]] ?? form.dataset.errorFailed ?? '');
      button.disabled = false;
      button.focus();
    }
    running = false;
  };

  // The Enter key in a field of the form submits it, and there is no answer to submit yet.
  form.addEventListener('submit', (event) => {
    if (response.value !== '') return;
    event.preventDefault();
    if (browserSupportsWebAuthn()) start();
  });
  // Whoever comes back by the browser's history finds a page with a used answer.
  window.addEventListener('pageshow', () => {
    response.value = '';
    button.disabled = false;
  });

  if (browserSupportsWebAuthn()) {
    button.hidden = false;
    button.addEventListener('click', start);
    // What this page is for, unless there is something to read first.
    if (!document.querySelector('[data-mfa-focus]')) button.focus({ preventScroll: true });
  } else {
    say(form.dataset.errorNotSupported ?? '');
  }
}

/** The options of a fresh ceremony; a refusal of the server (locked, lapsed) is told in its own words. */
async function fetchOptions(form) {
  const answer = await fetch(form.dataset.beginUrl, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'X-CSRF-Token': form.elements['_csrf'].value,
    },
    body: '{}',
  });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.code), { told: body.title });
  return body.options;
}
