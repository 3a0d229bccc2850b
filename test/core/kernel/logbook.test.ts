// What may not be told before the audit log holds it: which changes carry entries, what waits for the log, what is folded, and
// what is left in a record until the log is known to have it. The log is one in memory that the test fails.
import { expect } from 'chai';
import type { Heard, Kernel, Logbook, LogEntry } from '../../../src/core/kernel/kernel.js';
import {
  appendLeft,
  appendNow,
  entriesFor,
  isLoggedLater,
  reachLog,
  tellFirst,
  withUnlogged,
} from '../../../src/core/kernel/logbook.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openField, sealField } from '../../../src/core/kernel/sealed-field.js';
import { MfaError } from '../../../src/core/words/errors.js';
import type { EventName, Happened } from '../../../src/core/words/events.js';
import { testKernel } from '../../support/core-kernel.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';

const plain = testKernel();
const about = { user: { id: 'ann' }, hints: {} };
const accepted: Happened = { name: 'verification-accepted', outcome: 'accepted', kind: 'totp' };
const refused: Happened = { name: 'verification-refused', outcome: 'refused', kind: 'totp' };
const enrolled: Happened = { name: 'authenticator-enrolled', outcome: 'accepted', kind: 'totp' };
const shown: Happened = { name: 'prompt-skipped' };
const down = () => new MfaError('audit.unavailable', 'The log is down.');
const entry = (id: string): LogEntry => ({ id });
const ids = (entries: readonly LogEntry[]) => entries.map(({ id }) => id).join(' ');

/** What was asked of the log and told to listeners, in order, is `did`; `fails` is thrown at whoever asks. */
function logged({
  refuses = true,
  stored = [] as string[],
  fails,
}: { refuses?: boolean; stored?: string[]; fails?: Error | undefined } = {}) {
  const did: string[] = [];
  const answer = async (what: string) => {
    did.push(what);
    if (fails !== undefined) throw fails;
  };
  const logbook: Logbook = {
    refuses,
    entryOf: ({ user }: Heard, { name, kind = '', detail }: Happened) =>
      entry([user?.id ?? 'nobody', name, kind, detail === undefined ? '' : JSON.stringify(detail)].join('/')),
    reach: () => answer('reached'),
    append: (entries) => answer(`appended ${ids(entries)}`),
    isStored: ({ id }) => stored.includes(id),
  };
  const tell: Kernel['tell'] = (_about, happened, isLogged) =>
    void did.push(`told ${happened.map(({ name }) => name).join(' ')}${isLogged === true ? ', logged' : ''}`);
  return { kernel: { ...plain, logbook, tell } as Kernel, did };
}

/** A record in which these entries were left. */
function leaving(...left: string[]): MfaRecord {
  return { ...emptyRecord('e'), unlogged: sealField(plain.sealer, 'ann', 'unlogged', JSON.stringify(left.map(entry))) };
}
const nothingLeft = emptyRecord('e');
/** Moved here from somebody else: it does not open. */
const closed = { ...nothingLeft, unlogged: sealField(plain.sealer, 'bob', 'unlogged', '[{"id":"x"}]') };
const broken = { ...nothingLeft, unlogged: sealField(plain.sealer, 'ann', 'unlogged', 'no list') };
const leftOf = ({ unlogged }: MfaRecord): string | undefined =>
  unlogged && ids(JSON.parse(openField(plain.sealer, 'ann', 'unlogged', unlogged)) as LogEntry[]);

describe('reaching the audit log', () => {
  it('is done only where something waits for it', async () => {
    await reachLog(plain);
    for (const refuses of [false, true]) {
      const { kernel, did } = logged({ refuses });
      await reachLog(kernel);
      expect(did).to.deep.equal(refuses ? ['reached'] : []);
    }
    expect(await codeOf(reachLog(logged({ fails: down() }).kernel))).to.equal('audit.unavailable');
  });
});

describe('entries that are saved with a change', () => {
  it('are none where nothing waits for the log, nothing happened or an answer was refused: the log is not asked', async () => {
    expect(await entriesFor(plain, about, leaving('x'), [accepted])).to.deep.equal([]);
    const none: [boolean, Happened[]][] = [
      [false, [accepted]],
      [true, []],
      [true, [refused]],
      [true, [accepted, refused]],
    ];
    for (const [refuses, happened] of none) {
      const { kernel, did } = logged({ refuses });
      expect(await entriesFor(kernel, about, leaving('x'), happened)).to.deep.equal([]);
      expect(did).to.deep.equal([]);
    }
  });

  it('are one of each thing that happened, of this person, and none is appended before the change', async () => {
    const { kernel, did } = logged();
    const entries = await entriesFor(kernel, about, nothingLeft, [accepted, shown]);
    expect(ids(entries)).to.equal('ann/verification-accepted/totp/ ann/prompt-skipped//');
    expect(did).to.deep.equal(['reached']);
  });

  it('follow those that were left, but for what the log is known to have', async () => {
    const rows: [MfaRecord, string[], string][] = [
      [leaving('x', 'y'), [], 'appended x y'],
      [leaving('x', 'y'), ['x'], 'appended y'],
      [leaving('x', 'y'), ['x', 'y'], 'reached'],
      [closed, [], 'reached'],
    ];
    for (const [before, stored, done] of rows) {
      const { kernel, did } = logged({ stored });
      expect(await entriesFor(kernel, about, before, [accepted])).to.have.length(1);
      expect(did).to.deep.equal([done]);
    }
    expect(await rejectionOf(entriesFor(logged().kernel, about, broken, [accepted]))).to.be.instanceOf(SyntaxError);
  });

  it('are not made where the log takes nothing: the change is refused', async () => {
    for (const before of [nothingLeft, leaving('x')])
      expect(await codeOf(entriesFor(logged({ fails: down() }).kernel, about, before, [accepted]))).to.equal(
        'audit.unavailable',
      );
  });

  const times = (count: number, happened: Happened) => Array.from({ length: count }, () => happened);
  const kinds = (count: number, name: EventName = 'authenticator-removed') =>
    Array.from({ length: count }, (_none, index): Happened => ({ name, kind: `k${index}` }));
  const folded = async (happened: Happened[]) =>
    (await entriesFor(logged().kernel, about, nothingLeft, happened)).map(({ id }) => id.replace('ann/', ''));

  it('are eight at most: of more, one of each name and kind says how many', async () => {
    expect(await folded(times(8, shown))).to.deep.equal(times(8, shown).map(() => 'prompt-skipped//'));
    expect(await folded(times(9, { ...shown, detail: { left: 1 } }))).to.deep.equal([
      'prompt-skipped//{"left":1,"count":9}',
    ]);
    expect(
      await folded([...times(6, accepted), enrolled, { ...accepted, kind: 'sms' }, ...times(2, shown)]),
    ).to.deep.equal([
      'verification-accepted/totp/{"count":6}',
      'authenticator-enrolled/totp/',
      'verification-accepted/sms/',
      'prompt-skipped//{"count":2}',
    ]);
    expect(await folded([...kinds(8), { ...kinds(1)[0]!, authenticatorId: 'other' }])).to.have.length(8);
  });

  it('of more than eight kinds are refused, and say how many', async () => {
    const error = await rejectionOf(entriesFor(logged().kernel, about, nothingLeft, kinds(9)));
    expect(error.code).to.equal('audit.unavailable');
    expect(error.message).to.include('9 kinds').and.include('holds 8');
  });
});

describe('the record of a change', () => {
  const save = { ...emptyRecord('new'), owed: ['primary'] };

  it('has its entries sealed for this person, in the place of those before', () => {
    for (const kernel of [plain, logged().kernel])
      for (const before of [nothingLeft, leaving('x')]) {
        const saved = withUnlogged(kernel, 'ann', before, { ...before, ...save }, [entry('a'), entry('b')]);
        expect(leftOf(saved)).to.equal('a b');
        expect(saved.owed).to.deep.equal(['primary']);
        expect(saved.unlogged?.sealed).not.to.include('"a"');
      }
  });

  it('without any keeps what was left until the log is known to have all of it', () => {
    const rows: [before: MfaRecord, save: MfaRecord, stored: string[], left: string | undefined][] = [
      [leaving('x', 'y'), save, [], 'x y'],
      [leaving('x', 'y'), save, ['x'], 'x y'],
      [leaving('x', 'y'), save, ['x', 'y'], undefined],
      [leaving('x'), { ...save, ...leaving('y'), epoch: 'new' }, ['x'], 'y'],
      [leaving('x'), { ...save, ...leaving('y'), epoch: 'new' }, ['y'], undefined],
      [closed, save, [], undefined],
      [nothingLeft, save, [], undefined],
    ];
    for (const [before, saved, stored, left] of rows) {
      const { kernel, did } = logged({ stored });
      const result = withUnlogged(kernel, 'ann', before, saved, []);
      expect(leftOf(result)).to.equal(left);
      expect('unlogged' in result).to.equal(left !== undefined);
      expect(result.epoch).to.equal('new');
      expect(did).to.deep.equal([]);
    }
  });

  it('is what it is where there is no log', () => {
    expect(withUnlogged(plain, 'ann', leaving('x'), save, [])).to.equal(save);
    const own = { ...save, ...leaving('y') };
    expect(withUnlogged(plain, 'ann', leaving('x'), own, [])).to.equal(own);
  });
});

describe('what somebody else left in a record', () => {
  it('is appended without anybody waiting, and a log that is down is nobody’s failure', async () => {
    const rows: [MfaRecord, string[], string[]][] = [
      [leaving('x', 'y'), ['y'], ['appended x']],
      [leaving('x'), ['x'], []],
      [nothingLeft, [], []],
      [closed, [], []],
    ];
    for (const fails of [undefined, down()])
      for (const [record, stored, done] of rows) {
        const { kernel, did } = logged({ stored, fails });
        appendLeft(kernel, 'ann', record);
        await Promise.resolve();
        expect(did).to.deep.equal(done);
      }
    appendLeft(plain, 'ann', leaving('x'));
  });
});

describe('entries that are appended now', () => {
  it('are appended, or it is said why not', async () => {
    const { kernel, did } = logged();
    expect(await appendNow(kernel, [entry('a'), entry('b')], [accepted])).to.equal(undefined);
    expect(await appendNow(kernel, [], [accepted])).to.equal(undefined);
    expect(did).to.deep.equal(['appended a b']);
    expect(await appendNow(plain, [entry('a')], [accepted])).to.equal(undefined);
    const fails = new TypeError('a fault of ours');
    expect(await rejectionOf(appendNow(logged({ fails }).kernel, [entry('a')], [accepted]))).to.equal(fails);
  });

  it('are on their way where an answer had its outcome: nobody tells of it as another failure', async () => {
    for (const [happened, isLater] of [
      [[shown, accepted], true],
      [[refused], true],
      [[shown], false],
      [[], false],
    ] as const) {
      const fails = down();
      expect(await appendNow(logged({ fails }).kernel, [entry('a')], happened)).to.equal(fails);
      expect(isLoggedLater(fails)).to.equal(isLater);
    }
    for (const other of [null, undefined, 'text', down()]) expect(isLoggedLater(other)).to.equal(false);
  });
});

describe('what is told without a change', () => {
  const named = (name: EventName, more: Partial<Happened> = {}): Happened => ({ name, ...more });
  const waiting = [
    accepted,
    named('browser-trust-used'),
    named('sign-ins-ended'),
    named('admin-viewed', { actor: 'admin' }),
  ];
  const free = [refused, shown, named('browser-trusted'), named('code-sent', { actor: 'cli' })];

  it('waits for the log where it lets somebody in or an operator did it', async () => {
    for (const happened of waiting) {
      const { kernel, did } = logged();
      await tellFirst(kernel, about, [shown, happened]);
      const appended = `ann/prompt-skipped// ann/${happened.name}/${happened.kind ?? ''}/`;
      expect(did).to.deep.equal([`appended ${appended}`, `told prompt-skipped ${happened.name}, logged`]);
    }
  });

  it('waits for nothing otherwise, nor where the log only follows', async () => {
    for (const happened of free) {
      const { kernel, did } = logged({ fails: down() });
      await tellFirst(kernel, about, [happened]);
      expect(did).to.deep.equal([`told ${happened.name}`]);
    }
    for (const happened of waiting) {
      const { kernel, did } = logged({ refuses: false, fails: down() });
      await tellFirst(kernel, about, [happened]);
      expect(did).to.deep.equal([`told ${happened.name}`]);
    }
    plain.events.length = 0;
    await tellFirst(plain, about, [accepted], leaving('x'));
    expect(plain.events.map(({ name }) => name)).to.deep.equal([accepted.name]);
  });

  it('takes along what is left in a record that is about to go', async () => {
    const slow = logged();
    await tellFirst(slow.kernel, about, [shown], leaving('x'));
    expect(slow.did).to.deep.equal(['appended x', 'told prompt-skipped']);
    const waits = logged({ stored: ['y'] });
    await tellFirst(waits.kernel, about, [accepted], leaving('x', 'y'));
    expect(waits.did[0]).to.equal('appended x ann/verification-accepted/totp/');
    for (const happened of [shown, accepted]) {
      const { kernel, did } = logged();
      await tellFirst(kernel, { hints: {} }, [happened], leaving('x'));
      expect(did.join()).not.to.include(' x');
    }
  });

  it('is told to listeners all the same where the log fails, and then refused as on its way', async () => {
    const fails = down();
    const { kernel, did } = logged({ fails });
    expect(await rejectionOf(tellFirst(kernel, about, [accepted]))).to.equal(fails);
    expect(isLoggedLater(fails)).to.equal(true);
    expect(did.at(-1)).to.equal('told verification-accepted, logged');
  });
});
