// Attack: notices as a way to flood a stranger's phone or the owner's mailbox: sign-ups that name it, one change over and over.
// Rule: only an address that somebody answers for gets one; three an hour per person and kind, then one that counts.
// Answer: a stranger gets nothing, the owner four an hour and how many more there were; codes and notices use up none of another.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import { bind, codesApp, known, said, send, signIn, signUp, type CodesApp } from '../support/codes.js';
import { addresses, kinds } from '../support/addresses.js';
import { testKernel, type TestKernel } from '../support/core-kernel.js';
import { withinLimits } from '../../src/notices/limits.js';
import type { Notice } from '../../src/core/words/notices.js';

const limited = '429 connector.rate_limit_exceeded';

describe('a flood of notices', () => {
  let app: CodesApp;

  async function start(people: { [id: string]: object }, set = true) {
    app = await codesApp({
      people,
      delivers: true,
      factors: (made) => [made.totp, made.email, made.sms, ...(set ? [made.backupCodes] : [])],
      freshSeconds: 86_400,
      confirmFirstEnrollment: 'open',
    });
  }

  /** Asks for a new set of backup codes and confirms it. */
  async function regenerate(person: Browser) {
    await person.json('/mfa/backup-codes/generate');
    await person.saveCodes();
  }
  const notes = async () => (await app.mfa.settled(), app.notes());

  it('does not reach a number or mailbox that twenty new accounts name', async () => {
    const uids = Array.from({ length: 20 }, (_, index) => `new-${index}`);
    const named = { ...known('sms', addresses.sms, false), ...known('email', addresses.email, false) };
    await start(Object.fromEntries(uids.map((uid) => [uid, named])), false);
    for (const uid of uids) {
      const person = await signUp(app, uid);
      await person.enrollTotp();
    }
    expect(await notes()).to.deep.equal([]);
    // The same people, once the host has verified the address.
    app.people['new-0'] = { ...known('sms'), ...known('email') };
    const owner = await signIn(app, 'new-0');
    expect((await owner.jsonGet('/mfa')).body.state).to.equal('pending');
  });

  it('is three messages of sixty new sets of codes in an hour, one that counts, and no SMS where there is e-mail', async () => {
    await start({ ada: { ...known('email'), ...known('sms') } });
    const person = await signIn(app, 'ada');
    await person.enrollTotp();
    await notes();
    const before = app.notes().length;
    for (let round = 0; round < 60; round += 1) {
      await regenerate(person);
      app.clock.advance(30);
    }
    const sent = (await notes()).slice(before);
    expect(sent.map(({ to }) => to)).to.deep.equal(Array<string>(4).fill(addresses.email));
    expect(sent[3]!.text).to.include('4 times within an hour: more of them will only be counted.');
    expect(app.events.filter(({ name, detail }) => name === 'send-limited' && detail?.['what'])).to.have.length(56);
    app.clock.advance(1800);
    await regenerate(person);
    const [next] = (await notes()).slice(before + 4);
    expect(next!.text).to.include('It happened 56 more times since the last message.');
    await regenerate(person);
    expect((await notes()).at(-1)!.text).to.not.include('since the last message');
  });

  for (const kind of kinds) {
    it(`uses up no code by ${kind}, and codes use up no notice`, async () => {
      await start({ ada: {} });
      const person = await signIn(app, 'ada');
      await bind(app, person, kind);
      for (let round = 0; round < 6; round += 1) await regenerate(person);
      app.clock.advance(600);
      const told: string[] = [];
      for (let index = 0; index < 6; index += 1) told.push(said(await send(await signIn(app, 'ada'), kind)));
      expect(told).to.deep.equal([...Array<string>(5).fill('200'), limited]);
      const before = (await notes()).length;
      await person.enrollTotp();
      expect((await notes()).slice(before).map(({ to }) => to)).to.deep.equal([addresses[kind]]);
    });
  }
});

describe('the limit of notices', () => {
  const notice: Notice = { what: 'backup-codes-renewed', kind: 'backup-codes', at: 1_800_000_000 };
  const tell = (kernel: TestKernel, userId = 'ann', one = notice) => withinLimits(kernel, userId, one);

  it('lets exactly four of sixty at once through, one of which counts', async () => {
    const kernel = testKernel();
    const beside = testKernel({ beside: kernel });
    const each = Array.from({ length: 60 }, (_, index) => tell(index % 2 ? kernel : beside));
    const told = (await Promise.all(each)).filter((one) => one !== undefined);
    expect(told).to.have.length(4);
    expect(told.filter(({ count }) => count === 4)).to.have.length(1);
    kernel.clock.now += 3600;
    expect(await tell(beside)).to.deep.equal({ ...notice, untold: 56 });
    expect(await tell(kernel)).to.deep.equal(notice);
  });

  it('is of each person and kind apart', async () => {
    const kernel = testKernel();
    for (let round = 0; round < 9; round += 1) await tell(kernel);
    expect(await tell(kernel)).to.equal(undefined);
    expect(await tell(kernel, 'bob')).to.deep.equal(notice);
    expect(await tell(kernel, 'ann', { ...notice, what: 'failures' })).to.include({ what: 'failures' });
    expect(await tell(kernel, 'ann', { ...notice, kind: 'totp' })).to.include({ kind: 'totp' });
  });

  it('that cannot be counted keeps nobody from hearing', async () => {
    const kernel = testKernel({
      store: (memory) => ({ ...memory, increment: () => Promise.reject(new Error('down')) }),
    });
    for (let round = 0; round < 9; round += 1) expect(await tell(kernel)).to.deep.equal(notice);
  });
});
