// The compliance report as data: what it says of a period. People are too many to stand in it, and are told one by one.
import type { AuditEntry } from '../audit/entry.js';
import type { Verification } from '../audit/verification.js';
import type { Coverage } from './report-coverage.js';

/** Something out of the ordinary that was done to an account. */
export type ReportException = {
  time: string;
  what: string;
  person: string;
  /** Who did it; of what the person did: nobody. */
  by?: string;
  why?: string;
  ticket?: string;
  case?: string;
  approvedBy?: string;
  /** RFC 3339. */
  until?: string;
};

/** A recovery, from its first step to its last. */
export type ReportRecovery = {
  from: string;
  to: string;
  person: string;
  outcome: 'completed' | 'denied' | 'not completed';
  steps: string[];
};

/** An entry of the log, as far as a chain of proof needs it. */
export type ReportStep = { time: string; id: string; what: string; kind?: string; outcome?: string; reason?: string };

/** A sign-in that was drawn, with what belongs to it. `rank`: HMAC-SHA-256 of the entry's id, under the seed. */
export type ReportDrawn = ReportStep & {
  rank: string;
  person: string;
  writer: string;
  seq: number;
  hash: string;
  /** All of the same sign-in, oldest first. */
  proof: ReportStep[];
};

/** Other options in force than before; `differs` names them. */
export type ReportPolicyChange = {
  time: string;
  hash: string;
  before?: string;
  version?: string;
  versionBefore?: string;
  differs: string[];
};

/** What the log says of the period. */
export type ReportEvents = {
  /** Entries of the period. */
  entries: number;
  /** By name and outcome; what stands for several counts as so many. */
  counts: { name: string; outcome?: 'success' | 'failure'; count: number }[];
  signIns: number;
  lockOuts: number;
  objections: number;
  /** What administrators and the command line did, by who and what. */
  actions: { by: string; name: string; count: number }[];
  recoveries: ReportRecovery[];
  exceptions: ReportException[];
  policy: ReportPolicyChange[];
  /** People whose entries were emptied, and losses that the log told. */
  erased: { time: string; entries: number }[];
  lost: { time: string; why: string }[];
};

/** `evidence missing`: what would answer it is not there; `the host's`: no library can answer it. */
export type Control = {
  standard: string;
  control: string;
  asks: string;
  state: 'evidence complete' | 'evidence missing' | "the host's";
  figures: string[];
  why: string;
};

/** A report but for its people. */
export type ReportSummary = {
  head: {
    app: string;
    tenant?: string;
    from: string;
    to: string;
    made: string;
    by: string;
    product: string;
    version: string;
    people: number;
    /** What is not in it, and why. */
    leftOut: string[];
  };
  policy: {
    hash: string;
    version?: string;
    /** The hash at the end of the period, as the log was told. */
    atEnd?: string;
    /** Options that functions decide. */
    byCode: string[];
    inForce: object;
    presets: {
      title: string;
      chosen: boolean;
      breaches: { option: string; value: string; must: string; section: string }[];
    }[];
    changes: ReportPolicyChange[];
  };
  /** The count of people nearest to the end of the period. */
  census?: { day: string; counts: { [name: string]: number } };
  coverage: Coverage;
  exceptions: ReportException[];
  events: Omit<ReportEvents, 'exceptions' | 'policy'>;
  sample: { seed: string; of: number; drawn: ReportDrawn[] };
  integrity: Pick<Verification, 'sound' | 'entries' | 'first' | 'last' | 'ledger'> & {
    writers: { all: number; ended: number; open: number; abandoned: number; unproved: number };
    broken: { at: string; what: string; explained?: { by: string; reason: string; time: string } }[];
  };
  controls: Control[];
};

/** The names of entries that let somebody in. */
export const signInNames: readonly string[] = ['verification-accepted', 'browser-trust-used', 'upstream-accepted'];

export function stepOf({ time, id, name, factor, outcome, reason }: AuditEntry): ReportStep {
  return {
    time,
    id,
    what: name,
    ...(factor === undefined ? {} : { kind: factor.kind }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(reason === undefined ? {} : { reason }),
  };
}
