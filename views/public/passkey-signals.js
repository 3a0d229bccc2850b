// Tells the browser which passkeys this site still accepts, so that password managers drop those that were removed, and
// what their account is called now (WebAuthn L3 §5.1.10). Best effort: nothing waits for it, and browsers that do not know the calls are left alone.
import './simplewebauthn-browser.js';

const { sendSignal } = globalThis.SimpleWebAuthnBrowser;
const removing = 'mfa-passkey-removing';

const list = document.querySelector('[data-mfa-passkeys]');
/** Names the person whose page this is; the same after a removal. */
const account = list?.dataset.mfaPasskeys;
const passkeys = [...(list?.querySelectorAll('[data-credential-id]') ?? [])].map(({ dataset }) => dataset);

if (account && window.PublicKeyCredential) {
  signalAccepted();
  signalName();
  signalRemoved();
  for (const form of list.querySelectorAll('[data-credential-id] form')) {
    const { rpId, credentialId } = form.closest('[data-credential-id]').dataset;
    form.addEventListener('submit', () => {
      window.sessionStorage.setItem(removing, JSON.stringify({ account, rpId, credentialId }));
    });
  }
}

/** The complete list for each user handle: a passkey that it lacks may be deleted, so no list is better than a part. */
function signalAccepted() {
  const lists = new Map();
  for (const { rpId, userHandle, credentialId } of passkeys) {
    const key = `${rpId} ${userHandle}`;
    const complete = lists.get(key) ?? { rpID: rpId, userID: userHandle, allAcceptedCredentialIDs: [] };
    complete.allAcceptedCredentialIDs.push(credentialId);
    lists.set(key, complete);
  }
  for (const complete of lists.values()) signal({ signalName: 'allAcceptedCredentials', ...complete });
}

/** A password manager shows the name that the account had when the passkey was made, until it is told another. */
function signalName() {
  const userName = list.dataset.mfaPasskeyName;
  if (!userName) return;
  for (const user of new Set(passkeys.map(({ rpId, userHandle }) => `${rpId} ${userHandle}`))) {
    const [rpID, userID] = user.split(' ');
    signal({ signalName: 'currentUserDetails', rpID, userID, userName });
  }
}

/**
 * The last passkey leaves no list behind, so it is named by itself. Only once it is gone from the page of the same
 * account: a removal that was given up, or another person at this browser, must not cost anybody a passkey.
 */
function signalRemoved() {
  const removed = JSON.parse(window.sessionStorage.getItem(removing) ?? 'null');
  if (removed?.account !== account || passkeys.some(({ credentialId }) => credentialId === removed.credentialId))
    return;
  window.sessionStorage.removeItem(removing);
  signal({ signalName: 'unknownCredential', rpID: removed.rpId, credentialID: removed.credentialId });
}

function signal(options) {
  sendSignal(options).catch(() => undefined);
}
