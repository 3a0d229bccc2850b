// Passkey sign-in, the factor's side: who signed, found without asking; and every way to pass for somebody else.
import { expect } from 'chai';
import type { DirectContext, DirectQuestion } from '../../../src/core/flows/direct-sign-in.js';
import { isMalformed } from '../../../src/core/kernel/factor.js';
import type { Json } from '../../../src/core/words/json.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import { memoryStore } from '../../../src/stores/memory-store.js';
import type { GetCeremony, SoftAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import type { Person } from '../../support/webauthn-person.js';
import { createPerson, origin } from '../../support/webauthn-person.js';

const failed = 'session.mfa.webauthn_verification_failed';
const lapsed = {
  accepted: false,
  reason: 'session.mfa.pending_info_not_found',
  details: { hint: 'webauthn.challenge_lapsed' },
};

describe('sign-in with a passkey', () => {
  const factor = webauthn({ userVerification: 'preferred' });
  const { directSignIn } = factor;
  let store: ReturnType<typeof memoryStore>;
  let ada: Person;
  let phone: SoftAuthenticator;
  let context: DirectContext;

  async function saved(person: Person): Promise<void> {
    const { revision } = await store.load(person.context.user.id);
    await store.save(person.context.user.id, { ...emptyRecord('epoch'), authenticators: person.own }, revision);
  }

  beforeEach(async () => {
    store = memoryStore();
    phone = softAuthenticator();
    ada = createPerson({ factor, store });
    await ada.enroll(phone);
    await saved(ada);
    context = { ...ada.context, store, flowId: 'this browser' };
  });

  async function answered(
    authenticator: SoftAuthenticator,
    ceremony: Partial<GetCeremony> = {},
    question?: DirectQuestion,
  ): Promise<Json> {
    const { options, challenge } = question ?? (await directSignIn.issue(context));
    const response = await authenticator.get(options as never, { origin, ...ceremony });
    return { response: JSON.stringify(response), challenge };
  }

  async function weighed(body: Json, from: Partial<DirectContext> = {}) {
    const answer = directSignIn.parse(body);
    if (isMalformed(answer)) return expect.fail('the answer is malformed');
    return directSignIn.weigh({ ...context, ...from }, answer);
  }

  it('asks for any passkey of the site, and for a verified person whatever the options say', async () => {
    const { options, challenge } = await directSignIn.issue(context);
    expect(options).to.include({ rpId: 'example.org', userVerification: 'required' });
    expect(options).not.to.have.property('allowCredentials');
    expect(challenge).not.to.include((options as { challenge: string }).challenge);
  });

  it('finds the person, and says what is to be written before they are in', async () => {
    const found = await weighed(await answered(phone, { counter: 3 }));
    if (!found.accepted) return expect.fail(found.reason);
    expect(found).to.include({ userId: 'ada', authenticatorId: ada.own[0]!.id });
    const verdict = directSignIn.judge(context.now, ada.own, found);
    expect(verdict).to.deep.include({ is: 'right', userVerified: true, data: { ...ada.passkey(), counter: 3 } });
    const saved = [{ ...ada.own[0]!, data: { ...ada.passkey(), counter: 3 } }];
    expect(directSignIn.judge(context.now, saved, found)).to.include({ is: 'wrong', reason: failed });
  });

  it('uses a challenge up by a right answer, once among any number of answers', async () => {
    const question = await directSignIn.issue(context);
    const body = await answered(phone, {}, question);
    const outcomes = await Promise.all([weighed(body), weighed(body), weighed(await answered(phone, {}, question))]);
    expect(outcomes.filter(({ accepted }) => accepted)).to.have.length(1);
    expect(await weighed(body)).to.deep.equal({ ...lapsed, userId: 'ada' });
  });

  it('is not used up by a wrong answer, so that nobody can burn it for others or fill the store', async () => {
    const question = await directSignIn.issue(context);
    let writes = 0;
    const counting = {
      ...store,
      increment: (...args: Parameters<typeof store.increment>) => ((writes += 1), store.increment(...args)),
    };
    const refused = await weighed(await answered(phone, { breakSignature: true }, question), { store: counting });
    expect(refused).to.deep.include({ accepted: false, reason: failed });
    expect(writes).to.equal(0);
    expect(await weighed(await answered(phone, {}, question), { store: counting })).to.include({ accepted: true });
    expect(writes).to.equal(1);
  });

  it('takes a challenge for five minutes, from the session that asked for it', async () => {
    const question = await directSignIn.issue(context);
    const body = await answered(phone, {}, question);
    expect(await weighed(body, { now: context.now + 301 })).to.deep.equal(lapsed);
    expect(await weighed(body, { flowId: 'another browser' })).to.deep.equal(lapsed);
    expect(await weighed(body, { now: context.now + 300 })).to.include({ accepted: true });
  });

  it('refuses a challenge that nobody sealed, or that was sealed for something else', async () => {
    const body = (await answered(phone)) as { response: string };
    const other = context.sealer.seal('{}', { userId: 'ada', authenticatorId: 'this browser', purpose: 'totp' });
    for (const challenge of ['x', 'v1.0000.AAAA.AAAA', other]) {
      expect(await weighed({ ...body, challenge })).to.deep.equal(lapsed);
    }
  });

  it('says one and the same of an unknown passkey, a bad signature and a foreign user handle', async () => {
    const stranger = softAuthenticator();
    const eve = createPerson({ factor, store, userId: 'eve' });
    const hers = softAuthenticator();
    await eve.enroll(hers);
    await saved(eve);
    await createPerson({ factor }).enroll(stranger);
    const { userHandle } = hers.credentials[0]!;
    const foreign = Buffer.alloc(32).toString('base64url');
    const claimed: [Json, string | undefined][] = [
      [await answered(stranger), undefined],
      [await answered(phone, { userHandle: null }), undefined],
      [await answered(phone, { breakSignature: true }), 'ada'],
      [await answered(phone, { userHandle }), 'ada'],
      [await answered(phone, { userHandle: foreign }), 'ada'],
    ];
    for (const [body, whose] of claimed) {
      const { userId, ...told } = { userId: undefined, ...(await weighed(body)) };
      expect(told).to.deep.equal({ accepted: false, reason: failed, details: {} });
      expect(userId, 'for the audit').to.equal(whose);
    }
  });

  it('refuses a passkey that was removed from the record, though it is claimed for ever', async () => {
    ada.own.pop();
    await saved(ada);
    expect(await weighed(await answered(phone))).to.deep.include({ accepted: false, reason: failed });
  });

  it('refuses a person who was not verified, now or when the passkey was made', async () => {
    const details = { hint: 'webauthn.user_not_verified' };
    const refused = { accepted: false, reason: failed, details, userId: 'ada' };
    expect(await weighed(await answered(phone, { userVerified: false }))).to.deep.equal(refused);
    const key = softAuthenticator();
    await ada.enroll(key, { userVerified: false });
    await saved(ada);
    expect(await weighed(await answered(key))).to.deep.equal(refused);
  });

  it('refuses another site and a frame, and says so', async () => {
    const elsewhere = await weighed(await answered(phone, { origin: 'https://evil.example' }));
    expect(elsewhere).to.deep.include({ details: { hint: 'webauthn.wrong_site', expected: origin } });
    const framed = await weighed(await answered(phone, { crossOrigin: true }));
    expect(framed).to.deep.include({ details: { hint: 'webauthn.embedded' } });
  });

  it('takes no answer to a challenge of the second step', async () => {
    const begun = await ada.issue();
    const question = await directSignIn.issue(context);
    const body = await answered(phone, {}, { options: begun.shown, challenge: question.challenge });
    expect(await weighed(body)).to.deep.include({ accepted: false, reason: failed });
  });

  it('takes for an answer only one that brings its challenge along', async () => {
    const body = (await answered(phone)) as { [field: string]: Json };
    for (const challenge of [null, '', 7, ['x'], 'x'.repeat(1025)]) {
      expect(directSignIn.parse({ ...body, challenge })).to.deep.equal({
        malformed: true,
        reason: 'request.invalid',
        details: { field: 'challenge' },
      });
    }
    expect(directSignIn.parse({ challenge: body['challenge']! })).to.deep.include({ details: { field: 'response' } });
  });
});
