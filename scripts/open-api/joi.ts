// What joi checks of a body, as JSON Schema, laid over the declaration of that body: the two must name the same fields, and the
// same words where joi lists them.
import type { Schema } from './json-schema.js';

type Described = {
  type?: string;
  flags?: { only?: boolean };
  allow?: unknown[];
  rules?: { name: string; args?: { limit?: number; regex?: string; options?: { invert?: boolean } } }[];
};

/** @throws Error where joi and the declaration differ */
export function overlaid(route: string, body: Schema, fields: { [field: string]: object }): Schema {
  const properties = (body['properties'] ?? {}) as { [field: string]: Schema };
  const laid = Object.entries(fields).map(([field, joi]): [string, Schema] => {
    const declared = properties[field];
    if (!declared) throw new Error(`joi checks "${field}" of ${route}, and its declaration in src/api has none.`);
    return [field, { ...declared, ...constraintsOf(route, field, joi, declared) }];
  });
  return { ...body, properties: { ...properties, ...Object.fromEntries(laid) } };
}

function constraintsOf(route: string, field: string, joi: Described, declared: Schema): Schema {
  if (joi.flags?.only === true) {
    const words = (joi.allow ?? []).filter((word) => typeof word === 'string');
    if (String([...words].sort()) !== String(wordsIn(declared).sort()))
      throw new Error(
        `joi takes ${words.join(', ')} as "${field}" of ${route}, its declaration in src/api ${wordsIn(declared).join(', ')}.`,
      );
    return {};
  }
  const rules = joi.rules ?? [];
  const max = rules.find(({ name }) => name === 'max')?.args?.limit;
  return max === undefined ? {} : { maxLength: max };
}

function wordsIn(schema: Schema): string[] {
  const { enum: words = [], anyOf = [] } = schema as { enum?: string[]; anyOf?: Schema[] };
  return [...words, ...anyOf.flatMap(wordsIn)];
}
