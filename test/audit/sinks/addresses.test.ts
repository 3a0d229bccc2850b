// To which addresses a webhook may be posted.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import type { LookupFunction } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { isPublic, publicLookup, requirePublicLiteral } from '../../../src/audit/sinks/addresses.js';

const hex = (a: number, b: number) => ((a << 8) | b).toString(16);

describe('an address that a webhook may be posted to', () => {
  it('is one of the public Internet', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '100.63.255.255',
      '100.128.0.0',
      '172.15.0.1',
      '172.32.0.1',
      '2606:4700::1111',
      '2a00::1',
    ])
      expect(isPublic(address), address).to.equal(true);
  });

  it('is none of a private network, of this machine, of the link, or of a group', () => {
    const refused = [
      ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254'],
      ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.168.0.1', '198.18.0.1', '224.0.0.1', '239.1.1.1'],
      ...['255.255.255.255', '240.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '192.0.0.1'],
      ...['::', '::1', 'fe80::1', 'fec0::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '2001:db8::1', '2001::1', '100::1'],
      ...['fe80::1%eth0', '2606:4700::1111%eth0', '', 'localhost', '1.2.3', '0x7f.0.0.1', '4000::1'],
      // A public IPv4 address in it, but where it means nothing.
      ...['0:0:0:0:1:ffff:101:101', '::1:101:101', '64:ff9b:2::101:101', '64:ff9b:0:1::101:101', '64:ff9b::1:101:101'],
      ...['64:ff9c::101:101', '65:ff9b::101:101'],
    ];
    for (const address of refused) expect(isPublic(address), address).to.equal(false);
  });

  it('is judged by the IPv4 address inside it: mapped, compatible, NAT64, 6to4', () => {
    fc.assert(
      fc.property(fc.tuple(...Array(4).fill(fc.integer({ min: 0, max: 255 }))), (bytes) => {
        const [a, b, c, d] = bytes as [number, number, number, number];
        const plain = bytes.join('.');
        const words = `${hex(a, b)}:${hex(c, d)}`;
        const wrapped = [
          `::ffff:${plain}`,
          `::ffff:${words}`,
          `0:0:0:0:0:ffff:${words}`,
          `64:ff9b::${plain}`,
          `64:ff9b::${words}`,
          `64:ff9b:1::${words}`,
          `2002:${words}::1`,
          ...(a === 0 ? [] : [`::${plain}`]),
        ];
        for (const address of wrapped) expect(isPublic(address), address).to.equal(isPublic(plain));
      }),
      { examples: [[[127, 0, 0, 1]], [[198, 51, 100, 1]], [[169, 254, 169, 254]], [[10, 0, 0, 1]], [[1, 1, 1, 1]]] },
    );
  });

  it('is asked for where a host is an address, in brackets too', () => {
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:7f00:1]']) expect(() => requirePublicLiteral(host)).to.throw();
    for (const host of ['1.1.1.1', '[2606:4700::1111]', 'siem.example']) requirePublicLiteral(host);
  });
});

describe('the name of a host that a webhook is posted to', () => {
  const { lookup } = dns;
  afterEach(() => answerAs(lookup));

  /** What resolves names on this machine, for this process. */
  function answerAs(resolver: unknown) {
    dns.lookup = resolver as typeof lookup;
    syncBuiltinESMExports();
  }

  function ask(addresses: { address: string; family: number }[] | Error, all: boolean) {
    const asked: unknown[] = [];
    answerAs((host: string, options: object, done: (error: Error | null, found?: unknown) => void) => {
      asked.push([host, options]);
      if (addresses instanceof Error) done(addresses);
      else done(null, addresses);
    });
    return new Promise<unknown>((resolve) => {
      const done: Parameters<LookupFunction>[2] = (error, found, family) =>
        resolve(error ? [error.code, error.message] : { asked, found, family });
      publicLookup('siem.example', { family: 0, all }, done);
    });
  }

  const [first, second] = [
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];
  const inside = { address: '10.0.0.1', family: 4 };

  it('stands for all of its addresses where they are public, or for the first, as the socket asks', async () => {
    const asked = [['siem.example', { family: 0, all: true }]];
    expect(await ask([first, second], true)).to.deep.equal({ asked, found: [first, second], family: undefined });
    expect(await ask([second, first], false)).to.deep.equal({ asked, found: second.address, family: 6 });
  });

  it('leads nowhere where one of its addresses is not public, whichever, or where it has none', async () => {
    const refusal = ['EPRIVATE', 'siem.example leads to an address that is not public'];
    for (const found of [[first, inside], [inside, first], [inside], []])
      for (const all of [true, false]) expect(await ask(found, all), JSON.stringify(found)).to.deep.equal(refusal);
  });

  it('leads nowhere where it is not known', async () => {
    const unknown = Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    expect(await ask(unknown, true)).to.deep.equal(['ENOTFOUND', 'unknown']);
  });
});
