// The test message arrives where a real sender takes it, and every failure is told with its cause.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { fixture, startCli } from '../support/cli.js';

describe('express-mfa send-test', function () {
  this.timeout(180_000);
  let server: Server;
  let url: string;
  let status = 204;
  const bodies: { to: string; code: string; usage: string; text: string }[] = [];
  before(async () => {
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk) => (body += String(chunk)));
      req.on('end', () => {
        if (status === 204) bodies.push(JSON.parse(body) as (typeof bodies)[number]);
        res.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => server.close());

  const send = (args: string[], sender: string | undefined = url) =>
    startCli(['send-test', '--config', fixture('config.ts'), ...args], { TEST_SENDER_URL: sender }).ended;

  it('hands one message with the code 000000 over', async () => {
    const { code, stdout } = await send(['--to', 'ops@example.com', '--json']);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      sent: true,
      to: 'ops@example.com',
      channel: 'email',
      sender: 'http',
      delivered: true,
    });
    expect(bodies.splice(0)).to.have.length(1).and.to.have.nested.property('[0].code', '000000');
  });

  it('says that a development sender delivered nothing', async () => {
    const { child, ended } = startCli(['send-test', '--to', 'ops@example.com', '--config', fixture('config.ts')], {
      TEST_SENDER_URL: undefined,
    });
    const { stdout } = await ended;
    expect(child.exitCode).to.equal(0);
    expect(stdout).to.contain('sender "outbox"').and.to.contain('nothing was delivered');
  });

  it('fails with the cause where the provider refuses', async () => {
    status = 502;
    const { code, stderr } = await send(['--to', 'ops@example.com']);
    status = 204;
    expect(code).to.equal(1);
    expect(stderr).to.match(/connector\.send_failed/);
  });

  it('refuses what is no address, no channel, or not among the factors', async () => {
    const said = await Promise.all([
      send([]),
      send(['--to', 'no@address@at.all']),
      send(['--to', 'ops@example.com', '--channel', 'pigeon']),
      send(['--to', '+41791234567']),
    ]);
    expect(said.map(({ code }) => code)).to.deep.equal([2, 2, 2, 1]);
    expect(said[3].stderr).to.contain('no factor that sends by sms. It has email.');
    expect(bodies).to.deep.equal([]);
  });
});
