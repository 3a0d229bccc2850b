// The shape of an entry as JSON Schema (draft 2020-12), for whoever receives entries as JSON: closed, so that what an
// entry must never hold has no place in it.
import { eventNames } from '../core/words/events.js';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const digest = { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' };
const time = { type: 'string', format: 'date-time', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };
const closed = { type: 'object', additionalProperties: false } as const;

/** An entry of the audit log as JSON Schema, draft 2020-12. A newer version may know more names of events. */
export const auditEntrySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:express-mfa:audit-entry:1',
  title: 'Entry of the audit log of express-mfa',
  ...closed,
  required: [
    ...['v', 'id', 'time', 'writer', 'seq', 'keyId', 'name', 'severity', 'actor', 'personal', 'personalHash', 'hash'],
  ],
  properties: {
    v: { const: 1 },
    id: {
      type: 'string',
      format: 'uuid',
      pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
      description: 'UUIDv7: the key by which a receiver recognises what came twice.',
    },
    time: { ...time, description: 'RFC 3339 with milliseconds, UTC.' },
    writer: { type: 'string', pattern: '^[A-Za-z0-9_-]{12}$', description: 'The process that wrote it.' },
    seq: { type: 'integer', minimum: 1, description: 'Of this writer, without a gap.' },
    keyId: { type: 'string', minLength: 1, maxLength: 64, description: 'Which secret the digests were made with.' },
    name: { enum: eventNames },
    outcome: { enum: ['success', 'failure'] },
    reason: { ...text(128), description: 'An error code: why it was refused.' },
    severity: { type: 'integer', minimum: 0, maximum: 10 },
    actor: {
      ...closed,
      required: ['type'],
      properties: { type: { enum: ['user', 'admin', 'system', 'cli'] }, id: { type: 'string' } },
    },
    subject: {
      ...closed,
      required: ['id'],
      properties: { id: { type: 'string' }, tenant: { type: 'string' } },
      description: 'Whose account; absent where nobody is known.',
    },
    factor: {
      ...closed,
      required: ['kind'],
      properties: { kind: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' }, authenticatorId: { type: 'string' } },
    },
    flow: { ...digest, description: 'The same for all entries of one sign-in or recovery.' },
    session: digest,
    detail: {
      type: 'object',
      minProperties: 1,
      additionalProperties: { anyOf: [text(200), { type: 'number' }, { type: 'boolean' }] },
      description: 'Plain facts; of several told as one: `count`, `first`, `last`.',
    },
    personal: {
      ...closed,
      properties: {
        salt: { type: 'string', pattern: '^[A-Za-z0-9_-]{16}$' },
        ip: {
          anyOf: [
            { type: 'string', format: 'ipv4' },
            { type: 'string', format: 'ipv6' },
          ],
        },
        ipText: text(64),
        userAgent: text(512),
        method: { type: 'string', pattern: '^[A-Z-]{1,20}$' },
        path: text(256),
        risk: text(128),
        place: text(128),
        reasonText: text(512),
      },
      description: 'Empty once it was erased.',
    },
    personalHash: digest,
    hash: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
  },
} as const;
