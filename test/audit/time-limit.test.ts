// Work that ends with whoever asked for it, or after its time: also where Node.js collects garbage meanwhile, which takes a time limit out
// of a signal of `AbortSignal.any`; who waited by that one waits for ever.
import { expect } from 'chai';
import { withTimeLimit } from '../../src/audit/time-limit.js';
import { amidCollections, collectGarbage } from '../support/garbage.js';

const never = new AbortController().signal;
const untilAborted = (ends: AbortSignal) =>
  new Promise<string>((resolve) => ends.addEventListener('abort', () => resolve('ended'), { once: true }));

describe('withTimeLimit', () => {
  it('ends work after its time, whatever garbage was collected', async () => {
    expect(await amidCollections(withTimeLimit(100, never, untilAborted))).to.equal('ended');
  });

  it('ends work as the signal does, also one that ended before, whatever garbage was collected', async () => {
    const stops = new AbortController();
    const working = withTimeLimit(100_000, stops.signal, untilAborted);
    collectGarbage();
    stops.abort();
    expect(await working).to.equal('ended');
    const state = ({ aborted }: AbortSignal) => Promise.resolve(aborted);
    expect(await withTimeLimit(100_000, stops.signal, state)).to.equal(true);
    expect(await withTimeLimit(100_000, never, state)).to.equal(false);
  });

  it('hands on what came of it, and listens no more', async () => {
    const stops = new AbortController();
    const seen: AbortSignal[] = [];
    const kept = (come: Promise<number>) => (ends: AbortSignal) => (seen.push(ends), come);
    expect(await withTimeLimit(20, stops.signal, kept(Promise.resolve(7)))).to.equal(7);
    const failed = await withTimeLimit(20, stops.signal, kept(Promise.reject(new Error('no')))).catch(String);
    expect(failed).to.equal('Error: no');
    stops.abort();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen.map(({ aborted }) => aborted)).to.deep.equal([false, false]);
  });
});
