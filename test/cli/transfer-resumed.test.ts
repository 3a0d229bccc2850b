// Exports and imports that were killed, cut off or run twice at once come to the same end.
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { exportCommand } from '../../src/cli/export.js';
import { importCommand } from '../../src/cli/import.js';
import { memoryStore } from '../../src/index.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { createMfaCore, type MfaCore } from '../../src/mfa.js';
import { totp } from '../../src/factors/totp/totp.js';
import { openSite, secrets } from '../support/cli.js';
import { runHere } from '../support/command-here.js';
import { everythingIn } from '../support/everything-in.js';
import { newFolder } from '../support/folder.js';

describe('an export or import that did not come to its end', function () {
  this.timeout(180_000);
  const by = ['--by', 'ops'];
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = newFolder('cli');
    file = join(folder, 'all.jsonl');
  });

  const appOn = (store: MfaStore) =>
    createMfaCore({ appName: 'Acme', secrets: [secrets.old], store, factors: [totp()], user: () => null });

  async function fill(store: MfaStore, people: number): Promise<void> {
    for (let at = 0; at < people; at += 1) {
      await store.save(`u${at}`, emptyRecord(`e${at}`), undefined);
      if (at % 3 === 0) await store.claim(`key-${at}`, `u${at}`);
      if (at % 5 === 0) await store.remove(`u${at}`);
      if (at % 15 === 0) await store.abandon(`u${at}`, [`key-${at}`]);
    }
  }

  it('goes on from what an export had written, whatever of its last line is there, and meets everybody once', async () => {
    const store = memoryStore();
    await fill(store, 3500);
    const mfa = appOn(store);
    expect((await runHere(exportCommand, mfa, ['--out', file])).code).to.equal(0);
    const whole = readFileSync(file, 'utf8');
    const bare = (text: string) => text.split('\n').map((line) => line.replace(/"(n|mac|id|at)":("[^"]*"|\d+),?/g, ''));
    for (const share of [0.1, 0.5, 0.8, 0.99]) {
      writeFileSync(file, whole.slice(0, Math.floor(whole.length * share)));
      const resumed = await runHere(exportCommand, mfa, ['--out', file, '--resume']);
      expect(resumed).to.include({
        code: 0,
        stderr: '2800 records written'.replace('2800', '2,800') + ', 700 tombstones, 1,167 claims.\n',
      });
      expect(new Set(bare(readFileSync(file, 'utf8')))).to.deep.equal(new Set(bare(whole)));
      const other = memoryStore();
      expect((await runHere(importCommand, appOn(other), [file, ...by])).code).to.equal(0);
      expect(await everythingIn(other)).to.deep.equal(await everythingIn(store));
    }
    expect((await runHere(exportCommand, mfa, ['--out', file, '--resume'])).stderr).to.contain('is complete');
    writeFileSync(file, whole.slice(0, 100));
    expect((await runHere(exportCommand, mfa, ['--out', file, '--resume'])).code).to.equal(1);
  });

  it('goes on in the store that it was stopped in, and begins anew in every other', async () => {
    const [from, into] = [memoryStore(), memoryStore()];
    await fill(from, 1000);
    await runHere(exportCommand, appOn(from), ['--out', file]);
    const asked = { saves: 0, fails: true };
    const failing: MfaStore = {
      ...into,
      async save(...args) {
        asked.saves += 1;
        if (asked.saves > 450 && asked.fails) throw new Error('The machine went away.');
        return into.save(...args);
      },
    };
    const died = await runHere(importCommand, appOn(failing), [file, ...by]).catch((error: unknown) => error);
    expect(died).to.have.property('message', 'The machine went away.');
    Object.assign(asked, { saves: 0, fails: false });
    const taken = await runHere(importCommand, appOn(failing), [file, ...by]);
    expect(taken.stderr).to.contain('Goes on behind line');
    expect(taken).to.include({ code: 0 });
    expect(asked.saves).to.be.below(450);
    expect(taken.stdout).to.match(/^1,[0-9]{3} taken in, \d+ there already, 0 left\.\n$/);
    expect(await everythingIn(into)).to.deep.equal(await everythingIn(from));
    // It came to its end: the next time everything is looked at again.
    expect((await runHere(importCommand, appOn(into), [file, ...by])).stderr).to.equal('');
    const third = memoryStore();
    expect((await runHere(importCommand, appOn(third), [file, ...by])).stdout).to.match(/ 0 there already, 0 left/);
  });

  it('is the same of two at once, and of one that is killed beside the other', async () => {
    const [from, site] = [memoryStore(), openSite()];
    try {
      await fill(from, 2000);
      const into = site.mfa.config.store;
      const source = appOn({ ...from, namespace: site.namespace });
      await runHere(exportCommand, source, ['--out', file]);
      const killed = site.start(['import', file, ...by]);
      const rival = async () => {
        for await (const _one of into.scan()) return true;
        return false;
      };
      while (!(await rival()) && killed.child.exitCode === null) await new Promise((done) => setTimeout(done, 5));
      killed.child.kill('SIGKILL');
      if (killed.child.exitCode === null && killed.child.signalCode === null) await once(killed.child, 'exit');
      const both = await Promise.all([1, 2].map(() => runHere(importCommand, site.mfa as MfaCore, [file, ...by])));
      expect(both.map(({ code }) => code)).to.deep.equal([0, 0]);
      expect(await everythingIn(into)).to.deep.equal(await everythingIn(from));
    } finally {
      await site.close();
    }
  });
});
