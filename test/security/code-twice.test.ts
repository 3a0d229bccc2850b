// Attack: a code that was seen over a shoulder, or caught by a false page, is used a second time inside its window.
// Rule: the accepted step must be greater than the last accepted one, across enrolment, step-up and re-enrolment; this
// step and the one before count; strings of fixed length are compared, never numbers.
// Answer: 422, the same as for a wrong code.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

describe('a code', () => {
  let app: TestApp;
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    ({ secret, codes } = await (await new Browser(app).signIn('ada')).enrollTotp());
  });

  const another = (): Promise<Browser> => new Browser(app).signIn('ada');

  it('that confirmed the enrolment signs nobody in', async () => {
    expect(codeIn(await (await another()).answer('totp', code(secret, app.clock)))).to.equal(
      'session.mfa.invalid_totp_code',
    );
  });

  it('that signed in is used, in every session', async () => {
    app.clock.advance(30);
    const seen = code(secret, app.clock);
    expect((await (await another()).answer('totp', seen)).status).to.equal(200);
    app.clock.advance(29);
    expect((await (await another()).answer('totp', seen)).status).to.equal(422);
  });

  it('that signed in satisfies no step-up', async () => {
    app.clock.advance(30);
    const seen = code(secret, app.clock);
    const person = await another();
    expect((await person.answer('totp', seen)).status).to.equal(200);
    expect((await person.answer('totp', seen)).status).to.equal(422);
  });

  it('that signed in confirms no re-enrolment of the same secret, nor one of the new secret twice', async () => {
    const person = await another();
    await person.proveTotp(secret);
    const { secret: next } = await person.enrollTotp();
    const other = await another();
    expect((await other.answer('totp', code(next, app.clock))).status).to.equal(422);
    expect((await other.answer('totp', code(secret, app.clock))).status).to.equal(422);
    await other.proveTotp(next);
  });

  it('of the step before the last accepted one is used, too', async () => {
    app.clock.advance(60);
    expect((await (await another()).answer('totp', code(secret, app.clock))).status).to.equal(200);
    expect((await (await another()).answer('totp', code(secret, app.clock, -1))).status).to.equal(422);
  });

  it('is not found by another way of writing a number', async () => {
    const person = await another();
    app.clock.advance(30);
    let right = code(secret, app.clock);
    while (!right.startsWith('0')) {
      app.clock.advance(30);
      right = code(secret, app.clock);
    }
    await person.signIn('ada');
    const refused = [
      right.slice(1),
      ` ${right.slice(1)}`,
      Number(right),
      `${right}.0`,
      `+${right}`,
      `0x${right}`,
      `${right}n`,
    ];
    for (const typed of refused) expect((await person.answer('totp', typed)).status, String(typed)).to.equal(400);
    expect((await person.answer('totp', ` ${right.slice(0, 3)} ${right.slice(3)} `)).status).to.equal(200);
  });

  it('of a backup set works once, and not in another spelling', async () => {
    expect((await (await another()).answer('backup-codes', codes[0])).status).to.equal(200);
    const spelt = [codes[0], codes[0]!.toLowerCase(), codes[0]!.replace('-', ''), ` ${codes[0]} `];
    for (const each of spelt) {
      const refused = await (await another()).answer('backup-codes', each);
      expect(codeIn(refused)).to.equal('session.mfa.invalid_backup_code');
    }
  });

  it('is still used after its person renewed the backup codes', async () => {
    const person = await another();
    await person.proveTotp(secret);
    await person.json('/mfa/backup-codes/generate');
    await person.saveCodes();
    expect((await (await another()).answer('backup-codes', codes[1])).status).to.equal(422);
    app.clock.advance(1);
    expect((await (await another()).answer('totp', code(secret, app.clock))).status).to.equal(422);
  });

  for (const [window, when, accepted] of [
    ['strict', 'in its own step only', [0]],
    ['standard', 'one step early or late as well', [-1, 0, 1]],
  ] as [window: 'strict' | 'standard', when: string, accepted: number[]][]) {
    it(`${window}: counts ${when}`, async () => {
      const other = await testApp({ factors: [totp({ window })] });
      const steps = [-3, -2, -1, 0, 1, 2, 3];
      const people = steps.map((each) => `${each} steps away`);
      const secrets: string[] = [];
      for (const uid of people) secrets.push((await (await new Browser(other).signIn(uid)).enrollTotp()).secret);
      other.clock.advance(300);
      const counted: number[] = [];
      for (const [n, each] of steps.entries()) {
        const typed = code(secrets[n]!, other.clock, each);
        const { status } = await (await new Browser(other).signIn(people[n]!)).answer('totp', typed);
        if (status === 200) counted.push(each);
        else expect(status, people[n]).to.equal(422);
      }
      expect(counted).to.deep.equal(accepted);
    });
  }
});
