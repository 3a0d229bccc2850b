// What an event says of the request that caused it: nobody's sign-in or session by its id.
import { expect } from 'chai';
import { digestOf } from '../../src/audit/chain.js';
import { commonOf } from '../../src/audit/common-fields.js';
import { sealer } from './open-log.js';

describe('what all events of a request share', () => {
  it('are its hints, whose they are, and sign-in and session as digests', () => {
    const hints = { ip: '192.0.2.7' };
    expect(commonOf(sealer, { hints })).to.deep.equal(hints);
    const common = commonOf(sealer, { hints, user: { id: 'ann' }, signIn: { flowId: 'f' } } as never);
    expect(common).to.deep.equal({ ...hints, userId: 'ann', flow: digestOf(sealer, 'flow', 'f') });
    const signIn = { flowId: 'f', signInId: 's' };
    expect(commonOf(sealer, { hints, user: { id: 'ann', tenant: 't' }, signIn } as never)).to.deep.equal({
      ...{ ...hints, userId: 'ann', tenant: 't' },
      ...{ flow: digestOf(sealer, 'flow', 'f'), session: digestOf(sealer, 'session', 's') },
    });
  });
});
