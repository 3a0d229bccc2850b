// Attack: an app that was never given a store goes live, and forgets everybody's factors at the next restart.
// Rule: the memory store works only where NODE_ENV is `development` or `test`, or unset and the request's socket is
// loopback.
// Answer: refused at start-up, or at the first request from another machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createMfa, memoryStore, totp, type MfaOptions } from '../../src/index.js';
import { appSecret, testApp } from '../support/app.js';
import { inEnvironment } from '../support/environment.js';
import { codeOf } from '../support/thrown.js';

const options: MfaOptions = { appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => ({ id: 'ada' }) };

describe('the memory store', () => {
  it('is refused at start-up in production, and in what is no development', async () => {
    for (const name of ['production', 'staging', 'prod', 'Development'])
      for (const given of [options, { ...options, store: memoryStore() }])
        expect(await inEnvironment(name, () => codeOf(() => createMfa(given))), name).to.equal(
          'config.memory_store_in_production',
        );
  });

  it('is taken in development and tests', async () => {
    for (const name of ['development', 'test', undefined])
      expect(await inEnvironment(name, () => codeOf(() => createMfa(options)))).to.equal('nothing thrown');
  });

  it('with NODE_ENV unset answers loopback, and nobody from elsewhere or by a proxy, whatever headers say', async () => {
    const app = await inEnvironment(undefined, () =>
      testApp({ user: () => ({ id: 'ada' }), policy: 'no-prompt', store: memoryStore() }),
    );
    app.express.set('trust proxy', true);
    expect((await fetch(`${app.url}/account`)).status).to.equal(200);
    // A proxy on the same machine speaks for everybody.
    for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP'])
      expect((await fetch(`${app.url}/account`, { headers: { [name]: '203.0.113.7' } })).status, name).to.equal(500);

    const server = createServer((req, res) => {
      // Tests speak over loopback only, so the address of another machine is put in place of the socket's.
      Object.defineProperty(req.socket, 'remoteAddress', { value: '203.0.113.7' });
      app.express(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const path of ['/account', '/mfa']) {
      const answer = await fetch(`${url}${path}`, {
        headers: { 'X-Forwarded-For': '127.0.0.1', Accept: 'application/json' },
      });
      expect(answer.status, path).to.equal(500);
      expect(((await answer.json()) as { code: string }).code).to.equal('config.memory_store_in_production');
    }
    server.closeAllConnections();
    server.close();
  });
});
