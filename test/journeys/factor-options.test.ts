// Options of factors that are not the usual ones, in use; and the next release of the app, with others: whoever enrolled by
// the former signs in as they did, and nobody by what the new ones would take.
import { expect } from 'chai';
import { backupCodes, emailCode, memoryStore, outboxSender, totp, type Factor } from '../../src/index.js';
import { totpCode } from '../../src/testing.js';
import { Browser, code } from '../support/agent.js';
import { testApp, testClock, type TestApp } from '../support/app.js';
import { wrongFor } from '../support/addresses.js';

describe('options of a factor', () => {
  const open: TestApp[] = [];
  afterEach(async () => {
    for (const app of open.splice(0)) await app.close();
  });

  /** The app, and its next release on the same store. */
  async function releases(former: Factor[], next: Factor[]): Promise<[TestApp, TestApp]> {
    const clock = testClock();
    const options = { clock, store: memoryStore({ clock }), policy: 'no-prompt' as const };
    const user = { user: (req: object) => userOf(req) };
    const apps = [former, next].map((factors) => testApp({ ...options, ...user, factors }));
    open.push(...(await Promise.all(apps)));
    return [open.at(-2)!, open.at(-1)!];
  }
  const userOf = (req: object) => {
    const { uid } = (req as { session: { uid?: string } }).session;
    return uid === undefined ? null : { id: uid, email: `${uid}@example.com` };
  };
  const pending = (app: TestApp) => new Browser(app).signIn('ada');
  const statusOf = async (app: TestApp, kind: string, typed: unknown) =>
    (await (await pending(app)).answer(kind, typed)).status;

  it('of authenticator apps hold at each answer, and go with the app that was set up', async () => {
    const [app, next] = await releases(
      [totp({ digits: 8, algorithm: 'SHA512', period: 60, window: 'strict' })],
      [totp({ window: 'strict' })],
    );
    const ada = await pending(app);
    const { uri, secret } = (await ada.jsonGet('/mfa/setup/totp').expect(200)).body as { uri: string; secret: string };
    const shown = (steps = 0) => totpCode(uri, { clock: app.clock, steps });
    expect(shown()).to.match(/^\d{8}$/);
    expect((await ada.json('/mfa/setup/totp', { code: shown() })).status).to.equal(200);
    for (const release of [app, next]) {
      app.clock.advance(120);
      expect(await statusOf(release, 'totp', shown(-1))).to.equal(422);
      expect(await statusOf(release, 'totp', code(secret, app.clock))).to.be.within(400, 422);
      expect(await statusOf(release, 'totp', shown())).to.equal(200);
      expect(await statusOf(release, 'totp', shown())).to.equal(422);
    }
  });

  it('of backup codes hold for the set that was made by them', async () => {
    const former = backupCodes({ count: 5, strength: 'high', confirm: 'type-one', expiresInDays: 1, lowAt: 1 });
    const [app, next] = await releases([totp(), former], [totp(), backupCodes()]);
    const ada = await pending(app);
    const { secret } = (await ada.jsonGet('/mfa/setup/totp').expect(200)).body as { secret: string };
    await ada.json('/mfa/setup/totp', { code: code(secret, app.clock) });
    const { pending: set } = (await ada.jsonGet('/mfa/backup-codes').expect(200)).body as {
      pending: { codes: string[]; revealToken: string };
    };
    expect(set.codes).to.have.length(5);
    expect(set.codes[0]).to.match(/^[^-]{4}(-[^-]{4}){3}$/);
    const confirm = async (given: object) =>
      (await ada.json('/mfa/backup-codes/confirm', { revealToken: set.revealToken, ...given })).status;
    expect(await confirm({ saved: 'yes' })).to.be.within(400, 422);
    expect(await confirm({ code: set.codes[0] })).to.equal(200);
    expect(await statusOf(app, 'backup-codes', set.codes[0]!.slice(0, 9))).to.be.within(400, 422);
    expect(await statusOf(next, 'backup-codes', set.codes[0])).to.equal(200);
    expect(await statusOf(app, 'backup-codes', set.codes[0])).to.equal(422);
    app.clock.advance(86_401);
    for (const release of [app, next])
      expect(await statusOf(release, 'backup-codes', set.codes[1])).to.be.within(400, 422);
  });

  it('of codes by e-mail hold for each code that was sent by them', async () => {
    const box = outboxSender('email');
    const mail = (options: object) => [totp(), emailCode({ sender: box, ...options })];
    const [app, next] = await releases(mail({ digits: 8, expiresInSeconds: 60, tries: 2 }), mail({}));
    const ada = await pending(app);
    await ada.json('/mfa/setup/email/begin', { address: 'ada@example.com' });
    const last = () => box.messages.at(-1)!.code!;
    expect(last()).to.match(/^\d{8}$/);
    expect((await ada.json('/mfa/setup/email', { code: last() })).status).to.equal(200);
    const sent = async (after: number) => {
      app.clock.advance(120);
      const person = await pending(app);
      expect((await person.json('/mfa/verify/email/begin')).status).to.equal(200);
      app.clock.advance(after);
      return { person, right: last(), statusOf: async (typed: string) => (await person.answer('email', typed)).status };
    };
    const inTime = await sent(59);
    expect(await inTime.statusOf(inTime.right)).to.equal(200);
    const late = await sent(61);
    expect(await late.statusOf(late.right)).to.be.within(400, 422);
    const guessed = await sent(1);
    for (let time = 1; time <= 2; time += 1) await guessed.statusOf(wrongFor(guessed.right));
    expect(await guessed.statusOf(guessed.right)).to.be.within(400, 429);
    app.clock.advance(3600);
    const over = await sent(1);
    expect(await statusOf(next, 'email', over.right)).to.be.within(400, 422);
    expect(await over.statusOf(over.right)).to.equal(200);
  });
});
