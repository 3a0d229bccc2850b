// Work on every record says how far it is, each person once.
import { expect } from 'chai';
import { forEverybody } from '../../src/cli/everybody.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { memoryStore } from '../../src/index.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { createMfaCore } from '../../src/mfa.js';
import { totp } from '../../src/factors/totp/totp.js';

describe('work on every record', () => {
  async function said(store: MfaStore): Promise<string[]> {
    const texts: string[] = [];
    const mfa = createMfaCore({
      appName: 'Acme',
      secrets: ['a secret of the tests, thirty-two bytes or more'],
      store,
      factors: [totp()],
      user: () => null,
    });
    for (let at = 0; at < 120; at += 1) await mfa.kernel.store.save(`u${at}`, emptyRecord('e'), undefined);
    const terminal = {
      tell: () => undefined,
      drained: () => Promise.resolve(),
      progress: () => ({ show: (text: string) => texts.push(text), end: () => undefined }),
    } as unknown as Terminal;
    const walked = await forEverybody(mfa, terminal, () => Promise.resolve());
    expect(walked).to.deep.equal({ looked: 120, unread: 0, stopped: false });
    return texts;
  }

  it('says how many there are, and what part is done', async () => {
    const texts = await said(memoryStore());
    expect(texts[0]).to.equal('50 of about 120 records (41 %) looked at');
    expect(texts.at(-1)).to.equal('120 of about 120 records (100 %) looked at');
  });

  it('goes without where the store does not tell, or cannot', async () => {
    const { count: _count, ...silent } = memoryStore();
    expect((await said(silent)).at(-1)).to.equal('120 records looked at');
    const broken = { ...memoryStore(), count: () => Promise.reject(new Error('No.')) };
    expect((await said(broken)).at(-1)).to.equal('120 records looked at');
  });
});
