// A real slapd on loopback with a directory of a few people and groups, by LDAP, StartTLS and LDAPS; and a line to it that can be
// held, cut or forgotten.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import { selfSigned, type Certificate } from '../support/certificate.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../../scripts/free-port.mjs';

export const base = 'dc=acme,dc=example';
export const reader = { bindDn: `cn=reader,${base}`, bindPassword: 'the password of the reader' };
const root = { dn: `cn=root,${base}`, password: 'the password of root' };

export type Slapd = {
  port: number;
  tlsPort: number;
  ca: string;
  /** Of root, who may do all. */
  admin: Client;
  stop(): Promise<void>;
};

/** Anybody may read, but groups: whoever asks as nobody is told of none. */
function configuration(folder: string): string {
  const schemas = ['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`);
  return `${schemas.join('\n')}
pidfile ${folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
TLSCACertificateFile ${folder}/cert.pem
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${base}"
rootdn "${root.dn}"
rootpw "${root.password}"
directory ${folder}/data
sizelimit 40
overlay memberof
memberof-refint TRUE
access to attrs=userPassword by anonymous auth by * none
access to attrs=memberOf,member by dn.exact="${reader.bindDn}" read by * none
access to * by * read
`;
}

export async function startSlapd(): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'slapd-'));
  await mkdir(join(folder, 'data'));
  const { key, cert } = selfSigned();
  for (const [file, text] of Object.entries({ 'cert.pem': cert, 'key.pem': key, 'slapd.conf': configuration(folder) }))
    await writeFile(join(folder, file), text, { mode: 0o600 });
  const [port, tlsPort] = [await freePort(), await freePort()];
  const urls = `ldap://127.0.0.1:${port}/ ldaps://127.0.0.1:${tlsPort}/`;
  const child = spawn('slapd', ['-d', '0', '-h', urls, '-f', join(folder, 'slapd.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const admin = new Client({ url: `ldap://127.0.0.1:${port}` });
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}: ${said}`);
    await admin.bind(root.dn, root.password);
  }, 30);
  await fill(admin);
  return {
    port,
    tlsPort,
    ca: cert,
    admin,
    async stop() {
      await admin.unbind();
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
      await rm(folder, { recursive: true });
    },
  };
}

export const personDn = (uid: string) => `uid=${uid},ou=people,${base}`;
export const groupDn = (name: string) => `cn=${name},ou=groups,${base}`;

export async function addPerson(admin: Client, uid: string, more: { [name: string]: string | string[] } = {}) {
  await admin.add(personDn(uid), { objectClass: 'inetOrgPerson', cn: uid, sn: uid, ...more });
}

export async function addGroup(admin: Client, name: string, ...members: string[]): Promise<void> {
  await admin.add(groupDn(name), { objectClass: 'groupOfNames', cn: name, member: members });
}

async function fill(admin: Client): Promise<void> {
  await admin.add(base, { objectClass: ['dcObject', 'organization'], dc: 'acme', o: 'Acme' });
  await admin.add(reader.bindDn, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'reader',
    userPassword: reader.bindPassword,
  });
  for (const ou of ['people', 'groups']) await admin.add(`ou=${ou},${base}`, { objectClass: 'organizationalUnit', ou });
  await addPerson(admin, 'ada', { mail: ['ada@acme.example', 'a.lovelace@acme.example'], mobile: '+41791234567' });
  await addPerson(admin, 'bob');
  await addGroup(admin, 'admins', personDn('ada'));
}

export type Line = {
  port: number;
  /** `hold`: takes connections and says nothing. `forget`: says nothing more on those that are there, as a firewall that forgot them. */
  mode: 'pass' | 'hold';
  forget: () => void;
  /** Ends all connections. */
  cut: () => void;
  opened: number;
  close(): void;
};

/** @param certificate the line is encrypted, by this */
export async function lineTo(port: number, certificate?: Certificate): Promise<Line> {
  const sockets = new Set<[near: Socket, far: Socket]>();
  const take = (near: Socket) => {
    line.opened += 1;
    const far = connect({ host: '127.0.0.1', port });
    sockets.add([near, far]);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    if (line.mode === 'hold') return;
    near.pipe(far);
    far.pipe(near);
  };
  const server: Server = certificate ? createTlsServer(certificate, take) : createServer(take);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const [near, far] of sockets) for (const socket of [near, far]) socket.destroy();
    sockets.clear();
  };
  const line: Line = {
    port: (server.address() as AddressInfo).port,
    mode: 'pass',
    opened: 0,
    cut,
    forget() {
      for (const [near, far] of sockets) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
        far.resume();
      }
    },
    close() {
      server.close();
      cut();
    },
  };
  return line;
}
