// What is on the screen: signing in, what is owed, or the account. What is owed the server says.
import { BackupCodes, useMfa, useProblem, Verify } from 'express-mfa/react';
import { useEffect, useRef } from 'react';
import { Account } from './account.js';
import { SignIn } from './sign-in.js';

/** Steps that happen seldom, and that the pages of express-mfa do. */
const ours = new Set(['recover', 'confirm-recovery', 'wait']);

export function App() {
  const { status, state, error, refresh, t, words } = useMfa();
  const problem = useProblem(error);
  const isSignedOut = error?.code === 'session.not_signed_in';
  const screen = isSignedOut ? 'sign-in' : (state?.next.step ?? status);
  const main = useFocusOnScreen(screen);

  useEffect(() => {
    if (words) document.documentElement.lang = words.locale;
  }, [words]);

  return (
    <main ref={main} tabIndex={-1} aria-busy={status === 'loading'}>
      <h1>{screen === 'verify' ? t('title.verify.generic') : 'Example'}</h1>
      {problem && !isSignedOut ? (
        <p role="alert">
          {problem} <button onClick={refresh}>{t('link.retry')}</button>
        </p>
      ) : null}
      {isSignedOut ? <SignIn /> : null}
      {state && screen === 'verify' ? <Verify /> : null}
      {state && screen === 'save-backup-codes' ? <BackupCodes /> : null}
      {state && ours.has(screen) ? <a href={state.next.url}>{t('page.go_on')}</a> : null}
      {state && screen !== 'verify' && screen !== 'save-backup-codes' && !ours.has(screen) ? <Account /> : null}
      {state ? <SignOut /> : null}
    </main>
  );
}

function SignOut() {
  const { client, t } = useMfa();
  return (
    <p>
      <button onClick={() => void client.signOut()}>{t('page.sign_out')}</button>
    </p>
  );
}

/** Another screen is another page: whoever uses a keyboard or a screen reader begins at its top. */
function useFocusOnScreen(screen: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(screen);
  useEffect(() => {
    if (before.current !== screen && before.current !== 'loading' && !main.current?.contains(document.activeElement))
      main.current?.focus();
    before.current = screen;
  }, [screen]);
  return main;
}
