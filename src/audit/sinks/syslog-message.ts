// A message of syslog (RFC 5424) of an item, cut until it fits. Knows no transport.
import type { AuditFormat } from '../formats/format.js';
import { lineOf } from '../formats/format.js';
import type { FormatSettings } from '../formats/product.js';
import { tell } from '../formats/told.js';
import { cut } from '../formats/typed.js';
import { isCheckpoint } from '../checkpoint.js';
import type { AuditItem } from '../sink.js';

/** Security and authorization messages (RFC 5424 §6.2.1). */
const facility = 10;

/** Lengths that text of clients is cut to, one after the other, until the message fits. */
const lengths = [512, 256, 128, 64, 32, 16, 8];

export type MessageSettings = FormatSettings & { format: AuditFormat; hostname: string; maxBytes: number };

/** The message, at most `maxBytes` octets; undefined where it does not fit even with the least text. */
export function syslogMessage(item: AuditItem, settings: MessageSettings): Buffer | undefined {
  const { maxBytes } = settings;
  for (const length of [Infinity, ...lengths]) {
    const message = Buffer.from(write(length === Infinity ? item : shortened(item, length), settings));
    if (message.length <= maxBytes) return message;
  }
  return undefined;
}

/** `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID - MSG`; no byte order mark, which would hide `CEF:` from readers. */
function write(item: AuditItem, { format, hostname, ...settings }: MessageSettings): string {
  const { severity, name, writer, ms } = tell(item);
  const header = [
    `<${facility * 8 + level(severity)}>1`,
    new Date(ms).toISOString(),
    printable(hostname, 255),
    printable(settings.appName, 48),
    printable(writer ?? '-', 128),
    printable(name, 32),
    '-',
  ];
  return `${header.join(' ')} ${lineOf(format, item, settings)}`;
}

/** 0–10 in the words of syslog: informational, notice, warning, error, critical. */
function level(severity: number): number {
  return severity <= 2 ? 6 : severity <= 3 ? 5 : severity <= 6 ? 4 : severity <= 8 ? 3 : 2;
}

/** RFC 5424 §6: printable ASCII without spaces, `-` where nothing is left. */
function printable(value: string, length: number): string {
  return value.replace(/[^\x21-\x7e]+/g, '_').slice(0, length) || '-';
}

/** What clients and administrators wrote, cut; ids, names and digests stay whole. */
function shortened(item: AuditItem, length: number): AuditItem {
  if (isCheckpoint(item)) return item;
  const { detail, personal } = item;
  return { ...item, ...(detail ? { detail: cutFields(detail, length) } : {}), personal: cutFields(personal, length) };
}

function cutFields<T extends object>(fields: T, length: number): T {
  const all = Object.entries(fields) as [string, unknown][];
  return Object.fromEntries(
    all.map(([key, value]) => [key, typeof value === 'string' ? cut(value, length) : value]),
  ) as T;
}
