// The options of webauthn(): refused early, with what was received and what would do.
import { expect } from 'chai';
import type { WebauthnOptions } from '../../../src/factors/webauthn/options.js';
import { relyingPartyId } from '../../../src/factors/webauthn/options.js';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { createPerson, creationOptions } from '../../support/webauthn-person.js';
import { thrownBy } from '../../support/thrown.js';

describe('the options of webauthn()', () => {
  const wrong: [options: object, sentence: RegExp][] = [
    [{ rpId: 'https://example.com' }, /rpId must be a domain .*received "https:\/\/example.com"/],
    [{ rpId: '192.0.2.7' }, /rpId must be a domain/],
    [{ rpName: ' ' }, /rpName must be a name/],
    [{ userVerification: 'discouraged' }, /userVerification must be "required" or "preferred"; received "discouraged"/],
    [{ residentKey: 'discouraged' }, /residentKey must be/],
    [{ maxAuthenticators: 0 }, /maxAuthenticators must be a whole number from 1 to 50; received 0/],
    [{ maxAuthenticators: '10' }, /maxAuthenticators must be/],
    [{ allowedTopOrigins: ['https://example.com/'] }, /allowedTopOrigins must be a list of origins/],
    [{ allowedTopOrigins: 'https://example.com' }, /allowedTopOrigins must be/],
    [{ algorithms: [] }, /algorithms must be/],
    [{ algorithms: [-65535] }, /algorithms must be a list of some of -8, -7/],
    [{ timeoutSeconds: 300_000 }, /timeoutSeconds must be a whole number of seconds from 60 to 600; received 300000/],
    [{ hints: ['platform'] }, /hints must be/],
    [{ rpName: () => 'Acme' }, /received function/],
  ];
  for (const [options, sentence] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      const error = thrownBy(() => webauthn(options));
      expect(error).to.include({ code: 'config.invalid_option' });
      expect(error.message).to.match(sentence);
    });
  }

  it('refuse a name they do not know, and name the nearest that they know', () => {
    const error = thrownBy(() => webauthn({ rpID: 'example.com' } as WebauthnOptions));
    expect(error).to.include({ code: 'config.unknown_option' });
    expect(error.message).to.match(/`rpID`. Did you mean `rpId`\?/);
  });

  it('take undefined for left out', () => {
    expect(webauthn({ maxAuthenticators: undefined } as unknown as WebauthnOptions).enrollment.limit).to.equal(10);
  });

  it('leave the caller no way to change them later', () => {
    const algorithms = [-7];
    const options = { maxAuthenticators: 2, algorithms };
    const factor = webauthn(options);
    options.maxAuthenticators = 9;
    algorithms.push(-257);
    expect(factor.enrollment.limit).to.equal(2);
    const person = createPerson({ factor });
    return person.begin().then((begun) => expect(creationOptions(begun).pubKeyCredParams).to.have.length(1));
  });
});

describe('the relying party id', () => {
  it('is the host of the first origin, or a parent domain that the options name', () => {
    expect(relyingPartyId({}, ['https://app.example.org:8443', 'https://a.app.example.org'])).to.equal(
      'app.example.org',
    );
    expect(relyingPartyId({ rpId: 'example.org' }, ['https://app.example.org'])).to.equal('example.org');
    expect(relyingPartyId({}, ['http://localhost:3000'])).to.equal('localhost');
  });

  const refused: [why: string, rpId: string | undefined, origins: string[], code: string, sentence: RegExp][] = [
    ['without an origin', undefined, [], 'config.origin_missing', /set origin/],
    ['on plain http', undefined, ['http://example.org'], 'config.invalid_option', /https/],
    ['of an address', undefined, ['https://127.0.0.1'], 'config.invalid_option', /http:\/\/localhost/],
    ['of another domain', 'example.com', ['https://example.org'], 'config.invalid_option', /"example.com"/],
    ['of a domain that only ends alike', 'ample.org', ['https://example.org'], 'config.invalid_option', /parent/],
    ['of a subdomain', 'app.example.org', ['https://example.org'], 'config.invalid_option', /parent/],
  ];
  for (const [why, rpId, origins, code, sentence] of refused) {
    it(`is refused ${why}, when the app starts`, () => {
      const factor = webauthn(rpId === undefined ? {} : { rpId });
      const error = thrownBy(() => factor.check!({ production: true, origins }));
      expect(error).to.include({ code });
      expect(error.message).to.match(sentence);
    });
  }

  it('is localhost in development without an origin, on any port and nowhere else', async () => {
    const factor = webauthn();
    expect(() => factor.check!({ production: false, origins: [] })).not.to.throw();
    const authenticator = softAuthenticator();
    const person = createPerson({ factor, origins: [] });
    expect(await person.enroll(authenticator, { origin: 'http://localhost:3000' })).to.include({ is: 'right' });
    expect(person.passkey().rpId).to.equal('localhost');
    for (const origin of ['https://localhost.example', 'http://localhost:3000@example.org', 'https://example.org']) {
      const refused = await person.verify(authenticator, { origin });
      expect(refused).to.include({ hint: 'webauthn.wrong_site', expected: 'http://localhost' });
    }
    expect(() => webauthn({ rpId: 'example.org' }).check!({ production: false, origins: [] })).to.throw(/rpId/);
  });
});
