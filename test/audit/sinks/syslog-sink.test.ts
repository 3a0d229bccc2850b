// The log by syslog, to a receiver of the tests.
import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { syslogSink } from '../../../src/audit/sinks/syslog-sink.js';
import type { SyslogSinkOptions } from '../../../src/audit/sinks/syslog-sink.js';
import { selfSigned } from '../../support/certificate.js';
import { eventually } from '../../support/eventually.js';
import { parseCef } from '../formats/cef-parser.js';
import { checkpoint, entryOf, hostileAgent } from '../formats/entries.js';
import { parseSyslog, startSyslogReceiver } from './syslog-receiver.js';
import type { Received, SyslogReceiver } from './syslog-receiver.js';
import { newFolder } from '../../support/folder.js';

const signal = new AbortController().signal;
const entries = (count: number) => Array.from({ length: count }, () => entryOf());
const idsOf = (messages: readonly Received[]) => messages.map(({ text }) => parseCef(text).extension.externalId);

describe('syslogSink', () => {
  const started: SyslogReceiver[] = [];
  let folder: string;
  before(() => (folder = newFolder('syslog-sink')));
  afterEach(() => Promise.all(started.splice(0).map((receiver) => receiver.close())));

  const start = async (options?: Parameters<typeof startSyslogReceiver>[0]) => {
    const receiver = await startSyslogReceiver(options);
    started.push(receiver);
    return receiver;
  };
  const sinkTo = (port: number, more: Partial<SyslogSinkOptions> = {}) =>
    syslogSink({ host: '127.0.0.1', port, transport: 'tcp', timeoutMs: 5000, ...more });

  it('sends RFC 5424 with counted octets, in order, facility 10, named by the event', async () => {
    const receiver = await start();
    const sink = sinkTo(receiver.port, { appName: 'Acme', hostname: 'web-1' });
    const batch = entries(5);
    expect(await sink.deliver([...batch, checkpoint], signal)).to.deep.equal({ done: 6 });
    await eventually(async () => expect(receiver.messages).to.have.length(6));
    expect(receiver.messages[0]).to.include({
      pri: 10 * 8 + 4,
      time: '2026-03-01T12:00:00.125Z',
      host: 'web-1',
      app: 'Acme',
      proc: 'Wq3vT8sLk2',
      id: 'verification-refused',
    });
    expect(receiver.messages[5]).to.include({ pri: 10 * 8 + 6, proc: '-', id: 'audit-checkpoint' });
    expect(idsOf(receiver.messages.slice(0, 5))).to.deep.equal(batch.map(({ id }) => id));
    await sink.close?.();
  });

  it('sends one line each to a receiver that knows only lines, a hostile user agent included', async () => {
    const receiver = await start({ framing: 'lines' });
    for (const format of ['cef', 'json', 'ecs', 'ocsf'] as const) {
      const sink = sinkTo(receiver.port, { framing: 'newline', format });
      await sink.deliver([entryOf({ personal: { userAgent: hostileAgent } }), entryOf()], signal);
      await sink.close?.();
    }
    await eventually(async () => expect(receiver.messages).to.have.length(8));
  });

  it('verifies the certificate of the receiver, and reads the files anew at each connection', async () => {
    const tls = selfSigned();
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, selfSigned().cert);
    const receiver = await start({ tls });
    const sink = sinkTo(receiver.port, { transport: 'tls', caFile });
    const batch = entries(2);
    expect(await sink.deliver(batch, signal)).to.include({ done: 0 });
    expect(await sink.check?.(signal)).to.match(/SELF_SIGNED/);
    await writeFile(caFile, tls.cert);
    expect(await sink.deliver(batch, signal)).to.deep.equal({ done: 2 });
    expect(await sink.check?.(signal)).to.equal(undefined);
    const otherName = sinkTo(receiver.port, { transport: 'tls', caFile, servername: 'siem.example' });
    expect((await otherName.deliver(batch, signal)).why).to.match(/ALTNAME/);
    await sink.close?.();
    expect(idsOf(receiver.messages)).to.deep.equal(batch.map(({ id }) => id));
  });

  it('sends what the last thirty seconds held again after a connection broke', async () => {
    let now = 1_000_000;
    const receiver = await start();
    const sink = sinkTo(receiver.port, { clock: { now: () => now } });
    const batch = entries(3);
    const [first, second, third] = batch.map(({ id }) => id);
    await sink.deliver(batch.slice(0, 1), signal);
    now += 15_000;
    await sink.deliver(batch.slice(1, 2), signal);
    await eventually(async () => expect(receiver.messages).to.have.length(2));
    receiver.crash();
    now += 60_000;
    await eventually(async () => expect(await sink.deliver(batch.slice(2), signal)).to.include({ done: 1 }));
    await eventually(async () => expect(idsOf(receiver.messages)).to.deep.equal([first, second, first, second, third]));
    await sink.close?.();
  });

  it('renews a connection now and then, and owes nothing to a peer that ended it politely', async () => {
    let now = 1_000_000;
    const receiver = await start();
    const sink = sinkTo(receiver.port, { clock: { now: () => now } });
    const batch = entries(4);
    for (const entry of batch) {
      await sink.deliver([entry], signal);
      now += 25_000;
    }
    await sink.close?.();
    expect(receiver.connections).to.equal(4);
    expect(idsOf(receiver.messages)).to.deep.equal(batch.map(({ id }) => id));
  });

  it('repeats itself once to a receiver that never ends its side, then learns', async () => {
    let now = 1_000_000;
    const receiver = await start({ neverEnds: true });
    const sink = sinkTo(receiver.port, { timeoutMs: 1000, clock: { now: () => now } });
    const batch = entries(6);
    for (const entry of batch) {
      await sink.deliver([entry], signal);
      now += 25_000;
    }
    await eventually(async () => expect(receiver.messages).to.have.length(7));
    expect(receiver.connections).to.equal(2);
    await sink.close?.();
  });

  it('notices a peer that takes nothing more, and waits longer from time to time', async () => {
    const receiver = await start();
    const sink = sinkTo(receiver.port, { timeoutMs: 1000 });
    expect(await sink.deliver(entries(1), signal)).to.include({ done: 1 });
    receiver.freeze();
    const big = Array.from({ length: 400 }, () => entryOf({ personal: { userAgent: 'a'.repeat(7000) } }));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 40 && waits.length < 4; attempt += 1) {
      const { done, retryAfterMs } = await sink.deliver(big, signal);
      if (done === 0) waits.push(retryAfterMs ?? 0);
      if (done === 0 && waits.length === 1) await receiver.close();
    }
    const mosts = [1000, 2000, 4000, 8000];
    waits.forEach((wait, at) => expect(wait).to.be.within(mosts[at]! / 2, mosts[at]!));
    expect(waits).to.have.length(4);
  });

  it('cuts text until a message fits, and puts aside what still does not', async () => {
    const receiver = await start();
    const sink = sinkTo(receiver.port, { maxBytes: 1400 });
    const long = entryOf({
      personal: { userAgent: 'u'.repeat(512), path: '/'.repeat(900), reasonText: '€'.repeat(900) },
    });
    const never = entryOf({ subject: { id: 'x'.repeat(1400) } });
    const answer = await sink.deliver([entryOf(), never, long], signal);
    expect(answer).to.deep.equal({ done: 3, refused: [{ index: 1, why: 'does not fit into 1400 octets' }] });
    await eventually(async () => expect(receiver.messages).to.have.length(2));
    const { extension } = parseCef(receiver.messages[1]!.text);
    expect(extension.externalId).to.equal(long.id);
    expect(extension.requestClientApplication).to.match(/^u+…$/);
    await sink.close?.();
  });

  it('sends a datagram each over UDP', async () => {
    const socket = createSocket('udp4');
    const got: Received[] = [];
    socket.on('message', (message) => got.push(parseSyslog(message.toString())));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const sink = syslogSink({ host: '127.0.0.1', port: socket.address().port, transport: 'udp' });
    const batch = entries(3);
    expect(await sink.deliver(batch, signal)).to.deep.equal({ done: 3 });
    await eventually(async () => expect(idsOf(got)).to.deep.equal(batch.map(({ id }) => id)));
    socket.close();
  });

  it('refuses options that it does not have, and certificates without their key', () => {
    const make = (options: object) => () => syslogSink({ host: 'siem.example', ...options });
    expect(make({ rejectUnauthorized: false })).to.throw('there is no option');
    expect(make({ certFile: '/a.pem' })).to.throw('keyFile must be given with certFile');
    expect(make({ port: 0 })).to.throw('port must be a whole number');
    expect(make({ transport: 'http' })).to.throw('transport must be one of tls, tcp, udp');
    expect(make({ host: undefined })).to.throw('host must be');
  });
});
