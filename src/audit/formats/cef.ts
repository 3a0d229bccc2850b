// The Common Event Format, version 0 (ArcSight CEF Implementation Standard): a header of seven fields, then an extension
// of `key=value`, always on one line. It escapes; who frames the line is the sink's.
import type { AuditItem } from '../sink.js';
import { product } from './product.js';
import type { FormatSettings } from './product.js';
import { tell } from './told.js';
import type { Told } from './told.js';
import { cut, wellFormed } from './typed.js';

/** How long a value may be, in characters, by the standard's dictionary. */
const sizes = {
  rt: 13,
  externalId: 40,
  act: 63,
  cat: 1023,
  outcome: 63,
  reason: 1023,
  msg: 1023,
  suid: 1023,
  spriv: 1023,
  duid: 1023,
  src: 45,
  c6a2: 45,
  c6a2Label: 1023,
  request: 1023,
  requestMethod: 1023,
  requestClientApplication: 1023,
  destinationServiceName: 1023,
  deviceExternalId: 255,
  cnt: 16,
  start: 13,
  end: 13,
  cn1: 16,
  cn1Label: 1023,
  cs1: 4000,
  cs1Label: 1023,
  cs2: 4000,
  cs2Label: 1023,
  cs3: 4000,
  cs3Label: 1023,
  cs4: 4000,
  cs4Label: 1023,
  cs5: 4000,
  cs5Label: 1023,
  cs6: 4000,
  cs6Label: 1023,
} as const;

type Extension = { [key in keyof typeof sizes]?: string | number | undefined };

/** One line. */
export function cef(item: AuditItem, { appName }: FormatSettings): string {
  const told = tell(item);
  const header = [product.vendor, product.name, product.version, told.name, told.row.title, String(told.severity)];
  return `CEF:0|${header.map(escapeHeader).join('|')}|${extensionOf(told, appName)}`;
}

function extensionOf(told: Told, appName: string): string {
  const { actor, subject, factor } = told;
  const extension: Extension = {
    rt: told.ms,
    externalId: told.id,
    act: told.name,
    cat: told.row.ecs.category,
    outcome: told.outcome,
    reason: told.reason,
    msg: told.message,
    suid: actor.id ?? (actor.type === 'user' ? subject.id : undefined),
    spriv: actor.type,
    duid: subject.id,
    ...addressOf(told.ip),
    request: told.path,
    requestMethod: told.method,
    requestClientApplication: told.userAgent,
    destinationServiceName: appName,
    deviceExternalId: told.writer,
    cnt: told.count,
    start: told.first,
    end: told.last,
    ...labelled('cn1', 'sequence', told.seq),
    ...labelled('cs1', 'factor', factor.kind),
    ...labelled('cs2', 'authenticator', factor.authenticatorId),
    ...labelled('cs3', 'flow', told.flow),
    ...labelled('cs4', 'session', told.session),
    ...labelled('cs5', 'tenant', subject.tenant),
    ...labelled('cs6', 'detail', detailOf(told)),
  };
  return Object.entries(extension)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${escapeValue(cut(clean(String(value)), sizes[key as keyof typeof sizes]))}`)
    .join(' ');
}

/** `src` takes IPv4 alone. */
function addressOf(ip: string | undefined): Extension {
  if (!ip?.includes(':')) return { src: ip };
  return { c6a2: ip, c6a2Label: 'Source IPv6 Address' };
}

function labelled(
  key: 'cn1' | 'cs1' | 'cs2' | 'cs3' | 'cs4' | 'cs5' | 'cs6',
  label: string,
  value?: string | number,
): Extension {
  return value === undefined || value === '' ? {} : { [key]: value, [`${key}Label`]: label };
}

/** What has no key of its own, as JSON. */
function detailOf(told: Told): string | undefined {
  const { count: _count, first: _first, last: _last, ...rest } = told.detail;
  const all = {
    ...(told.count === undefined || told.first === undefined || told.last === undefined ? told.detail : rest),
    ...(told.notAnIp === undefined ? {} : { address: told.notAnIp }),
    ...(told.risk.text === undefined ? {} : { risk: told.risk.text }),
    ...(told.place === undefined ? {} : { place: told.place }),
  };
  return Object.keys(all).length === 0 ? undefined : JSON.stringify(all);
}

/** The format can write line feed and carriage return; other control characters could only harm who shows them. */
function clean(value: string): string {
  return wellFormed(value).replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '\uFFFD');
}

/** In the header a backslash and a pipe are escaped; it has no line feeds. */
function escapeHeader(value: string): string {
  return clean(value)
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\|]/g, '\\$&');
}

/** In the extension a backslash and an equals sign are; a pipe is not. */
function escapeValue(value: string): string {
  return value.replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
}
