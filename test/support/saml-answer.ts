// A provider of SAML that signs its answers with a key of its own.
import { generateKeyPairSync } from 'node:crypto';
import { SignedXml } from 'xml-crypto';

export const issuer = 'https://idp.partner.example';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const publicPem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const mfaClass = 'https://refeds.org/profile/mfa';
export const passwordClass = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

export type Says = { classRef?: string; at?: number; subject?: string; statements?: number; endsAt?: number };

/** An answer with one assertion, signed, in base64. */
export function samlAnswer(
  sp: string,
  path: string,
  { classRef = mfaClass, at = Date.now(), subject = 'ada', statements = 1, endsAt }: Says = {},
): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  const now = Date.now();
  const ends = endsAt === undefined ? '' : ` SessionNotOnOrAfter="${iso(endsAt)}"`;
  const statement = `<saml:AuthnStatement AuthnInstant="${iso(at)}" SessionIndex="s1"${ends}><saml:AuthnContext><saml:AuthnContextClassRef>${classRef}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a${now}" Version="2.0" IssueInstant="${iso(now)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${iso(now + 60_000)}" Recipient="${sp}${path}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${iso(now - 60_000)}" NotOnOrAfter="${iso(now + 60_000)}"><saml:AudienceRestriction><saml:Audience>${sp}</saml:Audience></saml:AudienceRestriction></saml:Conditions>${statement.repeat(statements)}</saml:Assertion>`;
  const signature = new SignedXml({
    privateKey,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  signature.addReference({
    xpath: "/*[local-name(.)='Assertion']",
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  });
  signature.computeSignature(assertion, {
    location: { reference: "/*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: 'after' },
  });
  const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r${now}" Version="2.0" IssueInstant="${iso(now)}"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${signature.getSignedXml()}</samlp:Response>`;
  return Buffer.from(response).toString('base64');
}
