// Passkeys through the flows: a challenge is used once, right or wrong, by one session; and what a refusal writes and
// tells.
import { expect } from 'chai';
import type { Json } from '../../../src/core/words/json.js';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import type { GetCeremony, SoftAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { testKernel, namesOf } from '../../support/core-kernel.js';
import type { TestKernel } from '../../support/core-kernel.js';
import { personOf } from '../../support/core-person.js';
import type { Person } from '../../support/core-person.js';

const origin = 'https://acme.example';
const kind = 'webauthn';

describe('passkeys through the flows', () => {
  let kernel: TestKernel;
  let ann: Person;
  let phone: SoftAuthenticator;

  async function enroll(person: Person, authenticator: SoftAuthenticator, credentialId?: string) {
    const options = (await person.begin(kind)) as never;
    const lie = credentialId === undefined ? {} : { credentialId };
    const response = await authenticator.create(options, { origin, ...lie });
    return person.confirm(kind, { response: JSON.stringify(response) });
  }

  async function answer(person: Person, ceremony: Partial<GetCeremony> = {}): Promise<Json> {
    const options = (await person.issue(kind)) as never;
    return { response: JSON.stringify(await phone.get(options, { origin, ...ceremony })) };
  }

  beforeEach(async () => {
    kernel = testKernel({ factors: [webauthn()] });
    ann = personOf(kernel);
    phone = softAuthenticator({ counter: 'growing' });
    expect(await enroll(ann, phone)).to.include({ accepted: true });
  });

  it('elevate a new sign-in, with the person verified', async () => {
    const again = ann.signInAgain();
    expect(await again.step()).to.equal('verify');
    const outcome = await again.verify(kind, await answer(again));
    expect(outcome).to.deep.include({ accepted: true });
    expect(again.asker.signIn.proofs).to.have.length(1);
    expect(again.asker.signIn.proofs[0]).to.include({ kind, userVerified: true });
    expect((await kernel.recordOf('ann')).authenticators[0]!.data).to.include({ counter: 1 });
  });

  it('use a challenge once among parallel answers, and not again', async () => {
    const again = ann.signInAgain();
    const body = await answer(again);
    const outcomes = await Promise.all([1, 2, 3].map(() => again.verify(kind, body)));
    expect(outcomes.filter(({ accepted }) => accepted)).to.have.length(1);
    expect(await again.verify(kind, body)).to.include({ accepted: false });
  });

  it('use a challenge up by a wrong answer too', async () => {
    const again = ann.signInAgain();
    const options = (await again.issue(kind)) as never;
    const [wrong, right] = [
      await phone.get(options, { origin, breakSignature: true }),
      await phone.get(options, { origin }),
    ];
    const refused = await again.verify(kind, { response: JSON.stringify(wrong) });
    expect(refused).to.deep.include({
      reason: 'session.mfa.webauthn_verification_failed',
      details: { hint: 'webauthn.invalid_signature' },
    });
    expect(await again.verify(kind, { response: JSON.stringify(right) })).to.include({ accepted: false });
  });

  it('take no challenge of another session of the same person', async () => {
    const [here, there] = [ann.signInAgain(), ann.signInAgain()];
    const body = await answer(here);
    expect(await there.verify(kind, body)).to.include({ accepted: false });
    expect(await here.verify(kind, body)).to.include({ accepted: true });
  });

  it('refuse, flag and tell a counter that did not grow', async () => {
    const again = ann.signInAgain();
    await again.verify(kind, await answer(again, { counter: 9 }));
    kernel.events.length = 0;
    const later = ann.signInAgain();
    const refused = await later.verify(kind, await answer(later, { counter: 9 }));
    expect(refused).to.deep.include({ accepted: false, details: { hint: 'webauthn.perhaps_cloned' } });
    expect(namesOf(kernel)).to.include.members(['authenticator-flagged', 'verification-refused']);
    expect(kernel.outcomes()).to.have.length(1);
    expect((await kernel.recordOf('ann')).authenticators[0]!.data).to.include({ suspectedCloneAt: kernel.now() });
  });

  it('never lock out whoever cannot sign: wrong signatures write nothing to the record', async () => {
    const before = await kernel.recordOf('ann');
    const again = ann.signInAgain();
    for (let tries = 0; tries < 15; tries += 1) await again.verify(kind, await answer(again, { breakSignature: true }));
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(await again.verify(kind, await answer(again))).to.include({ accepted: true });
  });

  it("refuse to enrol somebody else's credential id", async () => {
    const eve = personOf(kernel, 'eve');
    const outcome = await enroll(eve, softAuthenticator(), phone.credentials[0]!.id);
    expect(outcome).to.include({ accepted: false, reason: 'user.passkey_already_registered' });
    expect((await kernel.recordOf('eve')).authenticators).to.deep.equal([]);
  });

  it('refuse an answer made for another user of the same browser', async () => {
    const eve = personOf(kernel, 'eve');
    const hers = softAuthenticator();
    await enroll(eve, hers);
    const again = eve.signInAgain();
    const options = (await again.issue(kind)) as never;
    const response = await phone.get(options, { origin, credentialId: phone.credentials[0]!.id });
    const refused = await again.verify(kind, { response: JSON.stringify(response) });
    expect(refused).to.deep.include({ accepted: false, details: { hint: 'webauthn.unknown_passkey' } });
  });
});
