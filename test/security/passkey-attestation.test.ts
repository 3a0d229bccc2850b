// Attack: an answer to an enrolment whose attestation makes the server ask an address of the attacker's choice, or is
// believed without being checked; a key that anybody can break.
// Rule: attestation is never weighed: format none and self attestation alone; no ceremony makes a request, ever; what is
// no sound key is refused at enrolment.
// Answer: one reason with a hint, and not one connection.
import dns from 'node:dns';
import { Socket } from 'node:net';
import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { webauthn } from '../../src/factors/webauthn/webauthn.js';
import { isMalformed } from '../../src/core/kernel/factor.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { encodeCbor, type Cbor } from '../../src/testing/soft-authenticator/cbor.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { attested, statements, type Statement } from '../support/attestation.js';
import { createPerson, creationOptions, origin, requestOptions, type Person } from '../support/webauthn-person.js';

const failed = 'session.mfa.webauthn_verification_failed';
const elsewhere = 'http://169.254.169.254/latest/meta-data';

describe('the attestation of a new passkey', () => {
  const asked: string[] = [];
  const untouched = { fetch: globalThis.fetch, connect: Socket.prototype.connect, lookup: dns.lookup };

  before(() => {
    const forbidden = (what: string) => (): never => {
      asked.push(what);
      throw new Error(`Forbidden here: ${what}.`);
    };
    globalThis.fetch = forbidden('fetch');
    // What http, https, http2, tls and undici connect with.
    Socket.prototype.connect = forbidden('a connection');
    dns.lookup = forbidden('a name') as never;
  });
  beforeEach(() => void (asked.length = 0));
  afterEach(() => expect(asked).to.deep.equal([]));
  after(() => {
    globalThis.fetch = untouched.fetch;
    Socket.prototype.connect = untouched.connect;
    dns.lookup = untouched.lookup;
  });

  async function enrolWith(person: Person, format: string, statement: Statement) {
    const begun = await person.begin();
    const authenticator = softAuthenticator({ algorithms: [-7] });
    const answer = await authenticator.create(creationOptions(begun), { origin });
    const { privateKey } = authenticator.credentials[0]!.keys;
    return { authenticator, result: await person.confirm(attested(answer, privateKey, format, statement), begun) };
  }

  for (const [format, statement] of Object.entries(statements(elsewhere))) {
    it(`is refused as ${format}, and no address in it is asked`, async () => {
      const person = createPerson();
      const { result } = await enrolWith(person, format, statement);
      expect(result).to.include({ is: failed, hint: 'webauthn.attestation_not_accepted' });
      expect(person.own).to.deep.equal([]);
    });
  }

  it('is refused where "none" comes with a statement', async () => {
    const { result } = await enrolWith(createPerson(), 'none', () => [['x5c', []]]);
    expect(result).to.include({ is: failed, hint: 'webauthn.attestation_not_accepted' });
  });

  it('may be by the passkey itself, which then works', async () => {
    const person = createPerson();
    const own: Statement = ({ authData, clientDataHash, privateKey }) => [
      ['alg', -7],
      ['sig', Uint8Array.from(sign('sha256', Buffer.concat([authData, clientDataHash]), privateKey))],
    ];
    const { authenticator, result } = await enrolWith(person, 'packed', own);
    expect(result).to.include({ is: 'right' });
    expect(await person.verify(authenticator)).to.include({ is: 'right' });
    const lie: Statement = (made) => own({ ...made, clientDataHash: Buffer.alloc(32) });
    expect((await enrolWith(createPerson(), 'packed', lie)).result).to.include({
      hint: 'webauthn.attestation_not_verified',
    });
  });

  it('is asked for by no ceremony, and none of them asks anybody', async () => {
    const person = createPerson();
    const authenticator = softAuthenticator();
    expect(creationOptions(await person.begin())).to.include({ attestation: 'none' });
    expect(await person.enroll(authenticator)).to.include({ is: 'right' });
    expect(await person.verify(authenticator)).to.include({ is: 'right' });
    expect(await person.verify(authenticator, { breakSignature: true })).to.include({ is: failed });
    await person.store.save('ada', { ...emptyRecord('epoch'), authenticators: person.own }, undefined);
    const context = { ...person.context, store: person.store };
    const { directSignIn } = person.factor;
    const { options, challenge } = await directSignIn.issue(context);
    const response = await authenticator.get(requestOptions({ secret: null, shown: options }), { origin });
    const answer = directSignIn.parse({ response: response as never, challenge });
    if (isMalformed(answer)) throw new Error('malformed');
    expect(await directSignIn.weigh(context, answer)).to.include({ accepted: true, userId: 'ada' });
  });

  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const bytes = (text = '') => Uint8Array.from(Buffer.from(text, 'base64url'));
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
  const rsa = (bits: number, exponent = 65_537) => {
    const { n, e } = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent }).publicKey.export({
      format: 'jwk',
    });
    return rsaKey(bytes(n), bytes(e));
  };
  const rsaKey = (n: Uint8Array, e: Uint8Array): [number, Cbor][] => [[1, 3], [3, -257], [-1, n], [-2, e]]; // prettier-ignore
  const point = (x: Uint8Array, y: Uint8Array): [number, Cbor][] => [[1, 2], [3, -7], [-1, 1], [-2, x], [-3, y]]; // prettier-ignore
  const ed = (x: Uint8Array): [number, Cbor][] => [[1, 1], [3, -8], [-1, 6], [-2, x]]; // prettier-ignore
  const n2048 = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }).n;
  const keys: { [what: string]: () => [number, Cbor][] } = {
    'RSA of 512 bits': () => rsa(512),
    'RSA of 1024 bits': () => rsa(1024),
    'RSA of 2047 bits': () => rsaKey(Uint8Array.from([0x7f, ...bytes(n2048).slice(1)]), Uint8Array.of(1, 0, 1)),
    'RSA with zeros before a short modulus': () =>
      rsaKey(Uint8Array.from([...new Uint8Array(192), ...bytes(n2048).slice(192)]), Uint8Array.of(1, 0, 1)),
    'RSA with an even modulus': () =>
      rsaKey(Uint8Array.from([...bytes(n2048).slice(0, 255), 2]), Uint8Array.of(1, 0, 1)),
    'RSA of 65536 bits': () => rsaKey(new Uint8Array(8192).fill(255), Uint8Array.of(1, 0, 1)),
    'RSA with e = 1': () => rsaKey(bytes(n2048), Uint8Array.of(1)),
    'RSA with e = 3': () => rsa(2048, 3),
    'RSA without a modulus': () => rsaKey(Uint8Array.of(), Uint8Array.of(1, 0, 1)),
    'a point off P-256': () => point(bytes(p256.x), Uint8Array.from([...bytes(p256.y).slice(0, 31), 0x5a])),
    'a point of zeros': () => point(new Uint8Array(32), new Uint8Array(32)),
    'a point with a short coordinate': () => point(bytes(p256.x).slice(1), bytes(p256.y)),
    'a key of another type': () => [[1, 3], [3, -7], [-1, 1], [-2, bytes(p256.x)], [-3, bytes(p256.y)]], // prettier-ignore
    'a point off Ed25519': () => ed(Uint8Array.from([2, ...new Uint8Array(31)])),
    'the identity of Ed25519, under which anybody signs': () => ed(Uint8Array.from([1, ...new Uint8Array(31)])),
    'Ed25519, a point of order 2': () => ed(Uint8Array.from([0xec, ...new Uint8Array(30).fill(255), 0x7f])),
    'Ed25519, a point of order 4': () => ed(new Uint8Array(32)),
    'Ed25519, a point of order 8': () => ed(hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
    'Ed25519, the other point of order 8': () =>
      ed(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')),
    'Ed25519 of 31 bytes': () => ed(new Uint8Array(31).fill(7)),
  };
  for (const [what, key] of Object.entries(keys)) {
    it(`is no way around the key itself: ${what} is refused`, async () => {
      const person = createPerson({ factor: webauthn() });
      const begun = await person.begin();
      const answer = await softAuthenticator({ algorithms: [-7] }).create(creationOptions(begun), {
        origin,
        cosePublicKey: encodeCbor(new Map(key())),
      });
      expect(await person.confirm(answer, begun)).to.include({ is: failed, hint: 'webauthn.unusable_key' });
      expect(person.own).to.deep.equal([]);
    });
  }
});
