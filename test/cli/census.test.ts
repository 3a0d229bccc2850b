// A census by the command line: what it says, one at a time, and on after a kill.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { codesOf, openSite, totpOf, type Site } from '../support/cli.js';

describe('express-mfa census', function () {
  this.timeout(180_000);
  let site: Site;
  beforeEach(() => (site = openSite()));
  afterEach(() => site.close());

  const putAll = async (length: number) => {
    for (let at = 0; at < length; at += 500)
      await Promise.all(
        Array.from({ length: Math.min(500, length - at) }, (_, index) =>
          site.put(`p-${at + index}`, [totpOf(site.mfa, `p-${at + index}`), codesOf(site.mfa.kernel.sealer.keyId, 1)]),
        ),
      );
  };

  it('counts everybody and says as of when; for machines with every figure', async () => {
    await putAll(3);
    const said = await site.here(['census', '--by', 'ops']);
    expect(said).to.include({ code: 0 });
    expect(said.stdout).to.match(/^3 people counted, as of \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/m);
    expect(await (await site.mfa.counting.stats())?.latest()).to.include({ by: 'ops' });
    const json = await site.here(['census', '--json']);
    expect(JSON.parse(json.stdout)).to.deep.include({ state: 'done', people: 3 });
    expect(JSON.parse(json.stdout).counts).to.include({
      all: 3,
      protected: 3,
      low: 3,
      'kind/totp': 3,
      'codes-left': 3,
    });
  });

  it('run twice at once, killed half-way and run again, counts everybody once', async () => {
    await putAll(6000);
    const stats = await site.mfa.counting.stats();
    const killed = site.start(['census']);
    for (;;) {
      const running = await stats?.running();
      if ((running?.people ?? 0) > 0 || (await stats?.latest())) break;
      await sleep(5);
    }
    killed.child.kill('SIGKILL');
    await once(killed.child, 'close');
    // Nobody waits until the lease of the dead one is over: that is for real processes.
    const left = await stats?.running();
    if (left) await site.freeCensus();
    const both = await Promise.all([site.run(['census', '--json']), site.run(['census', '--json'])]);
    const states = both.map(({ stdout }) => (JSON.parse(stdout) as { state: string }).state);
    // The second may begin when the first is over.
    expect(states)
      .to.include('done')
      .and.satisfy((all: string[]) => all.every((state) => state !== 'stopped'));
    const latest = await stats?.latest();
    expect(latest?.counts).to.include({ all: 6000, protected: 6000, 'codes-left': 6000, 'codes-spent': 24_000 });
    const ids = (await stats?.list({ name: 'all', after: 0, limit: 10_000 })) ?? [];
    expect(new Set(ids).size).to.equal(6000);
    expect(ids.length).to.equal(6000);
  });

  it('says that another one counts', async () => {
    await putAll(1);
    const stats = await site.mfa.counting.stats();
    await stats?.begin({ startedAt: site.mfa.kernel.now(), resumeAfter: 0, ttlSeconds: 600 });
    const said = await site.here(['census']);
    expect(said).to.include({ code: 1 });
    expect(said.stdout).to.contain('Another process counts: 0 people so far.');
  });
});
