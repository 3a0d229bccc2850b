// What a host may say of its log, and of who does something to it.
import { expect } from 'chai';
import { checkWho, readAuditOptions } from '../../src/audit/audit-options.js';
import type { AuditLogOptions } from '../../src/audit/audit-log.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { fileSink } from '../../src/audit/sinks/file-sink.js';

describe('the options of the audit log', () => {
  const store = memoryAuditStore();
  const sink = (name: string) => fileSink({ path: '/tmp/a', name });

  it('are a store, sinks of different names, and how people are named and a store that is away is taken', () => {
    expect(readAuditOptions({ store })).to.deep.equal({
      ...{ store, sinks: [], subjectAs: 'id', whenUnavailable: 'continue' },
    });
    const whole = { store, sinks: [sink('a'), sink('b')], subjectAs: 'digest', whenUnavailable: 'refuse' } as const;
    expect(readAuditOptions(whole)).to.deep.equal(whole);
    for (const [options, words] of [
      [{}, '`store` is missing'],
      [{ store: {} }, '`store` is missing'],
      [{ store: null }, '`store` is missing'],
      [{ store, sinks: [sink('a'), sink('b'), sink('a')] }, 'two sinks are named "a"'],
      [{ store, subjectAs: 'name' }, '`subjectAs` takes'],
      [{ store, whenUnavailable: 'wait' }, '`whenUnavailable` takes'],
      [{ store, sink: [] }, 'there is no option `sink`. Did you mean `sinks`?'],
    ] as [object, string][])
      expect(() => readAuditOptions(options as AuditLogOptions), words).to.throw(words);
  });

  it('name who does something to it, and why', () => {
    const who = { by: 'Ana', reason: 'asked' };
    expect(checkWho('audit.erase', who)).to.equal(who);
    for (const wrong of [
      { by: '' },
      { by: 5 },
      { by: undefined },
      { reason: '' },
      { reason: 5 },
      { reason: undefined },
    ])
      expect(() => checkWho('audit.erase', { ...who, ...wrong } as typeof who), JSON.stringify(wrong))
        .to.throw(/^audit\.erase: `by` takes/)
        .with.property('code', 'config.invalid_option');
    expect(() => checkWho('audit.erase', { ...who, at: 'x' } as typeof who)).to.throw('there is no option `at`');
  });
});
