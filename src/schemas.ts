// What options and request bodies look like, as joi schemas. The only file that knows joi; who checks by them, and in which words,
// stands in `validation.ts`, and the OpenAPI document is made from those of bodies.
import { upstreamFaults } from './core/words/upstream.js';
import Joi from 'joi';
import { adminActions } from './core/rules/admin-rights.js';
import { policies } from './core/kernel/policy.js';
import { presets } from './core/words/presets.js';
import { originFault } from './origins.js';

const path = Joi.string().pattern(/^\/(?![/\\])/, 'a path that starts with one slash');
/** Segments that are parameters as a whole; nothing that stands for any number of characters or segments. */
const route = path.pattern(
  /^(\/(:[A-Za-z_]\w*|[^/:*?+(){}[\]!]*))+$/,
  'an exact path, in which a segment may be a parameter (`/:name`), and no wildcard',
);
const address = Joi.string().pattern(/^(https?:\/\/|\/(?![/\\]))\S*$/i, 'a path or an address');
const origin = Joi.string().custom((text: string, { error }) => {
  const fault = originFault(text);
  return fault === undefined ? text : error('origin.fault', { fault });
});
const seconds = Joi.number().integer().min(1);

const words = Joi.array().items(Joi.string().min(1)).min(1);

const factor = Joi.object({
  kind: Joi.string().required(),
  rank: Joi.valid('primary', 'backup', 'pass').required(),
  strength: Joi.valid(1, 2, 3),
  parse: Joi.function().required(),
  weigh: Joi.function().required(),
  judge: Joi.function().required(),
}).unknown(true);

const methods = (...names: string[]) =>
  Joi.object(Object.fromEntries(names.map((name) => [name, Joi.function().required()]))).unknown(true);

export const optionsSchema = Joi.object({
  appName: Joi.string().trim().min(1).max(64).required(),
  secrets: Joi.array().sparse().min(1).required(),
  origin,
  origins: Joi.array().items(origin),
  store: methods('load', 'save', 'take'),
  factors: Joi.array().items(factor).min(1).required(),
  user: Joi.function().required(),
  policy: Joi.alternatives(Joi.valid(...policies), Joi.function()),
  graceUntil: Joi.alternatives(Joi.date(), Joi.function()),
  freshSeconds: seconds,
  pendingMaxAgeSeconds: seconds,
  elevationMaxAgeSeconds: seconds.max(30 * 86_400),
  recordMaxAgeSeconds: Joi.number().integer().min(0).max(300),
  confirmFirstEnrollment: Joi.valid('when-possible', 'required', 'open'),
  autoBind: Joi.boolean(),
  signInMethods: Joi.array().items(Joi.string()),
  passwordResetMethods: Joi.array().items(Joi.string()),
  lockout: Joi.object({
    after: Joi.number().integer().min(1).max(100),
    firstWaitSeconds: seconds.max(3600),
    maxWaitSeconds: seconds.max(86_400),
    noticeAfter: Joi.number().integer().min(1),
    closeLaneAfter: Joi.number().integer().min(1).max(100),
    disableAfter: Joi.number().integer().min(1).max(100),
    selfUnlock: Joi.boolean(),
  }),
  holdHours: Joi.number().integer().min(1).max(168),
  trustBrowser: Joi.alternatives(
    Joi.valid(false),
    Joi.object({ days: Joi.number().integer().min(1).max(90).required() }),
  ),
  trustedNetworks: Joi.array().items(Joi.string()),
  signInUrl: Joi.string(),
  signOut: Joi.object({ method: Joi.valid('GET', 'POST'), path, then: address }).or('path', 'then'),
  publicBasePath: Joi.string()
    .allow('')
    .pattern(/^(\/[^/\s]+)*\/?$/, 'a path such as /app/mfa'),
  allow: Joi.array().items(route, Joi.object({ method: Joi.string().required(), path: route.required() })),
  csrf: Joi.object({ token: Joi.function().required(), verify: Joi.function().required() }),
  proofs: Joi.valid('session', 'cookie', 'token'),
  notify: Joi.function(),
  notices: Joi.object({
    sender: Joi.object({ channel: Joi.valid('email').required(), send: Joi.function().required() })
      .unknown(true)
      .required(),
  }),
  onEvent: Joi.function(),
  endSessions: Joi.function(),
  audit: methods('attach', 'take'),
  administration: Joi.object({
    directory: methods('get'),
    cases: methods('open', 'list', 'take', 'acted'),
    fourEyes: Joi.array().items(Joi.valid(...Object.keys(adminActions))),
    stats: methods('begin', 'add', 'finish', 'latest', 'list'),
    censusEveryHours: Joi.number().integer().min(1).max(744),
    reportsFolder: Joi.string().min(1),
  }),
  risk: methods('assess'),
  riskMode: Joi.valid('enforce', 'report'),
  riskActions: Joi.any(),
  verifyPassword: Joi.function(),
  upstream: Joi.object().pattern(
    Joi.string().min(1),
    Joi.object({
      mfa: Joi.valid('accept', 'reject', 'enforce').required(),
      amr: words,
      acr: words,
      maxAgeSeconds: seconds.min(60).max(30 * 86_400),
      insteadOfOwnFactor: Joi.boolean(),
      origins: Joi.array().items(origin),
      reauthenticate: Joi.function(),
    }),
  ),
  preset: Joi.alternatives(
    Joi.valid(...presets),
    Joi.array()
      .items(Joi.valid(...presets))
      .min(1),
  ),
  policyVersion: Joi.string().trim().min(1).max(64),
  viewsDir: Joi.string(),
  layout: Joi.function(),
  render: Joi.function(),
  nonce: Joi.function(),
  templates: Joi.object().unknown(true),
  brand: Joi.object({
    logo: Joi.string(),
    accent: Joi.string().pattern(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'a colour such as #1f5fd1'),
    help: Joi.alternatives(
      Joi.string(),
      Joi.object({
        email: Joi.string().pattern(/^[^\s@<>?&]+@[^\s@<>?&]+$/, 'an e-mail address'),
        phone: Joi.string().pattern(/^\+?[\d\s()./-]{3,40}$/, 'a phone number'),
        hours: Joi.string(),
        url: Joi.string().pattern(/^(https?:\/\/|\/(?!\/))\S+$/i, 'an address such as https://acme.example/help'),
        asks: Joi.array().items(Joi.string()),
      }).or('email', 'phone', 'url'),
    ),
    home: address,
    autoSubmit: Joi.boolean(),
  }),
  locale: Joi.function(),
  messages: Joi.object().pattern(Joi.string(), Joi.object().pattern(Joi.string(), Joi.string())),
  openApi: Joi.boolean(),
  clock: Joi.object({ now: Joi.function().required() }).unknown(true),
  random: Joi.object().unknown(true),
});

const demandSchema = Joi.object({
  maxAgeSeconds: seconds,
  factors: Joi.array().items(Joi.string()).min(1),
});

/** Of `readMfa`. */
export const readSchema = demandSchema.keys({ anonymous: Joi.valid('refuse', 'pass') });

export const guardSchema = demandSchema.keys({
  anonymous: Joi.valid('refuse', 'pass'),
  onStepUp: Joi.function(),
  repeat: Joi.boolean(),
  label: Joi.alternatives(Joi.string(), Joi.function()),
  mode: Joi.valid('enforce', 'report'),
  rollOutPercent: Joi.number().integer().min(0).max(100),
  whileHeld: Joi.valid('refuse'),
});

/** What else takes options of its own, by name. What must be there is asked for by each in its own words. */
export const callSchemas = {
  'mfa.signedIn': Joi.object({
    // A token's claims handed on as they are would say nothing, and nobody would hear of it.
    upstream: Joi.object({
      issuer: Joi.string(),
      subject: Joi.string(),
      authTime: Joi.number(),
      amr: Joi.array().items(Joi.string()).required(),
      acr: Joi.array().items(Joi.string()).required(),
      endsAt: Joi.number(),
      fault: Joi.valid(...upstreamFaults),
    }).when(Joi.object({ fault: Joi.exist() }).unknown(), {
      otherwise: Joi.object({ issuer: Joi.required(), subject: Joi.required(), authTime: Joi.required() }),
    }),
  }),
  verifyBackupCode: Joi.object({ onRefused: Joi.function() }),
  passkeyEndpoints: Joi.object({ enroll: Joi.string(), manage: Joi.string() }),
  passkeySignInRouter: Joi.object({ signIn: Joi.any() }),
  passkeyStrategy: Joi.object({ user: Joi.any() }),
  scimRouter: Joi.object({
    users: methods('find', 'get', 'create', 'update', 'remove').required(),
    tokens: Joi.array()
      .items(
        Joi.object({
          sha256: Joi.string()
            .pattern(/^[0-9a-f]{64}$/i, 'the SHA-256 of a token in 64 hexadecimal digits')
            .required(),
          tenant: Joi.string().min(1),
          may: Joi.valid('read', 'write').required(),
        }),
      )
      .min(1)
      .required(),
    verified: Joi.array().items(Joi.valid('emails', 'phoneNumbers')),
    maxDeactivationsPerHour: seconds,
  }),
  mfaAdminRouter: Joi.object({ admin: Joi.function().required(), publicBasePath: Joi.string() }),
};

/** An authenticator's name. */
export const nameSchema = Joi.string()
  .trim()
  .max(64)
  .pattern(/[\u0000-\u001f\u007f\u2028\u2029]/, { invert: true });

/** `POST /mfa/preferences`. */
export const preferencesSchema = Joi.object({
  signInStep: Joi.valid('on', 'off'),
  resetPrompts: Joi.valid('yes', 'on', true),
  openLane: Joi.valid('yes', 'on', true),
  preferred: Joi.string().allow('').max(64),
})
  .or('signInStep', 'resetPrompts', 'openLane', 'preferred')
  .unknown(true)
  .required();
