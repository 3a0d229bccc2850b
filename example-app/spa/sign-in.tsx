// The app's own sign-in and sign-up, and by a passkey alone.
import { useMfa, useProblem } from 'express-mfa/react';
import { isMfaClientError, type MfaClientError } from 'express-mfa/client';
import { useState, type SyntheticEvent } from 'react';

export function SignIn() {
  const { client, refresh, t } = useMfa();
  const [wrong, setWrong] = useState('');
  const [error, setError] = useState<MfaClientError>();
  const problem = useProblem(error);

  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const path = submitter instanceof HTMLButtonElement && submitter.name === 'signup' ? '/signup' : '/login';
    const fields = new FormData(form);
    const body = new URLSearchParams(
      [...fields].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
    );
    // The app answers a form that succeeds with a redirect, and shows it again where it does not.
    const answer = await fetch(path, { method: 'POST', body, redirect: 'manual' }).catch(() => undefined);
    if (answer?.type === 'opaqueredirect') refresh();
    else setWrong('Address or password cannot be used. Try again.');
  };
  const byPasskey = () =>
    client.passkeys.signIn().then(refresh, (failure: unknown) => {
      if (isMfaClientError(failure)) setError(failure);
    });

  return (
    <>
      <form onSubmit={(event) => void submit(event)}>
        {wrong ? <p role="alert">{wrong}</p> : null}
        <label>
          E-mail address
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button name="login">Sign in</button>
        <button name="signup">Sign up</button>
      </form>
      {problem ? <p role="alert">{problem}</p> : null}
      <button onClick={() => void byPasskey()}>{t('verify.webauthn.button')}</button>
    </>
  );
}
