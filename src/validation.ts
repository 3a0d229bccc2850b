// Checks options and request bodies at once, so that nobody has to ask again. What they look like stands in `schemas.ts`; what is
// found is worded in `option-sentences.ts`.
import { MfaError } from './core/words/errors.js';
import type { Json } from './core/words/json.js';
import type { Preferences } from './core/flows/manage.js';
import { nearest } from './core/words/nearest.js';
import { unknownOption } from './core/words/unknown-option.js';
import { sentenceOf } from './option-sentences.js';
import { callSchemas, guardSchema, nameSchema, optionsSchema, preferencesSchema, readSchema } from './schemas.js';

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
  check(readSchema, options, 'readMfa');
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

function check(schema: typeof optionsSchema, value: unknown, caller: string): void {
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

/** A schema as joi tells it: its fields by name, those of any name, the alternatives, what stands in a list. */
type Described = {
  keys?: { [name: string]: Described };
  patterns?: { rule: Described }[];
  matches?: { schema: Described }[];
  items?: Described[];
};

function namesIn(schema: typeof optionsSchema, parents: string[]): string[] {
  const within = (place: Described): Described[] => [
    place,
    ...(place.matches ?? []).flatMap((match) => within(match.schema)),
  ];
  let places = within(schema.describe() as Described);
  for (const name of parents) {
    const below = places.flatMap(({ keys = {}, patterns = [], items = [] }) => [
      ...(Object.hasOwn(keys, name) ? [keys[name] ?? {}] : []),
      ...patterns.map(({ rule }) => rule),
      ...items,
    ]);
    places = below.flatMap(within);
  }
  return places.flatMap(({ keys = {} }) => Object.keys(keys));
}

/** The one text field of a body, trimmed; or which field is wrong. */
export type ParsedField = { value: string | undefined } | { field: string };

/** An authenticator's name: text of at most 64 characters, no control characters. Empty: none given. */
export function parseName(body: Json): ParsedField {
  const given = fieldOf(body, 'name');
  if (given === undefined || given === '') return { value: undefined };
  const result = nameSchema.allow('').validate(given, { convert: true });
  if (result.error || typeof given !== 'string') return { field: 'name' };
  const value = given.trim();
  return { value: value === '' ? undefined : value };
}

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
