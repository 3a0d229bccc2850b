// What holds for every system that people are moved from, by its own rows.
import { expect } from 'chai';
import { madeElsewhere, another, Moving, secret, type MadeElsewhere } from '../support/moving.js';
import { systems } from './systems.js';

/** What no schema has and any file may: of each kind of value, the empty, the giant and the strange. */
const hostile: readonly unknown[] = [
  null,
  'x\0y',
  'A'.repeat(50_000),
  -1,
  9_007_199_254_740_993,
  true,
  [null],
  [['a']],
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"length":-1}') as object,
  // What can be made neither a text nor a number.
  { toString: 1, valueOf: 1 },
  [{ toString: 1, valueOf: 1 }],
];

/** Each value of `tree`, and each of its objects and lists, once taken for another. */
function* spoilt(tree: unknown, by: unknown): Generator {
  if (typeof tree === 'object' && tree !== null)
    for (const [key, value] of Object.entries(tree))
      for (const other of [by, undefined, ...spoilt(value, by)]) {
        const copy = (Array.isArray(tree) ? Array.from<unknown>(tree) : { ...tree }) as { [key: string]: unknown };
        if (other === undefined) delete copy[key];
        else copy[key] = other;
        yield copy;
      }
}

describe('every system that people are moved from', () => {
  let moving: Moving;
  let passkey: MadeElsewhere;

  beforeEach(async () => {
    moving = await new Moving().open();
    passkey = await madeElsewhere('1041');
  });
  afterEach(() => moving.close());

  for (const { name, args = [], kinds, counted, rowsOf } of systems)
    describe(name, () => {
      it('lets a person sign in by what they had there, once, and brings nothing back', async () => {
        const rows = rowsOf({ id: '1041', secret, passkey });
        const dry = await moving.move(name, rows, ...args, '--dry-run');
        expect(dry.end).to.equal('1 person would be taken over, 0 there already, 0 left.');
        // A file of one line.
        const alone = await moving.move(name, rows[0], ...args, '--dry-run');
        expect(alone.end).to.equal(dry.end);
        expect(await moving.everything()).to.deep.equal([]);
        const said = await moving.move(name, rows, ...args);
        expect(said).to.deep.include({ code: 0, end: '1 person taken over, 0 there already, 0 left.' });
        expect(said.stderr).to.equal(`Nothing to take over, so people make it anew here: ${counted}.\n`);
        expect(await moving.kinds('1041')).to.have.members(kinds);
        expect((await moving.store.load('1041')).record?.owed).to.deep.equal(['backup-codes']);
        await moving.signsIn('1041', secret);
        if (kinds.includes('webauthn')) await moving.prove('1041', passkey.device);

        const before = await moving.everything();
        const again = await moving.move(name, rows, ...args);
        expect(again.end).to.equal('0 people taken over, 1 there already, 0 left.');
        expect(await moving.everything()).to.deep.equal(before);

        await moving.app.mfa.importTotp('1041', { secret: another, replace: true });
        const replaced = await moving.everything();
        expect((await moving.move(name, rows, ...args)).end).to.match(/^0 people taken over, 0 there already/);
        expect(await moving.everything()).to.deep.equal(replaced);
        await moving.app.mfa.reset('1041', { by: 'ops' });
        const since = await moving.everything();
        expect((await moving.move(name, rows, ...args)).end).to.match(/^0 people taken over, 0 there already/);
        expect(await moving.everything()).to.deep.equal(since);
      });

      it('tells hostile rows and takes the next, never more than a person may have and never a giant', async () => {
        const rows = rowsOf({ id: 'm#', secret: another, passkey });
        const many = hostile
          .flatMap((by) => [...spoilt(rows, by)].flat())
          .filter((one) => !rows.includes(one as object));
        const lines = [{}, ...many, ...hostile].map((row, at) => JSON.stringify(row).replaceAll('m#', `m${at}`));
        const good = await madeElsewhere('ann');
        const last = rowsOf({ id: 'ann', secret, passkey: good }).map((row) => JSON.stringify(row));
        const said = await moving.move(name, [...lines, ...last].join('\n'), ...args);
        expect(said.stdout).to.match(/^[1-9][\d,]* people taken over, 0 there already, [1-9]\d* left\.\n$/);
        expect(said.stderr).not.to.include(another).and.not.to.include(secret).and.not.to.include('A'.repeat(300));
        expect(({} as { polluted?: true }).polluted).to.equal(undefined);
        for await (const { userId, record } of moving.store.scan({})) {
          expect(JSON.stringify(record).length, userId).to.be.below(8000);
          expect(record?.authenticators.length, userId).to.be.below(3);
        }
        expect(await moving.kinds('ann')).to.have.members(kinds);
        await moving.signsIn('ann', secret);
      });

      it('says what to do where the file is of something else', async () => {
        const neither = `null\n${'{"id":1,"data":{"secret":"A"},"and":"""}\n'.repeat(20_000)}`;
        for (const rows of [[], [{ id: 1, email: 'ada@example.com' }], 'a,b\r\n1,2\r\n', neither]) {
          const said = await moving.move(name, rows, ...args);
          expect(said.code).to.equal(1);
          expect(said.stderr).to.match(
            new RegExp(`has nothing that could be taken: check that it is an export of ${name}`),
          );
          expect(await moving.everything()).to.deep.equal([]);
        }
      });
    });
});
