// Signs requests to Amazon Web Services, Signature Version 4, so that two APIs need no SDK. Knows no service.
import { createHash, createHmac } from 'node:crypto';
import { MfaError } from '../core/words/errors.js';
import type { OptionReader } from './sender-options.js';

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** Credentials as options have them: fixed ones, or a function that is asked before every request (roles rotate). */
export type AwsCredentialsOption =
  | { accessKeyId: string | undefined; secretAccessKey: string | undefined; sessionToken?: string | undefined }
  | (() => AwsCredentials | Promise<AwsCredentials>);

export type AwsRequest = {
  method: string;
  url: string;
  /** Headers to send and sign, besides `host`, `x-amz-date` and `x-amz-security-token`. */
  headers: { [name: string]: string };
  body: string;
  region: string;
  service: string;
  credentials: AwsCredentials;
  /** When the request is signed; AWS refuses one that is more than five minutes off. */
  at: Date;
};

/**
 * The headers of `request`, all of them signed, with `authorization` among them. `host` is not there: the HTTP client
 * sets it from the URL, and the signature covers it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signAws(request: AwsRequest): { [name: string]: string } {
  const { method, body, region, service, credentials, at } = request;
  const url = new URL(request.url);
  const timestamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;

  const sent: { [name: string]: string } = { 'x-amz-date': timestamp };
  for (const [name, value] of Object.entries(request.headers)) sent[name.toLowerCase()] = value.trim();
  if (credentials.sessionToken !== undefined) sent['x-amz-security-token'] = credentials.sessionToken;

  const signed = { ...sent, host: url.host };
  const names = Object.keys(signed).sort();
  const canonical = [
    method,
    url.pathname,
    canonicalQuery(url),
    ...names.map((name) => `${name}:${(signed as { [name: string]: string })[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce(
    (previous, part) => hmac(previous, part),
    hmac(`AWS4${credentials.secretAccessKey}`, timestamp.slice(0, 8)),
  );
  const signature = hmac(key, toSign).toString('hex');
  return {
    ...sent,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** Checks the option `credentials` of a sender, and gives the function that answers with them. */
export function readCredentials(
  read: OptionReader,
  option: AwsCredentialsOption | undefined,
): () => Promise<AwsCredentials> {
  if (typeof option === 'function') return async () => complete(await option());
  const { accessKeyId, secretAccessKey, sessionToken } = option ?? {};
  if (!accessKeyId || !secretAccessKey) {
    return read.fail('credentials', '{ accessKeyId, secretAccessKey } or a function that gives them');
  }
  const fixed = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  return async () => fixed;
}

function complete(given: AwsCredentials | undefined): AwsCredentials {
  if (given?.accessKeyId && given.secretAccessKey) return given;
  throw new MfaError('config.invalid_option', 'The function `credentials` gave no accessKeyId and secretAccessKey.');
}

// RFC 3986: what encodeURIComponent leaves alone beyond the unreserved characters is encoded as well.
function canonicalQuery(url: URL): string {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
