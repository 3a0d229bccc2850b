// Where a writer's chain stands while a store takes, forgets and refuses: pure, without a store.
import { expect } from 'chai';
import { createPosition, draftsOf, type Position } from '../../src/audit/position.js';
import { makeEntry, type Draft } from '../../src/audit/make-entry.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { sealer, startMs, worldOf } from './open-log.js';

const draftsFrom = (count: number): Draft[] =>
  Array.from({ length: count }, (_, at) =>
    makeEntry(
      { name: 'reset', at: new Date(startMs + at).toISOString(), actor: 'system' },
      { sealer, random: cryptoRandom, subjectAs: 'id' },
    ),
  );

describe('the place of a writer in its chain', () => {
  let nowMs: number;
  let lost: object[];
  let writers: number;
  let position: Position;
  beforeEach(() => {
    [nowMs, lost, writers] = [startMs, [], 0];
    const random = { ...cryptoRandom, token: (bytes: number) => `writer ${(writers += 1)} of ${bytes}` };
    position = createPosition(
      worldOf(() => nowMs, random),
      (detail) => lost.push(detail),
    );
  });

  const seqs = () => position.inFlight.map(({ kept }) => kept.seq);
  /** Puts so many on their way, and they are stored; with a line in the ledger where one is due. */
  function store(count: number) {
    position.take(draftsFrom(count));
    const links = position.inFlight;
    const said = position.lineDue(links);
    position.moved(links, said);
    return { links, said };
  }

  it('is the beginning of a writer of its own at first', () => {
    expect(position.head).to.deep.equal({ writer: 'writer 1 of 9', seq: 0, hash: '' });
    expect(position.inFlight).to.deep.equal([]);
    expect(position.lineDue([])).to.equal(undefined);
  });

  it('moves with what is stored, and what is on its way follows it', () => {
    const drafts = draftsFrom(5);
    position.take(drafts);
    expect([position.head.seq, seqs()]).to.deep.equal([0, [1, 2, 3, 4, 5]]);
    const [first, second] = position.inFlight;
    position.moved([first!, second!], undefined);
    expect(position.head).to.deep.equal({ writer: 'writer 1 of 9', seq: 2, hash: second?.kept.hash });
    expect(seqs()).to.deep.equal([3, 4, 5]);
    expect(draftsOf(position.inFlight)).to.deep.equal(drafts.slice(2));
    position.moved([], undefined);
    expect([position.head.seq, seqs()]).to.deep.equal([2, [3, 4, 5]]);
  });

  it('is told to the ledger as it begins, then after a thousand entries or five minutes, and never twice', () => {
    const began = store(3);
    const { hash } = began.links.at(-1)?.kept ?? {};
    expect(began.said).to.deep.equal({ kind: 'began', points: [{ writer: 'writer 1 of 9', seq: 3, hash }] });
    nowMs += 300_000;
    expect(position.lineDue([]), 'there is nothing new').to.equal(undefined);
    expect(store(1).said).to.include({ kind: 'reached' });
    nowMs += 299_999;
    expect(store(1).said).to.equal(undefined);
    nowMs += 1;
    expect(position.lineDue([])).to.deep.equal({
      kind: 'reached',
      points: [{ writer: 'writer 1 of 9', seq: 5, hash: position.head.hash }],
    });
    position.moved([], position.lineDue([]));
    expect(position.lineDue([])).to.equal(undefined);
    expect(store(999).said).to.equal(undefined);
    expect(store(1).said?.points[0]?.seq).to.equal(1005);
    expect(store(999).said).to.equal(undefined);
  });

  it('goes back to where a store stands that forgot the latest, and sends those again as they were', () => {
    const { links } = store(5);
    position.take(draftsFrom(2));
    const onTheirWay = position.inFlight;
    position.resume({ seq: 3, hash: links[2]?.kept.hash ?? '' });
    expect(position.inFlight).to.deep.equal([...links.slice(3), ...onTheirWay]);
    expect(position.head).to.deep.equal({ writer: 'writer 1 of 9', seq: 3, hash: links[2]?.kept.hash });
    position.resume({ seq: 0, hash: '' });
    expect(position.inFlight).to.deep.equal([...links, ...onTheirWay]);
    expect(position.head).to.include({ seq: 0, hash: '' });
    position.resume({ seq: 6, hash: onTheirWay[0]?.kept.hash ?? '' });
    expect(seqs()).to.deep.equal([7]);
    expect(lost).to.deep.equal([]);
  });

  it('is that of another writer where the store stands at what nobody knows here', () => {
    for (const at of [
      { seq: 3, hash: 'another' },
      { seq: 9, hash: 'later' },
    ]) {
      const before = position.head;
      store(5);
      const drafts = draftsFrom(2);
      position.take(drafts);
      lost.length = 0;
      position.resume(at);
      expect(lost).to.deep.equal([
        { why: 'the store forgot', writer: before.writer, from: at.seq + 1, to: before.seq + 5 },
      ]);
      expect(position.head).to.deep.equal({ writer: `writer ${writers} of 9`, seq: 0, hash: '' });
      expect(position.head.writer).to.not.equal(before.writer);
      expect(draftsOf(position.inFlight)).to.deep.equal(drafts);
      expect(position.lineDue(position.inFlight)).to.include({ kind: 'began' });
    }
    const stored = store(5).links;
    lost.length = 0;
    const { seq, hash } = stored.at(-1)?.kept ?? { seq: 0, hash: '' };
    position.resume({ seq, hash });
    expect(lost, 'nothing follows what it holds').to.have.length(1);
  });

  it('keeps a thousand at least for a store that forgets, and two thousand at most', () => {
    const first = store(2000).links;
    position.resume({ seq: 0, hash: '' });
    expect(seqs().length).to.equal(2000);
    position.moved(position.inFlight, undefined);
    const [last] = store(1).links;
    const from = first[1001]!.kept;
    position.resume({ seq: from.seq, hash: from.hash });
    expect(position.inFlight).to.deep.equal([...first.slice(1002), last]);
    expect(lost).to.deep.equal([]);
    position.moved(position.inFlight, undefined);
    const gone = first[1000]!.kept;
    position.resume({ seq: gone.seq, hash: gone.hash });
    expect(lost).to.have.length(1);
    store(2001);
    position.resume({ seq: 0, hash: '' });
    expect(lost, 'its beginning is not known any more').to.have.length(2);
  });

  it('is not moved by what others appended: the rest follows without them', () => {
    store(3);
    const drafts = draftsFrom(4);
    position.take(drafts);
    const before = position.head;
    position.leaveOut([drafts[0]!.id, drafts[2]!.id, 'unknown']);
    expect(position.head).to.deep.equal(before);
    expect(draftsOf(position.inFlight)).to.deep.equal([drafts[1], drafts[3]]);
    expect(seqs()).to.deep.equal([4, 5]);
  });

  it('is that of another writer where the ledger names what follows otherwise now', () => {
    const { links } = store(3);
    position.resume({ seq: 2, hash: links[1]?.kept.hash ?? '' });
    const [third] = draftsOf(position.inFlight);
    position.leaveOut([third!.id]);
    expect(position.head).to.include({ writer: 'writer 2 of 9', seq: 0 });
    expect(position.inFlight).to.deep.equal([]);
    const again = store(3).links;
    position.take(draftsFrom(1));
    position.leaveOut([]);
    expect(position.head).to.include({ writer: 'writer 2 of 9', seq: 3, hash: again[2]?.kept.hash });
  });

  it('begins anew with what is on its way, and that with a line', () => {
    store(3);
    const drafts = draftsFrom(2);
    position.take(drafts);
    position.beginAnew();
    expect(position.head).to.deep.equal({ writer: 'writer 2 of 9', seq: 0, hash: '' });
    expect([seqs(), draftsOf(position.inFlight)]).to.deep.equal([[1, 2], drafts]);
    expect(position.lineDue(position.inFlight)).to.include({ kind: 'began' });
    position.resume({ seq: 2, hash: 'of the writer before' });
    expect(lost).to.have.length(1);
  });
});
