// Filters and paths of RFC 7644 §3.4.2.2 and §3.5.2, read into data: every word of the grammar, and nothing beside it. What is not
// understood is an error, never an empty filter.
import { badRequest, type ScimError } from './scim-error.js';
import { ownUrn, pathOf, placeOf, type Attribute } from './schema.js';

/** How a value is compared. */
export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * A filter, read. `path`: the attribute's own spelling, `userName`, `name.familyName`, `emails.value`, `urn:…:User:department`;
 * within `has` relative to the value. `exact`: with regard to case. `has`: one value of a list fits all of `filter`.
 */
export type ScimFilter =
  | { op: 'and'; filters: [ScimFilter, ScimFilter] }
  | { op: 'or'; filters: [ScimFilter, ScimFilter] }
  | { op: 'not'; filter: ScimFilter }
  | { op: 'has'; path: string; filter: ScimFilter }
  | { op: 'pr'; path: string }
  | { op: Comparison; path: string; value: string | number | boolean | null; exact: boolean; isTime?: true };

/** Where a PATCH goes: an attribute, of a list the values that fit, of those a part. */
export type ScimPath = { place: Attribute[]; filter?: ScimFilter; sub?: Attribute };

const longest = 4096;
const deepest = 24;
const comparisons: readonly string[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const ofTexts = ['co', 'sw', 'ew'];
const token = /\s*([()[\]]|"(?:[^"\\\u0000-\u001f]|\\.)*"|[^\s()[\]"]+)/y;
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** @throws ScimError 400 `invalidFilter` */
export function parseFilter(filter: string): ScimFilter {
  const reader = new Reader(filter, () => badRequest('invalidFilter', 'The filter is not understood.'));
  const read = reader.either((path) => reader.known(placeOf(path)));
  reader.end();
  return read;
}

/** @throws ScimError 400 `invalidPath` */
export function parsePath(path: string): ScimPath {
  const reader = new Reader(path, () => badRequest('invalidPath', 'There is no such attribute.'));
  const place = reader.known(placeOf(reader.next()));
  if (!reader.take('[')) {
    reader.end();
    return { place };
  }
  const filter = reader.within(place);
  const rest = reader.isDone() ? undefined : reader.next();
  reader.end();
  if (rest === undefined) return { place, filter };
  const [sub] = reader.known(rest.startsWith('.') ? below(place, rest.slice(1)) : undefined).slice(-1);
  return { place, filter, ...(sub && { sub }) };
}

/** What a name leads to within a value of `place`, alone. */
function below(place: readonly Attribute[], name: string): Attribute[] | undefined {
  return placeOf(`${pathOf(place)}${place.length === 1 && place[0]?.name.startsWith('urn:') ? ':' : '.'}${name}`);
}

class Reader {
  private readonly tokens: string[] = [];
  private at = 0;
  private depth = 0;

  constructor(
    text: string,
    private readonly fault: () => ScimError,
  ) {
    if (text.length > longest) throw fault();
    const trimmed = text.trimEnd();
    token.lastIndex = 0;
    while (token.lastIndex < trimmed.length) {
      const [, found] = token.exec(trimmed) ?? [];
      if (found === undefined) throw fault();
      this.tokens.push(found);
    }
  }

  next(): string {
    const found = this.tokens[this.at];
    if (found === undefined) throw this.fault();
    this.at += 1;
    return found;
  }

  take(word: string): boolean {
    if (this.tokens[this.at]?.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  isDone(): boolean {
    return this.at === this.tokens.length;
  }

  end(): void {
    if (!this.isDone()) throw this.fault();
  }

  known(place: Attribute[] | undefined): Attribute[] {
    // What we say of a person is no affair of the host, whose people are asked for.
    if (!place || place[0]?.name === ownUrn) throw this.fault();
    return place;
  }

  either(resolve: (path: string) => Attribute[]): ScimFilter {
    let left = this.both(resolve);
    while (this.take('or')) left = { op: 'or', filters: [left, this.both(resolve)] };
    return left;
  }

  private both(resolve: (path: string) => Attribute[]): ScimFilter {
    let left = this.one(resolve);
    while (this.take('and')) left = { op: 'and', filters: [left, this.one(resolve)] };
    return left;
  }

  private one(resolve: (path: string) => Attribute[]): ScimFilter {
    if ((this.depth += 1) > deepest) throw this.fault();
    try {
      const isNot = this.tokens[this.at + 1] === '(' && this.take('not');
      if (!this.take('(')) return this.expression(resolve);
      const inner = this.either(resolve);
      if (!this.take(')')) throw this.fault();
      return isNot ? { op: 'not', filter: inner } : inner;
    } finally {
      this.depth -= 1;
    }
  }

  /** The filter in brackets behind a list. */
  within(place: Attribute[]): ScimFilter {
    const own = place.at(-1);
    if (own?.type !== 'complex' || !own.many) throw this.fault();
    const filter = this.either((name) => this.known(below(place, name)).slice(place.length));
    if (!this.take(']')) throw this.fault();
    return filter;
  }

  private expression(resolve: (path: string) => Attribute[]): ScimFilter {
    let place = resolve(this.next());
    if (this.take('[')) return this.ofValues(place);
    const op = this.next().toLowerCase();
    if (op === 'pr') return { op, path: pathOf(place) };
    // A list of objects is compared by its values (RFC 7643 §2.4).
    const value = place.at(-1)?.many ? place.at(-1)?.sub?.find(({ name }) => name === 'value') : undefined;
    if (value) place = [...place, value];
    return this.comparison(op, place);
  }

  /** `emails[type eq "work"]`; and as Entra ID asks, `emails[type eq "work"].value eq "…"`, of one and the same value. */
  private ofValues(place: Attribute[]): ScimFilter {
    const filter = this.within(place);
    const path = pathOf(place);
    const rest = this.tokens[this.at];
    if (rest?.startsWith('.') !== true) return { op: 'has', path, filter };
    this.at += 1;
    const part = this.known(below(place, rest.slice(1))).slice(place.length);
    const op = this.next().toLowerCase();
    const other: ScimFilter = op === 'pr' ? { op, path: pathOf(part) } : this.comparison(op, part);
    return { op: 'has', path, filter: { op: 'and', filters: [filter, other] } };
  }

  private comparison(op: string, place: Attribute[]): ScimFilter {
    const { type, exact = false } = place.at(-1) ?? { type: 'complex' };
    if (!comparisons.includes(op) || type === 'complex') throw this.fault();
    const value = this.value();
    const isText = typeof value === 'string';
    const isEquality = op === 'eq' || op === 'ne';
    const fits = type === 'boolean' ? typeof value === 'boolean' && isEquality : isText;
    if (!fits && !(value === null && isEquality)) throw this.fault();
    if (type === 'dateTime' && isText && (ofTexts.includes(op) || Number.isNaN(Date.parse(value)))) throw this.fault();
    const time = type === 'dateTime' ? { isTime: true as const } : {};
    return { op: op as Comparison, path: pathOf(place), value, exact, ...time };
  }

  private value(): string | number | boolean | null {
    const word = this.next();
    if (!word.startsWith('"') && !/^(true|false|null)$/.test(word) && !number.test(word)) throw this.fault();
    try {
      return JSON.parse(word) as string | number | boolean | null;
    } catch {
      throw this.fault();
    }
  }
}
