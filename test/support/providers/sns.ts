// Amazon SNS, Publish in the Query protocol, as documented:
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (parameters, answer, errors).
import { refuseSignature } from './aws.js';
import type { Dialect, Reply } from './provider-server.js';
import { wrongFields } from './provider-server.js';

export const snsRegion = 'us-east-1';

const types: { [attribute: string]: string } = {
  'AWS.SNS.SMS.SMSType': 'String',
  'AWS.SNS.SMS.SenderID': 'String',
  'AWS.MM.SMS.OriginationNumber': 'String',
  'AWS.SNS.SMS.MaxPrice': 'Number',
};

const error = (status: number, code: string, message: string): Reply => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error>
  <RequestId>eb2e4f3a-0000-5555-8888-d50e1b1f9c3e</RequestId>
</ErrorResponse>`,
});

export function sns(): Dialect {
  return {
    check(request) {
      const wrongSignature = refuseSignature(request, snsRegion, 'sns');
      if (wrongSignature !== undefined) return error(403, wrongSignature[0], wrongSignature[1]);
      if (request.method !== 'POST' || request.path !== '/') return error(404, 'NotFound', 'no such path');
      if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
        return error(400, 'InvalidAction', 'not a form');
      }
      const form = new URLSearchParams(request.body.toString('utf8'));
      const fields = [...form.keys()].filter((name) => !name.startsWith('MessageAttributes.'));
      const wrong = wrongFields(fields, ['Action', 'Version', 'PhoneNumber', 'Message'], []);
      if (wrong.length > 0) return error(400, 'InvalidParameter', wrong.join(', '));
      if (form.get('Action') !== 'Publish' || form.get('Version') !== '2010-03-31') {
        return error(400, 'InvalidAction', 'The action or operation requested is invalid.');
      }
      for (let entry = 1; form.has(`MessageAttributes.entry.${entry}.Name`); entry++) {
        const name = form.get(`MessageAttributes.entry.${entry}.Name`) ?? '';
        const type = form.get(`MessageAttributes.entry.${entry}.Value.DataType`);
        if (types[name] !== type || !form.has(`MessageAttributes.entry.${entry}.Value.StringValue`)) {
          return error(400, 'InvalidParameterValue', `attribute ${name} of type ${String(type)}`);
        }
      }
      if (form.get('MessageAttributes.entry.1.Value.StringValue') !== 'Transactional') {
        return error(400, 'InvalidParameter', 'a code must be Transactional');
      }
      const to = form.get('PhoneNumber') ?? '';
      if (!/^\+[1-9]\d{1,14}$/.test(to)) {
        return error(
          400,
          'InvalidParameter',
          `Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`,
        );
      }
      return { to, text: form.get('Message') ?? '' };
    },
    accepted: () => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/">
    <PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult>
    <ResponseMetadata><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata>
</PublishResponse>`,
    }),
    refused: ({ to }) =>
      error(400, 'InvalidParameter', `Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`),
    throttled: () => error(400, 'Throttling', 'Rate exceeded'),
    failed: () => error(500, 'InternalError', 'Indicates an internal service error.'),
  };
}
