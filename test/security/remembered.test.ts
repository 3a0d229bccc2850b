// Attacks on what a process remembers: the guard believes it only of the sign-in that it was concluded for, and only
// as long as it would conclude the same again.
import { expect } from 'chai';
import { backupCodes, totp } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { testApp } from '../support/app.js';

const remembering = { recordMaxAgeSeconds: 300 };

describe('what the guard remembers', () => {
  it('lets no other sign-in of the same person through, however often theirs was', async () => {
    const app = await testApp(remembering);
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    const thief = await new Browser(app).signIn('ada');
    for (let round = 0; round < 5; round += 1) {
      await owner.jsonGet('/account').expect(200);
      expect(codeIn(await thief.jsonGet('/account').expect(403))).to.equal('session.mfa.require_mfa_verification');
    }
  });

  it('ends with the elevation, even for a record that may be remembered for longer', async () => {
    const app = await testApp({ ...remembering, elevationMaxAgeSeconds: 60 });
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    for (const seconds of [0, 30, 30]) {
      app.clock.advance(seconds);
      await owner.jsonGet('/account').expect(200);
    }
    app.clock.advance(1);
    expect(codeIn(await owner.jsonGet('/account').expect(403))).to.equal('session.mfa.require_mfa_verification');
  });

  it('ends with the backup codes, which are owed from that second on', async () => {
    const day = 86_400;
    const factors = [totp(), backupCodes({ count: 5, lowAt: 2, expiresInDays: 1 })];
    const app = await testApp({ ...remembering, factors, elevationMaxAgeSeconds: 3 * day });
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    app.clock.advance(day - 1);
    await owner.jsonGet('/account').expect(200);
    await owner.jsonGet('/account').expect(200);
    app.clock.advance(1);
    expect(codeIn(await owner.jsonGet('/account').expect(403))).to.equal('session.mfa.backup_code_required');
  });

  it('does not survive a clock that went back to before the proof', async () => {
    const app = await testApp(remembering);
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    await owner.jsonGet('/account').expect(200);
    // Servers may be a minute apart.
    app.clock.advance(-60);
    await owner.jsonGet('/account').expect(200);
    app.clock.advance(-1);
    await owner.jsonGet('/account').expect(403);
  });

  it('is shared by requests, so no route can change it', async () => {
    const app = await testApp({
      ...remembering,
      host: {
        routes: (host) =>
          host.get('/spoil', ({ mfa }, res) => {
            const spoilt = mfa as unknown as { state: string; amr: string[]; proofs: object[]; next: { step: string } };
            const tries = [
              () => Object.assign(spoilt, { state: 'none' }),
              () => Object.assign(spoilt.next, { step: 'verify' }),
              () => spoilt.amr.push('admin'),
              () => spoilt.proofs.pop(),
              () => Object.assign(spoilt.proofs[0]!, { at: 0 }),
            ];
            res.json(tries.map((attempt) => threw(attempt)));
          }),
      },
    });
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    const before = (await owner.jsonGet('/account').expect(200)).body as unknown;
    // The first that loads the record, and one that goes by what was concluded from it.
    for (const _ of [1, 2]) {
      expect((await owner.jsonGet('/spoil').expect(200)).body).to.deep.equal([true, true, true, true, true]);
    }
    expect((await owner.jsonGet('/account').expect(200)).body).to.deep.equal(before);
  });

  it('ends for every sign-in of a person at once when their factors are taken away', async () => {
    const app = await testApp({ ...remembering, policy: 'mandatory', factors: [totp()] });
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    await owner.jsonGet('/account').expect(200);
    await app.mfa.reset('ada', { by: 'admin', reason: 'lost phone' });
    expect(codeIn(await owner.jsonGet('/account').expect(403))).to.equal('user.missing_mfa');
  });
});

function threw(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}
