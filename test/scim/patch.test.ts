// PATCH in the dialects of both vendors and of the RFC (RFC 7644 §3.5.2): what becomes of a user, and what is an error.
import { expect } from 'chai';
import { applyPatch, applyWhole } from '../../src/scim/patch.js';
import { enterpriseUrn, ownUrn, patchOf, userUrn } from '../support/scim-site.js';

const work = { value: 'w@x', type: 'work', primary: true };
const home = { value: 'h@x', type: 'home' };
const ada = { userName: 'ada', active: true, name: { givenName: 'Ada', familyName: 'L' }, emails: [work, home] };

type Row = [what: string, operation: object, changes: object];
const rows: Row[] = [
  ['a capital', { op: 'Replace', path: 'displayName', value: 'x' }, { displayName: 'x' }],
  ['a name in another case', { op: 'ADD', path: 'DISPLAYNAME', value: 'x' }, { displayName: 'x' }],
  ['a part', { op: 'replace', path: 'name.familyName', value: 'B' }, { name: { givenName: 'Ada', familyName: 'B' } }],
  [
    'parts as an object',
    { op: 'replace', path: 'name', value: { familyName: 'B' } },
    { name: { givenName: 'Ada', familyName: 'B' } },
  ],
  [
    'nothing in place of a part, in an object',
    { op: 'replace', path: 'name', value: { givenName: null } },
    { name: { familyName: 'L' } },
  ],
  ['the schema of users', { op: 'replace', path: `${userUrn}:title`, value: 'x' }, { title: 'x' }],
  [
    'an extension',
    { op: 'add', path: `${enterpriseUrn}:department`, value: 'x' },
    { [enterpriseUrn]: { department: 'x' } },
  ],
  [
    'an extension whole',
    { op: 'add', path: enterpriseUrn, value: { costCenter: '7' } },
    { [enterpriseUrn]: { costCenter: '7' } },
  ],
  [
    'an extension without a path',
    { op: 'add', value: { [enterpriseUrn]: { costCenter: '7' } } },
    { [enterpriseUrn]: { costCenter: '7' } },
  ],
  [
    'three levels',
    { op: 'add', path: `${enterpriseUrn}:manager.value`, value: 'b' },
    { [enterpriseUrn]: { manager: { value: 'b' } } },
  ],
  ['a flag as a word', { op: 'Replace', path: 'active', value: 'False' }, { active: false }],
  ['no path', { op: 'replace', value: { active: false, displayName: 'x' } }, { active: false, displayName: 'x' }],
  [
    'paths for names',
    { op: 'replace', value: { 'name.familyName': 'B', 'emails[type eq "home"].value': 'n@x' } },
    { name: { givenName: 'Ada', familyName: 'B' }, emails: [work, { ...home, value: 'n@x' }] },
  ],
  [
    'a value that fits',
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'n@x' },
    { emails: [{ ...work, value: 'n@x' }, home] },
  ],
  [
    'a value whole',
    { op: 'replace', path: 'emails[type eq "home"]', value: { value: 'n@x', primary: true } },
    {
      emails: [
        { value: 'w@x', type: 'work' },
        { ...home, value: 'n@x', primary: true },
      ],
    },
  ],
  [
    'a value that there is not yet',
    { op: 'Add', path: 'emails[type eq "other"].value', value: 'o@x' },
    { emails: [work, home, { type: 'other', value: 'o@x' }] },
  ],
  [
    'another value',
    { op: 'add', path: 'emails', value: [{ value: 'o@x', primary: true }] },
    { emails: [{ value: 'w@x', type: 'work' }, home, { value: 'o@x', primary: true }] },
  ],
  ['a value that is there', { op: 'add', path: 'emails', value: [home] }, {}],
  ['a list in place of another', { op: 'replace', path: 'emails', value: [home] }, { emails: [home] }],
  ['one in place of a list', { op: 'replace', path: 'emails', value: home }, { emails: [home] }],
  ['a value taken away', { op: 'remove', path: 'emails[type eq "work"]' }, { emails: [home] }],
  [
    'a part taken away',
    { op: 'remove', path: 'emails[type eq "work"].primary' },
    { emails: [{ value: 'w@x', type: 'work' }, home] },
  ],
  ['a value named by itself', { op: 'Remove', path: 'emails', value: [{ value: 'h@x' }] }, { emails: [work] }],
  ['a list taken away', { op: 'remove', path: 'emails' }, { emails: undefined }],
  [
    'nothing in place of something',
    { op: 'replace', path: 'name.familyName', value: null },
    { name: { givenName: 'Ada' } },
  ],
  ['nothing taken away from nothing', { op: 'remove', path: `${enterpriseUrn}:department` }, {}],
  ['its own id', { op: 'replace', value: { id: 'ada-1', displayName: 'x' } }, { displayName: 'x' }],
];

const wrong: [scimType: string, operation: unknown][] = [
  ['invalidSyntax', { op: 'move', path: 'title', value: 'x' }],
  ['invalidSyntax', { path: 'title', value: 'x' }],
  ['invalidSyntax', 'replace'],
  ['invalidPath', { op: 'replace', path: 'nothing', value: 'x' }],
  ['invalidPath', { op: 'replace', path: '__proto__', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'name.constructor', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'emails[type eq "work"', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'emails[type is "work"].value', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'name[givenName eq "Ada"]', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'emails[type eq "work"].nothing', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'password', value: 'x' }],
  ['invalidPath', { op: 'replace', value: { nothing: 1 } }],
  ['invalidPath', { op: 'replace', path: `${ownUrn}:protected`, value: false }],
  ['invalidValue', { op: 'replace', value: 'x' }],
  ['invalidValue', { op: 'replace', path: 'active', value: 'no' }],
  ['invalidValue', { op: 'replace', path: 'displayName', value: 5 }],
  ['invalidValue', { op: 'replace', path: 'name', value: 'Ada' }],
  ['invalidValue', { op: 'replace', value: {} }],
  ['invalidValue', { op: 'replace', value: { schemas: [userUrn] } }],
  ['invalidValue', { op: 'replace', path: 'name', value: { nothing: 'x' } }],
  ['invalidValue', { op: 'add', path: 'emails', value: [{ nothing: 'x' }] }],
  ['invalidValue', { op: 'replace', path: 'emails[type eq "work"]', value: { nothing: 'x' } }],
  ['invalidValue', { op: 'remove', path: 'userName' }],
  ['invalidValue', { op: 'replace', path: 'emails', value: [work, { ...home, primary: true }] }],
  ['mutability', { op: 'replace', path: 'id', value: 'eve' }],
  ['mutability', { op: 'replace', value: { id: 'eve' } }],
  ['mutability', { op: 'replace', path: 'meta.version', value: 'x' }],
  ['mutability', { op: 'add', path: 'groups', value: [{ value: 'admins' }] }],
  ['noTarget', { op: 'remove' }],
  ['noTarget', { op: 'replace', path: 'emails[type eq "other"].value', value: 'x' }],
  ['noTarget', { op: 'remove', path: 'emails[type eq "other"]' }],
  ['noTarget', { op: 'remove', path: 'emails', value: [{ value: 'nobody@x' }] }],
  ['noTarget', { op: 'replace', path: 'phoneNumbers.value', value: '1' }],
];

describe('a patch', () => {
  for (const [what, operation, changes] of rows)
    it(`takes ${what}`, () => {
      const before = structuredClone(ada);
      const { attributes } = applyPatch(ada, patchOf(operation), 'ada-1');
      expect(JSON.parse(JSON.stringify(attributes))).to.deep.equal(JSON.parse(JSON.stringify({ ...ada, ...changes })));
      expect(ada, 'what stands is not changed').to.deep.equal(before);
    });

  for (const [scimType, operation] of wrong)
    it(`is ${scimType} for ${JSON.stringify(operation)}`, () => {
      expect(() => applyPatch(ada, { Operations: [operation] }, 'ada-1'))
        .to.throw()
        .that.includes({ status: 400, scimType });
    });

  it('takes one to a hundred operations, in their order', () => {
    for (const operations of [
      undefined,
      [],
      {},
      Array.from({ length: 101 }, () => ({ op: 'add', path: 'title', value: 'x' })),
    ])
      expect(() => applyPatch(ada, { Operations: operations }, 'x'))
        .to.throw()
        .that.includes({ scimType: 'invalidSyntax' });
    const titles = ['a', 'b'].map((value) => ({ op: 'replace', path: 'title', value }));
    expect(applyPatch(ada, patchOf(...titles), 'x').attributes).to.include({ title: 'b' });
  });

  it('says what was named, from which alone something follows', () => {
    const patch = patchOf(
      { op: 'replace', value: { displayName: 'x' } },
      { op: 'add', path: 'name.givenName', value: 'A' },
    );
    expect([...applyPatch(ada, patch, 'x').named]).to.deep.equal(['displayName', 'name']);
  });
});

describe('a whole user', () => {
  it('is taken for what it names; what is read only, unknown or no value is left alone', () => {
    const sent = {
      USERNAME: 'ada.l',
      id: 'eve',
      meta: {},
      groups: [],
      [ownUrn]: { protected: false },
      password: 'x',
      odd: 1,
      emails: [],
    };
    const { attributes, named } = applyWhole(ada, { ...sent, name: null });
    expect(attributes).to.deep.equal({ userName: 'ada.l', active: true, emails: [] });
    expect([...named].sort()).to.deep.equal(['emails', 'name', 'userName']);
  });
});
