// Stands in for directories that no test can start, such as Active Directory: takes any bind, and answers each search as the test
// says (RFC 4511). Asked for TLS it says what the test says.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { der } from './certificate.js';

/** As it was asked; of the filter each part with its value, as bytes in Latin-1. */
export type Asked = { base: string; scope: number; filter: string; attributes: string[]; bound: boolean };
export type Answered = {
  entries?: { dn: string; values: { [attribute: string]: (string | Buffer)[] } }[];
  referrals?: string[];
  code?: number;
};

export type LdapStandIn = {
  url: string;
  asked: Asked[];
  /** How many bound, or tried to. */
  binds(): number;
  /** Ends all connections. */
  cut(): void;
  close(): void;
};

type Tlv = { tag: number; value: Buffer; end: number };

/** One element at `from`; undefined while there is not all of it. */
function read(bytes: Buffer, from = 0): Tlv | undefined {
  const [tag, first] = [bytes[from], bytes[from + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (bytes.length < from + 2 + more) return undefined;
  const length = more === 0 ? first : bytes.readUIntBE(from + 2, more);
  const start = from + 2 + more;
  if (bytes.length < start + length) return undefined;
  return { tag, value: bytes.subarray(start, start + length), end: start + length };
}

function children(bytes: Buffer): Tlv[] {
  const found: Tlv[] = [];
  for (let tlv = read(bytes); tlv; tlv = read(bytes, tlv.end)) found.push(tlv);
  return found;
}

function filterText({ tag, value }: Tlv): string {
  const text = (tlv: Tlv | undefined) => tlv?.value.toString('latin1') ?? '';
  const all = () => children(value).map(filterText).join('');
  if (tag === 0xa0) return `(&${all()})`;
  if (tag === 0xa1) return `(|${all()})`;
  if (tag === 0x87) return `(${value.toString('latin1')}=*)`;
  const parts = children(value);
  if (tag === 0xa3) return `(${text(parts[0])}=${text(parts[1])})`;
  const part = (own: number) => text(parts.find((each) => each.tag === own));
  if (tag === 0xa9) return `(${part(0x82)}:${part(0x81)}:=${part(0x83)})`;
  return `(? ${tag.toString(16)})`;
}

const octets = (text: string | Buffer) => der(0x04, Buffer.from(text as string));
const result = (tag: number, code: number) => der(tag, der(0x0a, Buffer.from([code])), octets(''), octets(''));

export async function startLdapStandIn(
  answer: (asked: Asked) => Answered,
  { startTls = 2 }: { startTls?: number } = {},
): Promise<LdapStandIn> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let binds = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.setNoDelay();
    let bytes = Buffer.alloc(0);
    let bound = false;
    const reply = (id: Buffer, ...operations: Buffer[]) => {
      for (const operation of operations) socket.write(der(0x30, der(0x02, id), operation));
    };
    const search = (id: Buffer, operation: Tlv) => {
      const [base, scope, , , , , filter, wanted] = children(operation.value);
      const one: Asked = {
        base: base?.value.toString() ?? '',
        scope: scope?.value[0] ?? -1,
        filter: filter ? filterText(filter) : '',
        attributes: children(wanted?.value ?? Buffer.alloc(0)).map(({ value }) => value.toString()),
        bound,
      };
      asked.push(one);
      const { entries = [], referrals = [], code = 0 } = answer(one);
      const told = entries.map(({ dn, values }) => {
        const attributes = Object.entries(values).map(([name, all]) =>
          der(0x30, octets(name), der(0x31, ...all.map(octets))),
        );
        return der(0x64, octets(dn), der(0x30, ...attributes));
      });
      reply(id, ...told, ...referrals.map((url) => der(0x73, octets(url))), result(0x65, code));
    };
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let message = read(bytes); message; message = read(bytes)) {
        bytes = bytes.subarray(message.end);
        const [id, operation] = children(message.value);
        if (!id || !operation || operation.tag === 0x42) return void socket.end();
        if (operation.tag === 0x60) {
          bound = true;
          binds += 1;
          reply(id.value, result(0x61, 0));
        } else if (operation.tag === 0x63) search(id.value, operation);
        else reply(id.value, result(0x78, startTls));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `ldap://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    binds: () => binds,
    cut,
    close() {
      server.close();
      cut();
    },
  };
}
