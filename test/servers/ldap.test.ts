// People and groups of a real slapd: who is found, by which connection, and that nothing but all is ever told.
import { expect } from 'chai';
import { Attribute, Change } from 'ldapts';
import { ldapDirectory, policyByGroup, type LdapDirectory, type LdapOptions } from '../../src/ldap.js';
import { selfSigned } from '../support/certificate.js';
import {
  addGroup,
  addPerson,
  base,
  groupDn,
  lineTo,
  personDn,
  reader,
  startSlapd,
  type Line,
  type Slapd,
} from './slapd.js';

/** Groups that are inherited as well. */
const inherited = { nested: true, groups: { base: `ou=groups,${base}` } };

describe('a directory by LDAP', () => {
  let slapd: Slapd;
  const open: (LdapDirectory | Line)[] = [];

  before(async () => {
    slapd = await startSlapd();
  });
  after(() => slapd.stop());
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });

  function directory(more: Partial<LdapOptions> = {}): LdapDirectory {
    const made = ldapDirectory({ url: `ldap://127.0.0.1:${slapd.port}`, ...reader, base, ...more });
    open.push(made);
    return made;
  }
  async function line(...of: Parameters<typeof lineTo>): Promise<Line> {
    const made = await lineTo(...of);
    open.push(made);
    return made;
  }
  /** Why it is not to be had: the words of the error and of its cause. */
  async function fault(asked: Promise<unknown>): Promise<string> {
    const error = (await asked.then(
      (found) => expect.fail(`answered ${JSON.stringify(found)}`),
      (thrown: unknown) => thrown,
    )) as Error & { code: string; status: number };
    expect([error.code, error.status], String(error)).to.deep.equal(['directory.unavailable', 503]);
    const text = `${error.message} ${String(error.cause)}`;
    expect(text).not.to.include(reader.bindPassword);
    return text;
  }

  it('tells of a person what it says, and of nobody nothing', async () => {
    const ada = await directory({ verified: ['MAIL'], attributes: { id: 'entryUUID' } }).get('ada');
    expect(ada).to.deep.include({
      dn: personDn('ada'),
      email: 'ada@acme.example',
      emailVerified: true,
      phone: '+41791234567',
      phoneVerified: false,
      groups: [groupDn('admins')],
    });
    expect(ada?.id).to.match(/^[0-9a-f-]{36}$/);
    expect(ada?.changedAt).to.be.closeTo(Date.now() / 1000, 3600);
    // An attribute that is missing is not said, and verifies nothing.
    const bob = await directory({ verified: ['mail', 'mobile'] }).get('bob');
    expect(bob).to.deep.include({ emailVerified: false, phoneVerified: false, groups: [] });
    expect(bob).not.to.have.any.keys('email', 'phone', 'id');
    expect(await directory().get('nobody')).to.equal(null);
  });

  it('finds by what was typed and by nothing else', async () => {
    const typed = [
      '*',
      'ad*',
      'ada)(uid=*',
      'ada)(|(uid=*',
      '*)(uid=*))(|(uid=*',
      'ada\\',
      '\\61da',
      'ada\0',
      '(',
      '',
      ' ',
    ];
    for (const login of typed) expect(await directory().get(login), login).to.equal(null);
    for (const login of [['ada'], { toString: () => 'ada' }, undefined, 'a'.repeat(400)])
      expect(await directory().get(login as string)).to.equal(null);
    // And what is written so is found so.
    for (const uid of ['b*b', 'c(d)e', 'ü ß 漢', 'x=y']) {
      await slapd.admin.add(`cn=of ${Buffer.from(uid).toString('hex')},ou=people,${base}`, {
        objectClass: 'inetOrgPerson',
        sn: 'x',
        uid,
        mail: 'own@acme.example',
      });
      expect((await directory().get(uid))?.email, uid).to.equal('own@acme.example');
    }
  });

  it('takes several people by one name for an error, and so what it does not know', async () => {
    for (const name of ['one', 'two']) await addPerson(slapd.admin, name, { mail: 'shared@acme.example' });
    const byMail = { filter: '(mail={login})' };
    expect(await fault(directory(byMail).get('shared@acme.example'))).to.include('Several people');
    expect((await directory(byMail).get('ada@acme.example'))?.dn).to.equal(personDn('ada'));
    for (const wrong of [{ base: 'dc=elsewhere,dc=example' }, { ...inherited, groups: { base: `ou=none,${base}` } }])
      await fault(directory(wrong).get('ada'));
  });

  it('tells of inherited groups where it is asked to, and ends in no circle', async () => {
    await addGroup(slapd.admin, 'staff', groupDn('admins'), personDn('bob'));
    await addGroup(slapd.admin, 'everybody', groupDn('staff'));
    const member = new Change({
      operation: 'add',
      modification: new Attribute({ type: 'member', values: [groupDn('everybody')] }),
    });
    await slapd.admin.modify(groupDn('admins'), [member]);
    const all = ['admins', 'everybody', 'staff'].map(groupDn);
    expect((await directory().get('ada'))?.groups).to.deep.equal([groupDn('admins')]);
    expect((await directory({ ...inherited }).get('ada'))?.groups.sort()).to.deep.equal(all);
    expect((await directory({ ...inherited }).get('bob'))?.groups.sort()).to.deep.equal(all);
    // Where people do not name their groups.
    const named = { groups: { base: `ou=groups,${base}`, filter: '(member={dn})' } };
    expect((await directory(named).get('ada'))?.groups).to.deep.equal([groupDn('admins')]);
    expect((await directory({ ...named, nested: true }).get('ada'))?.groups.sort()).to.deep.equal(all);
  });

  it('tells of no group by its old name once it was renamed', async () => {
    await addPerson(slapd.admin, 'eve');
    await addGroup(slapd.admin, 'auditors', personDn('eve'));
    const policy = policyByGroup({ [` CN = Auditors , ou=Groups,${base}`]: 'mandatory' }, { otherwise: 'no-prompt' });
    const asked = directory();
    const before = await asked.get('eve');
    expect([before?.groups, policy({ groups: before?.groups })]).to.deep.equal([[groupDn('auditors')], 'mandatory']);
    await slapd.admin.modifyDN(groupDn('auditors'), 'cn=Reviewers #2');
    const after = await asked.get('eve');
    expect(after?.groups).to.have.length(1);
    expect(policy({ groups: after?.groups })).to.equal('no-prompt');
  });

  it('tells of groups in a spelling of its own, which is compared as the directory does', async () => {
    await addPerson(slapd.admin, 'gus');
    const names = [
      'Ops\\, Night \\+ Day',
      '\\#1 \\"Sales\\"',
      'M\\C3\\BCller\\; S\\C3\\B6hne',
      'two=three+description=more',
    ];
    const others = [
      'OPS\\2c  night \\2B day',
      '\\23\\31 \\22sales\\22',
      'MÜLLER\\3B SÖHNE',
      'Two\\3dThree + Description = More',
    ];
    for (const name of names)
      await slapd.admin.add(groupDn(name), {
        objectClass: 'groupOfNames',
        description: 'more',
        member: personDn('gus'),
      });
    const groups = (await directory().get('gus'))?.groups;
    expect(groups).to.have.length(names.length);
    for (const name of others) {
      const policy = policyByGroup(
        { [`2.5.4.3=${name},OU=Groups, DC=Acme,dc=EXAMPLE`]: 'mandatory' },
        { otherwise: 'no-prompt' },
      );
      expect(policy({ groups }), `${name} in ${JSON.stringify(groups)}`).to.equal('mandatory');
    }
  });

  it('takes an answer that was cut short for none', async () => {
    await addPerson(slapd.admin, 'many');
    for (let index = 0; index < 45; index += 1) await addGroup(slapd.admin, `many-${index}`, personDn('many'));
    expect((await directory().get('many'))?.groups).to.have.length(45);
    // This directory tells of 40 entries at most.
    await fault(directory({ groups: { base, filter: '(member={dn})' } }).get('many'));
    await fault(directory({ ...inherited }).get('many'));
  });

  it('asks over TLS, of a certificate that is the directory’s, young and signed by whom the app knows', async () => {
    const { ca, tlsPort, port } = slapd;
    for (const url of [`ldaps://127.0.0.1:${tlsPort}`, `ldaps://localhost:${tlsPort}`, `ldap://localhost:${port}`]) {
      expect((await directory({ url, tls: { ca } }).get('ada'))?.dn, url).to.equal(personDn('ada'));
      expect(await fault(directory({ url, tls: {} }).get('ada'))).to.match(/self-signed|unable to verify/);
      const other = { ca: selfSigned().cert };
      expect(await fault(directory({ url, tls: other }).get('ada'))).to.match(/self-signed|unable to verify/);
      const named = { ca, servername: 'ldap.acme.example' };
      expect(await fault(directory({ url, tls: named }).get('ada'))).to.match(/does not match certificate/);
    }
    const rows: [ReturnType<typeof selfSigned>, RegExp][] = [
      [selfSigned({ host: 'ldap.evil.example' }), /does not match certificate/],
      [selfSigned({ at: Date.now() - 90 * 86_400_000 }), /expired/],
      [selfSigned({ at: Date.now() + 90 * 86_400_000 }), /not yet valid/],
    ];
    for (const [certificate, says] of rows) {
      const { port: behind } = await line(port, certificate);
      expect(
        await fault(directory({ url: `ldaps://localhost:${behind}`, tls: { ca: certificate.cert } }).get('ada')),
      ).to.match(says);
    }
    // The environment's word for "whatever" is not heard.
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await fault(directory({ url: `ldaps://localhost:${tlsPort}`, tls: {} }).get('ada'));
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('is an error where it is down, silent or refuses the app', async () => {
    await fault(directory({ url: 'ldap://127.0.0.1:9' }).get('ada'));
    expect(await fault(directory({ bindPassword: 'wrong' }).get('ada'))).to.include('Credentials');
    const silent = await line(slapd.port);
    silent.mode = 'hold';
    const url = `ldap://localhost:${silent.port}`;
    for (const tls of [undefined, { ca: slapd.ca }]) await fault(directory({ url, ...(tls && { tls }) }).get('ada'));
    await fault(directory({ url: `ldaps://localhost:${silent.port}`, tls: { ca: slapd.ca } }).get('ada'));
  });

  it('is there again once it is up, for more at once than there are connections', async () => {
    const way = await line(slapd.port);
    way.mode = 'hold';
    const asked = directory({ url: `ldap://localhost:${way.port}` });
    const down = await Promise.all(Array.from({ length: 12 }, () => fault(asked.get('ada'))));
    expect(down).to.have.length(12);
    // A turn may come in the moment in which the wait for it ends.
    expect(way.opened).to.be.within(8, 12);
    way.mode = 'pass';
    const people = await Promise.all(Array.from({ length: 20 }, () => asked.get('ada')));
    expect(people.map((person) => person?.groups.length)).to.deep.equal(Array.from({ length: 20 }, () => 1));
  });

  for (const [how, tls] of [
    ['plain', false],
    ['StartTLS', true],
  ] as const)
    it(`binds anew, once, where a connection was lost while it was idle, by ${how}; and never asks as nobody`, async () => {
      const way = await line(slapd.port);
      const asked = directory({ url: `ldap://localhost:${way.port}`, ...(tls ? { tls: { ca: slapd.ca } } : {}) });
      const groups = async () => (await asked.get('ada'))?.groups;
      const expected = [groupDn('admins')];
      expect(await groups()).to.deep.equal(expected);
      expect([await groups(), way.opened]).to.deep.equal([expected, 1]);
      for (const lose of [way.cut, way.forget]) {
        const before = way.opened;
        lose();
        expect(await groups()).to.deep.equal(expected);
        expect(way.opened).to.equal(before + 1);
      }
      // Many at once share a few connections.
      const many = await Promise.all(Array.from({ length: 40 }, groups));
      expect(many).to.deep.equal(Array.from({ length: 40 }, () => expected));
      expect(way.opened).to.be.at.most(3 + 16);
      way.cut();
      way.mode = 'hold';
      await fault(asked.get('ada'));
    });
});
