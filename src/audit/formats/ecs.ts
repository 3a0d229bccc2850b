// The Elastic Common Schema, 9.4 (https://www.elastic.co/docs/reference/ecs): an item as one document. What has no
// field there stands in `labels`, as text.
import type { AuditItem } from '../sink.js';
import { product } from './product.js';
import type { FormatSettings } from './product.js';
import { tell } from './told.js';
import type { Told } from './told.js';
import { compact, cut, wellFormed } from './typed.js';

/** Elasticsearch does not index a keyword that is longer (`ignore_above` of all of ECS). */
const keywordLength = 1024;

/** The document, for `@timestamp` of one entry each. */
export function ecs(item: AuditItem, { appName }: FormatSettings): { [field: string]: unknown } {
  const told = tell(item);
  const { row, actor, subject } = told;
  const known = row.ecs.type.includes('info') ? undefined : told.outcome;
  // Somebody else's doing is told of two people: who did it, and whom it was done to.
  const isOwn = actor.type === 'user';
  const who = isOwn ? (actor.id ?? subject.id) : actor.id;
  const target = isOwn ? undefined : subject.id;
  return compact({
    '@timestamp': iso(told.ms),
    ecs: { version: '9.4.0' },
    message: text(told.message),
    event: {
      kind: 'event',
      category: [row.ecs.category],
      type: [...row.ecs.type],
      outcome: known,
      action: told.name,
      reason: keyword(told.reason),
      id: told.id,
      sequence: told.seq,
      severity: told.severity,
      risk_score: told.risk.score,
      start: iso(told.first),
      end: iso(told.last),
      hash: told.hash,
      module: product.name,
      dataset: `${product.name}.audit`,
      provider: product.name,
    },
    user: { id: keyword(who), target: { id: keyword(target) } },
    organization: { id: keyword(subject.tenant) },
    source: { ip: told.ip, address: told.ip ?? keyword(told.notAnIp) },
    user_agent: { original: keyword(told.userAgent) },
    http: { request: { method: keyword(told.method) } },
    url: { path: keyword(told.path) },
    service: { name: keyword(appName), type: product.name, version: undefined },
    observer: { vendor: product.vendor, product: product.name, version: product.version },
    related: {
      user: listed([...new Set([who, subject.id])]),
      ip: listed([told.ip]),
    },
    labels: labelsOf(told),
  });
}

function labelsOf(told: Told): { [name: string]: string | undefined } {
  const own = {
    actor_type: told.actor.type,
    factor: told.factor.kind,
    authenticator_id: told.factor.authenticatorId,
    flow: told.flow,
    session: told.session,
    writer: told.writer,
    key_id: told.keyId,
    risk: told.risk.text,
    place: told.place,
  };
  // `labels` are keywords all: a fact that is a number today and text tomorrow would break an index.
  const facts = Object.entries(told.detail).map(([key, value]) => [`detail_${labelName(key)}`, String(value)]);
  const all = [...Object.entries(own), ...facts] as [string, string | undefined][];
  return Object.fromEntries(all.map(([name, value]) => [name, keyword(value)]));
}

/** A dot would make an object of a label. */
function labelName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/[^\w-]+/g, '_');
}

function listed(values: readonly (string | undefined)[]): string[] | undefined {
  const there = values.map(keyword).filter((value) => value !== undefined);
  return there.length === 0 ? undefined : there;
}

function keyword(value: string | undefined): string | undefined {
  return value === undefined ? undefined : cut(wellFormed(value), keywordLength);
}

function text(value: string): string {
  return cut(wellFormed(value), 4 * keywordLength);
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
