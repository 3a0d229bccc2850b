// What is taken for a WebAuthn answer at all: strict in shape and size, before anything is decoded.
import { expect } from 'chai';
import { parseAssertion, parseRegistration } from '../../../src/factors/webauthn/responses.js';
import type { Json } from '../../../src/core/words/json.js';

const assertion = {
  id: 'AQID',
  rawId: 'AQID',
  type: 'public-key',
  response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'BBBB', userHandle: 'CCCC' },
};
const registration = {
  id: 'AQID',
  rawId: 'AQID',
  type: 'public-key',
  response: { clientDataJSON: 'e30', attestationObject: 'oA', transports: ['usb', 'usb', 'x-new'] },
};
const malformed = { malformed: true, reason: 'request.invalid', details: { field: 'response' } };

describe('the answer of a browser', () => {
  it('comes as an object or as its text, and brings what is not known along in vain', () => {
    const read = {
      credentialId: 'AQID',
      clientDataJSON: 'e30',
      authenticatorData: 'AAAA',
      signature: 'BBBB',
      userHandle: 'CCCC',
    };
    const more = { ...assertion, clientExtensionResults: { credProps: {} }, authenticatorAttachment: 'platform' };
    expect(parseAssertion({ response: more })).to.deep.equal(read);
    expect(parseAssertion({ response: JSON.stringify(assertion), trustBrowser: 'on' })).to.deep.equal(read);
  });

  it('keeps each transport once, known or not', () => {
    expect(parseRegistration({ response: registration })).to.deep.equal({
      credentialId: 'AQID',
      clientDataJSON: 'e30',
      attestationObject: 'oA',
      transports: ['usb', 'x-new'],
    });
  });

  it('may leave out user handle and transports, or give null', () => {
    const { userHandle: _, ...rest } = assertion.response;
    for (const response of [rest, { ...rest, userHandle: null }, { ...rest, userHandle: '' }]) {
      expect(parseAssertion({ response: { ...assertion, response } })).not.to.have.property('userHandle');
    }
    for (const transports of [null, []]) {
      const response = { ...registration.response, transports };
      expect(parseRegistration({ response: { ...registration, response } })).to.deep.include({ transports: [] });
    }
  });

  const long = 'A'.repeat(64 * 1024 + 4);
  const broken: [what: string, response: Json][] = [
    ['nothing', null],
    ['a number', 7],
    ['a list', [assertion]],
    ['a text that is no JSON', '{"id":'],
    ['a text of more than 64 KB', JSON.stringify({ ...assertion, more: long })],
    ['no id', { ...assertion, id: '' }],
    ['an id in a list', { ...assertion, id: ['AQID'] }],
    ['an id with padding', { ...assertion, id: 'AQI=', rawId: 'AQI=' }],
    ['an id in a second spelling', { ...assertion, id: 'AQJ', rawId: 'AQJ' }],
    ['two different ids', { ...assertion, rawId: 'AQIE' }],
    ['an id of 3 KB', { ...assertion, id: 'A'.repeat(4096), rawId: 'A'.repeat(4096) }],
    ['another type', { ...assertion, type: 'password' }],
    ['no response', { ...assertion, response: null }],
    ['no client data', { ...assertion, response: { ...assertion.response, clientDataJSON: '' } }],
    ['client data of megabytes', { ...assertion, response: { ...assertion.response, clientDataJSON: long } }],
    ['a signature that is no base64url', { ...assertion, response: { ...assertion.response, signature: 'a+b/' } }],
    ['a nested signature', { ...assertion, response: { ...assertion.response, signature: { x: 'BBBB' } } }],
    ['a user handle of 65 bytes', { ...assertion, response: { ...assertion.response, userHandle: 'A'.repeat(87) } }],
  ];
  for (const [what, response] of broken) {
    it(`is malformed with ${what}`, () => expect(parseAssertion({ response })).to.deep.equal(malformed));
  }

  it('is malformed at enrolment with transports that are no words, or with too many', () => {
    const many = Array.from({ length: 17 }, (_, index) => `t${index}`);
    for (const transports of ['usb', [7], ['<script>'], ['a'.repeat(33)], many] as Json[]) {
      const response = { ...registration.response, transports };
      expect(parseRegistration({ response: { ...registration, response } })).to.deep.equal(malformed);
    }
    for (const body of [null, [], 'response', {}, { response: assertion }] as Json[]) {
      expect(parseRegistration(body)).to.deep.equal(malformed);
    }
  });
});
