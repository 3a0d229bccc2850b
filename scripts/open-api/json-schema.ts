// JSON Schema (2020-12) of TypeScript declarations: what a type says, and its docstring. Named types of our own become components.
import ts from 'typescript';

export type Schema = { [keyword: string]: unknown };

/** Turns types into schemas, and collects the components that they refer to. */
export function createSchemas(checker: ts.TypeChecker) {
  const components: { [name: string]: Schema } = {};

  function schemaOf(type: ts.Type, named = true): Schema {
    const name = named ? nameOf(type) : undefined;
    if (name === undefined) return shapeOf(type);
    if (!Object.hasOwn(components, name)) {
      components[name] = {};
      components[name] = { ...describedAs(type.aliasSymbol), ...shapeOf(type) };
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Only what this project declares and exports by a name, and that is more than a word. */
  function nameOf(type: ts.Type): string | undefined {
    const symbol = type.aliasSymbol;
    const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
    if (!symbol || type.aliasTypeArguments || file.includes('node_modules')) return undefined;
    return /^(Json|Partial|Pick|Omit)$/.test(symbol.name) ? undefined : symbol.name;
  }

  function shapeOf(type: ts.Type): Schema {
    if (type.aliasSymbol?.name === 'Json') return {};
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    const { flags } = type;
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isUnion()) return unionOf(type);
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item ? schemaOf(item) : {} };
    }
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return objectOf(type);
    throw new Error(`There is no JSON Schema for ${checker.typeToString(type)}.`);
  }

  function unionOf(type: ts.UnionType): Schema {
    const parts = type.types.filter((each) => !(each.flags & ts.TypeFlags.Undefined));
    const [only] = parts;
    if (only && parts.length === 1) return schemaOf(only);
    if (parts.length > 1 && parts.every((each) => each.isStringLiteral()))
      return { type: 'string', enum: parts.map((each) => each.value) };
    const isBoolean = parts.filter((each) => each.flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const rest = isBoolean ? parts.filter((each) => !(each.flags & ts.TypeFlags.BooleanLiteral)) : parts;
    const words = rest.filter((each) => each.isStringLiteral()).map((each) => each.value);
    const schemas = [
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...(words.length > 0 ? [{ type: 'string', enum: words }] : []),
      ...rest.filter((each) => !each.isStringLiteral()).map((each) => schemaOf(each)),
    ];
    const [first] = schemas;
    const names = schemas.map((each) => (Object.keys(each).join() === 'type' ? each['type'] : undefined));
    if (names.every((each) => typeof each === 'string')) return first && names.length === 1 ? first : { type: names };
    return schemas.length === 1 && first ? first : { anyOf: schemas };
  }

  function objectOf(type: ts.Type): Schema {
    const fields = checker.getPropertiesOfType(type);
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (index && index.flags & ts.TypeFlags.Never) return { type: 'object', maxProperties: 0 };
    const required = fields.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name);
    return {
      type: 'object',
      ...(fields.length > 0
        ? { properties: Object.fromEntries(fields.map((field) => [field.name, fieldOf(field)])) }
        : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(index ? { additionalProperties: fields.length > 0 ? true : schemaOf(index) } : {}),
    };
  }

  function fieldOf(field: ts.Symbol): Schema {
    const schema = schemaOf(checker.getTypeOfSymbol(field));
    const described = describedAs(field);
    return Object.keys(described).length > 0 ? { ...schema, ...described } : schema;
  }

  /** The docstring, on one line. */
  function describedAs(symbol: ts.Symbol | undefined): Schema {
    const text = symbol ? textOf(symbol) : '';
    return text === '' ? {} : { description: text };
  }

  function textOf(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
  }

  return { schemaOf, textOf, components };
}
