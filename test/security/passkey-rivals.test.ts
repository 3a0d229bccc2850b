// Attack: the same passkey answer fifty times at once, or one credential id enrolled by two people at once, sent to two
// processes of the app.
// Rule: a challenge is taken before it is verified; a credential id is claimed once for all time.
// Answer: exactly one success, whichever process it is in.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { origin, PasskeyBrowser, said, signedIn } from '../support/passkeys.js';
import { atOnce, countTogether, expectTogether, startRivals, type Rivals } from '../support/rivals.js';

describe('passkeys in two processes on one Redis', function () {
  let rivals: Rivals;
  const phone = softAuthenticator();

  beforeEach(async () => {
    rivals = await startRivals(2, { passkeys: true });
    await (await signedIn(rivals.all[0]!, 'ada')).enrollFirst(phone);
    await Promise.all(rivals.all.map((rival) => rival.report()));
  });
  afterEach(() => rivals.close());
  after(expectTogether);

  /** The same request fifty times at once, every second one to the other process. */
  async function storm(path: string, body: object, headers: { [name: string]: string }): Promise<Response[]> {
    const clients = rivals.all.map((rival) => new PasskeyBrowser(rival));
    const answers = await atOnce(rivals, 50, (index) => clients[index % 2]!.postJson(path, body, headers));
    countTogether(await Promise.all(rivals.all.map((rival) => rival.report())));
    return answers;
  }

  function expectOne(answers: readonly Response[]): void {
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.length - refused.length, 'successes').to.equal(1);
    // The winner's session gets a new id: whoever comes later with the old one is nobody.
    const told = ['400 session.mfa.pending_info_not_found', '401 session.not_signed_in'];
    for (const answer of refused) expect(`${answer.status} ${said(answer).code}`).to.be.oneOf(told);
  }

  it('take one answer to a challenge of the second step, of fifty at once', async () => {
    const ada = await signedIn(rivals.all[0]!, 'ada');
    const response = await phone.get(await ada.challenge(), { origin });
    const headers = { Cookie: ada.cookies, 'X-CSRF-Token': await ada.csrf() };
    expectOne(await storm('/mfa/verify/webauthn', { response }, headers));
  });

  it('take one answer to a challenge of passkey sign-in, of fifty at once', async () => {
    const nobody = new PasskeyBrowser(rivals.all[0]!);
    const { options, challenge, csrfToken } = await nobody.question();
    const response = await phone.get(options, { origin });
    const headers = { Cookie: nobody.cookies, 'X-CSRF-Token': csrfToken };
    expectOne(await storm('/mfa/passkey-sign-in', { response, challenge }, headers));
  });

  it('give a credential id to one of two people who enrol it at once', async () => {
    const credentialId = Buffer.from('one id for two people, of 32 bytes').toString('base64url');
    for (let round = 0; round < 5; round += 1) {
      const id = `${credentialId}${round}A`;
      const people = await Promise.all(rivals.all.map((rival, index) => signedIn(rival, `eve-${round}-${index}`)));
      const answers = await Promise.all(people.map((each) => each.enroll(softAuthenticator(), { credentialId: id })));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
      const loser = answers.find(({ status }) => status === 409)!;
      expect(said(loser)).to.deep.equal({ code: 'user.passkey_already_registered' });
    }
  });
});
