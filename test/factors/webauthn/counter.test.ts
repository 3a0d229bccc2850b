// The signature counter and the backup flags over the life of a passkey: what may change, and what gives a copy away.
import { expect } from 'chai';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { createPerson, requestOptions, origin } from '../../support/webauthn-person.js';

const cloned = { is: 'session.mfa.webauthn_verification_failed', hint: 'webauthn.perhaps_cloned' };

describe('the signature counter', () => {
  it('may stay at zero for ever', async () => {
    const authenticator = softAuthenticator({ counter: 'zero' });
    const person = createPerson();
    await person.enroll(authenticator);
    for (let use = 0; use < 3; use += 1) expect(await person.verify(authenticator)).to.include({ is: 'right' });
    expect(person.passkey().counter).to.equal(0);
  });

  it('is kept as it grows', async () => {
    const authenticator = softAuthenticator({ counter: 'growing' });
    const person = createPerson();
    await person.enroll(authenticator);
    for (let use = 1; use <= 3; use += 1) {
      await person.verify(authenticator);
      expect(person.passkey().counter).to.equal(use);
    }
  });

  for (const [name, counter] of [
    ['the same', 5],
    ['a smaller one', 4],
    ['zero after it had counted', 0],
  ] as const) {
    it(`gives a copy away: refuses ${name}, flags the passkey and tells it`, async () => {
      const authenticator = softAuthenticator();
      const person = createPerson();
      await person.enroll(authenticator, { counter: 5 });
      const refused = await person.verify(authenticator, { counter });
      expect(refused).to.include(cloned);
      const { id } = person.own[0]!;
      expect(refused.happened).to.deep.equal([
        {
          name: 'authenticator-flagged',
          kind: 'webauthn',
          authenticatorId: id,
          detail: { why: 'counter', stored: 5, received: counter },
        },
      ]);
      expect(person.passkey()).to.include({ suspectedCloneAt: person.context.now, counter: 5 });
      expect(person.factor.describe!(person.context, person.own[0]!)).to.include({ perhapsCloned: true });
    });
  }

  it('finds a stolen copy out as soon as both were used, and flags only once', async () => {
    const mine = softAuthenticator({ counter: 'growing' });
    const person = createPerson();
    await person.enroll(mine);
    await person.verify(mine);
    const stolen = mine.clone();
    await person.verify(mine);
    expect(await person.verify(stolen)).to.include(cloned);
    expect(await person.verify(stolen, { counter: 1 })).not.to.have.property('happened');
    expect(await person.verify(mine)).to.include({ is: 'right' });
    expect(person.passkey()).to.have.property('suspectedCloneAt');
  });

  it('flags nothing on an answer that is not signed: nobody can smear a passkey from outside', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson();
    await person.enroll(authenticator, { counter: 5 });
    const refused = await person.verify(authenticator, { counter: 1, breakSignature: true });
    expect(refused).to.include({ hint: 'webauthn.invalid_signature' });
    expect(person.passkey()).not.to.have.property('suspectedCloneAt');
  });

  it('is compared with the record as it is when saved: of two answers with one counter, one wins', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson();
    await person.enroll(authenticator, { counter: 1 });
    const { factor, context, own } = person;
    const evidence = await Promise.all(
      [0, 1].map(async () => {
        const begun = await person.issue();
        const response = await authenticator.get(requestOptions(begun), { origin, counter: 2 });
        return factor.weigh(context, own, factor.parse({ response: JSON.stringify(response) }) as never, begun);
      }),
    );
    const first = factor.judge(context, own, evidence[0]!);
    if (first.is !== 'right') return expect.fail(JSON.stringify(first));
    const saved = [{ ...own[0]!, data: first.data }];
    expect(factor.judge(context, saved, evidence[1]!)).to.include({ is: 'wrong' });
  });
});

describe('the backup flags', () => {
  it('let a syncable passkey be synced later, and no longer be', async () => {
    const authenticator = softAuthenticator({ backupEligible: true, backupState: false });
    const person = createPerson();
    await person.enroll(authenticator);
    for (const backupState of [true, false]) {
      expect(await person.verify(authenticator, { backupState })).to.include({ is: 'right' });
      expect(person.passkey()).to.include({ backupEligible: true, backedUp: backupState });
    }
  });

  it('refuse a passkey that became syncable after it was made', async () => {
    const authenticator = softAuthenticator({ backupEligible: false });
    const person = createPerson();
    await person.enroll(authenticator);
    expect(await person.verify(authenticator, { backupEligible: true, backupState: true })).to.include({
      hint: 'webauthn.backup_eligibility_changed',
    });
    expect(await person.verify(authenticator)).to.include({ is: 'right' });
  });
});
