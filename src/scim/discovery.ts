// What a directory can read of this service: what it can do, and what a user has (RFC 7643 §5–7). It claims what is tested, and
// nothing else.
import {
  enterpriseAttributes,
  enterpriseUrn,
  ownAttributes,
  ownUrn,
  userAttributes,
  userUrn,
  type Attribute,
  type Fields,
} from './schema.js';

/** As many people as one answer has at most. */
export const mostResults = 200;

const schemaUrn = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
const typeUrn = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';

/** `base`: the address of the mount. */
export function serviceProviderConfig(base: string): Fields {
  const no = { supported: false };
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: mostResults },
    changePassword: no,
    sort: no,
    etag: { supported: true },
    authenticationSchemes: [
      { type: 'oauthbearertoken', name: 'Bearer token', description: 'A token in the Authorization header (RFC 6750)' },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

export function resourceTypes(base: string): Fields[] {
  return [
    {
      schemas: [typeUrn],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      schema: userUrn,
      schemaExtensions: [enterpriseUrn, ownUrn].map((schema) => ({ schema, required: false })),
      meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
    },
  ];
}

export function schemas(base: string): Fields[] {
  const each: [string, string, readonly Attribute[]][] = [
    [userUrn, 'User', userAttributes],
    [enterpriseUrn, 'EnterpriseUser', enterpriseAttributes],
    [ownUrn, 'MfaUser', ownAttributes],
  ];
  return each.map(([id, name, attributes]) => ({
    schemas: [schemaUrn],
    id,
    name,
    attributes: attributes.map((one) => described(one)),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  }));
}

function described({ name, type, many, exact, fixed, required, sub }: Attribute): Fields {
  return {
    name,
    type,
    multiValued: many === true,
    required: required === true,
    caseExact: exact === true,
    mutability: fixed ? 'readOnly' : 'readWrite',
    returned: 'default',
    uniqueness: name === 'userName' ? 'server' : 'none',
    ...(sub && { subAttributes: sub.map((part) => described(fixed ? { ...part, fixed } : part)) }),
  };
}
