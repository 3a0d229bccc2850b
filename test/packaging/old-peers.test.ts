// A host that pins old versions of what is optional can install the package beside them. What works with them works; what
// does not says so where it is used, and not at installation.
import { expect } from 'chai';
import { installConsumer, locked, run } from './tarball.js';

describe('a consumer with old nodemailer, ioredis and express-session', function () {
  this.timeout(900_000);

  it('installs it without a conflict, signs people in by it, and reads what is too old', async () => {
    const old = ['nodemailer@4.7.0', 'ioredis@2.0.0', 'express-session@1.12.1'];
    const packages = [locked('express', 'express-4'), ...old];
    const folder = await installConsumer({ from: 'old-peers', type: 'commonjs', packages });
    const said = JSON.parse(await run(process.execPath, ['app.js'], folder)) as {
      statuses: number[];
      state: string;
      sent: object;
      otherClient: { code: string; message: string };
    };
    expect(said.statuses).to.deep.equal([200, 200, 200, 200, 200, 403, 200, 200, 200]);
    expect(said.state).to.equal('elevated');
    expect(said.sent).to.include({ code: 'connector.send_failed', definite: true });
    expect(said.sent)
      .to.have.property('message')
      .that.includes('nodemailer 4.7.0 is installed, and 6 or later is needed');
    expect(said.otherClient).to.deep.equal({
      code: 'config.invalid_option',
      message:
        'redisStore: the client has no method `scan`. Give a Redis or Cluster of ioredis 5 or 6, or a client, sentinel or cluster of node-redis 5 or 6 (the package `redis`).',
    });
  });
});
