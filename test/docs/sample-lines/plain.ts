// Samples in which there is nothing to attack, each with the reason.
import type { Line } from '../sample-attacks.js';

type Plain = Pick<Line, 'page' | 'heading' | 'nth'> & { why: string };

const because = (why: string, ...samples: Omit<Plain, 'why'>[]): Plain[] => samples.map((each) => ({ ...each, why }));

const administration = (...headings: string[]) =>
  headings.map((heading) => ({ page: 'docs/administration.md', heading }));

export const plain: Plain[] = [
  ...because(
    'An act of an operator: who may do what, and what it opens, is attacked in test/security and test/core/operators.',
    ...administration('Ask for something', 'Four eyes', 'Options', 'Where cases wait', 'A support pass'),
    ...administration('An exemption', 'New backup codes', 'Suspend an account', 'A recovery that waits'),
  ),
  ...because(
    'Where entries are kept and go to: stores and sinks are attacked in test/audit and test/servers.',
    { page: 'README.md', heading: 'Audit log' },
    { page: 'docs/audit.md', heading: 'Reading' },
    { page: 'docs/audit-sinks.md', heading: 'Sinks of the audit log' },
    { page: 'docs/guides/siem-elastic.md', heading: 'Send the audit log to Elastic' },
    { page: 'docs/guides/siem-splunk.md', heading: 'Send the audit log to Splunk, by CEF' },
    { page: 'docs/guides/siem-webhook.md', heading: 'Send the audit log to a service of your own' },
  ),
  ...because(
    'A move of people by an operator: what is taken, and what never again, is attacked in test/importers.',
    { page: 'docs/guides/from-better-auth.md', heading: 'From Better Auth' },
    { page: 'docs/guides/from-keycloak.md', heading: 'From Keycloak' },
    { page: 'docs/guides/from-keycloak.md', heading: 'From Keycloak', nth: 2 },
    { page: 'docs/guides/from-django-allauth.md', heading: 'From django-allauth' },
    { page: 'docs/guides/from-django-allauth.md', heading: 'From django-allauth', nth: 2 },
    { page: 'docs/guides/from-logto.md', heading: 'From Logto' },
    { page: 'docs/guides/from-auth0.md', heading: 'From Auth0' },
    { page: 'docs/guides/from-okta.md', heading: 'From Okta' },
    { page: 'docs/guides/from-devise-two-factor.md', heading: 'From devise-two-factor' },
    { page: 'docs/guides/from-rodauth.md', heading: 'From Rodauth' },
    { page: 'docs/guides/from-own-columns.md', heading: 'Apps' },
    { page: 'docs/guides/from-own-columns.md', heading: 'Passkeys' },
  ),
  ...because('Where sessions are kept beside records: test/hosts/session-stores.test.ts.', {
    page: 'docs/guides/node-redis.md',
    heading: 'Add MFA to an app with node-redis',
    nth: 2,
  }),
  ...because('It counts, and lets nobody in: test/core/operators and test/cli.', ...administration('The census'), {
    page: 'docs/administration.md',
    heading: 'The census',
    nth: 2,
  }),
  ...because('It counts, and lets nobody in: test/telemetry.', {
    page: 'docs/guides/opentelemetry.md',
    heading: 'Metrics by OpenTelemetry',
  }),
  ...because(
    'It weighs, and what it may open or close is attacked in test/security/risk-*.test.ts.',
    { page: 'docs/risk.md', heading: 'After a backup code' },
    { page: 'docs/risk.md', heading: 'Risk' },
    { page: 'docs/risk.md', heading: 'Your own table' },
    { page: 'docs/risk.md', heading: 'Try it' },
    { page: 'docs/risk.md', heading: 'Your own' },
  ),
  ...because(
    'What a provider says, and what of it counts: attacked in test/security/upstream-*.test.ts.',
    { page: 'docs/guides/entra-id.md', heading: 'OpenID Connect' },
    { page: 'docs/guides/entra-id.md', heading: 'OpenID Connect', nth: 2 },
    { page: 'docs/guides/entra-id.md', heading: 'SAML' },
    { page: 'docs/guides/google.md', heading: 'Identity providers: Google' },
    { page: 'docs/guides/keycloak.md', heading: 'Identity providers: Keycloak' },
    { page: 'docs/guides/okta.md', heading: 'Identity providers: Okta' },
    { page: 'docs/guides/okta.md', heading: 'Identity providers: Okta', nth: 2 },
    { page: 'docs/upstream.md', heading: 'Sign-out at the provider' },
  ),
  ...because('Who may call it is for the app: attacked in test/security/scim-id-comes-back.test.ts.', {
    page: 'docs/scim.md',
    heading: 'An id that comes back',
  }),
  ...because('What a preset refuses is held against its table: test/presets.test.ts.', {
    page: 'docs/compliance.md',
    heading: 'Presets',
  }),
  ...because(
    'It reads, and lets nobody in: test/insight.',
    { page: 'docs/compliance.md', heading: 'The report' },
    { page: 'docs/compliance.md', heading: 'Draw the sample again' },
  ),
  ...because(
    'A store that holds to the contract: test/servers/sql.',
    { page: 'docs/deploy-on-sql.md', heading: 'Deploy on SQL' },
    { page: 'docs/deploy-on-sql.md', heading: 'Tables' },
    { page: 'docs/deploy-on-sql.md', heading: 'Audit log, figures and cases' },
    { page: 'docs/deploy-on-sql.md', heading: 'Records in SQL, the rest in Redis' },
  ),
  ...because('Types alone.', { page: 'docs/guides/typescript.md', heading: 'Add MFA to an app in TypeScript' }),
  ...because('On a real nginx: test/servers/nginx.test.ts.', {
    page: 'docs/guides/proxy-prefix.md',
    heading: 'Add MFA to an app behind a proxy prefix',
  }),
  ...because('A form that our script fills, in a browser: test/browser/passkeys-example.test.ts.', {
    page: 'docs/factors/webauthn.md',
    heading: 'Sign-in with a passkey alone',
    nth: 2,
  }),
  ...because(
    'A tool of tests, which takes no shortcut: test/testing.',
    { page: 'docs/test-your-app.md', heading: 'testClock' },
    { page: 'docs/test-your-app.md', heading: 'outbox' },
    { page: 'docs/test-your-app.md', heading: 'softAuthenticator' },
  ),
];
