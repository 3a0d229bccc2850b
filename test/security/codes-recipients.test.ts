// Attack: a second recipient or a header smuggled into an address, by CR/LF, commas, lists, quotes or look-alikes; and
// numbers that cost the sender extra.
// Rule: an address is parsed to one normal form wherever it comes from, the host included; countries can be named.
// Answer: refused before anything is reserved or sent, to people and to the host alike; no sender ever sees two.
import { expect } from 'chai';
import type { Message } from '../../src/index.js';
import { codesApp, known, said, signIn, signUp } from '../support/codes.js';
import { addresses, kinds, otherAddresses, type Kind } from '../support/addresses.js';

const smuggled: { [kind in Kind]: unknown[] } = {
  email: [
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'a@example.com b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\nb@example.com',
    'a@example.com\u2028b@example.com',
    'a@example.com\0',
    'Ann <a@example.com>',
    '"a@example.com, b"@example.com',
    'a(b@example.com)@example.com',
    'a@example.com%0d%0aBcc:b@example.com',
    'a@[127.0.0.1]',
    'a@b@example.com',
    'a@example.com\uff0cb@example.com',
    'mailto:a@example.com?bcc=b@example.com',
    ['a@example.com', 'b@example.com'],
    { address: 'a@example.com' },
    `${'a'.repeat(250)}@example.com`,
  ],
  sms: [
    '+41791234567,+41791234568',
    '+41791234567;+41791234568',
    '+41791234567\n+41791234568',
    '+41791234567\r\nX: y',
    '+41791234567 +41791234568',
    '+41791234567;ext=1',
    '+41791234567\u2028',
    '\uff0b41791234567,1',
    ['+41791234567', '+41791234568'],
    { address: '+41791234567' },
    `+41${'7'.repeat(100)}`,
  ],
};

/** Premium rate, shared cost, toll-free, pager, satellite and international premium networks. */
const dear = ['+41900123456', '+449098790000', '+41840123456', '+41800123456', '+881612345678', '+979123456789'];

for (const kind of kinds) {
  describe(`a recipient smuggled into an address by ${kind}`, () => {
    /** An app whose sender checks nothing itself. */
    async function start(people: { [uid: string]: object } = {}) {
      const to: string[] = [];
      const sender = { channel: kind, send: async (message: Message) => void to.push(message.to) };
      return { to, app: await codesApp({ people, [kind]: { sender }, delivers: true, freshSeconds: 86_400 }) };
    }

    it('is refused when a person types it, and no limit is used up by it', async () => {
      const { to, app } = await start();
      const person = await signIn(app, 'eve');
      for (const address of smuggled[kind]) {
        const answer = await person.json(`/mfa/setup/${kind}/begin`, { address });
        expect(said(answer), JSON.stringify(address)).to.equal('400 request.invalid');
        expect(answer.body.field).to.equal('address');
      }
      const form = { 'address[]': addresses[kind], address: smuggled[kind][0] as string };
      expect((await person.form(`/mfa/setup/${kind}/begin`, form)).status).to.equal(400);
      expect(to).to.deep.equal([]);
      expect((await person.json(`/mfa/setup/${kind}/begin`, { address: addresses[kind] })).status).to.equal(200);
      expect(to).to.deep.equal([addresses[kind]]);
    });

    it('is neither bound nor written to when it comes from the host', async () => {
      for (const address of smuggled[kind].filter((each) => typeof each === 'string')) {
        const { to, app } = await start({ ada: known(kind, address) });
        const person = await signUp(app, 'ada');
        expect((await person.jsonGet('/mfa')).body.authenticators, address).to.deep.equal([]);
        await app.mfa.settled();
        expect(to).to.deep.equal([]);
      }
    });

    it('reaches no notice either', async () => {
      const { to, app } = await start({ ada: known(kind) });
      const person = await signUp(app, 'ada');
      await person.saveCodes();
      await app.mfa.settled();
      to.length = 0;
      for (const address of smuggled[kind].filter((each) => typeof each === 'string')) {
        app.people.ada = known(kind, address);
        app.clock.advance(1200);
        await person.json('/mfa/backup-codes/generate');
        await person.saveCodes();
      }
      await app.mfa.settled();
      expect(to.length).to.be.above(0);
      expect(new Set(to)).to.deep.equal(new Set([addresses[kind]]));
    });
  });
}

describe('toll fraud', () => {
  it('gets no code sent to a number that costs extra, typed or known to the host', async () => {
    const app = await codesApp({ people: Object.fromEntries(dear.map((number) => [number, known('sms', number)])) });
    const person = await signIn(app, 'eve');
    for (const address of dear) {
      const answer = await person.json('/mfa/setup/sms/begin', { address });
      expect(said(answer), address).to.equal('400 request.invalid');
      const owner = await signUp(app, address);
      expect((await owner.jsonGet('/mfa')).body.authenticators, address).to.deep.equal([]);
    }
    expect(app.codes()).to.have.length(0);
  });

  it('gets no code sent to a country that is not named, whose prefix looks like one that is', async () => {
    const app = await codesApp({ sms: { allowedCountries: ['US', 'GB'], defaultCountry: 'US' } });
    const person = await signIn(app, 'eve');
    // Jamaica and the Dominican Republic share +1, Jersey shares +44.
    for (const address of ['+18762101234', '+18092345678', '+447797712345', '+37120123456', '00 371 20123456']) {
      const answer = await person.json('/mfa/setup/sms/begin', { address });
      expect(said(answer), address).to.equal('400 request.invalid');
    }
    expect((await person.json('/mfa/setup/sms/begin', { address: '(212) 555-2368' })).status).to.equal(200);
    expect(app.codes().map(({ to }) => to)).to.deep.equal(['+12125552368']);
  });

  it('gets no code to a number bound before its country was left out', async () => {
    const before = await codesApp();
    const person = await signIn(before, 'ada');
    await person.json('/mfa/setup/sms/begin', { address: otherAddresses.sms });
    await person.json('/mfa/setup/sms', { code: before.lastCode('sms') });
    const { store } = before.mfa.config;
    const after = await codesApp({ store, clock: before.clock, sms: { allowedCountries: ['DE'] } });
    const back = await signIn(after, 'ada');
    expect(said(await back.json('/mfa/verify/sms/begin'))).to.equal('400 session.mfa.mfa_factor_not_enabled');
    expect(after.codes()).to.have.length(0);
  });
});
