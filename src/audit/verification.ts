// What a verification says: per writer whether its chain is whole, and where not.

/** The first place of a chain that is not as it was written. */
export type Break = {
  /** Names it, for an acknowledgement: `<writer>/<seq>`, `place/<n>`, `ledger/<n>`, or `ledger/<writer>`, never named there. */
  at: string;
  /**
   * `changed`: its content; `missing`: it and perhaps more after it; `swapped`: it stands in another's place; `inserted`: nobody
   * wrote it there; `cut off`: all from here on; `unknown key`: its secret is not in `secrets`.
   */
  what: 'changed' | 'missing' | 'swapped' | 'inserted' | 'cut off' | 'unknown key';
  /** The place in the log, where something stands there. */
  place?: number;
  /** Who acknowledged it, and why. */
  explained?: { by: string; reason: string; time: string };
};

/** How the chain of one writer stands. */
export type WriterVerified = {
  writer: string;
  /** `ended` by itself; `open`, still heard of; `abandoned`: silent without an end. */
  state: 'ended' | 'open' | 'abandoned';
  /** Entries that were looked at. */
  entries: number;
  /** Entries after its latest line in the ledger: a cut through them would not be seen. */
  unproved: number;
  broken?: Break;
};

/** What was found, and that nothing is broken that nobody explained. */
export type Verification = {
  sound: boolean;
  entries: number;
  writers: WriterVerified[];
  ledger: { lines: number; broken?: Break };
  /** RFC 3339: of the oldest and newest entry. */
  first?: string;
  last?: string;
};
