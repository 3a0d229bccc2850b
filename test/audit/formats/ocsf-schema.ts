// Holds an event against the classes and objects of OCSF 1.8 (test/vectors/ocsf-1.8.json, which names its source and
// licence), and against nothing of ours.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

type Attribute = {
  type: string | { object: string };
  array?: boolean;
  requirement: 'required' | 'recommended' | 'optional';
  enum?: { [value: string]: string };
};
type Shape = { constraints?: { at_least_one?: string[] }; attributes: { [name: string]: Attribute } };
type Class = Shape & { uid: number; category: string };

const vectors = JSON.parse(readFileSync(new URL('../../vectors/ocsf-1.8.json', import.meta.url), 'utf8')) as {
  version: string;
  categories: { [name: string]: number };
  classes: { [name: string]: Class };
  objects: { [name: string]: Shape };
};
export const ocsfVersion = vectors.version;

/** Attributes of profiles that an event has only where it names the profile. */
const ofProfiles = ['osint', 'cloud'];

const fits: { [type: string]: (value: unknown) => boolean } = {
  integer_t: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  long_t: Number.isSafeInteger,
  timestamp_t: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  boolean_t: (value) => typeof value === 'boolean',
  ip_t: (value) => typeof value === 'string' && isIP(value) !== 0 && !value.includes('%'),
};

/** Sentences, one per violation; `as` reads an event of a class that the vectors do not have as one that they do. */
export function violationsOfOcsf(event: { [name: string]: unknown }, as?: string): string[] {
  const found = Object.entries(vectors.classes).find(([name, { uid, category }]) =>
    as ? name === as : event.class_uid === vectors.categories[category]! * 1000 + uid,
  );
  if (!found) return [`${String(event.class_uid)} is no class`];
  const [, shape] = found;
  const { class_uid, activity_id, type_uid, category_uid } = event;
  const uncounted = { ...event, category_uid: 0, class_uid: 0, ...(as ? { activity_id: 99, activity_name: 'x' } : {}) };
  return [
    ...(category_uid === vectors.categories[shape.category] ? [] : ['category_uid is not that of the class']),
    ...(type_uid === Number(class_uid) * 100 + Number(activity_id) ? [] : ['type_uid is not class and activity']),
    ...violationsOf(shape, uncounted, 'event'),
    ...captions(shape, event, as ? ['activity'] : []),
  ];
}

/** What stands beside an id in words is its caption. */
function captions(shape: Shape, event: { [name: string]: unknown }, but: readonly string[]): string[] {
  return Object.entries(shape.attributes).flatMap(([name, attribute]) => {
    const base = name.replace(/_id$/, '');
    const words = event[base] ?? event[`${base}_name`];
    const caption = attribute.enum?.[String(event[name])];
    if (!name.endsWith('_id') || but.includes(base) || words === undefined || caption === 'Other') return [];
    return words === caption ? [] : [`${base} is "${JSON.stringify(words)}" and not "${caption}"`];
  });
}

function violationsOf(shape: Shape, value: { [name: string]: unknown }, path: string): string[] {
  const { attributes, constraints } = shape;
  const one = constraints?.at_least_one;
  return [
    ...Object.entries(attributes)
      .filter(([name, { requirement }]) => requirement === 'required' && !(name in value) && !ofProfiles.includes(name))
      .map(([name]) => `${path}.${name} is required`),
    ...(one && !one.some((name) => name in value) ? [`${path} needs one of ${one.join(', ')}`] : []),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const attribute = attributes[name];
      if (!attribute) return [`${path}.${name} is no attribute`];
      if (Boolean(attribute.array) !== Array.isArray(inner)) return [`${path}.${name} is no list, or is one`];
      return [inner].flat().flatMap((each: unknown) => violationsOfValue(attribute, each, `${path}.${name}`));
    }),
  ];
}

function violationsOfValue({ type, enum: allowed }: Attribute, value: unknown, path: string): string[] {
  if (typeof type === 'object') {
    // `object` is any object.
    if (type.object === 'object') return typeof value === 'object' ? [] : [`${path} is no object`];
    return violationsOf(vectors.objects[type.object]!, value as { [name: string]: unknown }, path);
  }
  const isRight = fits[type] ?? ((each: unknown) => typeof each === 'string');
  if (!isRight(value)) return [`${path} is no ${type}: ${String(value)}`];
  return allowed && !(String(value) in allowed) ? [`${path} may not be ${String(value)}`] : [];
}
