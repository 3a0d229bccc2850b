// What an ID token or a SAML assertion says of factors, and nothing guessed.
import { expect } from 'chai';
import { upstreamFromIdToken, upstreamFromSaml, type Upstream } from '../../src/upstream.js';

const token = {
  iss: 'https://login.acme.example',
  sub: 'ada',
  auth_time: 1_800_000_000,
  amr: ['pwd', 'otp'],
  acr: '2',
};

describe('upstreamFromIdToken', () => {
  it('reads what counts, and nothing else', () => {
    expect(upstreamFromIdToken({ ...token, aud: 'acme', email: 'ada@example.com' })).to.deep.equal({
      issuer: 'https://login.acme.example',
      subject: 'ada',
      authTime: 1_800_000_000,
      amr: ['pwd', 'otp'],
      acr: ['2'],
    });
  });

  const rows: [string, object, Partial<Upstream>][] = [
    ['an issuer that is no text', { iss: ['https://login.acme.example'] }, { fault: 'no-issuer' }],
    ['no issuer', { iss: undefined }, { fault: 'no-issuer' }],
    ['a subject that is a number', { sub: 1 }, { fault: 'no-subject' }],
    ['an empty subject', { sub: '' }, { fault: 'no-subject' }],
    ['a time as text', { auth_time: '1800000000' }, { fault: 'no-auth-time' }],
    ['no time', { auth_time: undefined }, { fault: 'no-auth-time' }],
    ['a time without end', { auth_time: Infinity }, { fault: 'no-auth-time' }],
    ['methods as one text', { amr: 'mfa' }, { amr: [] }],
    ['methods in an object', { amr: { 0: 'mfa', length: 1 } }, { amr: [] }],
    ['methods among which is a list', { amr: ['pwd', ['otp']] }, { amr: [] }],
    ['methods of which one is empty', { amr: ['pwd', 'otp', ''] }, { amr: [] }],
    ['a class as a number', { acr: 2 }, { acr: [] }],
    ['a class as a list', { acr: ['2'] }, { acr: [] }],
    ['the class that is none', { acr: '0' }, { acr: [] }],
  ];
  for (const [what, given, expected] of rows)
    it(`does not guess: ${what}`, () => {
      expect(upstreamFromIdToken({ ...token, ...given })).to.deep.include(expected);
    });

  it('reads no claim that an object inherits', () => {
    expect(upstreamFromIdToken(Object.create(token) as object)).to.deep.equal({ amr: [], acr: [], fault: 'no-issuer' });
  });
});

const classes = 'urn:oasis:names:tc:SAML:2.0:ac:classes:';
const statement = (more: object = {}, classRef = `${classes}TimeSyncToken`) => ({
  $: { AuthnInstant: '2027-01-15T08:00:00.000Z', ...more },
  AuthnContext: [{ AuthnContextClassRef: [{ _: classRef }] }],
});
const assertion = (more: object = {}) => ({
  Assertion: {
    Issuer: [{ _: 'https://idp.partner.example' }],
    Subject: [{ NameID: [{ _: 'ada', $: { Format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' } }] }],
    AuthnStatement: [statement()],
    ...more,
  },
});
const methods = (name: string, ...values: unknown[]) => ({
  AttributeStatement: [{ Attribute: [{ $: { Name: name }, AttributeValue: values }] }],
});

describe('upstreamFromSaml', () => {
  it('reads what counts, and nothing else', () => {
    expect(upstreamFromSaml(assertion())).to.deep.equal({
      issuer: 'https://idp.partner.example',
      subject: 'ada',
      authTime: 1_800_000_000,
      amr: [],
      acr: [`${classes}TimeSyncToken`],
    });
  });

  const multi = 'http://schemas.microsoft.com/claims/multipleauthn';
  const rows: [string, object, Partial<Upstream>][] = [
    ['two statements', { AuthnStatement: [statement(), statement()] }, { fault: 'several-statements' }],
    ['no statement', { AuthnStatement: undefined }, { fault: 'no-auth-time' }],
    ['two contexts', { AuthnStatement: [{ ...statement(), AuthnContext: [{}, {}] }] }, { fault: 'several-statements' }],
    ['two subjects', { Subject: [{}, {}] }, { fault: 'no-subject' }],
    ['two issuers', { Issuer: [{ _: 'a' }, { _: 'b' }] }, { fault: 'no-issuer' }],
    [
      'a name that is another one each time',
      { Subject: [{ NameID: [{ _: 'x', $: { Format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' } }] }] },
      { fault: 'no-subject' },
    ],
    [
      'a time without a zone',
      { AuthnStatement: [statement({ AuthnInstant: '2027-01-15T08:00:00' })] },
      { fault: 'no-auth-time' },
    ],
    [
      'when its session ends',
      { AuthnStatement: [statement({ SessionNotOnOrAfter: '2027-01-15T16:00:00Z' })] },
      { endsAt: 1_800_028_800 },
    ],
    ['an end that is no time', { AuthnStatement: [statement({ SessionNotOnOrAfter: 'never' })] }, { endsAt: 0 }],
    [
      'the methods of Entra ID',
      methods('http://schemas.microsoft.com/claims/authnmethodsreferences', { _: `${classes}Password` }, { _: multi }),
      { acr: [`${classes}TimeSyncToken`, `${classes}Password`, multi] },
    ],
    [
      'an attribute that ends alike',
      methods('http://evil.example/authnmethodsreferences', { _: multi }),
      { acr: [`${classes}TimeSyncToken`] },
    ],
    ['the class that is none', { AuthnStatement: [statement({}, '0')] }, { acr: [] }],
  ];
  for (const [what, given, expected] of rows)
    it(`reads ${what}`, () => {
      expect(upstreamFromSaml(assertion(given))).to.deep.include(expected);
    });

  it('takes one assertion, and none from a profile', () => {
    const { Assertion } = assertion();
    expect(upstreamFromSaml({ Assertion: [Assertion, Assertion] })).to.include({ fault: 'several-statements' });
    expect(upstreamFromSaml({ issuer: 'https://idp.partner.example', nameID: 'ada' })).to.include({
      fault: 'no-issuer',
    });
  });
});
