// Holds a document against the fields, types and allowed values that Elastic publishes (`@elastic/ecs`), and against
// nothing of ours.
import { isIP } from 'node:net';
import { EcsFlat, EcsVersion } from '@elastic/ecs';

type Field = {
  type: string;
  normalize: readonly string[];
  allowed_values?: readonly { name: string; expected_event_types?: readonly string[] }[];
  ignore_above?: number;
};

export const ecsVersion: string = EcsVersion;
const fields = EcsFlat as unknown as { [name: string]: Field | undefined };

const isText = (value: unknown) => typeof value === 'string';
const fits: { [type: string]: (value: unknown) => boolean } = {
  keyword: isText,
  wildcard: isText,
  match_only_text: isText,
  date: (value) => typeof value === 'string' && new Date(value).toISOString() === value,
  ip: (value) => typeof value === 'string' && isIP(value) !== 0 && !value.includes('%'),
  long: (value) => Number.isSafeInteger(value),
  float: (value) => typeof value === 'number' && Number.isFinite(value),
};

/** Sentences, one per violation. */
export function violationsOfEcs(document: object): string[] {
  const { event } = document as { event: { category: string[]; type: string[]; outcome?: string } };
  const expected = fields['event.category']!.allowed_values!.filter(({ name }) =>
    event.category.includes(name),
  ).flatMap((category) => category.expected_event_types ?? []);
  return [
    ...leaves(document).flatMap(([name, value]) => violationsOf(name, value)),
    ...event.type
      .filter((type) => !expected.includes(type))
      .map((type) => `${type} is no type of ${event.category[0]}`),
    ...(event.type.includes('info') && event.outcome !== undefined ? ['an info event has no outcome'] : []),
    ...['@timestamp', 'ecs'].filter((name) => !(name in document)).map((name) => `${name} is missing`),
  ];
}

function violationsOf(name: string, value: unknown): string[] {
  if (name.startsWith('labels.')) {
    return isText(value) && !/\..*\./.test(name) ? [] : [`${name} is no keyword`];
  }
  const field = fields[name];
  if (!field) return [`${name} is no field of ECS`];
  const isList = field.normalize.includes('array');
  if (isList !== Array.isArray(value)) return [`${name} is ${isList ? 'a' : 'no'} list`];
  return [value].flat().flatMap((one: unknown) => {
    if (!fits[field.type]?.(one)) return [`${name} is no ${field.type}: ${String(one)}`];
    if (field.ignore_above && (one as string).length > field.ignore_above) return [`${name} is too long to be indexed`];
    const allowed = field.allowed_values?.map((each) => each.name) ?? [];
    return allowed.length > 0 && !allowed.includes(one as string) ? [`${name} may not be ${String(one)}`] : [];
  });
}

function leaves(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? leaves(inner, `${prefix}${key}.`)
      : [[`${prefix}${key}`, inner] as [string, unknown]],
  );
}
