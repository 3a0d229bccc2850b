// How the log stands: what `audit.health()` says.
import type { AuditStore } from './audit-store.js';
import type { Feed } from './feed.js';
import type { Writer } from './writer.js';

/** How far one sink is, and what is wrong with it. */
export type SinkHealth = {
  name: string;
  /** Entries that it has not taken. */
  behind: number;
  /** Age of the oldest of them. */
  behindSeconds: number;
  /** Entries that it refused for good. */
  deadLetters: number;
  failing?: string;
  failingSince?: string;
};

/** How much there is, how far each sink is, and what fails. */
export type AuditHealth = {
  entries: number;
  bytes: number;
  maxBytes: number;
  /** In this process: entries that are not stored yet, and that never will be. */
  waiting: number;
  lost: number;
  /** Why the store does not take them. */
  failing?: string;
  /** Secrets that entries were made with; each must stay in `secrets`. */
  keyIds: string[];
  sinks: SinkHealth[];
};

/** @param feeds by the name of the sink */
export async function healthOf(
  store: AuditStore,
  feeds: ReadonlyMap<string, Feed>,
  { bytes: _seen, ...writing }: ReturnType<Writer['health']>,
  nowMs: number,
): Promise<AuditHealth> {
  const [extent, positions] = await Promise.all([store.extent(), store.positions()]);

  async function sinkHealth(name: string, feed: Feed): Promise<SinkHealth> {
    const place = positions[name]?.place ?? 0;
    const oldest = (await store.page({ after: place, limit: 1 })).items[0];
    const oldestMs = oldest && Date.parse((JSON.parse(oldest.text) as { time: string }).time);
    const { failing, failingSinceMs } = feed.health();
    return {
      name,
      behind: Math.max(0, extent.last - Math.max(place, extent.first - 1)),
      behindSeconds: oldestMs === undefined ? 0 : Math.max(0, Math.round((nowMs - oldestMs) / 1000)),
      deadLetters: (await store.deadLetters(name, 1)).total,
      ...(failing === undefined ? {} : { failing }),
      ...(failingSinceMs === undefined ? {} : { failingSince: new Date(failingSinceMs).toISOString() }),
    };
  }

  return {
    ...writing,
    entries: extent.last - extent.first + 1,
    bytes: extent.bytes,
    maxBytes: store.keep.maxBytes,
    keyIds: extent.keyIds,
    sinks: await Promise.all([...feeds].map(([name, feed]) => sinkHealth(name, feed))),
  };
}
