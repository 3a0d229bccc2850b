// What this process remembers of records that it read or wrote: bounded in number and age. Only "elevated, nothing
// owed" is ever believed from it; every other question loads.
import type { MfaRecord } from './record.js';

export type Remembered = {
  recall(userId: string, now: number): MfaRecord | undefined;
  keep(userId: string, record: MfaRecord, now: number): void;
  forget(userId: string): void;
  /** Runs `load`, or shares the one that is under way for this user, unless the record was written meanwhile. */
  share<T>(userId: string, load: () => Promise<T>): Promise<T>;
};

/** `maxAgeSeconds` 0 remembers nothing. */
export function createRemembered(maxAgeSeconds: number, limit = 10_000): Remembered {
  const entries = new Map<string, { record: MfaRecord; at: number }>();
  const loading = new Map<string, Promise<unknown>>();
  return {
    recall(userId, now) {
      const entry = entries.get(userId);
      if (entry === undefined) return undefined;
      const age = now - entry.at;
      return age >= 0 && age < maxAgeSeconds ? entry.record : undefined;
    },
    keep(userId, record, now) {
      loading.delete(userId);
      if (maxAgeSeconds === 0) return;
      entries.delete(userId);
      entries.set(userId, { record, at: now });
      if (entries.size > limit) {
        const oldest = entries.keys().next().value;
        if (oldest !== undefined) entries.delete(oldest);
      }
    },
    forget(userId) {
      loading.delete(userId);
      entries.delete(userId);
    },
    async share<T>(userId: string, load: () => Promise<T>) {
      const underWay = loading.get(userId) as Promise<T> | undefined;
      if (underWay) return underWay;
      const mine = load();
      loading.set(userId, mine);
      try {
        return await mine;
      } finally {
        if (loading.get(userId) === mine) loading.delete(userId);
      }
    },
  };
}
