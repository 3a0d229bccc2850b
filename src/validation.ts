// The shapes of options and request bodies, checked with joi at once, so that nobody has to ask again. The only file
// that knows joi; what it finds is worded in `option-sentences.ts`.
import Joi from 'joi';
import { adminActions } from './core/rules/admin-rights.js';
import { MfaError } from './core/words/errors.js';
import type { Json } from './core/words/json.js';
import type { Preferences } from './core/flows/manage.js';
import { policies } from './core/kernel/policy.js';
import { nearest } from './core/words/nearest.js';
import { unknownOption } from './core/words/unknown-option.js';
import { sentenceOf } from './option-sentences.js';
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

const factor = Joi.object({
  kind: Joi.string().required(),
  rank: Joi.valid('primary', 'backup', 'pass').required(),
  parse: Joi.function().required(),
  weigh: Joi.function().required(),
  judge: Joi.function().required(),
}).unknown(true);

const methods = (...names: string[]) =>
  Joi.object(Object.fromEntries(names.map((name) => [name, Joi.function().required()]))).unknown(true);

const optionsSchema = Joi.object({
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
  }),
  risk: methods('assess'),
  riskMode: Joi.valid('enforce', 'report'),
  riskActions: Joi.any(),
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
  clock: Joi.object({ now: Joi.function().required() }).unknown(true),
  random: Joi.object().unknown(true),
});

const demandSchema = Joi.object({
  maxAgeSeconds: seconds,
  factors: Joi.array().items(Joi.string()).min(1),
});

const guardSchema = demandSchema.keys({
  anonymous: Joi.valid('refuse', 'pass'),
  onStepUp: Joi.function(),
  repeat: Joi.boolean(),
  label: Joi.alternatives(Joi.string(), Joi.function()),
  mode: Joi.valid('enforce', 'report'),
  rollOutPercent: Joi.number().integer().min(0).max(100),
  whileHeld: Joi.valid('refuse'),
});

/** What else takes options of its own, by name. What must be there is asked for by each in its own words. */
const callSchemas = {
  verifyBackupCode: Joi.object({ onRefused: Joi.function() }),
  passkeyEndpoints: Joi.object({ enroll: Joi.string(), manage: Joi.string() }),
  passkeySignInRouter: Joi.object({ signIn: Joi.any() }),
  passkeyStrategy: Joi.object({ user: Joi.any() }),
  mfaAdminRouter: Joi.object({ admin: Joi.function().required(), publicBasePath: Joi.string() }),
};

/**
 * @throws MfaError `config.unknown_option` with the nearest known name, `config.invalid_option` for all else
 */
export function checkOptions(options: unknown): void {
  check(optionsSchema, options, 'createMfa');
}

/** The same for what is called with `mfa` and options. */
export function checkCallOptions(caller: keyof typeof callSchemas, options: unknown): void {
  check(callSchemas[caller], options === undefined ? {} : options, caller);
}

/** The same for `requireMfa(mfa, options)`. `kinds`: of the factors that the app offers. */
export function checkGuardOptions(options: unknown, kinds: readonly string[]): void {
  check(guardSchema, options, 'requireMfa');
  checkKinds(options, kinds, 'requireMfa');
}

/** The same for `readMfa(mfa, req, options)`. */
export function checkDemandOptions(options: unknown, kinds: readonly string[]): void {
  check(demandSchema.keys({ anonymous: Joi.valid('refuse', 'pass') }), options, 'readMfa');
  checkKinds(options, kinds, 'readMfa');
}

function checkKinds(options: unknown, kinds: readonly string[], caller: string): void {
  const { factors = [] } = options as { factors?: string[] };
  const unknown = factors.find((kind) => !kinds.includes(kind));
  if (unknown === undefined) return;
  const guess = nearest(unknown, kinds);
  const help = guess === undefined ? `The app offers: ${kinds.join(', ')}.` : `Did you mean "${guess}"?`;
  throw new MfaError('config.invalid_option', `${caller}: \`factors\` names "${unknown}". ${help}`);
}

function check(schema: Joi.ObjectSchema, value: unknown, caller: string): void {
  const { error } = schema
    .required()
    .label('options')
    .validate(value, { abortEarly: false, convert: false, errors: { label: 'path' } });
  if (!error) return;
  // A misspelt name first: an option that must be given is missing just because of it.
  const misspelt = error.details.find(({ type }) => type === 'object.unknown');
  if (misspelt) {
    const path = misspelt.path.map(String);
    throw unknownOption(caller, path, namesIn(schema, path.slice(0, -1)));
  }
  const [detail] = error.details;
  if (!detail) return;
  throw new MfaError('config.invalid_option', `${caller}: ${sentenceOf(detail, detail.path.join('.'))}`);
}

function namesIn(schema: Joi.ObjectSchema, parents: string[]): string[] {
  const place = parents.length > 0 ? (schema.extract(parents) as Joi.ObjectSchema) : schema;
  return Object.keys((place.describe() as { keys?: object }).keys ?? {});
}

/** The one text field of a body, trimmed; or which field is wrong. */
export type ParsedField = { value: string | undefined } | { field: string };

const nameSchema = Joi.string()
  .trim()
  .max(64)
  .pattern(/[\u0000-\u001f\u007f\u2028\u2029]/, { invert: true });

/** An authenticator's name: text of at most 64 characters, no control characters. Empty: none given. */
export function parseName(body: Json): ParsedField {
  const given = fieldOf(body, 'name');
  if (given === undefined || given === '') return { value: undefined };
  const result = nameSchema.allow('').validate(given, { convert: true });
  if (result.error || typeof given !== 'string') return { field: 'name' };
  const value = given.trim();
  return { value: value === '' ? undefined : value };
}

const preferencesSchema = Joi.object({
  signInStep: Joi.valid('on', 'off'),
  resetPrompts: Joi.valid('yes', 'on', true),
  openLane: Joi.valid('yes', 'on', true),
  preferred: Joi.string().allow('').max(64),
})
  .or('signInStep', 'resetPrompts', 'openLane', 'preferred')
  .unknown(true)
  .required();

/** `POST /mfa/preferences`. */
export function parsePreferences(body: Json): Preferences | { field: string } {
  const { error } = preferencesSchema.validate(body);
  const value = body as { [name in keyof Preferences]: unknown } & Pick<Preferences, 'signInStep' | 'preferred'>;
  if (error) return { field: String(error.details[0]?.path[0] ?? 'signInStep') };
  return {
    ...(value.signInStep === undefined ? {} : { signInStep: value.signInStep }),
    ...(value.resetPrompts === undefined ? {} : { resetPrompts: true }),
    ...(value.openLane === undefined ? {} : { openLane: true }),
    ...(value.preferred === undefined ? {} : { preferred: value.preferred }),
  };
}

/** One field of a body that may be anything. Own properties only. */
export function fieldOf(body: Json, name: string): Json | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  return Object.hasOwn(body, name) ? body[name] : undefined;
}
