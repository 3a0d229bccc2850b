// The gate of AWS, written from the documentation and not from our signer: takes a signed request apart, derives the
// signature on its own and refuses what does not match, was changed underway, or was signed at another time.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from './provider-server.js';

export const awsKeys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
export const awsSession = 'AQoDYXdzEJr-a-session-token-of-nobody';

const header =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

/** The code and the words of the refusal, or `undefined` where the signature stands. */
export function refuseSignature(
  request: Request,
  region: string,
  service: string,
): [code: string, told: string] | undefined {
  const parts = header.exec(request.headers.authorization ?? '');
  if (parts === null) return ['MissingAuthenticationToken', 'Request is missing Authentication Token'];
  const [, id, day, givenRegion, givenService, names = '', signature = ''] = parts;
  if (id !== awsKeys.accessKeyId) {
    return ['InvalidClientTokenId', 'The security token included in the request is invalid.'];
  }
  const date = String(request.headers['x-amz-date'] ?? '');
  if (!/^\d{8}T\d{6}Z$/.test(date)) return ['IncompleteSignature', 'x-amz-date is missing'];
  if (day !== date.slice(0, 8) || givenRegion !== region || givenService !== service) {
    return ['SignatureDoesNotMatch', 'Credential should be scoped to a valid date, region and service.'];
  }
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  if (Math.abs(Date.parse(iso) - Date.now()) > 5 * 60_000) {
    return ['SignatureDoesNotMatch', `Signature expired: ${date} is now earlier than the time of the server`];
  }
  const signed = names.split(';');
  for (const name of ['host', 'content-type', 'x-amz-date']) {
    if (!signed.includes(name)) return ['SignatureDoesNotMatch', `${name} must be signed`];
  }
  const token = request.headers['x-amz-security-token'];
  if (token !== undefined && (token !== awsSession || !signed.includes('x-amz-security-token'))) {
    return ['InvalidClientTokenId', 'The security token included in the request is invalid.'];
  }

  let canonical = `${request.method}\n${request.path.split('?')[0]}\n${request.path.split('?')[1] ?? ''}\n`;
  for (const name of signed) canonical += `${name}:${String(request.headers[name] ?? '').trim()}\n`;
  canonical += `\n${names}\n${createHash('sha256').update(request.body).digest('hex')}`;
  const toSign =
    `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/${service}/aws4_request\n` +
    createHash('sha256').update(canonical).digest('hex');
  const dateKey = createHmac('sha256', `AWS4${awsKeys.secretAccessKey}`).update(day).digest();
  const regionKey = createHmac('sha256', dateKey).update(region).digest();
  const serviceKey = createHmac('sha256', regionKey).update(service).digest();
  const signingKey = createHmac('sha256', serviceKey).update('aws4_request').digest();
  const expected = createHmac('sha256', signingKey).update(toSign).digest();
  if (timingSafeEqual(expected, Buffer.from(signature, 'hex'))) return undefined;
  return ['SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.'];
}
