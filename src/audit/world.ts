// What the log is given when the app is put together: keys, time, chance, and a way to say what it did itself.
import type { Sealer } from '../core/kernel/ports.js';
import type { Happened } from '../core/words/events.js';
import type { Random } from '../core/words/random.js';

export type AuditWorld = {
  sealer: Sealer;
  random: Random;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Tells listeners and the log itself of what the log did. */
  tell(happened: Happened): void;
};
