// Requests to AWS, signed as its published test suite has them.
import { expect } from 'chai';
import { signAws } from '../../src/senders/aws-signature.js';
import { awsKeys } from '../support/providers/aws.js';

// "Signature Version 4 test suite" of the AWS General Reference: post-vanilla, post-x-www-form-urlencoded,
// get-vanilla-query-order-key-case; all signed by AKIDEXAMPLE at 20150830T123600Z for us-east-1, service `service`.
const vectors = [
  ['GET', '/', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['POST', '/', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'POST',
    '/',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'Param1=value1',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
  ['GET', '/?Param2=value2&Param1=value1', {}, '', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
] as const;

describe('signAws', () => {
  for (const [method, path, headers, body, signature] of vectors) {
    it(`signs ${method} ${path} ${body} as the published test suite does`, () => {
      const signed = signAws({
        method,
        url: `https://example.amazonaws.com${path}`,
        headers,
        body,
        region: 'us-east-1',
        service: 'service',
        credentials: awsKeys,
        at: new Date('2015-08-30T12:36:00Z'),
      });
      expect(signed['x-amz-date']).to.equal('20150830T123600Z');
      expect(signed.authorization).to.equal(
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
          `SignedHeaders=${'Content-Type' in headers ? 'content-type;' : ''}host;x-amz-date, Signature=${signature}`,
      );
    });
  }
});
