// The passkey factor holds to what every factor promises, with keys of each algorithm.
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import type { Json } from '../../../src/core/words/json.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { factorContract } from '../../../src/testing/factor-contract.js';
import { createPerson, origin, requestOptions } from '../../support/webauthn-person.js';

const algorithms: [string, number][] = [
  ['EdDSA', -8],
  ['ES256', -7],
  ['RS256', -257],
];

for (const [name, algorithm] of algorithms) {
  factorContract(`webauthn with ${name}`, async () => {
    const authenticator = softAuthenticator({ algorithms: [algorithm], counter: 'growing' });
    const person = createPerson({ factor: webauthn() });
    await person.enroll(authenticator);
    const { privateKey } = authenticator.credentials[0]!.keys;
    return {
      factor: person.factor,
      context: person.context,
      own: person.own,
      async answer(how) {
        const begun = await person.issue();
        const wrong = how === 'wrong' ? ({ breakSignature: true } as const) : {};
        const response = await authenticator.get(requestOptions(begun), { origin, ...wrong });
        return { body: { response: response as unknown as Json }, begun };
      },
      secrets: [(privateKey.export({ format: 'jwk' }) as { d: string }).d],
    };
  });
}
