// The audit log goes away between a save and the entry of it, or the process does: the answer is no, what was saved holds
// the entry, and it is appended later, once, whoever finds it, however many do.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { auditLog, memoryAuditStore, type AuditStore } from '../../src/audit.js';
import { memoryStore, totp, type MfaStore } from '../../src/index.js';
import type { MfaEvent } from '../../src/core/words/events.js';
import { createMfaCore, type MfaCore } from '../../src/mfa.js';
import { appSecret, testClock, type TestClock } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { program } from '../support/programs.js';
import { freshNamespace, newRedis, redisDuring, redisUrl, removeNamespace } from '../support/redis.js';
import type { UnloggedSettings } from '../support/unlogged-rival.js';
import { logThatGoes, type LogThatGoes } from './log-that-goes.js';
import { patientAuditStore, patientStore } from '../support/patience.js';
import { codeOf } from '../support/thrown.js';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const other = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';
const resets = async (mfa: MfaCore) => {
  await mfa.settled();
  const { entries = [] } = (await mfa.audit?.read({ userId: 'ann', names: ['reset'] })) ?? {};
  return entries.length;
};

for (const kind of ['memory', 'redis'] as const)
  describe(`an audit log in ${kind} that nothing may be told without`, () => {
    const redis = redisDuring();
    let namespace: string;
    let kept: AuditStore;
    let log: LogThatGoes;
    let store: MfaStore;
    let clock: TestClock;
    let events: MfaEvent[];
    let notices: string[];

    beforeEach(async () => {
      namespace = freshNamespace();
      clock = testClock();
      kept = kind === 'memory' ? memoryAuditStore() : patientAuditStore(redis(), { namespace });
      log = logThatGoes(kept);
      store = kind === 'memory' ? memoryStore({ clock }) : patientStore(redis(), { namespace });
      [events, notices] = [[], []];
      const importer = aProcess(kept, [appSecret], 'continue');
      await importer.importTotp('ann', { secret });
      await importer.settled();
    });
    afterEach(() => removeNamespace(redis(), namespace));

    function aProcess(audit: AuditStore, secrets = [appSecret], whenUnavailable: 'refuse' | 'continue' = 'refuse') {
      return createMfaCore({
        ...{ appName: 'Acme', secrets, store, clock, factors: [totp()], user: () => null },
        audit: auditLog({ store: audit, whenUnavailable }),
        onEvent: (event) => void events.push(event),
        notify: ({ what }) => void notices.push(what),
      });
    }
    const unlogged = async () => (await store.load('ann')).record?.unlogged !== undefined;

    it('holds the entry before anything is told', async () => {
      const mfa = aProcess(log);
      await mfa.reset('ann', { by: 'root' });
      expect(await unlogged()).to.equal(true);
      expect((await kept.page({ before: Infinity, limit: 1 })).items[0]?.text).to.include('"name":"reset"');
      expect(await resets(mfa)).to.equal(1);
      expect((await mfa.audit?.verify())?.sound).to.equal(true);
    });

    it('answers no where it goes after the save, keeps what was saved, and appends it when it is back', async () => {
      const mfa = aProcess(log);
      log.goes = true;
      expect(await codeOf(mfa.reset('ann', { by: 'root' }))).to.equal('audit.unavailable');
      expect((await mfa.status('ann'))?.protected, 'it was saved').to.equal(false);
      expect(await unlogged()).to.equal(true);
      expect(await resets(mfa)).to.equal(0);
      expect(events.filter(({ name }) => name === 'reset')).to.have.length(1);
      expect(notices, 'the person hears of what was done').to.include('reset');
      log.goes = false;
      expect(await resets(mfa)).to.equal(1);
      const others = [aProcess(kept), aProcess(kept)];
      await Promise.all(others.map((each) => each.resetPrompts('ann')));
      for (const each of [...others, mfa]) expect(await resets(each)).to.equal(1);
      expect((await mfa.audit?.verify())?.sound).to.equal(true);
    });

    it('is given it by another process that finds it, once, while the first goes on trying', async () => {
      const mfa = aProcess(log);
      log.goes = true;
      expect(await codeOf(mfa.reset('ann', { by: 'root' }))).to.equal('audit.unavailable');
      const others = [aProcess(kept), aProcess(kept)];
      await Promise.all(others.map((each) => each.resetPrompts('ann')));
      for (const each of others) expect(await resets(each)).to.equal(1);
      log.goes = false;
      await mfa.audit?.append([]);
      expect(await resets(mfa)).to.equal(1);
      await eventually(async () => expect((await mfa.audit?.health())?.waiting).to.equal(0));
      expect((await mfa.audit?.verify())?.sound).to.equal(true);
    });

    it('has it once where only the answer was lost', async () => {
      const mfa = aProcess(log);
      log.loses = true;
      expect(await codeOf(mfa.reset('ann', { by: 'root' }))).to.equal('audit.unavailable');
      await aProcess(kept).resetPrompts('ann');
      log.loses = false;
      expect(await resets(mfa)).to.equal(1);
      expect(await resets(aProcess(kept))).to.equal(1);
    });

    it('has it once where it is found long after the store forgot that it was appended', async () => {
      await aProcess(log).reset('ann', { by: 'root' });
      clock.advance(2 * 3600);
      log.forgets = true;
      const later = aProcess(log);
      await later.resetPrompts('ann');
      expect(await resets(later)).to.equal(1);
      await later.endSignIns('ann', { by: 'root' });
      expect(await resets(later)).to.equal(1);
    });

    it('takes what was left before anything else is done to that account', async () => {
      const dead = aProcess(log);
      log.goes = true;
      expect(await codeOf(dead.reset('ann', { by: 'root' }))).to.equal('audit.unavailable');
      expect(await codeOf(aProcess(log).importTotp('ann', { secret: other, replace: true }))).to.equal(
        'audit.unavailable',
      );
      const next = aProcess(kept);
      expect(await next.importTotp('ann', { secret: other, replace: true })).to.deep.include({ imported: true });
      expect(await resets(next)).to.equal(1);
    });

    it('has it before the record goes that holds it', async () => {
      const dead = aProcess(log);
      log.goes = true;
      expect(await codeOf(dead.reset('ann', { by: 'root' }))).to.equal('audit.unavailable');
      expect(await codeOf(dead.deprovision('ann'))).to.equal('audit.unavailable');
      expect(await unlogged()).to.equal(true);
      const next = aProcess(kept);
      await next.deprovision('ann');
      expect(await resets(next)).to.equal(1);
    });

    it('has it where the secret was rotated, or waiting was given up, meanwhile', async () => {
      const dead = aProcess(log);
      log.goes = true;
      expect(await codeOf(dead.reset('ann', { by: 'root' }))).to.equal('audit.unavailable');
      const rotated = aProcess(kept, ['another secret of the app, of 32 bytes', appSecret], 'continue');
      await rotated.endSignIns('ann', { signInId: 'none' });
      expect(await resets(rotated)).to.equal(1);
      await rotated.importTotp('ann', { secret: other, replace: true });
      expect(await unlogged(), 'nothing is left').to.equal(false);
      expect((await rotated.audit?.verify())?.sound).to.equal(true);
    });
  }).timeout(60_000);

describe('a process that dies between a save and the entry of it', () => {
  it('leaves the entry to whoever loads the record next, who append it once', async () => {
    const redis = newRedis();
    const namespace = freshNamespace();
    const store = patientStore(redis, { namespace });
    const aProcess = (whenUnavailable: 'refuse' | 'continue' = 'refuse') =>
      createMfaCore({
        ...{ appName: 'Acme', secrets: [appSecret], store, factors: [totp()], user: () => null },
        notify: () => undefined,
        audit: auditLog({
          store: patientAuditStore(redis, { namespace }),
          whenUnavailable,
        }),
      });
    const first = aProcess();
    await aProcess('continue').importTotp('ann', { secret });
    const settings: UnloggedSettings = { url: redisUrl(), namespace, userId: 'ann' };
    const script = program(fileURLToPath(new URL('../support/unlogged-rival.ts', import.meta.url)));
    const child = fork(script, [JSON.stringify(settings)], { execArgv: [] });
    try {
      expect(await once(child, 'message')).to.include('saved');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect((await first.status('ann'))?.protected).to.equal(false);
      expect(await resets(first)).to.equal(0);
      const finders = [first, aProcess(), aProcess()];
      await Promise.all(finders.map((mfa) => mfa.resetPrompts('ann')));
      for (const mfa of finders) expect(await resets(mfa)).to.equal(1);
      expect((await first.audit?.verify())?.sound).to.equal(true);
    } finally {
      child.kill('SIGKILL');
      await removeNamespace(redis, namespace);
      redis.disconnect();
    }
  }).timeout(120_000);
});
