// Certificates made on the spot (RFC 5280), without a program or a file that could be missing or out of date: for tests
// over real TLS, and for what an attacker can have signed.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
};

export function der(kind: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([kind, ...size]), body]);
}

export const oid = (hex: string) => der(tag.oid, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = der(tag.sequence, oid('2a8648ce3d040302'));
const subjectAltName = '551d11';

const time = (ms: number) =>
  der(tag.time, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

export type Certificate = { key: string; cert: string };

/** Names of `[type, text]`, the type as the bytes of its OID: `['550403', 'localhost']` is a common name. */
export type Name = readonly (readonly [type: string, text: string])[];

const nameOf = (parts: Name) =>
  der(
    tag.sequence,
    ...parts.map(([type, text]) => der(tag.set, der(tag.sequence, oid(type), der(tag.utf8, Buffer.from(text))))),
  );

/**
 * The DER of a certificate, valid from yesterday until tomorrow, or for another two days. `extensions`: bytes of the OID, and the
 * DER of the value.
 */
export function certificateOf(of: {
  subject: Name;
  publicKey: KeyObject;
  issuer: Name;
  signedBy: KeyObject;
  extensions: readonly (readonly [oid: string, value: Buffer])[];
  /** Its middle, in milliseconds. Default now. */
  at?: number;
}): Buffer {
  const day = 86_400_000;
  const { at = Date.now() } = of;
  const extensions = of.extensions.map(([type, value]) => der(tag.sequence, oid(type), der(tag.octets, value)));
  const toBeSigned = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(of.issuer),
    der(tag.sequence, time(at - day), time(at + day)),
    nameOf(of.subject),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(tag.sequence, ...extensions)),
  );
  const signature = der(tag.bits, Buffer.from([0]), sign('sha256', toBeSigned, of.signedBy));
  return der(tag.sequence, toBeSigned, ecdsaWithSha256, signature);
}

/** For 127.0.0.1 and localhost, or for one other name. */
export function selfSigned({ host, at = Date.now() }: { host?: string; at?: number } = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name: Name = [['550403', 'localhost']];
  const own = [der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost'))];
  const names = der(tag.sequence, ...(host === undefined ? own : [der(0x82, Buffer.from(host))]));
  const extensions = [[subjectAltName, names]] as const;
  const made = certificateOf({ subject: name, publicKey, issuer: name, signedBy: privateKey, extensions, at });
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${made.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}
