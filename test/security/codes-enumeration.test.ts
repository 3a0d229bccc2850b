// Attack: finding out, by words, status, fields, effort or time, what others have bound, or how near a guess was.
// Rule: same words and kind of work for wrong, unknown and not enrolled; only masks are shown, and only of one's own.
// Answer: the answers are the same but for times and ids, and so are the trips to the store.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { memoryStore } from '../../src/index.js';
import { testClock } from '../support/app.js';
import { bind, boundPerson, codesApp, elevated, said, send, signIn, type CodesApp } from '../support/codes.js';
import { addresses, kinds, otherAddresses } from '../support/addresses.js';
import { countingStore, type CountingStore } from '../support/counting-store.js';

/** An answer without what differs by nature. */
function shape({ status, body }: Response): object {
  const { requestId: _id, masked: _masked, ...rest } = body as { [key: string]: unknown };
  return { status, ...rest };
}

for (const kind of kinds) {
  describe(`enumeration by codes by ${kind}`, () => {
    let app: CodesApp;
    let counted: CountingStore;

    beforeEach(async () => {
      const clock = testClock();
      counted = countingStore(memoryStore({ clock }));
      app = await codesApp({ store: counted.store, clock, [kind]: { tries: 10 } });
      await boundPerson(app, kind);
      app.clock.advance(600);
    });

    it('does not tell whether an address is somebody else’s', async () => {
      const answers: { begun: object; wrong: object; trips: string[][] }[] = [];
      for (const [uid, address] of [
        ['eve', addresses[kind]],
        ['mallory', otherAddresses[kind]],
      ] as const) {
        const person = await signIn(app, uid);
        const token = { 'X-CSRF-Token': await person.csrf() };
        counted.reset();
        const begun = await person.postJson(`/mfa/setup/${kind}/begin`, { address }, token);
        const wrong = await person.postJson(`/mfa/setup/${kind}`, { code: '000000' }, token);
        answers.push({ begun: shape(begun), wrong: shape(wrong), trips: counted.log });
        expect(begun.status).to.equal(200);
        // What they typed themselves.
        expect(begun.body.address).to.equal(address);
        delete (answers.at(-1)!.begun as { address?: string }).address;
      }
      expect(answers[0]).to.deep.equal(answers[1]);
    });

    it('lets two people bind the same address, each by a code of their own', async () => {
      await bind(app, await signIn(app, 'eve'), kind, addresses[kind]);
      expect((await (await elevated(app, kind, 'eve')).jsonGet('/mfa')).body.state).to.equal('elevated');
      app.clock.advance(600);
      expect((await (await elevated(app, kind, 'ada')).jsonGet('/mfa')).body.state).to.equal('elevated');
    });

    it('does not tell how near a guess was, in words or trips', async () => {
      const person = await signIn(app, 'ada');
      await send(person, kind);
      const code = app.lastCode(kind);
      const token = { 'X-CSRF-Token': await person.csrf() };
      const last = String((Number(code.at(-1)) + 1) % 10);
      const first = String((Number(code[0]) + 1) % 10);
      const near = [code.slice(0, -1) + last, first + code.slice(1), code.replace(/\d/g, first)];
      const all: object[] = [];
      for (const guess of near.filter((each) => each !== code)) {
        counted.reset();
        const {
          remainingAttempts: _left,
          title: _title,
          ...rest
        } = shape(await person.postJson(`/mfa/verify/${kind}`, { code: guess }, token)) as {
          remainingAttempts?: number;
          title?: string;
        };
        all.push({ ...rest, trips: counted.log });
      }
      for (const each of all) expect(each).to.deep.equal(all[0]);
    });

    it('tells a pending thief of a factor that is not enrolled what it tells of one without a code', async () => {
      const thief = await signIn(app, 'ada');
      const other = kind === 'email' ? 'sms' : 'email';
      const unsent = await thief.answer(kind, '123456');
      const absent = await thief.answer(other, '123456');
      expect(shape(absent)).to.deep.equal(shape(unsent));
    });

    it('shows masks that keep at most a third of a name, four letters, two digits', async () => {
      const shown =
        kind === 'email'
          ? {
              'ab@example.com': '***@example.com',
              'abc@example.com': 'a***@example.com',
              'abcdefghijklmnopqrst@example.com': 'abcd***@example.com',
            }
          : { '+41791234567': '***67' };
      let count = 0;
      for (const [address, mask] of Object.entries(shown)) {
        count += 1;
        const uid = `owner-${count}`;
        await bind(app, await signIn(app, uid), kind, address);
        app.clock.advance(600);
        const pending = await signIn(app, uid);
        const refused = await pending.jsonGet('/account');
        expect(said(refused)).to.equal('403 session.mfa.require_mfa_verification');
        expect(refused.body.maskedIdentifiers).to.deep.equal({ [kind]: mask });
        const everything = [refused.text, (await pending.jsonGet('/mfa')).text, (await send(pending, kind)).text];
        for (const text of everything) expect(text).to.not.include(address);
      }
    });
  });
}
