// Waiting in line: what is asked when, by whom a turn of the event loop is waited for, and what was begun is taken once.
import { expect } from 'chai';
import { recalling, takeTurn, type Turn } from '../../../src/core/flows/take-turn.js';
import type { Ceremony } from '../../../src/core/kernel/factor.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { testKernel } from '../../support/core-kernel.js';
import { personOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

/** Answers of one person, who say in `did` what is done for them, each under a name of its own. */
function line(queueLimit?: number) {
  const did: string[] = [];
  const plain = testKernel(queueLimit === undefined ? {} : { queueLimit });
  const arrive = (userId: string) => {
    const arrival = plain.loads.arrive(userId);
    const leave = () => {
      did.push('leaves');
      arrival.leave();
    };
    return { ...arrival, leave };
  };
  const strangers = async () => void did.push('lets others pass');
  const kernel = { ...plain, loads: { ...plain.loads, arrive }, strangers };
  const { asker } = personOf(kernel);
  /** @param refusals what it is refused with each time it is asked; `work` is done else */
  const answer = (name: string, refusals: (string | undefined)[] = [], work = async () => `${name} done`) => {
    const turn: Turn<string> = {
      line: 'riddle',
      recall: async () => void did.push(`${name} recalls`),
      early() {
        did.push(`${name} asks`);
        return refusals.shift();
      },
      work: async () => {
        did.push(`${name} works`);
        return work();
      },
    };
    return takeTurn(kernel, asker, turn);
  };
  return { kernel, asker, did, answer };
}

describe('an answer', () => {
  it('that comes alone is looked at once, and worked on', async () => {
    const { did, answer } = line();
    expect(await answer('a')).to.equal('a done');
    expect(did).to.deep.equal(['a recalls', 'a asks', 'a works', 'leaves']);
  });

  it('that is refused at once lets others pass first, and stands in no line', async () => {
    const { did, answer } = line();
    expect(await answer('a', ['no'])).to.equal('no');
    expect(did).to.deep.equal(['a recalls', 'a asks', 'lets others pass', 'leaves']);
  });

  const waits: [what: string, refusals: (string | undefined)[], said: string, then: string[]][] = [
    ['is worked on where nothing changed', [], 'b done', ['b asks', 'b recalls', 'b asks', 'b works']],
    ['is refused by what rivals wrote', [undefined, 'late'], 'late', ['b asks', 'lets others pass']],
    ['is refused by what was begun', [undefined, undefined, 'void'], 'void', ['b asks', 'b recalls', 'b asks']],
  ];
  for (const [what, refusals, said, then] of waits)
    it(`that waited ${what}`, async () => {
      const { did, answer } = line();
      let end!: (said: string) => void;
      const held = new Promise<string>((resolve) => (end = resolve));
      const first = answer('a', [], () => held);
      const second = answer('b', [...refusals]);
      await new Promise(setImmediate);
      did.length = 0;
      end('a done');
      expect(await Promise.all([first, second])).to.deep.equal(['a done', said]);
      expect(did.filter((each) => each !== 'leaves')).to.deep.equal(then);
      expect(did.filter((each) => each === 'leaves')).to.have.length(2);
    });

  it('for which there is no place in the line lets others pass before it hears so', async () => {
    const { did, answer } = line(0);
    expect(await codeOf(answer('a'))).to.equal('server.busy');
    expect(did).to.deep.equal(['a recalls', 'a asks', 'lets others pass', 'leaves']);
  });

  it('that fails otherwise hears so at once', async () => {
    for (const thrown of [
      new MfaError('store.conflict', 'x'),
      Object.assign(new Error('x'), { code: 'server.busy' }),
    ]) {
      const { did, answer } = line();
      expect(await codeOf(answer('a', [], () => Promise.reject(thrown)))).to.equal((thrown as { code?: string }).code);
      expect(did).to.deep.equal(['a recalls', 'a asks', 'a works', 'leaves']);
    }
  });
});

describe('what was begun', () => {
  const rows: [ceremony: Ceremony, isTaken: boolean][] = [
    ['once', true],
    [{ tries: 3 }, false],
    ['kept', false],
  ];
  for (const [ceremony, isTaken] of rows)
    it(`is ${isTaken ? 'taken once, however long the line' : 'read anew each time'}: ${JSON.stringify(ceremony)}`, async () => {
      const { kernel, asker } = line();
      const key = `ceremony:verify:riddle:${asker.signIn.flowId}`;
      await kernel.store.put('ann', key, { epoch: 'first' }, 900);
      const recall = recalling(kernel, asker, 'verify', 'riddle', ceremony);
      expect(await recall()).to.deep.equal({ epoch: 'first' });
      expect((await kernel.store.get('ann', key)) === undefined).to.equal(isTaken);
      await kernel.store.put('ann', key, { epoch: 'second' }, 900);
      expect(await recall()).to.deep.equal({ epoch: isTaken ? 'first' : 'second' });
    });
});
