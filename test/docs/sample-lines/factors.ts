// Samples of each factor by itself, with its options. In place of a provider stands an outbox.
import { expect } from 'chai';
import { outbox } from '../../../src/testing.js';
import { Browser, code } from '../../support/agent.js';
import { wrongFor } from '../../support/addresses.js';
import { options, type Line } from '../sample-attacks.js';
import { openSample } from '../sample-host.js';

function delivered(channel: 'email' | 'sms', provider: string) {
  const box = outbox(channel);
  return { lastCode: () => box.messages.at(-1)?.code ?? '', box, instead: { [provider]: () => box } };
}

const statusOf = async (answer: PromiseLike<{ status: number }>) => (await answer).status;

export const factors: Line[] = [
  {
    page: 'docs/factors/totp.md',
    heading: 'Authenticator apps',
    attack: 'a stolen password; a code twice',
    async holds(block) {
      const site = await options(block);
      const { secret } = await (await new Browser(site).signIn('tom')).enrollTotp();
      site.clock.advance(30);
      const right = code(secret, site.clock);
      const answers = [await new Browser(site).signIn('tom'), await new Browser(site).signIn('tom')];
      expect(await statusOf(answers[0]!.answer('totp', right))).to.equal(200);
      expect(await statusOf(answers[1]!.answer('totp', right))).to.equal(422);
      await answers[1]!.jsonGet('/account').expect(403);
    },
  },
  {
    page: 'docs/factors/webauthn.md',
    heading: 'Passkeys and security keys',
    attack: 'a stolen password',
    holds: (block) => options(block),
  },
  {
    page: 'docs/factors/backup-codes.md',
    heading: 'Backup codes',
    attack: 'a stolen password; a set that nobody has written down; a code twice',
    async holds(block) {
      const site = await openSample(block, { as: 'before' });
      const owner = await new Browser(site).signIn('ada');
      const { secret } = (await owner.jsonGet('/mfa/setup/totp').expect(200)).body as { secret: string };
      expect(await statusOf(owner.json('/mfa/setup/totp', { code: code(secret, site.clock) }))).to.equal(200);
      const { pending } = (await owner.jsonGet('/mfa/backup-codes').expect(200)).body as {
        pending: { codes: string[]; revealToken: string };
      };
      const { codes, revealToken } = pending;
      expect(codes).to.have.length(10);
      const confirm = (given: object) => statusOf(owner.json('/mfa/backup-codes/confirm', { revealToken, ...given }));
      expect(await confirm({ saved: 'yes' })).to.be.within(400, 422);
      expect(await confirm({ code: 'ABCD-EFGH' })).to.be.within(400, 422);
      await owner.jsonGet('/account').expect(403);
      expect(await confirm({ code: codes[0]! })).to.equal(200);
      await owner.jsonGet('/account').expect(200);
      for (const expected of [200, 422]) {
        const person = await new Browser(site).signIn('ada');
        await person.jsonGet('/account').expect(403);
        expect(await statusOf(person.answer('backup-codes', codes[0]))).to.equal(expected);
        expect((await person.jsonGet('/account')).status).to.equal(expected === 200 ? 200 : 403);
      }
    },
  },
  {
    page: 'docs/factors/email.md',
    heading: 'Codes by e-mail',
    attack: 'a stolen password; a wrong code, one that went to somebody else, one twice',
    async holds(block) {
      const { lastCode, box, instead } = delivered('email', 'smtpSender');
      const site = await options(block, { instead });
      for (const uid of ['tom', 'eve']) {
        const person = await new Browser(site).signIn(uid);
        expect(await statusOf(person.json('/mfa/setup/email/begin', { address: `${uid}@example.com` }))).to.equal(200);
        expect(await statusOf(person.json('/mfa/setup/email', { code: lastCode() }))).to.equal(200);
      }
      site.clock.advance(60);
      const begun = async (uid: string) => {
        const person = await new Browser(site).signIn(uid);
        expect(await statusOf(person.json('/mfa/verify/email/begin'))).to.equal(200);
        return { person, sent: lastCode() };
      };
      const eve = await begun('eve');
      const tom = await begun('tom');
      expect(box.messages.at(-1)).to.include({ to: 'tom@example.com', subject: 'Your Acme code' });
      expect(box.messages.at(-1)?.text).to.match(/^Hello,\n\n\d{6}\n\nis your code, valid until /);
      for (const wrong of [wrongFor(tom.sent), eve.sent])
        expect(await statusOf(tom.person.answer('email', wrong))).to.equal(422);
      await tom.person.jsonGet('/account').expect(403);
      expect(await statusOf(tom.person.answer('email', tom.sent))).to.equal(200);
      await tom.person.jsonGet('/account').expect(200);
      const again = await new Browser(site).signIn('tom');
      expect(await statusOf(again.answer('email', tom.sent))).to.be.within(400, 422);
    },
  },
  {
    page: 'docs/factors/sms.md',
    heading: 'Codes by SMS',
    attack: 'a stolen password; a number of a country that is not allowed; a wrong code',
    async holds(block) {
      const { lastCode, box, instead } = delivered('sms', 'twilioSender');
      const site = await openSample(block, { as: 'before', instead });
      const owner = await new Browser(site).signIn('ada');
      const begin = (address: string) => statusOf(owner.json('/mfa/setup/sms/begin', { address }));
      for (const elsewhere of ['+15550100777', '+447700900123', '+881612345678'])
        expect(await begin(elsewhere), elsewhere).to.be.within(400, 422);
      expect(box.messages).to.have.length(0);
      // Of the country that is said to be the usual one.
      expect(await begin('079 123 45 67')).to.equal(200);
      expect(box.messages.at(-1)?.to).to.equal('+41791234567');
      expect(await statusOf(owner.json('/mfa/setup/sms', { code: lastCode() }))).to.equal(200);
      site.clock.advance(60);
      const thief = await new Browser(site).signIn('ada');
      await thief.jsonGet('/account').expect(403);
      expect((await thief.jsonGet('/mfa/setup/webauthn')).status).to.be.within(400, 403);
      expect(await statusOf(thief.json('/mfa/verify/sms/begin'))).to.equal(200);
      expect(await statusOf(thief.answer('sms', wrongFor(lastCode())))).to.equal(422);
      await thief.jsonGet('/account').expect(403);
      expect(await statusOf(thief.answer('sms', lastCode()))).to.equal(200);
      await thief.jsonGet('/account').expect(200);
    },
  },
];
