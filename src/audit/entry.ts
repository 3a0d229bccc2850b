// What the audit log keeps of one thing that happened: the shape of an entry, and of what may have to be erased from it.
// Knows no store, no chain and no format.
import type { EventName } from '../core/words/events.js';

/** What may have to be erased: what tells where from and with what somebody came. Empty once it was erased. */
export type Personal = {
  /** Random, so that what was erased cannot be guessed back from `personalHash`. */
  salt?: string;
  /** An IP address, as the app saw it. */
  ip?: string;
  /** What stood in its place and is no address, cut. */
  ipText?: string;
  /** As it came, cut at 512 characters with a mark, `…`. */
  userAgent?: string;
  method?: string;
  path?: string;
  risk?: string;
  place?: string;
  /** Free text of an administrator: why. */
  reasonText?: string;
};

/** Who did it. */
export type AuditActor = {
  type: 'user' | 'admin' | 'system' | 'cli';
  /** Of a user their id (or its digest), of an administrator the name that the app gave. */
  id?: string;
};

/** One entry of the audit log. Never a code, secret, token, full address or cookie. */
export type AuditEntry = {
  v: 1;
  /** UUIDv7 (RFC 9562 §5.7): the key by which a receiver recognises what came twice. */
  id: string;
  /** RFC 3339 with milliseconds, UTC. */
  time: string;
  /** The process that wrote it: a random id. */
  writer: string;
  /** Of this writer, from 1, without a gap. */
  seq: number;
  /** Which secret `hash`, `flow` and `session` were made with. */
  keyId: string;
  name: EventName;
  outcome?: 'success' | 'failure';
  /** An error code: why it was refused. */
  reason?: string;
  /** 0 to 10, as CEF counts. */
  severity: number;
  actor: AuditActor;
  /** Whose account; absent where nobody is known. */
  subject?: { id: string; tenant?: string };
  factor?: { kind: string; authenticatorId?: string };
  /** A keyed digest, the same for all entries of one sign-in or recovery. */
  flow?: string;
  /** A keyed digest of the session. */
  session?: string;
  /** Plain facts; of several told as one: `count`, `first`, `last`. */
  detail?: { [key: string]: string | number | boolean };
  personal: Personal;
  /** A digest of `personal`, salt and all, which stays when that is erased. */
  personalHash: string;
  /** A keyed digest of the writer's hash before, this entry without `personal` and `hash`, and `personalHash`. */
  hash: string;
};
