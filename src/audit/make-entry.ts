// From an event to what is kept of it: who, to whom, with what, from where. A field with a type holds only what is of
// that type; what else a client sent stands as text, cut. Knows no chain and no store.
import { isIP } from 'node:net';
import type { MfaEvent } from '../core/words/events.js';
import type { Sealer } from '../core/kernel/ports.js';
import type { Random } from '../core/words/random.js';
import { digestOf, hashOfPersonal } from './chain.js';
import type { AuditActor, AuditEntry, Personal } from './entry.js';
import { eventTable } from './event-table.js';
import { uuid7 } from './uuid7.js';

/** An entry that no writer has taken up yet. */
export type Draft = Omit<AuditEntry, 'writer' | 'seq' | 'hash'>;

export type MakingOptions = {
  sealer: Pick<Sealer, 'digest' | 'keyId'>;
  random: Random;
  /** `digest` where ids are addresses: people are told apart, and nobody is named. */
  subjectAs: 'id' | 'digest';
};

export function makeEntry(event: MfaEvent, { sealer, random, subjectAs }: MakingOptions): Draft {
  const { keyId } = sealer;
  const { userId, tenant, reason, kind, authenticatorId, flow, session, at } = event;
  const subjectId = userId === undefined || subjectAs === 'id' ? userId : digestOf(sealer, 'subject', userId);
  const { personal, detail } = split(event, random);
  return {
    v: 1,
    id: uuid7(Date.parse(at), random),
    time: at,
    keyId,
    name: event.name,
    ...(event.outcome === undefined ? {} : { outcome: event.outcome === 'accepted' ? 'success' : 'failure' }),
    ...(reason === undefined ? {} : { reason }),
    severity: eventTable[event.name].severity,
    actor: actorOf(event, subjectId),
    ...(subjectId === undefined ? {} : { subject: { id: subjectId, ...(tenant === undefined ? {} : { tenant }) } }),
    ...(kind === undefined ? {} : { factor: { kind, ...(authenticatorId === undefined ? {} : { authenticatorId }) } }),
    ...(flow === undefined ? {} : { flow }),
    ...(session === undefined ? {} : { session }),
    ...(detail === undefined ? {} : { detail }),
    personal,
    personalHash: hashOfPersonal(sealer, personal, keyId),
  };
}

function actorOf({ actor, by }: MfaEvent, subjectId: string | undefined): AuditActor {
  const id = actor === 'user' ? subjectId : by;
  return { type: actor, ...(id === undefined ? {} : { id }) };
}

/** Free text and what tells where from go where they can be erased. */
function split(event: MfaEvent, random: Random): { personal: Personal; detail: AuditEntry['detail'] } {
  const { reason, risk, place, ...rest } = event.detail ?? {};
  const { ip, userAgent, method, path } = event;
  const found: Personal = {
    ...(ip === undefined || ip === '' ? {} : isIP(ip) > 0 ? { ip } : { ipText: cut(ip, 64) }),
    ...(userAgent === undefined ? {} : { userAgent: cut(userAgent, 512) }),
    ...(method !== undefined && /^[A-Z-]{1,20}$/.test(method) ? { method } : {}),
    ...(path === undefined ? {} : { path: cut(path, 256) }),
    ...(risk === undefined ? {} : { risk: cut(String(risk), 128) }),
    ...(place === undefined ? {} : { place: cut(String(place), 128) }),
    ...(reason === undefined ? {} : { reasonText: cut(String(reason), 512) }),
  };
  const personal = Object.keys(found).length === 0 ? {} : { salt: random.token(12), ...found };
  const facts = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'string' ? cut(value, 200) : value,
  ]);
  return { personal, detail: facts.length === 0 ? undefined : (Object.fromEntries(facts) as AuditEntry['detail']) };
}

/** At most `length` UTF-16 units, the mark that tells of the cut among them; never half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 2);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 2 : length - 1)}…`;
}
