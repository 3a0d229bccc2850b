// Binding an address by a code that was sent to it.
import { expect } from 'chai';
import { isMalformed } from '../../../src/core/kernel/factor.js';
import { must, startCodes } from './fixture.js';
import { saidOf } from '../../support/core-person.js';
import { tally } from '../../support/tally.js';
import { addresses, kinds, otherAddresses } from '../../support/addresses.js';

for (const kind of kinds) {
  describe(`binding an address for codes by ${kind}`, () => {
    it('sends a code of usage BindMFA to it, and binds it sealed once the code is entered', async () => {
      const codes = startCodes(kind);
      const session = codes.session();
      const masked = kind === 'email' ? 'ale***@example.com' : '***67';
      const { begun } = must(await session.begin());
      expect(codes.outbox.messages).to.have.length(1);
      expect(codes.outbox.messages[0]).to.include({ to: addresses[kind], usage: 'BindMFA', expiresInMinutes: 10 });
      const { now } = codes.kernel.clock;
      expect(begun?.shown).to.deep.equal({
        masked,
        address: addresses[kind],
        sentAt: now,
        expiresAt: now + 600,
        resendAfter: now + 30,
        number: 1,
        digits: 6,
      });
      must(await session.confirm(codes.lastCode()));
      const record = await codes.kernel.recordOf('ann');
      expect(JSON.stringify(record)).not.to.include(addresses[kind]);
      const [own] = record.authenticators;
      expect(codes.factor.addressOf(session.context, own!)).to.equal(addresses[kind]);
      expect(codes.factor.describe?.(session.context, own!)).to.deep.equal({ masked });
    });

    it('replaces the one before only when the new one is confirmed', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const { addressId } = await codes.dataOf();
      const session = codes.session();
      const { authenticators: own, epoch } = await codes.kernel.recordOf('ann');
      session.asker.signIn.epoch = epoch;
      session.asker.signIn.proofs = [
        { kind, authenticatorId: own[0]!.id, at: codes.kernel.clock.now, userVerified: false },
      ];
      must(await session.begin(otherAddresses[kind]));
      expect((await codes.dataOf()).addressId).to.equal(addressId);
      must(await session.confirm(codes.lastCode()));
      const after = (await codes.kernel.recordOf('ann')).authenticators;
      expect(after).to.have.length(1);
      expect(codes.factor.addressOf(session.context, after[0]!)).to.equal(otherAddresses[kind]);
    });

    it('compares exactly as many of 50 parallel guesses as the code has tries', async () => {
      const codes = startCodes(kind, { tries: 3 });
      const elsewhere = startCodes(kind, { tries: 3 }, { beside: codes.kernel });
      must(await codes.session().begin());
      const wrong = codes.wrongCode();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? codes : elsewhere).session().confirm(wrong)),
      );
      expect(tally(outcomes.map(saidOf))).to.deep.equal({
        'verification_code.code_mismatch': 3,
        'verification_code.exceed_max_try': 47,
      });
      expect(saidOf(await codes.session().confirm(codes.lastCode()))).to.equal('verification_code.exceed_max_try');
    });

    it('is expired after its life, and unconfirmed by another session', async () => {
      const codes = startCodes(kind);
      const session = codes.session();
      must(await session.begin());
      expect((await codes.session('another').confirm(codes.lastCode())).accepted).to.equal(false);
      codes.kernel.clock.now += 600;
      expect(await session.confirm(codes.lastCode())).to.deep.include({
        reason: 'verification_code.expired',
        details: { expiredAt: codes.kernel.clock.now },
      });
    });

    it('accepts no code that was made to confirm a known address', async () => {
      const codes = startCodes(kind);
      const { context } = codes.session();
      const { enrollment } = codes.factor;
      const begun = await enrollment.begin(context, [], { address: addresses[kind], purpose: 'confirm' });
      expect(codes.outbox.messages[0]).to.include({ usage: 'MfaVerification' });
      const swapped = { ...begun, secret: { ...(begun.secret as object), purpose: 'bind' } };
      const evidence = await enrollment.weigh(context, [], { code: codes.lastCode() }, swapped);
      expect(enrollment.judge(context, [], evidence)).to.include({ reason: 'verification_code.code_mismatch' });
      const honest = await enrollment.weigh(context, [], { code: codes.lastCode() }, begun);
      expect(enrollment.judge(context, [], honest).is).to.equal('right');
    });

    it('takes only the address from what was typed', () => {
      const { enrollment } = startCodes(kind).factor;
      const typed = { address: ` ${addresses[kind]} `, purpose: 'confirm', addressId: 'x' };
      expect(enrollment.parseBegin?.(typed)).to.deep.equal({ address: addresses[kind] });
      for (const body of [null, [], 'text', {}, { address: 5 }, { address: [addresses[kind]] }, { address: '' }]) {
        const parsed = enrollment.parseBegin?.(body);
        expect(parsed).to.deep.include({
          details: { field: 'address', hint: kind === 'email' ? 'email.missing' : 'phone.missing' },
        });
        expect(isMalformed(parsed)).to.equal(true);
      }
    });
  });

  describe(`an address for ${kind} that the host app verified`, () => {
    const host = (address: string, verified = true) =>
      kind === 'email' ? { email: address, emailVerified: verified } : { phone: address, phoneVerified: verified };
    const contextWith = (codes: ReturnType<typeof startCodes>, address: string, verified?: boolean) =>
      codes.session('flow', host(address, verified)).context;

    it('is adopted without a code; an unverified or unusable one is not', async () => {
      const codes = startCodes(kind);
      const data = await codes.factor.adopt?.(contextWith(codes, addresses[kind]));
      expect(codes.factor.vouchedAddress(contextWith(codes, addresses[kind]))).to.equal(addresses[kind]);
      expect(codes.factor.vouchedAddress(contextWith(codes, addresses[kind], false))).to.equal(undefined);
      expect(data).to.include({ vouched: true });
      expect(JSON.stringify(data)).not.to.include(addresses[kind]);
      expect(await codes.factor.adopt?.(contextWith(codes, addresses[kind], false))).to.equal(undefined);
      expect(await codes.factor.adopt?.(contextWith(codes, `${addresses[kind]},x`))).to.equal(undefined);
      expect(await codes.factor.adopt?.(codes.session().context)).to.equal(undefined);
      expect(codes.outbox.messages).to.have.length(0);
    });

    it('is followed when it changes, but not where the person bound an address of their own', async () => {
      const codes = startCodes(kind);
      const same = contextWith(codes, addresses[kind]);
      const data = (await codes.factor.adopt?.(same)) ?? null;
      const own = { id: 'a', kind, createdAt: 0, data };
      expect(codes.factor.follow(same, own)).to.equal(undefined);
      const changed = contextWith(codes, otherAddresses[kind]);
      const followed = codes.factor.follow(changed, own) ?? null;
      expect(codes.factor.addressOf(changed, { ...own, data: followed })).to.equal(otherAddresses[kind]);
      await codes.bind();
      const [bound] = (await codes.kernel.recordOf('ann')).authenticators;
      expect(codes.factor.follow(changed, bound!)).to.equal(undefined);
    });
  });
}
