// Attack: a session that proved a factor before the owner changed their account, and answers again by a weaker one.
// Rule: a proof belongs to the epoch in which it was given; a change of factors makes every other session prove anew.
// Answer: at elevation only what was proved in the epoch of now is kept.
import { expect } from 'chai';
import { requireMfa, totp } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';

describe('a session that proved before the account changed', () => {
  it('has by a backup code proved that alone, and not its old authenticator app again', async () => {
    const app = await testApp({
      factors: [totp(), fewBackupCodes()],
      host: {
        routes: (host, mfa) =>
          host.get('/vault', requireMfa(mfa, { factors: ['totp'] }), (_req, res) => void res.json({})),
      },
    });
    const old = await new Browser(app).signIn('ada');
    const { secret } = await old.enrollTotp();
    await old.jsonGet('/vault').expect(200);

    const owner = await new Browser(app).signIn('ada');
    await owner.proveTotp(secret);
    await owner.json('/mfa/backup-codes/generate');
    const [word] = await owner.saveCodes();

    await old.jsonGet('/vault').expect(403);
    expect((await old.answer('backup-codes', word)).status).to.equal(200);
    await old.jsonGet('/account').expect(200);
    expect(codeIn(await old.jsonGet('/vault').expect(401))).to.equal('session.mfa.step_up_required');
    await owner.jsonGet('/vault').expect(200);
  });
});
