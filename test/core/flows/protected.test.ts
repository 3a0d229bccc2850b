// Protected means protected: whatever is played with an account, in whatever order, only an elevated removal of the last
// factor or a reset makes its owner unprotected, and nobody who proved nothing is ever let through.
import { expect } from 'chai';
import fc from 'fast-check';
import { passwordChanged, resetPrompts, resetUser, unlockUser } from '../../../src/core/operators/administer.js';
import { confirmEnrollment } from '../../../src/core/flows/confirm-enrollment.js';
import { beginEnrollment } from '../../../src/core/flows/enroll.js';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { setPreferences, skipSuggestion } from '../../../src/core/flows/manage.js';
import { createObjection, object } from '../../../src/core/flows/objection.js';
import { situationOf } from '../../../src/core/rules/situation.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';
import { personOf, protectedPerson, wordsIn, type Person } from '../../support/core-person.js';
import { idOf } from '../../support/core-record.js';

type Board = Awaited<ReturnType<typeof setUp>>;
type Move = (board: Board) => Promise<unknown>;

async function setUp() {
  const factors = [riddle(), spareWords({ expiresInSeconds: 40 * 86_400 })];
  const made = await protectedPerson({ factors, policy: 'prompt-at-sign-in-and-sign-up' });
  const { kernel, person } = made;
  // The same account in an app that was deployed with another factor in place of the riddle.
  const elsewhere = testKernel({ factors: [riddle({ kind: 'song' }), spareWords()], beside: kernel });
  return { ...made, elsewhere, pending: person.signInAgain(), stranger: personOf(kernel), use: 2 };
}

const guess = (times: number, who: (board: Board) => Person, body: { word: string; use: number }): Move => {
  return async (board) => {
    for (let n = 0; n < times; n += 1) {
      await who(board).verify('riddle', body);
      await who(board).verify('spare-words', body);
      board.kernel.clock.now += 3600;
    }
  };
};
const stranger = (board: Board) => board.stranger;
const pending = (board: Board) => board.pending;
const wrong = { word: 'wrong', use: 1 };

/** Whatever anybody can do who is not elevated and fresh, and what the host and its operators do, a reset excepted. */
const harmless: { [name: string]: Move } = {
  'strangers guess 12 times': guess(12, stranger, wrong),
  'strangers guess 60 times': guess(60, stranger, wrong),
  'a known browser guesses 60 times': guess(60, pending, wrong),
  'the owner answers': async (board) => board.person.verify('riddle', { word: board.word, use: (board.use += 1) }),
  'the owner uses a spare word': async (board) => {
    const [word] = wordsIn(await board.kernel.recordOf('ann'));
    await board.person.verify('spare-words', { word: word ?? 'none' });
  },
  'a minute passes': async ({ kernel }) => (kernel.clock.now += 60),
  'a day passes': async ({ kernel }) => (kernel.clock.now += 86_400),
  'half a year passes': async ({ kernel }) => (kernel.clock.now += 183 * 86_400),
  'the clock is set back by a day': async ({ kernel }) => (kernel.clock.now -= 86_400),
  'an operator unlocks': ({ kernel }) => unlockUser(kernel, 'ann', { by: 'admin' }),
  'an operator brings prompts back': ({ kernel }) => resetPrompts(kernel, 'ann'),
  'the password is changed': ({ kernel }) => passwordChanged(kernel, 'ann'),
  'somebody pending skips': ({ kernel, pending: { asker } }) => skipSuggestion(kernel, asker),
  'somebody pending removes': async (board) =>
    removeAuthenticator(board.kernel, board.pending.asker, await idOf(board.kernel, 'riddle')),
  'somebody pending removes the codes': async (board) =>
    removeAuthenticator(board.kernel, board.pending.asker, await idOf(board.kernel, 'spare-words')),
  'somebody pending turns the step off': ({ kernel, pending: { asker } }) =>
    setPreferences(kernel, asker, { signInStep: 'off', openLane: true }),
  'somebody pending enrols': async ({ kernel, pending: { asker } }) => {
    await beginEnrollment(kernel, asker, 'riddle', {}, 'anew');
    await confirmEnrollment(kernel, asker, 'riddle', wrong);
  },
  'the factor is off for a while': async ({ elsewhere, stranger: { asker } }) => {
    await skipSuggestion(elsewhere, asker);
    await beginEnrollment(elsewhere, asker, 'song', {}, 'anew');
    await removeAuthenticator(elsewhere, asker, 'any');
  },
  'the owner sets up another riddle': async (board) => {
    const outcome = await beginEnrollment(board.kernel, board.person.asker, 'riddle', {}, 'anew');
    if (!outcome.accepted || !outcome.begun) return;
    const { word } = outcome.begun.shown as { word: string };
    const confirmed = await board.person.confirm('riddle', { word, use: 1 });
    if (confirmed.accepted) Object.assign(board, { word, use: 1 });
  },
  'somebody objects to a notice': async (board) => {
    const authenticatorId = await idOf(board.kernel, 'riddle');
    const notice = { what: 'factor-added', at: board.kernel.now(), authenticatorId } as const;
    await object(board.kernel, await createObjection(board.kernel, 'ann', notice));
  },
};

/** The two ways out. Each says whether it was one. */
const waysOut: { [name: string]: (board: Board) => Promise<boolean> } = {
  'an operator resets': async ({ kernel }) => {
    await resetUser(kernel, 'ann', { by: 'admin' });
    return true;
  },
  'the owner removes the riddle': async (board) => ownerRemoves(board, 'riddle'),
  'the owner removes the spare words': async (board) => ownerRemoves(board, 'spare-words'),
};

async function ownerRemoves(board: Board, kind: string): Promise<boolean> {
  const { kernel, person } = board;
  const { state, proofs } = situationOf(kernel, person.asker.user, person.asker.signIn, await kernel.recordOf('ann'));
  const outcome = person.keep(await removeAuthenticator(kernel, person.asker, await idOf(board.kernel, kind), true));
  if (outcome.accepted) {
    expect(state).to.equal('elevated');
    expect(proofs.some((proof) => proof.kind === 'riddle' && kernel.now() - proof.at <= 600)).to.equal(true);
  }
  return outcome.accepted;
}

/** Nobody new is let through, whatever the app offers now. */
async function expectHeld({ kernel, elsewhere, pending: { asker } }: Board) {
  const record = await kernel.recordOf('ann');
  expect(record.protected).to.equal(true);
  for (const each of [kernel, elsewhere]) {
    for (const { asker: newcomer } of [personOf(each, 'ann'), { asker }]) {
      const { state, next } = situationOf(each, newcomer.user, newcomer.signIn, record);
      expect(state).to.equal('pending');
      expect(next.step).to.be.oneOf(['verify', 'recover']);
    }
  }
}

describe('protected means protected', function () {
  const names = (moves: object) => fc.constantFrom(...Object.keys(moves));

  it('through any order of failures, expiries, uses, unlocks, new passwords and tries without a proof', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(names(harmless), { minLength: 1, maxLength: 12 }), async (played) => {
        const board = await setUp();
        for (const name of played) {
          await harmless[name]?.(board);
          await expectHeld(board);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('until an elevated and fresh removal of what still works, or a reset', async () => {
    const seen = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(names(harmless), names(waysOut)), { minLength: 1, maxLength: 12 }),
        async (played) => {
          const board = await setUp();
          for (const name of played) {
            await harmless[name]?.(board);
            const isWayOut = (await waysOut[name]?.(board)) ?? false;
            const record = await board.kernel.recordOf('ann');
            seen.add(record.protected);
            if (!record.protected) {
              expect(isWayOut, name).to.equal(true);
              expect(record).to.deep.include({ authenticators: [], owed: [], trusted: [] });
              return;
            }
            await expectHeld(board);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(seen.size).to.equal(2);
  });
});
