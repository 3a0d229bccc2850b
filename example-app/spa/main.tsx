// The example app again, as a single-page app: the same server, the same routes, React in the browser.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createMfaClient } from 'express-mfa/client';
import { MfaProvider, StepUp } from 'express-mfa/react';
import { App } from './app.js';
import './style.css';

const client = createMfaClient();
const locale = new URLSearchParams(location.search).get('lang') ?? navigator.language;
const root = document.getElementById('root');

if (root)
  createRoot(root).render(
    <StrictMode>
      <MfaProvider client={client} locale={locale}>
        <App />
        <StepUp />
      </MfaProvider>
    </StrictMode>,
  );
