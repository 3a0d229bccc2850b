// What is put into a filter is a value, whatever it holds: read by the rules of RFC 4515, written down once more here, the filter is
// the one of the template with that value in it.
import { expect } from 'chai';
import fc from 'fast-check';
import { FilterParser } from 'ldapts';
import { escapeFilterValue, fillFilter } from '../../src/ldap/filter.js';

/** The grammar of RFC 4515 §3, of `and`, `or`, `not` and items; throws for what is no filter. */
function parse(text: string): unknown {
  let at = 0;
  const take = (expected: string) => {
    if (text[at] !== expected) throw new Error(`${expected} expected at ${at}`);
    at += 1;
  };
  const filter = (): unknown => {
    take('(');
    const operator = text[at] ?? '';
    let found: unknown;
    if ('&|!'.includes(operator)) {
      at += 1;
      const parts: unknown[] = [];
      while (text[at] === '(') parts.push(filter());
      found = [operator, ...parts];
    } else {
      const [item = ''] = /^[^()]*/.exec(text.slice(at)) ?? [];
      at += item.length;
      const equals = item.indexOf('=');
      const value = item.slice(equals + 1);
      if (equals < 1 || value.includes('*')) throw new Error(`no equality: ${item}`);
      found = [item.slice(0, equals), unescaped(value)];
    }
    take(')');
    return found;
  };
  const found = filter();
  if (at !== text.length) throw new Error(`more at ${at}`);
  return found;
}

function unescaped(value: string): string {
  if (/\\(?![0-9a-f]{2})|\0/i.test(value)) throw new Error(`an escape that is none: ${value}`);
  return value.replace(/\\([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'*()\\\0&|!=~<>:{}$` '.split(''), '\\28', '{login}', '{dn}', '$&', "$'"),
    fc.constantFrom('a', 'ü', '漢', '𝒳'),
  ),
  maxLength: 20,
});

describe('a filter of a directory', () => {
  it('holds what was typed as one value, and nothing else of it', () => {
    fc.assert(
      fc.property(nasty, nasty, (login, dn) => {
        const filled = fillFilter('(&(objectClass=person)(|(uid={login})(mail={login}@acme))(!(member={dn})))', {
          login,
          dn,
        });
        expect(parse(filled)).to.deep.equal([
          '&',
          ['objectClass', 'person'],
          ['|', ['uid', login], ['mail', `${login}@acme`]],
          ['!', ['member', dn]],
        ]);
      }),
      { numRuns: 800 },
    );
  });

  it('is read so by the client as well', () => {
    fc.assert(
      fc.property(nasty, (login) => {
        const { attribute, value } = FilterParser.parseString(fillFilter('(uid={login})', { login })) as unknown as {
          [field: string]: unknown;
        };
        expect([attribute, value]).to.deep.equal(['uid', login]);
      }),
      { numRuns: 400 },
    );
  });

  it('escapes what RFC 4515 names', () => {
    expect(escapeFilterValue('Parens R Us (for all *) \\ \0')).to.equal('Parens R Us \\28for all \\2a\\29 \\5c \\00');
  });
});
