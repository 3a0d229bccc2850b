// What is done to the log once a minute: what is dropped, how often, and what is told of it; over a log in memory.
import { expect } from 'chai';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import type { AuditSink } from '../../src/audit/sink.js';
import { openLog, type TestLog } from './open-log.js';

const dayMs = 86_400_000;
const slow: AuditSink = { name: 'slow', deliver: async () => ({ done: 0 }) };

describe('tending the log', () => {
  const trimmedBy = ({ own }: TestLog) => own.map(({ name, detail, actor }) => [name, detail?.entries, actor]);

  it('drops what is too old once an hour, and says how much', async () => {
    const opened = openLog({ ...memoryAuditStore(), keep: { days: 10, maxBytes: 2 ** 30 } });
    const { log, fill, advance } = opened;
    await fill(300);
    await log.tend();
    expect(opened.own, 'there is nothing').to.deep.equal([]);
    advance(10 * dayMs);
    await log.tend();
    expect(opened.own, 'not yet').to.deep.equal([]);
    advance(3_599_999);
    await log.tend();
    expect(opened.own, 'it looked a moment ago').to.deep.equal([]);
    advance(1);
    await log.tend();
    expect(trimmedBy(opened)).to.deep.equal([['audit-trimmed', 300, 'system']]);
  });

  it('drops at once what is over its size, and says what no sink has', async () => {
    const memory = memoryAuditStore();
    const keep = { days: 10, maxBytes: 2 ** 30 };
    const opened = openLog({ ...memory, keep }, { sinks: [slow] });
    await opened.fill(300);
    await opened.log.tend();
    keep.maxBytes = (await memory.extent()).bytes;
    await opened.log.tend();
    expect(opened.own, 'it just fits').to.deep.equal([]);
    keep.maxBytes -= 1;
    await opened.log.tend();
    expect(trimmedBy(opened)).to.deep.equal([
      ['audit-trimmed', 256, 'system'],
      ['audit-lost', 256, 'system'],
    ]);
    expect(opened.own[1]?.detail?.why).to.equal('the log was full before a sink took it');
  });

  it('seals those who fell silent, and says its own line first', async () => {
    const store = memoryAuditStore();
    const [silent, opened] = [openLog(store), openLog(store)];
    await silent.fill(1);
    await opened.fill(1);
    opened.advance(600_000);
    opened.tell('reset');
    await opened.log.tend();
    const kinds = (await store.lines(0, 10)).map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).to.deep.equal(['began', 'began', 'reached', 'sealed']);
  });
});
