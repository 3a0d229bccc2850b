// How the log stands: what `audit.health()` says.

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
