// The next line of the ledger, and that it is tried again where others are faster.
import { expect } from 'chai';
import type { AuditStore } from '../../src/audit/audit-store.js';
import { ledgerStuck, nextLine, parseLine, withLine } from '../../src/audit/ledger.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { startMs, worldOf } from './open-log.js';

const world = worldOf(() => startMs);

describe('the next line of the ledger', () => {
  const said = { kind: 'began' as const, points: [{ writer: 'w', seq: 1, hash: 'h' }] };
  const after = async (text: string | undefined, more = {}) =>
    await nextLine({ lastLine: async () => text } as unknown as AuditStore, world, { ...said, ...more });

  it('follows the latest one, and is the first where there is none', async () => {
    const first = await after(undefined);
    const { hash, ...line } = parseLine(first.text) ?? { hash: '' };
    expect(first).to.include({ expected: '', hash });
    expect(line).to.deep.equal({ v: 1, n: 1, ...said, time: '2026-03-01T10:00:00.000Z', keyId: world.sealer.keyId });
    const second = await after(first.text, { detail: { places: 3 } });
    expect(second.expected).to.equal(hash);
    expect(parseLine(second.text))
      .to.include({ n: 2 })
      .and.to.deep.include({ detail: { places: 3 } });
    expect(second.hash).to.not.equal((await after(first.text)).hash);
  });

  it('is tried fifty times where others are faster', async () => {
    const store = memoryAuditStore();
    let tries = 0;
    const answer = await withLine(store, world, said, async () => ((tries += 1), 'ledger'));
    expect([answer, tries]).to.deep.equal(['ledger', 50]);
    tries = 0;
    expect(await withLine(store, world, said, async () => ((tries += 1) < 50 ? 'ledger' : 'stored'))).to.equal(
      'stored',
    );
    expect(ledgerStuck()).to.include({ code: 'store.unavailable' });
  });
});
