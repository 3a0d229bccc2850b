// A component of the server, which shows some of the browser.
import { StepUp } from 'express-mfa/react';
import { Everything } from './everything';

export default function Page() {
  return (
    <main>
      <h1>Account</h1>
      <Everything />
      <p>{typeof StepUp === 'undefined' ? 'missing' : 'there'}</p>
    </main>
  );
}
