// What `upstream` may not say is refused at start-up, with the sentence that says what to do.
import { expect } from 'chai';
import { createMfa, memoryStore, MfaError, totp, type MfaOptions } from '../../src/index.js';
import { appSecret } from '../support/app.js';

const issuer = 'https://login.acme.example';
const reauthenticate = () => '/again';

function start(given: unknown) {
  return createMfa({
    appName: 'Acme',
    secrets: [appSecret],
    store: memoryStore(),
    factors: [totp()],
    user: () => null,
    notify: () => undefined,
    upstream: { [issuer]: given } as NonNullable<MfaOptions['upstream']>,
  });
}

describe('the option upstream', () => {
  it('takes what it documents', () => {
    start({ mfa: 'reject', origins: ['https://login.acme.example:8443'] });
    start({ mfa: 'accept', amr: ['mfa'], acr: ['phr'], maxAgeSeconds: 60, insteadOfOwnFactor: true });
    start({ mfa: 'enforce', acr: ['phr'], reauthenticate });
  });

  const wrong: [what: string, given: unknown, says: RegExp][] = [
    ['to enforce with nowhere to send people', { mfa: 'enforce', amr: ['mfa'] }, /Give it `reauthenticate/],
    ['an address to send people to without enforcing', { mfa: 'accept', reauthenticate }, /is for `mfa: 'enforce'`/],
    ...['pwd', 'pin', 'kba', 'user'].map(
      (value) => [`"${value}" as a second factor`, { mfa: 'accept', amr: ['mfa', value] }, /Leave it out/] as never,
    ),
    ['the class that is none', { mfa: 'accept', acr: ['0'] }, /Leave it out/],
    ['no decision', {}, /upstream/],
    ['another decision', { mfa: 'believe' }, /upstream/],
    [
      'a field that it does not know',
      { mfa: 'accept', amrs: ['mfa'] },
      /no option `upstream\.https:\/\/login\.acme\.example\.amrs`. Did you mean .*amr`/,
    ],
    ['a value in place of a list', { mfa: 'accept', amr: 'mfa' }, /amr/],
    ['an age of less than a minute', { mfa: 'accept', amr: ['mfa'], maxAgeSeconds: 59 }, /maxAgeSeconds/],
    ['an age that is no number', { mfa: 'accept', amr: ['mfa'], maxAgeSeconds: '3600' }, /maxAgeSeconds/],
    ['an address in place of a function', { mfa: 'enforce', acr: ['phr'], reauthenticate: '/again' }, /reauthenticate/],
    ['an address in place of an origin', { mfa: 'reject', origins: ['https://a.example/login'] }, /has a path/],
    ['more than an origin', { mfa: 'reject', origins: ["https://a.example; script-src 'unsafe-inline'"] }, /origin/],
    ['a word for yes', { mfa: 'accept', amr: ['mfa'], insteadOfOwnFactor: 'no' }, /insteadOfOwnFactor/],
  ];
  for (const [what, given, says] of wrong)
    it(`refuses ${what}`, () => {
      expect(() => start(given))
        .to.throw(MfaError, says)
        .with.property('code')
        .that.matches(/^config\.(invalid|unknown)_option$/);
    });
});
