// A connection to a directory on which the app's account is bound: the only file that knows ldapts. It never speaks unbound, and a
// search that was cut short is none.
import type * as Ldapts from 'ldapts';
import { MfaError } from '../core/words/errors.js';
import { serverName, type LdapSettings } from './options.js';

/** An entry: its name, and what was asked of it, by names in small letters. */
export type Entry = { dn: string; values: ReadonlyMap<string, readonly (string | Buffer)[]> };

export type Search = {
  base: string;
  scope?: 'base';
  /** As RFC 4515 has it, or bytes that an attribute is. */
  filter: string | { attribute: string; bytes: Buffer };
  attributes: string[];
  /** Of those, what is told as bytes. */
  binary?: string[];
};

/** `left`: within how many milliseconds. */
export type Connection = {
  readonly isOpen: boolean;
  readonly isActiveDirectory: boolean;
  search(search: Search, left: number): Promise<Entry[]>;
  close(): void;
};

/** Thrown for a refusal that the directory itself answered (RFC 4511 §4.1.9): asking again on another connection is of no use. */
export function isRefusal(error: unknown): boolean {
  return typeof (error as { code?: unknown } | undefined)?.code === 'number' || error instanceof CutShort;
}

/** What was answered is not all. */
export class CutShort extends Error {}

const tlsOf = (settings: LdapSettings) => {
  const { host, tls } = settings;
  const { ca, ...rest } = tls;
  const servername = serverName(settings);
  return {
    ...rest,
    ...(ca === undefined ? {} : { ca: [ca].flat() }),
    // Whose certificate it must be; without it a socket that is there already is compared with `localhost`.
    host: host.replace(/^\[|\]$/g, ''),
    ...(servername === undefined ? {} : { servername }),
    minVersion: 'TLSv1.2' as const,
    // Whatever the environment says.
    rejectUnauthorized: true,
  };
};

/** @throws what the network, TLS or the directory said */
export async function dial(settings: LdapSettings, left: () => number): Promise<Connection> {
  const ldapts = await load();
  const { url, how, bindDn, bindPassword, nested } = settings;
  const client = new ldapts.Client({
    url,
    // For as long as it is kept; each task has less.
    timeout: 2000,
    connectTimeout: left(),
    ...(how === 'ldaps' ? { tlsOptions: tlsOf(settings) } : {}),
  });
  const close = () => void client.unbind().catch(() => undefined);
  const connection = connectionOf(ldapts, client, close);
  try {
    await within(left(), close, async () => {
      if (how === 'start-tls') await client.startTLS(tlsOf(settings));
      // The client would connect anew by itself: in the clear.
      if (how === 'start-tls' && !client.isConnected) throw new Error('The connection closed before it was bound.');
      await client.bind(bindDn, bindPassword);
    });
    if (!nested) return connection;
    const isActiveDirectory = await asksActiveDirectory(connection, left());
    return {
      ...connection,
      isActiveDirectory,
      get isOpen() {
        return connection.isOpen;
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

function connectionOf(ldapts: typeof Ldapts, client: Ldapts.Client, close: () => void): Connection {
  return {
    isActiveDirectory: false,
    get isOpen() {
      return client.isConnected;
    },
    async search({ base, scope, filter, attributes, binary = [] }, left) {
      // The client would connect anew by itself, and ask as nobody, who sees less.
      if (!client.isConnected) throw new Error('The connection was lost.');
      const asked =
        typeof filter === 'string'
          ? filter
          : new ldapts.EqualityFilter({ attribute: filter.attribute, value: filter.bytes });
      // Neither in pages nor with a limit of ours: of both the client takes what came for all. Referrals are not followed.
      const { searchEntries } = await within(left, close, () =>
        client.search(base, { scope: scope ?? 'sub', filter: asked, attributes, explicitBufferAttributes: binary }),
      );
      return searchEntries.map(({ dn, ...rest }) => ({
        dn,
        values: new Map(Object.entries(rest).map(([name, values]) => [name.toLowerCase(), [values].flat()])),
      }));
    },
    close,
  };
}

/** Its own word for itself, which each directory tells of itself (MS-ADTS §3.1.1.3.4.3). */
async function asksActiveDirectory(connection: Connection, left: number): Promise<boolean> {
  const attributes = ['supportedCapabilities'];
  const [root] = await connection.search({ base: '', scope: 'base', filter: '(objectClass=*)', attributes }, left);
  return root?.values.get('supportedcapabilities')?.includes('1.2.840.113556.1.4.800') === true;
}

/** @param close ends what is late */
async function within<T>(left: number, close: () => void, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        close();
        reject(new Error('The directory did not answer in time.'));
      },
      Math.max(0, left),
    );
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws MfaError `config.peer_missing` */
export async function load(): Promise<typeof Ldapts> {
  return import('ldapts').catch((cause: unknown) => {
    const told = 'ldapDirectory asks by the package ldapts, which cannot be loaded. Install it: npm install ldapts';
    throw new MfaError('config.peer_missing', told, { cause });
  });
}
