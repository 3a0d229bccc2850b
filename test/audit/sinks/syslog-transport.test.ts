// What the syslog sink says of a batch, transport by transport: how many are done with, what was put aside, and why not the rest.
import { expect } from 'chai';
import { syslogSink, type SyslogSinkOptions } from '../../../src/audit/sinks/syslog-sink.js';
import { selfSigned } from '../../support/certificate.js';
import { eventually } from '../../support/eventually.js';
import { entryOf } from '../formats/entries.js';
import { lineServers } from './line-server.js';

const never = new AbortController().signal;
const stopped = AbortSignal.abort();
const tooLong = () => entryOf({ subject: { id: 'x'.repeat(9000) } });

describe('syslogSink', () => {
  const start = lineServers();
  const sinkTo = (more: Partial<SyslogSinkOptions> = {}) => syslogSink({ host: '127.0.0.1', format: 'json', ...more });

  it('connects by TLS at 6514 unless told otherwise, and else at 514', async () => {
    for (const [more, place] of [
      [{}, '127.0.0.1:6514'],
      [{ transport: 'tls' }, '127.0.0.1:6514'],
      [{ transport: 'tcp' }, '127.0.0.1:514'],
      [{ transport: 'tcp', port: 6000 }, '127.0.0.1:6000'],
    ] as const) {
      const { done, why } = await sinkTo(more).deliver([entryOf()], stopped);
      expect([done, why], JSON.stringify(more)).to.deep.equal([0, `${place}: no answer in time`]);
      expect(await sinkTo(more).check?.(stopped)).to.equal(`${place}: no answer in time`);
    }
    const { done, why } = await sinkTo({ transport: 'udp', host: '255.255.255.255' }).deliver([entryOf()], never);
    expect(done).to.equal(0);
    expect(why, 'a socket may not send to all').to.match(/^255\.255\.255\.255:514: E[A-Z]+$/);
  });

  it('puts aside what does not fit without a connection, in octets that depend on the transport', async () => {
    for (const [more, octets] of [
      [{ transport: 'tls' }, 8192],
      [{ transport: 'tcp' }, 8192],
      [{ transport: 'udp' }, 1400],
      [{ transport: 'tcp', maxBytes: 500 }, 500],
    ] as const)
      expect(await sinkTo(more).deliver([tooLong()], stopped), JSON.stringify(more)).to.deep.equal({
        done: 1,
        refused: [{ index: 0, why: `does not fit into ${octets} octets` }],
      });
    expect(await sinkTo().deliver([], stopped)).to.deep.equal({ done: 0 });
  });

  it('is done with what was put aside before the first that was not taken, and tells no other', async () => {
    const sink = sinkTo({ transport: 'tcp' });
    const answer = await sink.deliver([tooLong(), entryOf(), tooLong()], stopped);
    expect(answer.refused).to.deep.equal([{ index: 0, why: 'does not fit into 8192 octets' }]);
    expect(answer).to.include({ done: 1, why: '127.0.0.1:514: no answer in time' });
    const first = await sink.deliver([entryOf(), tooLong()], stopped);
    expect(first).to.include({ done: 0 });
    expect(first).to.not.have.property('refused');
  });

  it('counts the octets of a frame, or ends each with a line feed', async () => {
    const { port, lines } = await start();
    const item = entryOf({ personal: { userAgent: 'é' } });
    for (const framing of [undefined, 'octet-counting', 'newline'] as const) {
      const sink = sinkTo({ transport: 'tcp', port, hostname: 'h', format: 'cef', ...(framing && { framing }) });
      await sink.deliver([item, item], never);
      await sink.close?.();
    }
    await eventually(async () => expect(lines.map(({ text }) => text.length > 0)).to.deep.equal([true, true, true]));
    const [plain = '', counted, fed = ''] = lines.map(({ text }) => text);
    expect(plain).to.equal(counted);
    const [, octets, rest = ''] = /^(\d+) (.*)$/.exec(plain) ?? [];
    expect(rest.slice(0, Number(octets)).repeat(2)).to.equal(plain.replaceAll(`${octets} `, ''));
    expect(fed.split('\n')).to.deep.equal([...Array(2).fill(rest.slice(0, Number(octets))), '']);
    expect(fed).to.match(/^<84>1 2026-03-01T12:00:00.125Z h express-mfa Wq3vT8sLk2 verification-refused - CEF:0\|/);
  });

  it('is tried by a connection that says nothing and ends; a datagram cannot be tried', async () => {
    const { port, lines, close } = await start();
    const sink = sinkTo({ transport: 'tcp', port });
    expect(await sink.check?.(never)).to.equal(undefined);
    expect(lines.map(({ text }) => text)).to.deep.equal(['']);
    await close();
    expect(await sink.check?.(never)).to.equal(`127.0.0.1:${port}: ECONNREFUSED`);
    const datagrams = sinkTo({ transport: 'udp', port });
    expect(await datagrams.check?.(stopped)).to.equal(undefined);
    await datagrams.close?.();
  });

  it('asks for the certificate of the name that it was told', async () => {
    const { port } = await start({ tls: selfSigned() });
    expect(await sinkTo({ port, servername: 'siem.example' }).check?.(never)).to.match(/SELF_SIGNED/);
  });

  it('sends datagrams to an address of IPv6 as such', async () => {
    const { why = '' } = await sinkTo({ transport: 'udp', host: '::1', port: 6514 }).deliver([entryOf()], never);
    // Where this machine has no IPv6 it says so, and not that the address is none.
    expect(why).to.not.match(/ENOTFOUND|EINVAL/);
  });
});
