// From an event to what is kept of it: who, to whom, with what, from where. A field with a type holds only what is of
// that type; what else a client sent stands as text, cut. Knows no chain and no store.
import { isIP } from 'node:net';
import type { MfaEvent } from '../core/words/events.js';
import type { Sealer } from '../core/kernel/ports.js';
import type { Random } from '../core/words/random.js';
import { canonical } from './canonical.js';
import { digestOf, hashOfPersonal } from './chain.js';
import type { AuditActor, AuditEntry, Personal } from './entry.js';
import { eventTable } from './event-table.js';
import { uuid7 } from './uuid7.js';

/** An entry that no writer has taken up yet; what is personal is written out already. */
export type Draft = Omit<AuditEntry, 'writer' | 'seq' | 'hash' | 'personal'> & { personalText: string };

export type MakingOptions = {
  sealer: Pick<Sealer, 'digest' | 'keyId'>;
  random: Random;
  /** `digest` where ids are addresses: people are told apart, and nobody is named. */
  subjectAs: 'id' | 'digest';
};

export function makeEntry(event: MfaEvent, { sealer, random, subjectAs }: MakingOptions): Draft {
  const { keyId } = sealer;
  const { userId, tenant, kind, authenticatorId, outcome, at } = event;
  const subjectId = userId === undefined || subjectAs === 'id' ? userId : digestOf(sealer, 'subject', userId);
  const personalText = canonical(personalOf(event, random));
  // By name, all the way down: so they are digested, and what is sorted already is written out at once.
  return said({
    actor: actorOf(event, subjectId),
    detail: detailOf(event),
    factor: kind === undefined ? undefined : said({ authenticatorId, kind }),
    flow: event.flow,
    id: uuid7(Date.parse(at), random),
    keyId,
    name: event.name,
    outcome: outcome && (outcome === 'accepted' ? 'success' : 'failure'),
    personalHash: hashOfPersonal(personalText),
    personalText,
    reason: event.reason,
    session: event.session,
    severity: eventTable[event.name].severity,
    subject: subjectId === undefined ? undefined : said({ id: subjectId, tenant }),
    time: at,
    v: 1,
  } satisfies Unsaid<Draft>);
}

type Unsaid<T> = { [field in keyof T]-?: T[field] | undefined };
type Said<T> = { [field in keyof T as undefined extends T[field] ? never : field]: T[field] } & {
  [field in keyof T as undefined extends T[field] ? field : never]?: Exclude<T[field], undefined>;
};

/** What is known of these, in their order. */
function said<T extends object>(fields: T): Said<T> {
  const found: { [name: string]: unknown } = {};
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name];
  return found as Said<T>;
}

function actorOf({ actor, by }: MfaEvent, subjectId: string | undefined): AuditActor {
  return said({ id: actor === 'user' ? subjectId : by, type: actor });
}

/** What tells where from, and free text: what may have to be erased. */
function personalOf({ ip, userAgent, method, path, detail }: MfaEvent, random: Random): Personal {
  const { reason, risk, place } = detail ?? {};
  const isAddress = ip !== undefined && isIP(ip) > 0;
  const found = said({
    ip: isAddress ? ip : undefined,
    ipText: isAddress || ip === undefined || ip === '' ? undefined : cut(ip, 64),
    method: method !== undefined && /^[A-Z-]{1,20}$/.test(method) ? method : undefined,
    path: path === undefined ? undefined : cut(path, 256),
    place: place === undefined ? undefined : cut(String(place), 128),
    reasonText: reason === undefined ? undefined : cut(String(reason), 512),
    risk: risk === undefined ? undefined : cut(String(risk), 128),
    // So that what was erased cannot be guessed back from its digest.
    salt: random.token(12),
    userAgent: userAgent === undefined ? undefined : cut(userAgent, 512),
  } satisfies Unsaid<Personal>);
  return Object.keys(found).length === 1 ? {} : found;
}

function detailOf({ detail }: MfaEvent): AuditEntry['detail'] {
  if (!detail) return undefined;
  const { reason: _reason, risk: _risk, place: _place, ...facts } = detail;
  const names = Object.keys(facts);
  if (names.length === 0) return undefined;
  return Object.fromEntries(
    names.sort().map((name) => {
      const value = facts[name] ?? '';
      return [name, typeof value === 'string' ? cut(value, 200) : value];
    }),
  );
}

/** At most `length` UTF-16 units, the mark that tells of the cut among them; never half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 2);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 2 : length - 1)}…`;
}
