// The id of an entry, against the example of the standard.
import { expect } from 'chai';
import { uuid7 } from '../../src/audit/uuid7.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { startMs } from './open-log.js';

describe('the id of an entry', () => {
  it('is a UUIDv7 of its time and of chance', () => {
    const idOf = (timeMs: number, bytes: number[]) =>
      uuid7(timeMs, { ...cryptoRandom, bytes: (length) => Buffer.from(bytes).subarray(0, length) });
    const [ones, zeros] = [Array<number>(20).fill(0xff), Array<number>(20).fill(0)];
    // RFC 9562, appendix A.6.
    const published = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
    expect(idOf(0x017f22e279b0, published)).to.equal('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
    expect(idOf(startMs, ones)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7fff-bfff-ffffffffffff$/);
    expect(idOf(0, zeros)).to.equal('00000000-0000-7000-8000-000000000000');
    expect(idOf(-1, zeros), 'before 1970').to.equal('00000000-0000-7000-8000-000000000000');
  });
});
