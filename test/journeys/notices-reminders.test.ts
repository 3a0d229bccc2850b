// A set of backup codes nears its end: its owner is reminded by letter, at the sign-ins that come 30, 7 and 1 days before.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { codesApp, known, signIn, signUp, type CodesApp } from '../support/codes.js';
import { addresses } from '../support/addresses.js';

const day = 86_400;

describe('a set of backup codes that nears its end', () => {
  async function start(delivers: boolean): Promise<{ app: CodesApp; secret: string }> {
    const app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email, made.backupCodes],
      delivers,
      origin: 'https://acme.example',
    });
    const { secret } = await (await signUp(app, 'ada')).enrollTotp();
    return { app, secret };
  }

  const enter = async (app: CodesApp, secret: string) => (await signIn(app, 'ada')).proveTotp(secret);

  it('is told once for each of the three days, by a letter with the date and without a link', async () => {
    const { app, secret } = await start(true);
    const letters = () => app.codes('email').filter(({ usage }) => usage === 'Generic');
    let told = 0;
    for (const [days, due] of [
      [300, false],
      [36, true],
      [1, false],
      [22, true],
      [5, true],
    ] as const) {
      app.clock.advance(days * day);
      await enter(app, secret);
      await enter(app, secret);
      await app.mfa.settled();
      told += due ? 1 : 0;
      expect(letters(), `${days} days later`).to.have.length(told);
    }
    const [letter] = letters();
    expect(letter).to.include({ to: addresses.email, subject: 'Message from Acme' });
    expect(letter?.text).to.match(/^Your backup codes expire on January 15, 2028\. Make new ones/);
    for (const part of [letter?.text, letter?.html]) expect(part).not.to.match(/https?:/);
  });

  it('is told to a host that sends its own, without a way to object to what nobody did', async () => {
    const { app, secret } = await start(false);
    app.clock.advance(360 * day);
    await enter(app, secret);
    await app.mfa.settled();
    const [reminder, ...more] = app.notices.filter(({ what }) => what === 'backup-codes-expiring');
    expect(more).to.deep.equal([]);
    expect(reminder).to.include({ userId: 'ada', kind: 'backup-codes' }).and.not.have.property('objectToken');
    expect(Number(reminder?.expiresAt) - app.clock.seconds).to.be.within(4 * day, 5 * day);
    expect(app.notices.at(0)).to.have.property('objectToken');
  });

  it('is not told to whoever answers wrongly', async () => {
    const { app } = await start(false);
    app.clock.advance(360 * day);
    const thief = await new Browser(app).signIn('ada');
    await thief.answer('backup-codes', 'ABCD-EFGH');
    await app.mfa.settled();
    expect(app.notices.map(({ what }) => what)).not.to.include('backup-codes-expiring');
  });
});
