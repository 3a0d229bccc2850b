// What the answer to a webhook means, status by status, from a server that sends whatever a test says, also what a well-behaved one
// does not.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect } from 'chai';
import { post } from '../../../src/audit/sinks/webhook-post.js';
import { selfSigned } from '../../support/certificate.js';
import { amidCollections } from '../../support/garbage.js';

const never = new AbortController().signal;

describe('the answer to a webhook', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    sockets.splice(0).forEach((socket) => socket.destroy());
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  });

  /** @returns where it listens, and what it was sent */
  async function start(server: Server) {
    servers.push(server);
    const got: string[] = [];
    server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, got };
  }

  const answering = async (head: string) => {
    const started = await start(
      createServer((socket) =>
        socket.on('data', (chunk) => {
          started.got.push(String(chunk));
          if (started.got.join('').includes('€')) socket.end(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`);
        }),
      ),
    );
    return started;
  };
  const send = (url: string, more: Partial<Parameters<typeof post>[0]> = {}) =>
    post({
      url: new URL(url),
      headers: {},
      body: '{"€"',
      allowPrivate: true,
      timeoutMs: 20_000,
      signal: never,
      ...more,
    });
  const to = async (head: string) => await send(`http://${(await answering(head)).host}/`);

  const later = (why: string, retryAfterMs?: number) => ({
    ...{ is: 'later', why },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  const redirect = ', a redirect, which is not followed';
  const table: [head: string, meaning: object][] = [
    ['200 OK', { is: 'taken' }],
    ['204 None', { is: 'taken' }],
    ['299 Taken', { is: 'taken' }],
    ['099 Odd', later('HTTP 99')],
    ['300 Many', later(`HTTP 300${redirect}`)],
    ['399 There', later(`HTTP 399${redirect}`)],
    ['400 Bad', { is: 'refused', why: 'HTTP 400' }],
    ['401 Who', later('HTTP 401')],
    ['413 Large', { is: 'refused', why: 'HTTP 413' }],
    ['422 Not so', { is: 'refused', why: 'HTTP 422' }],
    ['503 Busy', later('HTTP 503')],
    ['503 Busy\r\nRetry-After: 120', later('HTTP 503', 120_000)],
    ['302 Found\r\nRetry-After: 1', later(`HTTP 302${redirect}`, 1000)],
    ['503 Busy\r\nRetry-After: 0', later('HTTP 503')],
    ['503 Busy\r\nRetry-After: soon', later('HTTP 503')],
    ['503 Busy\r\nRetry-After: 1234567890', later('HTTP 503')],
    ['503 Busy\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT', later('HTTP 503')],
  ];
  for (const [head, meaning] of table)
    it(`${head.replace('\r\n', ', ')}: ${Object.values(meaning).join(', ')}`, async () => {
      expect(await to(head)).to.deep.equal(meaning);
    });

  it('may name a moment to try again at, however that is written', async () => {
    const inTwoDays = new Date(Date.now() + 2 * 86_400_000);
    // The last two as asctime has it, and as the log itself does.
    for (const date of [
      inTwoDays.toUTCString(),
      inTwoDays.toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT/, '$1 $3 $2 $5 $4'),
      inTwoDays.toISOString(),
    ]) {
      const answer = (await to(`503 Busy\r\nRetry-After: ${date}`)) as { retryAfterMs?: number };
      // Of asctime, which names no zone, that of this machine is taken.
      expect(answer.retryAfterMs, date).to.be.within(86_400_000, 3 * 86_400_000);
    }
  });

  it('is asked for by POST, with the headers that were given and the length in octets', async () => {
    const { host, got } = await answering('204 None');
    await send(`http://${host}/audit?a=b`, { headers: { 'x-key': 'k' } });
    const [head, body] = got.join('').split('\r\n\r\n');
    const [first, ...headers] = (head ?? '').split('\r\n');
    expect(first).to.equal('POST /audit?a=b HTTP/1.1');
    expect(headers).to.include.members(['x-key: k', 'content-length: 6', 'Connection: close']);
    expect(body).to.equal('{"€"');
  });

  it('is taken over TLS from a server that proves its name alone', async () => {
    const { host } = await start(createTlsServer(selfSigned(), (socket) => socket.on('error', () => undefined)));
    expect(await send(`https://${host}/`)).to.deep.equal(later('DEPTH_ZERO_SELF_SIGNED_CERT'));
  });

  it('is none where nothing comes in time, where the sender stops, or where the line breaks', async () => {
    const silent = await start(createServer((socket) => socket.resume()));
    const stopped = { signal: AbortSignal.abort() };
    expect(await send(`http://${silent.host}/`, { timeoutMs: 50 })).to.deep.equal(later('no answer within 50 ms'));
    const often = amidCollections(send(`http://${silent.host}/`, { timeoutMs: 100 }));
    expect(await often).to.deep.equal(later('no answer within 100 ms'));
    expect(await send(`http://${silent.host}/`, stopped)).to.deep.equal(later('no answer within 20000 ms'));
    const breaking = await start(createServer((socket) => socket.end()));
    expect(await send(`http://${breaking.host}/`)).to.deep.equal(later('ECONNRESET'));
    const babbling = await answering('x');
    expect(await send(`http://${babbling.host}/`)).to.deep.equal(later('HPE_INVALID_STATUS'));
  });

  it('is not asked for at an address that is not public unless that is allowed', async () => {
    const { host, got } = await answering('204 None');
    const port = host.split(':')[1];
    for (const name of ['127.0.0.1', 'localhost'])
      expect(await send(`http://${name}:${port}/`, { allowPrivate: false })).to.deep.equal(later('EPRIVATE'));
    expect(got).to.deep.equal([]);
  });
});
