// The log as rsyslogd receives it.
import { expect } from 'chai';
import type { AuditItem } from '../../src/audit/sink.js';
import { syslogSink } from '../../src/audit/sinks/syslog-sink.js';
import type { SyslogSinkOptions } from '../../src/audit/sinks/syslog-sink.js';
import { parseCef } from '../audit/formats/cef-parser.js';
import { entryOf, hostileAgent } from '../audit/formats/entries.js';
import { eventually } from '../support/eventually.js';
import { startRsyslog } from './rsyslog.js';
import type { Rsyslog } from './rsyslog.js';

const { signal } = new AbortController();
const entries = (count: number) => Array.from({ length: count }, () => entryOf());
const idsOf = (items: readonly AuditItem[]) => items.map((item) => ('id' in item ? item.id : ''));

/** rsyslog writes a control character, which CEF escaped, as it came. */
const idIn = (msg: string) => parseCef(msg.trimStart()).extension.externalId ?? '';

describe('rsyslogd', () => {
  let rsyslog: Rsyslog;
  before(async () => (rsyslog = await startRsyslog()));
  after(() => rsyslog.stop());

  const sinkBy = (transport: 'tls' | 'tcp', more: Partial<SyslogSinkOptions> = {}) => {
    const port = transport === 'tls' ? rsyslog.tlsPort : rsyslog.tcpPort;
    const trust = transport === 'tls' ? { caFile: rsyslog.caFile } : {};
    return syslogSink({ host: '127.0.0.1', port, transport, appName: `by-${transport}`, ...trust, ...more });
  };
  const told = async (app: string) => (await rsyslog.read()).filter((message) => message.app === app);

  for (const transport of ['tls', 'tcp'] as const) {
    it(`understands what comes by ${transport}: once, in order, a hostile user agent as one message`, async () => {
      const sink = sinkBy(transport);
      const hostile = entryOf({ personal: { userAgent: hostileAgent } });
      const batches = [entries(500), [hostile], entries(500)];
      for (const batch of batches) expect(await sink.deliver(batch, signal)).to.deep.equal({ done: batch.length });
      await sink.close?.();
      await eventually(async () => expect(await told(`by-${transport}`)).to.have.length(1001), 60);
      const messages = await told(`by-${transport}`);
      expect(messages.map(({ msg }) => idIn(msg))).to.deep.equal(idsOf(batches.flat()));
      expect(messages[500]).to.include({ id: 'verification-refused', pri: '84', proc: 'Wq3vT8sLk2' });
      const agent = parseCef(messages[500]!.msg.trimStart()).extension.requestClientApplication;
      expect(agent).to.match(/^x\|y=z /);
      expect(agent).to.match(/…$/);
      expect((await rsyslog.read()).filter(({ app }) => !app.startsWith('by-'))).to.deep.equal([]);
    });
  }

  it('understands every format, a line each too', async () => {
    for (const format of ['json', 'ecs', 'ocsf', 'cef'] as const) {
      const sink = sinkBy('tcp', { format, framing: 'newline', appName: `by-line-${format}` });
      await sink.deliver([entryOf({ personal: { userAgent: hostileAgent } }), entryOf()], signal);
      await sink.close?.();
      await eventually(async () => expect(await told(`by-line-${format}`)).to.have.length(2), 60);
      if (format === 'cef') continue;
      for (const { msg } of await told(`by-line-${format}`)) expect(JSON.parse(msg)).to.be.an('object');
    }
  });

  it('misses nothing where it was killed amid a stream: at least once, each writer in order', async () => {
    const sink = sinkBy('tls', { appName: 'by-crash' });
    const all = entries(4000);
    let at = 0;
    let crashed: Promise<void> | undefined;
    while (at < all.length) {
      const { done } = await sink.deliver(all.slice(at, at + 100), signal);
      at += done;
      if (at >= 2000) crashed ??= rsyslog.crash();
      if (done === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await crashed;
    // What was written into a dead connection before its end was noticed is sent again with the next batch.
    const last = entries(1);
    await eventually(async () => expect(await sink.deliver(last, signal)).to.include({ done: 1 }), 60);
    await sink.close?.();
    const wanted = idsOf([...all, ...last]);
    await eventually(async () => {
      const got = new Set((await told('by-crash')).map(({ msg }) => idIn(msg)));
      expect(wanted.filter((id) => !got.has(id))).to.deep.equal([]);
    }, 60);
    const firsts = [...new Set((await told('by-crash')).map(({ msg }) => idIn(msg)))];
    expect(firsts).to.deep.equal(wanted);
  });
});
