// Which network an address is in, however the address is written.
import { expect } from 'chai';
import { networkOf } from '../../../src/core/kernel/network.js';

const cases: [address: string | undefined, network: string | undefined][] = [
  ['203.0.113.7', '203.0.113'],
  ['::ffff:203.0.113.7', '203.0.113'],
  ['::FFFF:203.0.113.7', '203.0.113'],
  ['2001:db8:1:2::7', '2001:db8:1'],
  ['2001:DB8:0001:2:3:4:5:6', '2001:db8:1'],
  ['2001:db8::', '2001:db8:0'],
  ['2001:db8::1:2:3', '2001:db8:0'],
  ['fe80::1%eth0', 'fe80:0:0'],
  ['::1', '0:0:0'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0'],
  ['255.255.255.255', '255.255.255'],
  ['256.0.113.7', undefined],
  ['203.0.256.7', undefined],
  ['0.0.0.0', '0.0.0'],
  ['1234.0.113.7', undefined],
  ['203.0.113.7.1', undefined],
  ['203.0.113.7 ', undefined],
  ['x203.0.113.7', undefined],
  ['2001:db8:ffff::', '2001:db8:ffff'],
  ['2001:db8:10000::', undefined],
  ['2001:db8:1:', '2001:db8:1'],
  ['2001:db8:g::', undefined],
  ['1:2:3:4:5:6:7:8', '1:2:3'],
  ['1::2:3:4:5:6:7', '1:0:2'],
  ['::2:3:4:5:6:7:8', '0:2:3'],
  ['999.0.113.7', undefined],
  ['203.0.113', undefined],
  ['2001:db8', undefined],
  ['/run/app.sock', undefined],
  ['', undefined],
  [undefined, undefined],
];

describe('the network of an address', () => {
  for (const [address, network] of cases) {
    it(`of ${address ?? 'nothing'} is ${network ?? 'none'}`, () => expect(networkOf(address)).to.equal(network));
  }
});
