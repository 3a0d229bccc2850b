// The same over a real Redis and two connections, as two processes have them.
import { expect } from 'chai';
import type { Redis } from 'ioredis';
import { patientStore } from '../../support/patience.js';
import { freshNamespace, newRedis, removeNamespace } from '../../support/redis.js';
import { must, startCodes } from './fixture.js';
import { saidOf } from '../../support/core-person.js';
import { tally } from '../../support/tally.js';

describe('codes of two processes on one Redis', () => {
  const namespace = freshNamespace();
  let clients: Redis[] = [];

  function processes(options: Parameters<typeof startCodes>[1] = {}) {
    return clients.map((client) => startCodes('email', options, { store: () => patientStore(client, { namespace }) }));
  }

  beforeEach(() => {
    clients = [newRedis(), newRedis()];
  });

  afterEach(async () => {
    const [client] = clients;
    if (client) await removeNamespace(client, namespace);
    for (const each of clients) each.disconnect();
  });

  it('send to an address exactly as often as the limit allows, of 40 parallel requests', async () => {
    const apps = processes();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        apps[index % 2]!.session(`flow ${index}`, { id: `user ${index}` }).begin(),
      ),
    );
    expect(tally(outcomes.map(saidOf))).to.deep.equal({ accepted: 5, 'connector.rate_limit_exceeded': 35 });
  });

  it('accept a code once, and compare it as often as it has tries', async () => {
    const apps = processes({ tries: 3 });
    const [first, second] = apps;
    must(await first!.session('set-up').begin());
    must(await first!.session('set-up').confirm(first!.lastCode()));
    must(await first!.session('mine').send());
    const right = first!.lastCode();
    must(await second!.session('theirs').send());
    const wrong = second!.wrongCode();
    const answers = (code: string, flow: string) =>
      Promise.all(Array.from({ length: 20 }, (_, index) => apps[index % 2]!.session(flow).answer(code)));
    expect(tally((await answers(wrong, 'theirs')).map(saidOf))).to.deep.equal({
      'verification_code.code_mismatch': 3,
      'verification_code.exceed_max_try': 17,
    });
    expect(tally((await answers(right, 'mine')).map(saidOf))).to.deep.equal({
      accepted: 1,
      'verification_code.not_found': 19,
    });
  });
});
