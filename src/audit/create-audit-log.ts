// Puts the audit log together: what hears of events, writes, reads, proves and hands on. It decides nothing; until
// `attach` it has no keys, and keeps nothing.
import type { MfaEvent } from '../core/words/events.js';
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import type { AuditLog, AuditLogOptions } from './audit-log.js';
import { checkWho, readAuditOptions } from './audit-options.js';
import { verifications } from './batch.js';
import { digestOf } from './chain.js';
import { createFeed, type Feed } from './feed.js';
import { createFlood } from './flood.js';
import { healthOf } from './health.js';
import { makeEntry, type MakingOptions } from './make-entry.js';
import { readPage } from './read.js';
import { eraseSubject, explainBreak, sealSilent, trimLog } from './upkeep.js';
import { parseEntry, verifyLog } from './verify.js';
import type { AuditWorld } from './world.js';
import { createWriter, type Writer } from './writer.js';

const tendMs = 60_000;
const trimEveryMs = 3_600_000;

type Attached = { world: AuditWorld; making: MakingOptions; writer: Writer; feeds: Map<string, Feed> };

/**
 * Makes the audit log of one app, to be given to createMfa as `audit`.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function auditLog(options: AuditLogOptions): AuditLog {
  const { store, sinks, subjectAs, whenUnavailable } = readAuditOptions(options);
  const flood = createFlood();
  let attached: Attached | undefined;
  let timer: NodeJS.Timeout | undefined;
  let trimmedAtMs = -Infinity;

  const parts = (): Attached => {
    if (attached) return attached;
    throw new MfaError('config.invalid_option', 'The audit log has no keys yet. Give it to createMfa as `audit`.');
  };

  const keep = (event: MfaEvent): void => {
    const { writer, making } = parts();
    writer.add(makeEntry(event, making));
  };

  function own(name: MfaEvent['name'], detail: MfaEvent['detail'], by?: string): void {
    parts().world.tell({
      name,
      actor: by === undefined ? 'system' : 'admin',
      ...(by === undefined ? {} : { by }),
      ...(detail === undefined ? {} : { detail }),
    });
  }

  async function subjectsOf(userId: string): Promise<readonly string[]> {
    if (subjectAs === 'id') return [userId];
    const { sealer } = parts().world;
    const keyIds = new Set([sealer.keyId, ...(await store.extent()).keyIds]);
    return [...keyIds].flatMap((keyId) => {
      try {
        return [digestOf(sealer, 'subject', userId, keyId)];
      } catch {
        // A secret that was taken away: `doctor` says which.
        return [];
      }
    });
  }

  async function settled(): Promise<void> {
    if (!attached) return;
    for (const event of flood.drain(attached.world.now(), true)) keep(event);
    await attached.writer.settled();
  }

  async function tend(): Promise<void> {
    const { world, writer } = parts();
    for (const event of flood.drain(world.now())) keep(event);
    await writer.tend();
    await sealSilent(store, world);
    const isFull = writer.health().bytes > store.keep.maxBytes;
    if (!isFull && world.now() - trimmedAtMs < trimEveryMs) return;
    trimmedAtMs = world.now();
    const trimmed = await trimLog(
      store,
      world,
      sinks.map(({ name }) => name),
    );
    if (trimmed.entries > 0) own('audit-trimmed', { entries: trimmed.entries });
    if (trimmed.unsent > 0)
      own('audit-lost', { why: 'the log was full before a sink took it', entries: trimmed.unsent });
  }

  function begin(): void {
    if (timer) return;
    // In the background a store that is away is told by `health`, not by an exception.
    timer = setInterval(() => void tend().catch(() => undefined), tendMs);
    timer.unref();
    parts().feeds.forEach((feed) => feed.start());
  }

  return {
    store,
    sinks,
    refuses: whenUnavailable === 'refuse',
    attach(world) {
      if (attached) {
        const words = 'This audit log belongs to another createMfa already. Make one for each, on the same store.';
        throw new MfaError('config.invalid_option', words);
      }
      const lost = (detail: { [key: string]: string | number }) => own('audit-lost', detail);
      attached = {
        world,
        making: { sealer: world.sealer, random: world.random, subjectAs },
        writer: createWriter(store, world, lost),
        feeds: new Map(sinks.map((sink) => [sink.name, createFeed(store, world, sink)])),
      };
    },
    take(event) {
      begin();
      for (const over of flood.drain(Date.parse(event.at))) keep(over);
      if (flood.admits(event)) keep(event);
    },
    draft: (event) => makeEntry(event, parts().making),
    async append(drafts) {
      begin();
      await parts().writer.append(drafts);
    },
    isStored: (id) => parts().writer.isStored(id),
    reach: () => parts().writer.reach(),
    settled,
    tend,
    async feed() {
      await Promise.all([...parts().feeds.values()].map((feed) => feed.once()));
    },
    async close() {
      if (timer) clearInterval(timer);
      timer = undefined;
      await settled();
      const { writer, feeds } = parts();
      await writer.close();
      await Promise.all([...feeds.values()].map((feed) => feed.stop()));
    },
    async read(query = {}) {
      checkOptionNames('audit.read', query, [
        ...['by', 'userId', 'flow', 'names', 'outcome', 'from', 'to', 'limit', 'cursor'],
      ]);
      const page = await readPage(store, query, subjectsOf);
      if (query.by !== undefined) own('audit-read', { entries: page.entries.length }, query.by);
      return page;
    },
    async verify({ by, since, checkpoints } = {}) {
      const { world } = parts();
      const sinceMs = since === undefined ? undefined : new Date(since).getTime();
      if (Number.isNaN(sinceMs)) throw new MfaError('request.invalid', 'audit.verify: `since` is no time.');
      const found = await verifyLog(store, world.sealer, world.now(), {
        ...(sinceMs === undefined ? {} : { sinceMs }),
        ...(checkpoints === undefined ? {} : { checkpoints }),
      });
      const broken = [...found.writers, found.ledger].filter((each) => each.broken).length;
      if (by !== undefined) own('audit-verified', { entries: found.entries, broken, sound: found.sound }, by);
      return found;
    },
    async acknowledge(at, who) {
      const { by, reason } = checkWho('audit.acknowledge', who);
      await explainBreak(store, parts().world, { at, by, reason });
    },
    async erase(userId, who) {
      const { by, reason } = checkWho('audit.erase', who);
      await settled();
      let entries = 0;
      for (const subject of await subjectsOf(userId)) entries += await eraseSubject(store, subject);
      own('audit-erased', { entries, reason }, by);
      return { entries };
    },
    async health() {
      const { writer, feeds, world } = parts();
      return healthOf(store, feeds, writer.health(), world.now());
    },
    async watched(limit) {
      const { items } = await store.page({ watched: true, before: Infinity, limit });
      return items.flatMap(({ text }) => parseEntry(text) ?? []);
    },
    async lastVerified() {
      const { items } = await store.page({ flow: verifications, before: Infinity, limit: 1 });
      return items.flatMap(({ text }) => parseEntry(text) ?? [])[0];
    },
    days: (from, to) => store.days(from, to),
    deadLetters: (sink, limit = 100) => store.deadLetters(sink, limit),
    dropDeadLetters: (sink) => store.dropDeadLetters(sink),
  };
}
