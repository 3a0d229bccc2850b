// What every format tells of an item of the log, be it an entry or a line of the ledger, with typed fields sorted out:
// formats choose names and places, and decide nothing here.
import type { AuditActor, AuditEntry } from '../entry.js';
import { isCheckpoint } from '../checkpoint.js';
import type { AuditCheckpoint } from '../checkpoint.js';
import { checkpointRow, rowOf } from '../event-table.js';
import type { EventRow } from '../event-table.js';
import type { AuditItem } from '../sink.js';
import { countOf, ipOf, msOf, riskOf } from './typed.js';

/** An item, ready to be written in any format. */
export type Told = {
  row: Omit<EventRow, 'severity'>;
  id: string;
  name: string;
  ms: number;
  severity: number;
  outcome?: 'success' | 'failure' | undefined;
  reason?: string | undefined;
  /** A sentence in English, with an administrator's own words where there are some. */
  message: string;
  actor: AuditActor;
  subject: { id?: string; tenant?: string };
  factor: { kind?: string; authenticatorId?: string };
  writer?: string | undefined;
  seq?: number | undefined;
  keyId: string;
  hash: string;
  flow?: string | undefined;
  session?: string | undefined;
  ip?: string | undefined;
  /** What came in place of an address and is none. */
  notAnIp?: string | undefined;
  userAgent?: string | undefined;
  method?: string | undefined;
  path?: string | undefined;
  risk: { score?: number; level?: 'low' | 'medium' | 'high'; text?: string };
  place?: string | undefined;
  /** Of several told as one. */
  count?: number | undefined;
  first?: number | undefined;
  last?: number | undefined;
  /** Everything else, as it is. */
  detail: { [key: string]: string | number | boolean };
};

/** Sorts an item out. */
export function tell(item: AuditItem): Told {
  return isCheckpoint(item) ? tellCheckpoint(item) : tellEntry(item);
}

function tellEntry(entry: AuditEntry): Told {
  const { personal, detail = {} } = entry;
  const row = rowOf(entry.name);
  const ip = ipOf(personal.ip);
  const words = personal.reasonText;
  return {
    ...entry,
    row,
    ms: msOf(entry.time) ?? 0,
    message: words === undefined ? row.title : `${row.title}: ${words}`,
    subject: entry.subject ?? {},
    factor: entry.factor ?? {},
    ip,
    notAnIp: ip === undefined ? personal.ip : undefined,
    userAgent: personal.userAgent,
    method: personal.method,
    path: personal.path,
    risk: { ...riskOf(personal.risk), ...(personal.risk === undefined ? {} : { text: personal.risk }) },
    place: personal.place,
    count: countOf(detail.count),
    first: msOf(detail.first),
    last: msOf(detail.last),
    detail,
  };
}

/** A line of the ledger is told as an event of the log itself: points one after the other, as `writer:seq:hash`. */
function tellCheckpoint(line: AuditCheckpoint): Told {
  const row = checkpointRow;
  return {
    row,
    id: `checkpoint-${line.n}-${line.hash.slice(0, 16)}`,
    name: 'audit-checkpoint',
    ms: msOf(line.time) ?? 0,
    severity: row.severity,
    message: `${row.title}: ${line.kind}`,
    actor: { type: 'system' },
    subject: {},
    factor: {},
    seq: line.n,
    keyId: line.keyId,
    hash: line.hash,
    risk: {},
    detail: {
      ...line.detail,
      kind: line.kind,
      points: line.points.map(({ writer, seq, hash }) => `${writer}:${seq}:${hash}`).join(' '),
    },
  };
}
