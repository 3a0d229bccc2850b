// Attack: somebody is told to be in fewer groups than they are, by an answer cut short, a range, a lost connection, a group inherited.
// Rule: all groups or an error; a search is asked by whoever is bound, never by nobody; a referral is followed nowhere.
// Answer: `directory.unavailable` (503), which is no person; never somebody without groups.
import { expect } from 'chai';
import { ldapDirectory, policyByGroup, type LdapDirectory, type LdapOptions } from '../../src/ldap.js';
import { startLdapStandIn, type Answered, type Asked, type LdapStandIn } from '../support/ldap-stand-in.js';

const base = 'DC=acme,DC=example';
const ada = `CN=Ada,OU=People,${base}`;
const group = (name: string) => `CN=${name},OU=Groups,${base}`;
const sid = (last: number) => {
  const bytes = Buffer.from('010500000000000515000000ffeeddccbbaa998877665544', 'hex');
  const rid = Buffer.alloc(4);
  rid.writeUInt32LE(last);
  return Buffer.concat([bytes, rid]);
};

describe('groups of a directory', () => {
  let standIn: LdapStandIn;
  let answers: (asked: Asked) => Answered | undefined;
  let directory: LdapDirectory;

  const open = (more: Partial<LdapOptions> = {}) => {
    directory = ldapDirectory({
      url: standIn.url,
      bindDn: 'svc@acme.example',
      bindPassword: 'secret of the app',
      base,
      ...more,
    });
  };
  /** What it says of Ada, where the test says nothing else. */
  let values: { [attribute: string]: (string | Buffer)[] };
  const capabilities = (...values: string[]) => ({ entries: [{ dn: '', values: { supportedCapabilities: values } }] });

  beforeEach(async () => {
    answers = () => undefined;
    values = { memberOf: [group('Staff')], mail: ['ada@acme.example'] };
    standIn = await startLdapStandIn((asked) => {
      const own = answers(asked);
      if (own) return own;
      if (asked.filter === '(uid=ada)') return { entries: [{ dn: ada, values }] };
      return {};
    });
    open();
  });
  afterEach(() => {
    directory.close();
    standIn.close();
  });

  const refused = async (why = /./) => {
    const error = (await directory.get('ada').then(
      (person) => expect.fail(JSON.stringify(person)),
      (thrown: unknown) => thrown,
    )) as Error & { code: string; status: number };
    expect([error.code, error.status]).to.deep.equal(['directory.unavailable', 503]);
    expect(`${error.message} ${String(error.cause)}`)
      .to.match(why)
      .and.not.include('secret of the app');
  };

  it('are refused where there are more than were told: a range, a limit, too many', async () => {
    expect((await directory.get('ada'))?.groups).to.deep.equal([group('Staff')]);
    for (const name of ['memberOf;range=0-1499', 'MEMBEROF;Range=0-*', 'memberOf;binary;range=1-2']) {
      values = { memberOf: [], [name]: [group('Staff')] };
      await refused(/more of memberOf/);
    }
    values = { memberOf: [group('Staff'), Buffer.from([0x63, 0x6e, 0x3d, 0xff])] };
    await refused(/no text/);
    values = { memberOf: [group('Staff')] };
    // Size, time and administrative limit; busy, unavailable, unwilling; a referral in the place of an answer.
    for (const code of [4, 3, 11, 51, 52, 53, 10, 1, 80]) {
      answers = ({ filter }) =>
        filter.includes('member=') || filter === '(uid=ada)' ? { entries: [{ dn: ada, values }], code } : undefined;
      await refused();
    }
    directory.close();
    open({ groups: { base, filter: '(member={dn})' } });
    answers = ({ filter }) =>
      filter.includes('member=') ? { entries: [{ dn: group('Staff'), values: {} }], code: 4 } : undefined;
    await refused();
    answers = ({ filter }) =>
      filter.includes('member=')
        ? { entries: Array.from({ length: 2001 }, (_none, index) => ({ dn: group(`G${index}`), values: {} })) }
        : undefined;
    await refused(/more than 2000/);
  });

  it('are asked for by the app and never by nobody, whatever becomes of a connection', async () => {
    expect((await directory.get('ada'))?.groups).to.have.length(1);
    standIn.cut();
    answers = ({ bound }) => (bound ? undefined : { entries: [{ dn: ada, values: {} }] });
    expect((await directory.get('ada'))?.groups).to.have.length(1);
    expect(standIn.asked.every(({ bound }) => bound)).to.equal(true);
    // Lost between the person and the groups: begun anew, once.
    directory.close();
    open({ groups: { base, filter: '(member={dn})' } });
    await directory.get('ada');
    let cuts = 0;
    answers = ({ filter }) => {
      if (!filter.includes('member=') || cuts > 0) return undefined;
      cuts += 1;
      standIn.cut();
      return {};
    };
    expect((await directory.get('ada'))?.groups).to.deep.equal([]);
    answers = ({ filter }) => {
      if (filter.includes('member=')) standIn.cut();
      return undefined;
    };
    await refused();
    expect(standIn.asked.every(({ bound }) => bound)).to.equal(true);
  });

  it('are followed nowhere: a referral is a stranger’s address, and does no harm', async () => {
    const strangers = await startLdapStandIn(() => ({ entries: [{ dn: ada, values: { memberOf: [] } }] }));
    answers = ({ filter }) =>
      filter === '(uid=ada)' ? { entries: [{ dn: ada, values }], referrals: [`${strangers.url}/${base}`] } : undefined;
    expect((await directory.get('ada'))?.groups).to.deep.equal([group('Staff')]);
    expect(strangers.asked).to.deep.equal([]);
    strangers.close();
  });

  it('of Active Directory are those in its chain and the primary one with its own, or an error', async () => {
    open({ nested: true, groups: { base }, attributes: { id: { binary: 'objectGUID' } } });
    values = {
      memberOf: [group('Staff')],
      objectSid: [sid(1105)],
      primaryGroupID: ['513'],
      objectGUID: [Buffer.from('00ff80', 'hex')],
    };
    const inChain = '(member:1.2.840.113556.1.4.1941:=';
    const chain: { [dn: string]: string[] } = {
      [ada]: [group('All'), `cn=staff, ${group('x').slice(5)}`],
      [group('Users')]: [group('Old')],
    };
    let primary = [group('Users')];
    answers = ({ filter, base: asked }) => {
      if (asked === '') return capabilities('1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670');
      if (filter === `(objectSid=${sid(513).toString('latin1')})`)
        return { entries: primary.map((dn) => ({ dn, values: {} })) };
      if (!filter.startsWith(inChain)) return undefined;
      return { entries: (chain[filter.slice(inChain.length, -1)] ?? []).map((dn) => ({ dn, values: {} })) };
    };
    const found = await directory.get('ada');
    // One group in two spellings is one.
    expect(found?.groups).to.deep.equal(['Staff', 'All', 'Users', 'Old'].map(group));
    expect(found?.id).to.equal('00ff80');
    primary = [];
    await refused(/primary group/);
    primary = [group('Users'), group('Others')];
    await refused(/primary group/);
    primary = [group('Users')];
    for (const gone of ['primaryGroupID', 'objectSid']) {
      const kept = values[gone]!;
      values = Object.fromEntries(Object.entries(values).filter(([name]) => name !== gone));
      await refused(/primary group/);
      values[gone] = kept;
    }
    values['objectSid'] = [Buffer.from([1, 5])];
    await refused(/primary group/);
  });

  it('of a circle end, in levels of any depth, and each is asked for once', async () => {
    open({ nested: true, groups: { base } });
    answers = ({ filter, base: asked }) => {
      if (asked === '') return capabilities();
      const next = /member=CN=G(\d+),/.exec(filter)?.[1] ?? (filter.includes('CN=Staff') ? '0' : undefined);
      if (next === undefined) return undefined;
      return {
        entries: [group(`G${(Number(next) + 1) % 12}`), group('Staff').toUpperCase()].map((dn) => ({ dn, values: {} })),
      };
    };
    expect((await directory.get('ada'))?.groups).to.have.length(13);
    expect(standIn.asked.length).to.be.at.most(16);
  });

  it('are no reason to let anybody off where they are not known', () => {
    const policy = policyByGroup(
      { [group('Admins')]: 'mandatory', [group('Robots')]: 'no-prompt' },
      { otherwise: 'no-prompt' },
    );
    expect(policy({})).to.equal('mandatory');
    expect(policy({ groups: null })).to.equal('mandatory');
    expect(policy({ groups: [] })).to.equal('no-prompt');
    expect(policy({ groups: [group('Robots'), group('admins').toUpperCase()] })).to.equal('mandatory');
    for (const wrong of ['CN=Admins', [group('Robots'), 7], { 0: group('Robots'), length: 1 }])
      expect(() => policy({ groups: wrong })).to.throw(/no list of texts/);
  });
});
