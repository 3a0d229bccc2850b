// Forms of lists in a stored record: what each writes, to the letter, what it does not fit, and what it does not read back. A form
// that fitted a value nearly would change a record, whose mac is over what comes out again.
import { expect } from 'chai';
import { forms, isObject } from '../../../src/core/kernel/compact-forms.js';

const packed = (name: string, value: unknown) => forms.get(name)?.pack(value);
const read = (name: string, text: string) => forms.get(name)?.unpack(text);

const hash = 'h'.repeat(22);
const other = 'A-_0'.padEnd(22, 'z');
const id = 'i'.repeat(12);
/** Six digits to the base of 36: from 60 466 176 (1971) to 2 176 782 335 (2038). */
const [least, most] = [60_466_176, 2_176_782_335];
const at = 1_800_000_000;
const at36 = 'tro8w0';
const [event, wait] = ['verification-accepted', 'locked'];

/** Each is written so, and read back as it was. */
const written: [form: string, value: unknown, text: string][] = [
  ['known', [], ''],
  ['known', [{ id, hash, createdAt: at }], `${id}${hash}${at36}`],
  ['known', [{ id, hash, createdAt: least }], `${id}${hash}100000`],
  ['known', [{ id, hash: other, createdAt: most }], `${id}${other}zzzzzz`],
  ['ended', [{ id: hash, at }], `${hash}${at36}`],
  [
    'ended',
    [
      { id: hash, at },
      { id: other, at: least },
    ],
    `${hash}${at36}${other}100000`,
  ],
  ['codes', [{ hash }, { usedAt: at }, { hash: other }], `${hash}.${at36}${other}`],
  ['codes', [{ usedAt: at }, { usedAt: least }, { hash }], `.${at36}.100000${hash}`],
  ['rows', [], ''],
  ['rows', [[at, event, 'totp', 0]], `${at36}VT0`],
  [
    'rows',
    [
      [at, event, '', -1],
      [at, wait, 'webauthn', 9],
      [at + 36, event, 'sms', 1],
    ],
    `${at36}V--0LW910VS1`,
  ],
  [
    'rows',
    [
      [0, event, 'pass', 2],
      [35, event, 'email', 3],
    ],
    '0VP2zVE3',
  ],
  [
    'rows',
    [
      [9, event, '', -1],
      [19, event, '', -1],
    ],
    '9V--aV--',
  ],
  ['mac', { keyId: 'AAAAAAAA', value: 'A+/b' }, 'AAAAAAAA.A+/b'],
  ['mac', { keyId: '', value: 'a.b' }, '.a.b'],
];

const known = { id, hash, createdAt: at };
/** None of these is of the form: it is written out. */
const unfit: { [form: string]: unknown[] } = {
  known: [
    ...[undefined, null, 'text', 1, {}, { 0: known, length: 1 }],
    ...[[known, undefined], [known, null], [known, 'text'], [known, [id, hash, at]], [[]], [{}]],
    [{ id, hash }],
    [{ ...known, name: 'x' }],
    [{ id, hash, created: at }],
    ...[id.slice(1), `${id}i`, `${id.slice(1)}.`, `\n${id.slice(1)}`, 123456789012, null].map((not) => [
      { ...known, id: not },
    ]),
    ...[hash.slice(1), `${hash}h`, `${hash.slice(1)}+`, 22].map((not) => [{ ...known, hash: not }]),
    ...[least - 1, most + 1, -at, at + 0.5, String(at), at36, NaN, Infinity, null].map((not) => [
      { ...known, createdAt: not },
    ]),
  ],
  ended: [[{ id, at }], [{ id: hash, createdAt: at }], [{ id: hash, at: least - 1 }]],
  codes: [[{ hash, usedAt: at }], [{ hash: 'short' }], [{ usedAt: 'h' }], [{ usedAt: hash }], [{ hash: at }]],
  rows: [
    ...[undefined, {}, 'text', [undefined], [{}], ['four'], [{ length: 4 }]],
    ...[[[at, event, 'totp']], [[at, event, 'totp', 0, 0]], [[]]],
    ...[-1, at + 0.5, String(at), NaN, null].map((not) => [[not, event, '', 0]]),
    [
      [at, event, '', 0],
      [at - 1, event, '', 0],
    ],
    ...['later-event', 'constructor', 1, null].map((not) => [[at, not, '', 0]]),
    ...['riddle', 'toString', 1, null].map((not) => [[at, event, not, 0]]),
    ...[-2, 10, 0.5, '0', '-', null].map((not) => [[at, event, '', not]]),
  ],
  mac: [
    ...[undefined, null, 'a.b', ['a', 'b'], {}, { keyId: 'a' }, { value: 'a' }],
    ...[
      { keyId: 'a.b', value: 'c' },
      { keyId: 'a', value: 'b', more: 1 },
      { keyId: 1, value: 'b' },
      { keyId: 'a', value: 1 },
    ],
    { keyId: 'a', other: 'b' },
  ],
};

/** None of these was ever written. */
const unread: { [form: string]: string[] } = {
  known: [
    'x',
    `${id}${hash}`,
    `${id}${hash}0ro8w0`,
    `${id}${hash}${at36}x`,
    `${id}${hash}TRO8W0`,
    ` ${id}${hash}${at36}`,
  ],
  ended: [hash, `${hash}${at36}${hash}`],
  codes: ['.', `.${at36.slice(1)}`, `x${at36}`, `${hash}x`],
  rows: ['V', 'VT0', '0', '0V', '0VT', '0VTx', '0VT+', '0VT0!', '0?T0', '0V?0', '0vT0', '/VT0', '{VT0', ':VT0', '`VT0'],
  mac: ['', 'no point'],
};

describe('the forms of lists', () => {
  it('are those of five fields', () => {
    expect([...forms.keys()]).to.deep.equal(['known', 'ended', 'codes', 'rows', 'mac']);
  });

  for (const [form, value, text] of written)
    it(`write ${form} as ${text === '' ? 'nothing' : text} and read it back`, () => {
      expect(packed(form, value)).to.equal(text);
      expect(read(form, text)).to.deep.equal(value);
    });

  for (const [form, values] of Object.entries(unfit))
    it(`fit ${form} exactly or not at all`, () => {
      for (const value of values) expect(packed(form, value), JSON.stringify(value)).to.equal(undefined);
    });

  for (const [form, texts] of Object.entries(unread))
    it(`refuse as ${form} what was never written so`, () => {
      for (const text of texts)
        expect(() => read(form, text), text).to.throw(TypeError, 'not of the form of its field');
    });
});

describe('an object', () => {
  it('is one with fields: no list, and not nothing', () => {
    for (const value of [{}, { a: 1 }]) expect(isObject(value)).to.equal(true);
    for (const value of [null, undefined, [], 'text', 1, true]) expect(isObject(value)).to.equal(false);
  });
});
