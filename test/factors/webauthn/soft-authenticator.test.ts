// The software authenticator behaves like a good one unless it is told to lie.
import { expect } from 'chai';
import type { CreationOptionsJSON } from '../../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';

const origin = 'https://example.org';
const creation: CreationOptionsJSON = {
  challenge: 'AAAA',
  rp: { id: 'example.org' },
  user: { id: 'BBBB' },
  pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
};

async function rejectedName(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error as Error).name,
  );
}

describe('a soft authenticator', () => {
  it('follows the order of the site among the algorithms that it has', async () => {
    const authenticator = softAuthenticator({ algorithms: [-257, -7] });
    await authenticator.create(creation, { origin });
    expect(authenticator.credentials[0]!.keys.algorithm).to.equal(-7);
    const none = authenticator.create({ ...creation, pubKeyCredParams: [{ alg: -8 }] }, { origin });
    expect(await rejectedName(none)).to.equal('NotSupportedError');
  });

  it('makes no second passkey where the site excludes the first, unless told to', async () => {
    const authenticator = softAuthenticator();
    const { id } = await authenticator.create(creation, { origin });
    const again = { ...creation, excludeCredentials: [{ id }] };
    expect(await rejectedName(authenticator.create(again, { origin }))).to.equal('InvalidStateError');
    await authenticator.create(again, { origin, ignoreExcluded: true });
    expect(authenticator.credentials).to.have.length(2);
  });

  it('signs with the newest passkey that is allowed, of this site only', async () => {
    const authenticator = softAuthenticator();
    const [first, second] = [
      await authenticator.create(creation, { origin }),
      await authenticator.create(creation, { origin }),
    ];
    const asked = { challenge: 'CCCC', rpId: 'example.org' };
    expect((await authenticator.get(asked, { origin })).id).to.equal(second.id);
    expect((await authenticator.get({ ...asked, allowCredentials: [{ id: first.id }] }, { origin })).id).to.equal(
      first.id,
    );
    const elsewhere = authenticator.get({ ...asked, rpId: 'example.com' }, { origin });
    expect(await rejectedName(elsewhere)).to.equal('NotAllowedError');
    expect(
      await rejectedName(authenticator.get({ ...asked, allowCredentials: [{ id: 'ZZZZ' }] }, { origin })),
    ).to.equal('NotAllowedError');
  });

  it('takes the host of the page for the relying party where the site names none', async () => {
    const authenticator = softAuthenticator();
    await authenticator.create({ ...creation, rp: {} }, { origin: 'https://login.example.org:8443' });
    expect(authenticator.credentials[0]!.rpId).to.equal('login.example.org');
  });

  it('goes its own way once it was cloned', async () => {
    const authenticator = softAuthenticator({ counter: 'growing' });
    await authenticator.create(creation, { origin });
    const copy = authenticator.clone();
    await copy.get({ challenge: 'CCCC', rpId: 'example.org' }, { origin });
    expect([authenticator, copy].map(({ credentials }) => credentials[0]!.counter)).to.deep.equal([0, 1]);
  });
});
