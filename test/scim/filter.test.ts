// Filters of RFC 7644 §3.4.2.2: what is printed is read as what it was, what is no filter is an error, and whoever fits is found.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseFilter, type ScimFilter } from '../../src/scim/filter.js';
import { matches } from '../../src/scim/matches.js';
import { anyCharacter } from '../support/any-character.js';

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc.constantFrom('a"b', '\\', ') or (', 'ä€', ''),
);
const texts = ['userName', 'externalId', 'displayName', 'name.familyName', 'emails.value', 'title'];
const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department';
const comparison = (paths: readonly string[]): fc.Arbitrary<ScimFilter> =>
  fc
    .oneof(
      fc.record({
        op: fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'),
        path: fc.constantFrom(...paths),
        value: text,
      }),
      fc.record({ op: fc.constantFrom('eq', 'ne'), path: fc.constantFrom(...paths), value: fc.constant(null) }),
      fc.record({ op: fc.constant('pr'), path: fc.constantFrom(...paths) }),
    )
    .map((one) => (one.op === 'pr' ? one : { ...one, exact: one.path === 'externalId' }) as ScimFilter);
const flag = (path: string): fc.Arbitrary<ScimFilter> =>
  fc.record({
    op: fc.constantFrom('eq', 'ne'),
    path: fc.constant(path),
    value: fc.boolean(),
    exact: fc.constant(false),
  });
const combined = (leaf: fc.Arbitrary<ScimFilter>): fc.Arbitrary<ScimFilter> =>
  fc.letrec((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc.record({ op: fc.constantFrom('and', 'or'), filters: fc.tuple(tie('filter'), tie('filter')) }) as never,
      fc.record({ op: fc.constant('not'), filter: tie('filter') }) as never,
    ),
  })).filter as fc.Arbitrary<ScimFilter>;
const inValue = combined(fc.oneof(comparison(['value', 'type', 'display']), flag('primary')));
const has: fc.Arbitrary<ScimFilter> = fc.record({
  op: fc.constant('has' as const),
  path: fc.constantFrom('emails', 'phoneNumbers'),
  filter: inValue,
});
const filters = combined(fc.oneof(comparison([...texts, department]), flag('active'), has));

/** `bits`: decides where brackets, capitals and blanks go that mean nothing. */
function print(filter: ScimFilter, bits: () => number, inside?: 'and' | 'or' | 'right' | 'not'): string {
  const odd = (word: string) => (bits() % 2 ? word.toUpperCase() : word);
  const gap = ' '.repeat(1 + (bits() % 2));
  const bracket = (inner: string) => `(${bits() % 2 ? ' ' : ''}${inner})`;
  if (filter.op === 'and' || filter.op === 'or') {
    const [left, right] = filter.filters;
    const own = `${print(left, bits, filter.op)}${gap}${odd(filter.op)}${gap}${print(right, bits, 'right')}`;
    const needs = inside === 'right' || inside === 'not' || (inside === 'and' && filter.op === 'or');
    return needs || bits() % 3 === 0 ? bracket(own) : own;
  }
  if (filter.op === 'not') return `${odd('not')}${bits() % 2 ? ' ' : ''}${bracket(print(filter.filter, bits))}`;
  if (filter.op === 'has') return `${odd(filter.path)}[${print(filter.filter, bits)}]`;
  const path = bits() % 3 === 0 && !filter.path.startsWith('urn:') ? filter.path.toUpperCase() : filter.path;
  if (filter.op === 'pr') return `${path}${gap}${odd('pr')}`;
  return `${path}${gap}${odd(filter.op)}${gap}${JSON.stringify(filter.value)}`;
}

const refusal = (filter: string): unknown => {
  try {
    return parseFilter(filter);
  } catch (error) {
    return (error as { status?: number; scimType?: string }).scimType;
  }
};

describe('a filter', () => {
  it('is read as what was written, whatever it is', () => {
    fc.assert(
      fc.property(filters, fc.array(fc.nat(5), { minLength: 1, maxLength: 40 }), (filter, bits) => {
        let at = 0;
        const printed = print(filter, () => bits[(at += 1) % bits.length]!);
        fc.pre(printed.length < 4000);
        expect(parseFilter(printed)).to.deep.equal(filter);
      }),
      { numRuns: 400 },
    );
  });

  it('is an error where it is none, never everybody', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: anyCharacter, maxLength: 60 }),
          fc
            .array(
              fc.constantFrom(
                'userName',
                'eq',
                '"a"',
                '(',
                ')',
                '[',
                ']',
                'and',
                'or',
                'not',
                'pr',
                'emails',
                'true',
                '1',
                '.value',
              ),
              { maxLength: 9 },
            )
            .map((words) => words.join(' ')),
        ),
        (garbage) => {
          const read = refusal(garbage);
          if (typeof read === 'string') expect(read).to.equal('invalidFilter');
          // What was read after all is a filter that says something.
          else expect((read as ScimFilter).op).to.be.a('string');
        },
      ),
      { numRuns: 600 },
    );
    for (const wrong of [
      ...['', ' ', 'userName', 'userName eq', 'userName eq ada', "userName eq 'ada'", 'userName eq "ada', 'eq "ada"'],
      ...['userName is "ada"', 'nobody eq "x"', 'userName eq 5', 'active eq "true"', 'active gt true', 'active co "x"'],
      ...['name eq "x"', 'emails[value eq "x"', 'emails[]', 'name[familyName eq "x"]', 'emails[emails[value pr]]'],
      ...[
        'userName eq "a" and',
        'userName eq "a" xor active eq true',
        '(userName pr',
        'userName pr)',
        'not userName pr',
      ],
      ...['userName eq "a" userName pr', 'meta.lastModified gt "yesterday"', 'userName eq "\\q"', 'constructor pr'],
      `${'('.repeat(30)}userName pr${')'.repeat(30)}`,
      `userName eq "${'x'.repeat(5000)}"`,
      'urn:ietf:params:scim:schemas:extension:express-mfa:2.0:User:protected eq true',
    ])
      expect(refusal(wrong), wrong).to.equal('invalidFilter');
  });

  it('binds `and` closer than `or`, and takes names in any case and with their schema', () => {
    const plain = parseFilter('userName pr or title pr and active eq true');
    expect(plain).to.deep.equal(parseFilter('USERNAME pr OR (title pr AND (active eq true))'));
    const urn = 'urn:ietf:params:scim:schemas:core:2.0:User';
    expect(parseFilter(`${urn}:name.familyName eq "x"`)).to.deep.equal(parseFilter('name.familyname eq "x"'));
    expect(parseFilter('emails eq "x"')).to.deep.equal(parseFilter('emails.value eq "x"'));
    expect(parseFilter('emails[type eq "work"].value eq "x"')).to.deep.equal(
      parseFilter('emails[type eq "work" and value eq "x"]'),
    );
  });

  const ada = {
    userName: 'Ada@Acme.example',
    externalId: 'Key-1',
    active: false,
    name: { familyName: 'Lovelace' },
    emails: [
      { value: 'ada@acme.example', type: 'work', primary: true },
      { value: 'ada@home.example', type: 'home' },
    ],
    [department.slice(0, department.lastIndexOf(':'))]: { department: 'Engines' },
    meta: { lastModified: '2026-11-01T10:00:00Z' },
  };

  const rows: [filter: string, fits: boolean][] = [
    ['userName eq "ada@acme.EXAMPLE"', true],
    ['externalId eq "Key-1"', true],
    ['externalId eq "key-1"', false],
    ['userName sw "ADA@"', true],
    ['userName ew ".example"', true],
    ['userName co "acme"', true],
    ['userName gt "b"', false],
    ['userName le "b"', true],
    ['active eq true', false],
    ['active eq false', true],
    ['active ne true', true],
    ['title pr', false],
    ['title eq null', true],
    ['name pr', true],
    ['not (title pr)', true],
    ['emails[type eq "home" and value ew "@home.example"]', true],
    ['emails[type eq "work" and value ew "@home.example"]', false],
    ['emails[primary eq true].value eq "ada@acme.example"', true],
    ['emails.type eq "home"', true],
    [`${department} eq "engines"`, true],
    ['meta.lastModified ge "2026-11-01T11:00:00+01:00"', true],
    ['meta.lastModified gt "2026-11-01T10:00:00Z"', false],
    ['name.familyName eq "Byron" or userName pr and active eq false', true],
  ];
  for (const [filter, isFitting] of rows)
    it(`${isFitting ? 'finds' : 'leaves out'} by ${filter}`, () => {
      expect(matches(parseFilter(filter), ada)).to.equal(isFitting);
      expect(matches(parseFilter(`not (${filter})`), ada)).to.equal(!isFitting);
    });

  it('takes somebody without `active` for active', () => {
    expect(matches(parseFilter('active eq true'), { userName: 'x' })).to.equal(true);
    expect(matches(parseFilter('active eq false'), { userName: 'x' })).to.equal(false);
  });
});
