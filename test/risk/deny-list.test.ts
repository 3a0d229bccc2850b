// Networks on the list of the app, and how an address may be written that is in one of them.
import { expect } from 'chai';
import { plainAddress, readDenyList } from '../../src/risk/deny-list.js';

describe('the deny list', () => {
  const isDenied = readDenyList(['198.51.100.0/24', '203.0.113.9', '2001:db8:bad::/48', '2001:db8::9']);

  const rows: [address: string | undefined, denied: boolean][] = [
    ['198.51.100.0', true],
    ['198.51.100.255', true],
    ['198.51.99.255', false],
    ['198.51.101.0', false],
    ['203.0.113.9', true],
    ['203.0.113.8', false],
    ['203.0.113.10', false],
    ['2001:db8:bad::', true],
    ['2001:db8:bad:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8:bae::', false],
    ['2001:db8::9', true],
    ['2001:db8::8', false],
    // Of a socket that hears both.
    ['::ffff:198.51.100.7', true],
    ['::FFFF:198.51.100.7', true],
    ['::ffff:198.51.99.7', false],
    ['2001:db8:bad::1%eth0', true],
    [undefined, false],
    ['', false],
    ['unknown', false],
  ];
  for (const [address, denied] of rows) {
    it(`has ${denied ? '' : 'not '}${JSON.stringify(address)}`, () => expect(isDenied(address)).to.equal(denied));
  }

  it('is empty where the app has none', () => {
    expect(readDenyList()('198.51.100.7')).to.equal(false);
    expect(readDenyList([])('198.51.100.7')).to.equal(false);
  });

  const refused: [what: string, networks: unknown][] = [
    ['an address with too few parts', ['198.51.100']],
    ['a name', ['example.org/24']],
    ['bits that are none', ['198.51.100.0/x']],
    ['no bits behind the stroke', ['198.51.100.0/']],
    ['bits with a sign', ['198.51.100.0/+8']],
    ['more bits than an address has', ['2001:db8::/129']],
    ['everybody, of IPv6', ['::/0']],
    ['two strokes', ['198.51.100.0/24/8']],
    ['a zone', ['fe80::1%eth0/64']],
    ['one text in the place of a list', '198.51.100.0/24'],
  ];
  for (const [what, networks] of refused) {
    it(`refuses ${what}`, () =>
      expect(() => readDenyList(networks as string[]))
        .to.throw(/riskByHistory: `denyList` has/)
        .with.property('code', 'config.invalid_option'));
  }

  it('takes the widest network and the narrowest of each family', () => {
    for (const network of ['198.0.0.0/1', '198.51.100.7/32', '2000::/1', '2001:db8::1/128'])
      expect(() => readDenyList([network]), network).not.to.throw();
  });
});

describe('an address without what does not belong to it', () => {
  const rows: [address: string | undefined, plain: string][] = [
    ['::ffff:192.0.2.128', '192.0.2.128'],
    ['::ffff:192.0.2.128%eth0', '192.0.2.128'],
    ['fe80::1%eth0', 'fe80::1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::192.0.2.1'],
    ['1::ffff:192.0.2.1', '1::ffff:192.0.2.1'],
    ['::ffff:192.0.2.1:80', '::ffff:192.0.2.1:80'],
    ['::ffff:c000:280', '::ffff:c000:280'],
    [undefined, ''],
  ];
  for (const [address, plain] of rows)
    it(`${JSON.stringify(address)} is ${JSON.stringify(plain)}`, () => expect(plainAddress(address)).to.equal(plain));
});
