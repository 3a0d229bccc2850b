// Amazon SES, SendEmail of API version 2, as documented:
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html (fields, MessageId, errors).
import { refuseSignature } from './aws.js';
import type { Dialect, Reply } from './provider-server.js';
import { json, parseJson, wrongFields } from './provider-server.js';

type Text = { Data: string; Charset: string };
type Body = {
  FromEmailAddress: string;
  Destination: { ToAddresses: string[]; CcAddresses?: string[]; BccAddresses?: string[] };
  Content: {
    Simple: { Subject: Text; Body: { Text: Text; Html?: Text }; Headers?: { Name: string; Value: string }[] };
  };
};

export const sesRegion = 'eu-central-1';

const error = (status: number, name: string, message: string): Reply =>
  json(status, { message }, { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazonaws.ses/` });

export function ses(): Dialect {
  return {
    check(request) {
      const wrongSignature = refuseSignature(request, sesRegion, 'ses');
      if (wrongSignature !== undefined) return error(403, wrongSignature[0], wrongSignature[1]);
      if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails') {
        return error(404, 'UnknownOperationException', 'no such operation');
      }
      const mail = parseJson(request.body) as Body | undefined;
      if (mail === undefined) return error(400, 'SerializationException', 'not JSON');
      const required = ['FromEmailAddress', 'Destination', 'Content'];
      const wrong = [
        ...wrongFields(Object.keys(mail), required, ['ReplyToAddresses', 'ConfigurationSetName']),
        ...wrongFields(Object.keys(mail.Content.Simple), ['Subject', 'Body'], ['Headers', 'Attachments']),
      ];
      if (wrong.length > 0) return error(400, 'BadRequestException', wrong.join(', '));
      const to = mail.Destination.ToAddresses;
      if (to.length !== 1) return error(400, 'BadRequestException', 'exactly one recipient in this test');
      // "Amazon SES does not support the SMTPUTF8 extension"; domains must be Punycode.
      if (!/^[\x21-\x7e]+$/.test(to[0]!) || !/^[\x20-\x7e]+$/.test(mail.FromEmailAddress)) {
        return error(400, 'BadRequestException', 'Local address contains control or whitespace');
      }
      const { Subject, Body: parts } = mail.Content.Simple;
      return {
        to: to[0]!,
        text: parts.Text.Data,
        ...(parts.Html === undefined ? {} : { html: parts.Html.Data }),
        subject: Subject.Data,
        from: mail.FromEmailAddress,
      };
    },
    accepted: () => json(200, { MessageId: '0102018d4e1d2c8b-0a1b2c3d-0000-1111-2222-333344445555-000000' }),
    refused: ({ to }) =>
      error(400, 'MessageRejected', `Email address is not verified. The following identities failed the check: ${to}`),
    throttled: () => error(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'),
    failed: () => error(500, 'InternalFailure', 'The request processing has failed because of an unknown error.'),
  };
}
