// Answers to a code that was sent: the order of what is checked, and what each costs.
import { expect } from 'chai';
import type { Message } from '../../../src/core/kernel/ports.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { outboxSender } from '../../../src/senders/outbox-sender.js';
import { applied } from '../../../src/testing/factor-contract.js';
import { must, startCodes } from './fixture.js';
import { saidOf } from '../../support/core-person.js';
import { tally } from '../../support/tally.js';
import { addresses, kinds, otherAddresses } from '../../support/addresses.js';

for (const kind of kinds) {
  describe(`a code by ${kind}, checked in order`, () => {
    it('is refused where none is pending, and costs no attempt', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      expect(saidOf(await codes.session().answer('123456'))).to.equal('verification_code.not_found');
      expect((await codes.kernel.recordOf('ann')).attempts).to.deep.equal({});
    });

    it('is refused as sent elsewhere when the address has changed since, before anything else', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const { context } = codes.session();
      const begun = await codes.factor.issue?.(context, (await codes.kernel.recordOf('ann')).authenticators);
      const moved = startCodes(kind);
      await moved.bind('ann', otherAddresses[kind]);
      const own = (await moved.kernel.recordOf('ann')).authenticators;
      const late = { ...context, now: context.now + 601 };
      const verdict = codes.factor.judge(
        late,
        own,
        await codes.factor.weigh(late, own, { code: codes.lastCode() }, begun),
      );
      const reason = kind === 'email' ? 'verification_code.email_mismatch' : 'verification_code.phone_mismatch';
      expect(verdict).to.deep.equal({ is: 'wrong', reason, attempt: false });
    });

    it('is accepted in its last second, expired from then on, and not found after twice its life', async () => {
      const codes = startCodes(kind, { expiresInSeconds: 120 });
      await codes.bind();
      const session = codes.session();
      must(await session.send());
      const sentAt = codes.kernel.clock.now;
      const code = codes.lastCode();
      for (const [age, word] of [
        [120, 'verification_code.expired'],
        [239, 'verification_code.expired'],
        [240, 'verification_code.not_found'],
      ] as const) {
        codes.kernel.clock.now = sentAt + age;
        expect(saidOf(await session.answer(code)), `${age} s`).to.equal(word);
      }
      expect((await codes.kernel.recordOf('ann')).attempts).to.deep.equal({});
      must(await session.send());
      codes.kernel.clock.now += 119;
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('accepted');
    });

    it('says expired, not spent, of a code that is both', async () => {
      const codes = startCodes(kind, { tries: 1, expiresInSeconds: 60 });
      await codes.bind();
      const session = codes.session();
      must(await session.send());
      await session.answer(codes.wrongCode());
      codes.kernel.clock.now += 60;
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('verification_code.expired');
    });

    it('is spent after its tries, right answer included, and counts each wrong one down', async () => {
      const codes = startCodes(kind, { tries: 3 });
      await codes.bind();
      const session = codes.session();
      must(await session.send());
      for (const remainingAttempts of [2, 1, 0]) {
        expect(await session.answer(codes.wrongCode())).to.deep.include({
          reason: 'verification_code.code_mismatch',
          details: { remainingAttempts },
        });
      }
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('verification_code.exceed_max_try');
      const { failures } = (await codes.kernel.recordOf('ann')).attempts[`${kind}/unknown`] ?? {};
      expect(failures, 'what was not compared is no attempt').to.equal(3);
    });

    it('tells the smaller of what the code and the person have left', async () => {
      const codes = startCodes(kind, { tries: 10 });
      await codes.bind();
      const session = codes.session();
      must(await session.send());
      const first = await session.answer(codes.wrongCode());
      expect(first).to.deep.include({ details: { remainingAttempts: 4 } });
    });

    it('does not get new tries for the person by a resend', async () => {
      const codes = startCodes(kind, { tries: 3 });
      await codes.bind();
      const session = codes.session();
      for (let sent = 0; sent < 2; sent += 1) {
        must(await session.send());
        await session.answer(codes.wrongCode());
        await session.answer(codes.wrongCode());
        codes.kernel.clock.now += 30;
      }
      must(await session.send());
      await session.answer(codes.wrongCode());
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('session.verification_blocked_too_many_attempts');
    });
  });

  describe(`a code by ${kind} that was accepted`, () => {
    it('is not found again', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const session = codes.session();
      must(await session.send());
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('accepted');
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('verification_code.not_found');
    });

    it('is found used by the record alone, before the ceremony is tidied away', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const { context } = codes.session();
      const { authenticators: own } = await codes.kernel.recordOf('ann');
      const begun = await codes.factor.issue?.(context, own);
      const evidence = await codes.factor.weigh(context, own, { code: codes.lastCode() }, begun);
      const verdict = codes.factor.judge(context, own, evidence);
      expect(verdict.is).to.equal('right');
      expect(codes.factor.judge(context, applied(own, verdict), evidence)).to.deep.equal({
        is: 'wrong',
        reason: 'verification_code.not_found',
        attempt: false,
      });
    });

    it('is accepted exactly once of 50 parallel answers in two processes', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const elsewhere = startCodes(kind, {}, { beside: codes.kernel });
      must(await codes.session().send());
      const code = codes.lastCode();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? codes : elsewhere).session().answer(code)),
      );
      expect(tally(outcomes.map(saidOf))).to.deep.equal({ accepted: 1, 'verification_code.not_found': 49 });
    });
  });

  describe(`guessing a code by ${kind}`, () => {
    it('is compared exactly as often as the code has tries, by 50 parallel guesses in two processes', async () => {
      const codes = startCodes(kind, { tries: 3 });
      await codes.bind();
      const elsewhere = startCodes(kind, { tries: 3 }, { beside: codes.kernel });
      must(await codes.session().send());
      const wrong = codes.wrongCode();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? codes : elsewhere).session().answer(wrong)),
      );
      expect(tally(outcomes.map(saidOf))).to.deep.equal({
        'verification_code.code_mismatch': 3,
        'verification_code.exceed_max_try': 47,
      });
    });

    it('is wrong with the code of another session, whose own code stays valid', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const [mine, theirs] = [codes.session('mine'), codes.session('theirs')];
      must(await mine.send());
      const code = codes.lastCode();
      must(await theirs.send());
      const other = codes.lastCode();
      if (code !== other) expect(saidOf(await theirs.answer(code))).to.equal('verification_code.code_mismatch');
      expect(saidOf(await mine.answer(code))).to.equal('accepted');
      expect(saidOf(await theirs.answer(other))).to.equal('accepted');
    });

    it('is wrong with a code whose ceremony was carried over to another person', async () => {
      const codes = startCodes(kind);
      await codes.bind('ann');
      const { context } = codes.session();
      const { authenticators: own } = await codes.kernel.recordOf('ann');
      const begun = await codes.factor.issue?.(context, own);
      const stranger = { ...context, flowId: 'another' };
      const evidence = await codes.factor.weigh(stranger, own, { code: codes.lastCode() }, begun);
      expect(codes.factor.judge(stranger, own, evidence)).to.include({ reason: 'verification_code.code_mismatch' });
    });
  });

  describe(`a new code by ${kind}`, () => {
    it('ends the one before in the same session; page and message number them', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const session = codes.session();
      const first = must(await session.send());
      const old = codes.lastCode();
      codes.kernel.clock.now += 30;
      const second = must(await session.send());
      expect([first.shown, second.shown]).to.have.nested.property('[0].number', 1);
      expect(second.shown).to.include({ number: 2, sentAt: codes.kernel.clock.now });
      expect(codes.outbox.messages.at(-1)?.text).to.match(/no\. 2\b/);
      if (old !== codes.lastCode()) {
        expect(saidOf(await session.answer(old))).to.equal('verification_code.code_mismatch');
      }
      expect(saidOf(await session.answer(codes.lastCode()))).to.equal('accepted');
    });

    it('that could not be sent leaves the one before valid', async () => {
      let broken = false;
      const outbox = outboxSender(kind);
      const sender = {
        channel: kind,
        send: async (message: Message) => (broken ? Promise.reject(new Error('down')) : outbox.send(message)),
      };
      const codes = startCodes(kind, { sender });
      const setUp = codes.session('set-up');
      must(await setUp.begin());
      must(await setUp.confirm(outbox.messages.at(-1)?.code ?? ''));
      const session = codes.session();
      must(await session.send());
      const code = outbox.messages.at(-1)?.code ?? '';
      broken = true;
      codes.kernel.clock.now += 30;
      expect(saidOf(await session.send())).to.equal('connector.send_failed');
      expect(saidOf(await session.answer(code))).to.equal('accepted');
    });

    it('goes to the address in the record and keeps neither it nor itself in clear', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const { authenticators: own } = await codes.kernel.recordOf('ann');
      const begun = await codes.factor.issue?.(codes.session().context, own);
      expect(codes.outbox.messages.at(-1)?.to).to.equal(addresses[kind]);
      const kept = JSON.stringify([begun, own]);
      expect(kept).not.to.include(codes.lastCode());
      expect(kept).not.to.include(addresses[kind]);
    });
  });

  describe(`the record of codes by ${kind}`, () => {
    it('forgets a code once it could no longer be told from none', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      for (let round = 0; round < 3; round += 1) {
        const session = codes.session(`round ${round}`);
        must(await session.send());
        await session.answer(codes.wrongCode());
        must(await session.answer(codes.lastCode()));
        expect(Object.keys((await codes.dataOf()).codes)).to.have.length(1);
        codes.kernel.clock.now += 1201;
      }
    });

    it('is sealed anew under the newest secret when it is next written', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const [older, newer] = ['the older secret of thirty-two bytes', 'the newer secret of thirty-two bytes'];
      const before = createSealer({ secrets: [older], namespace: 'tests' });
      const after = createSealer({ secrets: [newer, older], namespace: 'tests' });
      const context = { ...codes.session().context, sealer: before };
      const data = await codes.factor.adopt?.({
        ...context,
        user: {
          ...context.user,
          email: addresses.email,
          emailVerified: true,
          phone: addresses.sms,
          phoneVerified: true,
        },
      });
      const own = [{ id: 'a', kind, createdAt: 0, data: data ?? null }];
      const begun = await codes.factor.issue?.(context, own);
      const rotated = { ...context, sealer: after };
      const evidence = await codes.factor.weigh(rotated, own, { code: codes.lastCode() }, begun);
      const verdict = codes.factor.judge(rotated, own, evidence);
      const written = verdict.is === 'right' ? (verdict.data as { address: string }) : expect.fail(verdict.is);
      expect(after.isCurrent(written.address)).to.equal(true);
      expect(codes.factor.addressOf(rotated, { ...own[0]!, data: written })).to.equal(addresses[kind]);
    });
  });
}
