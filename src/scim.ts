// The front door of directories that provision people: `express-mfa/scim`.
export { scimRouter } from '../middleware/scim/scim-router.js';
export type { ScimRouterOptions, ScimToken } from '../middleware/scim/scim-visit.js';
export { matches } from './scim/matches.js';
export type { Comparison, ScimFilter } from './scim/filter.js';
export type { ScimAttributes, ScimQuery, ScimUser, ScimUsers, ScimValue } from './scim/users.js';
