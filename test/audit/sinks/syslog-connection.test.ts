// One connection to a syslog receiver: what is known of it when the other side ends, breaks, is silent, or proves who it is.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { connectSyslog, type Peer } from '../../../src/audit/sinks/syslog-connection.js';
import { selfSigned } from '../../support/certificate.js';
import { eventually } from '../../support/eventually.js';
import { newFolder } from '../../support/folder.js';
import { amidCollections } from '../../support/garbage.js';
import { lineServers } from './line-server.js';

const never = new AbortController().signal;
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? (error as Error).message,
  );

describe('a connection to a syslog receiver', () => {
  const start = lineServers();
  const connect = (port: number, more: Partial<Peer> = {}, signal = never) =>
    connectSyslog({ host: '127.0.0.1', port, tls: false, timeoutMs: 20_000, ...more }, signal);

  it('is known to have been read where the peer ends after us, and is over then', async () => {
    const { port, lines } = await start();
    const connection = await connect(port);
    expect(connection.isOpen()).to.equal(true);
    await connection.write(Buffer.from('one '));
    await connection.write(Buffer.from('two'));
    expect(await connection.finish()).to.equal(true);
    expect(lines.map(({ text }) => text)).to.deep.equal(['one two']);
    expect(connection.isOpen()).to.equal(false);
    expect(await connection.finish()).to.equal(false);
  });

  it('is not known to have been read where the peer never ends, breaks off, or ended before', async () => {
    const silent = await start({ neverEnds: true });
    const waiting = await connect(silent.port, { timeoutMs: 1000 });
    expect(await waiting.finish()).to.equal(false);
    expect(waiting.isOpen()).to.equal(false);
    const breaking = await start({
      onLine: (socket) => socket.resume().on('end', () => socket.resetAndDestroy()),
      neverEnds: true,
    });
    expect(await (await connect(breaking.port)).finish()).to.equal(false);
    const ending = await start({ onLine: (socket) => socket.end() });
    const ended = await connect(ending.port);
    while (ended.isOpen()) await new Promise((resolve) => setImmediate(resolve));
    const [finished, failure] = await Promise.all([ended.finish(), failureOf(ended.write(Buffer.from('x')))]);
    expect(finished).to.equal(false);
    expect(failure).to.be.oneOf(['the peer ended the connection', 'the connection was closed']);
    // Until it is also closed.
    await eventually(async () =>
      expect(await failureOf(ended.write(Buffer.from('x')))).to.equal('the connection was closed'),
    );
    expect(await ended.finish()).to.equal(false);
  });

  it('takes nothing more once the peer reset it', async () => {
    const { port, lines } = await start();
    const connection = await connect(port);
    await eventually(async () => expect(lines).to.have.length(1));
    lines[0]?.socket.resetAndDestroy();
    await eventually(async () => expect(connection.isOpen()).to.equal(false));
    expect(await failureOf(connection.write(Buffer.from('x')))).to.equal('ECONNRESET');
    expect(await connection.finish()).to.equal(false);
  });

  it('fails a write that the peer does not take in time, or that is left, and is over then', async () => {
    const { port } = await start({ onLine: (socket) => socket.pause() });
    const much = Buffer.alloc(64 * 1024 * 1024);
    const late = await connect(port, { timeoutMs: 1000 });
    expect(await failureOf(late.write(much))).to.equal('no answer in time');
    expect(late.isOpen()).to.equal(false);
    const left = await connect(port);
    const written = failureOf(left.write(much));
    left.destroy();
    expect(await written).to.equal('the connection was closed');
    expect(left.isOpen()).to.equal(false);
    await eventually(async () =>
      expect(await failureOf(left.write(Buffer.from('x')))).to.equal('the connection was closed'),
    );
  });

  it('is not made where it was stopped, where nobody is there, or where nothing comes in time', async () => {
    const { port, close } = await start();
    expect(await failureOf(connect(port, {}, AbortSignal.abort()))).to.equal('no answer in time');
    const silent = await start({ onLine: (socket) => socket.resume() });
    expect(await failureOf(connect(silent.port, { tls: true, timeoutMs: 50 }))).to.equal('no answer in time');
    const often = amidCollections(failureOf(connect(silent.port, { tls: true, timeoutMs: 100 })));
    expect(await often).to.equal('no answer in time');
    const ending = await start({ onLine: (socket) => socket.destroy() });
    expect(await failureOf(connect(ending.port, { tls: true }))).to.equal('ECONNRESET');
    await close();
    expect(await failureOf(connect(port))).to.equal('ECONNREFUSED');
  });

  it('outlives what could have stopped its making', async () => {
    const { port } = await start();
    const stops = new AbortController();
    const connection = await connect(port, {}, stops.signal);
    stops.abort();
    expect(connection.isOpen()).to.equal(true);
    expect(await connection.finish()).to.equal(true);
  });

  describe('over TLS', () => {
    const folder = newFolder('syslog-connection');
    const fileOf = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };

    it('shows the certificate that it was given, and none else', async () => {
      const own = selfSigned();
      const tls = selfSigned();
      const { port, lines } = await start({ tls: { ...tls, requestCert: true, rejectUnauthorized: false } });
      const caFile = await fileOf('ca.pem', tls.cert);
      const files = { certFile: await fileOf('cert.pem', own.cert), keyFile: await fileOf('key.pem', own.key) };
      for (const more of [files, {}]) {
        const connection = await connect(port, { tls: true, caFile, ...more });
        await connection.write(Buffer.from('x'));
        await eventually(async () => expect(lines.at(-1)?.text).to.equal('x'));
        const { raw } = (lines.at(-1)?.socket as TLSSocket).getPeerCertificate();
        const shown = (raw as Buffer | undefined)?.toString('base64');
        expect(shown).to.equal(more === files ? own.cert.replace(/-----[^-]+-----|\n/g, '') : undefined);
        connection.destroy();
        lines.splice(0);
      }
      const lost = { tls: true, caFile: join(folder, 'not-there.pem') };
      expect(await failureOf(connect(port, lost))).to.equal('ENOENT');
    });

    it('asks for the name that the certificate must be for; an address is not asked for', async () => {
      const tls = selfSigned();
      const { port, lines } = await start({ tls });
      const caFile = await fileOf('ca.pem', tls.cert);
      for (const [more, asked] of [
        [{}, false],
        [{ host: 'localhost' }, 'localhost'],
        [{ servername: 'localhost' }, 'localhost'],
        [{ host: 'localhost', servername: '127.0.0.1' }, false],
      ] as const) {
        const connection = await connect(port, { tls: true, caFile, ...more });
        await connection.write(Buffer.from('x'));
        await eventually(async () => expect(lines.at(-1)?.text).to.equal('x'));
        expect((lines.at(-1)?.socket as TLSSocket & { servername: unknown }).servername, JSON.stringify(more)).to.equal(
          asked,
        );
        connection.destroy();
        lines.splice(0);
      }
    });
  });
});
