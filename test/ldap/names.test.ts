// Distinguished names are one text for each entry, however they are written (RFC 4514), and two texts for two entries.
import { expect } from 'chai';
import fc from 'fast-check';
import { normalName } from '../../src/ldap/names.js';
import { anyCharacter } from '../support/any-character.js';

const special = ',+"\\<>;#= '.split('');
const character = fc.oneof(
  fc.constantFrom(...special),
  fc.constantFrom(...'abAB019.-_*()/'.split('')),
  fc.constantFrom('ü', 'É', '漢', '𝒳', '\u00A0'),
);
const value = fc
  .array(character, { minLength: 1, maxLength: 8 })
  .map((all) => all.join(''))
  .filter((text) => text.trim() !== '');
const type = fc.constantFrom('cn', 'ou', 'dc', 'x-own', '1.2.3.4');
type Name = { type: string; value: string }[][];
const name: fc.Arbitrary<Name> = fc.array(
  fc.uniqueArray(fc.record({ type, value }), { minLength: 1, maxLength: 3, selector: (pair) => pair.type }),
  { minLength: 1, maxLength: 4 },
);

/** One way of writing a value; `how` draws numbers. */
function written(text: string, how: () => number): string {
  const hex = (part: string) =>
    [...Buffer.from(part)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  if (how() % 5 === 0) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  if (how() % 7 === 0 && Buffer.byteLength(text) < 128) {
    const bytes = Buffer.from(text);
    return `#${Buffer.concat([Buffer.from([0x0c, bytes.length]), bytes]).toString('hex')}`;
  }
  const all = [...text];
  return all
    .map((one, index) => {
      const isEdge = index === 0 || index === all.length - 1;
      const must = special.includes(one) && (one !== ' ' || isEdge) && (one !== '#' || index === 0);
      if (!must) return how() % 4 === 0 ? hex(one) : how() % 2 === 0 ? one.toLowerCase() : one;
      return how() % 2 === 0 ? `\\${one}` : hex(one);
    })
    .join('');
}

function spelled(all: Name, draw: readonly number[]): string {
  let drawn = 0;
  const how = () => draw[(drawn += 1) % draw.length] ?? 0;
  const oids: { [type: string]: string[] } = {
    cn: ['CN', '2.5.4.3', 'OID.2.5.4.3', 'commonName'],
    ou: ['OU', '2.5.4.11'],
  };
  const space = () => ' '.repeat(how() % 3);
  return all
    .map((pairs) =>
      [...pairs]
        .sort(() => (how() % 2 === 0 ? 1 : -1))
        .map((pair) => {
          const names = [pair.type, pair.type.toUpperCase(), ...(oids[pair.type] ?? [])];
          return `${space()}${names[how() % names.length] ?? ''}${space()}=${space()}${written(pair.value, how)}${space()}`;
        })
        .join('+'),
    )
    .join(',');
}

const draw = fc.array(fc.nat(999), { minLength: 5, maxLength: 40 });
/** What a directory takes for the same value (RFC 4518). */
const folded = (text: string) => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');
const keyOf = (all: Name) =>
  JSON.stringify(all.map((pairs) => pairs.map((pair) => `${pair.type}=${folded(pair.value)}`).sort()));

describe('a distinguished name', () => {
  it('is the same in all its spellings', () => {
    fc.assert(
      fc.property(name, draw, draw, (all, one, other) => {
        const first = normalName(spelled(all, one));
        expect(first).to.be.a('string');
        expect(normalName(spelled(all, other))).to.equal(first);
      }),
      { numRuns: 600 },
    );
  });

  it('is another one where the entry is, if only by a character', () => {
    fc.assert(
      fc.property(name, name, fc.option(character, { nil: undefined }), draw, draw, (one, any, more, how, howElse) => {
        const [first = []] = one;
        const longer = [
          first.map((pair, index) => (index === 0 ? { ...pair, value: `${pair.value}${more ?? ''}` } : pair)),
          ...one.slice(1),
        ];
        const other = more === undefined ? any : longer;
        const same = normalName(spelled(one, how)) === normalName(spelled(other, howElse));
        expect(same).to.equal(keyOf(one) === keyOf(other));
      }),
      { numRuns: 1000 },
    );
  });

  it('is read, whatever it is, and is none where it is not of the form', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 40 }), (text) => void normalName(text)),
      { numRuns: 800 },
    );
    for (const text of [
      'admins',
      'cn',
      '=x',
      'cn=a,',
      ',cn=a',
      'cn=a+',
      'cn=a\\',
      'cn="a',
      'c n=a',
      'cn=#0c',
      'cn=#xyz',
      '1.=a',
      'cn=a,,ou=b',
    ])
      expect(normalName(text), text).to.equal(undefined);
    expect(normalName(' ')).to.equal('');
  });

  it('is that of the examples of RFC 4514, §4', () => {
    const same: [string, string][] = [
      ['UID=jsmith,DC=example,DC=net', 'uid = JSmith, dc=Example ,DC = net'],
      ['OU=Sales+CN=J.  Smith,DC=example,DC=net', 'cn=j. smith + ou=sales,dc=example,dc=net'],
      ['CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net', 'cn="James \\"Jim\\" Smith, III",dc=example,dc=net'],
      ['CN=Before\\0dAfter,DC=example,DC=net', 'cn=before\\0Dafter,dc=EXAMPLE,dc=net'],
      ['1.3.6.1.4.1.1466.0=#04024869', '1.3.6.1.4.1.1466.0=Hi'],
      ['CN=Lu\\C4\\8Di\\C4\\87', 'cn=Lučić'],
    ];
    for (const [one, other] of same) expect(normalName(one), one).to.equal(normalName(other)).and.be.a('string');
    expect(normalName('cn=a,ou=b')).not.to.equal(normalName('ou=b,cn=a'));
    expect(normalName('cn=a\\,ou=b')).not.to.equal(normalName('cn=a,ou=b'));
    expect(normalName('cn=a\\+ou=b')).not.to.equal(normalName('cn=a+ou=b'));
  });
});
