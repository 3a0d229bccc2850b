// The front door of identity providers: `express-mfa/upstream`. Reads what one said out of an answer that the app has validated.
export type { Upstream, UpstreamFault } from './core/words/upstream.js';
export { upstreamFromIdToken } from './upstream/id-token.js';
export { upstreamFromSaml } from './upstream/saml.js';
