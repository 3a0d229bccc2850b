// A format by its name: what a sink writes of an item, on one line.
import type { AuditItem } from '../sink.js';
import { cef } from './cef.js';
import { ecs } from './ecs.js';
import { ocsf } from './ocsf.js';
import { product } from './product.js';
import type { FormatSettings } from './product.js';
import { jsonLine } from './typed.js';

export const formatNames = ['json', 'ecs', 'ocsf', 'cef'] as const;

/**
 * `json` is the item as it stands in the log.
 *
 * @useDeclaredType
 */
export type AuditFormat = (typeof formatNames)[number];

/** How a sink writes. */
export type FormatOptions = {
  /** Default depends on the sink. */
  format?: AuditFormat;
  /** Names the app in ECS, OCSF, CEF and syslog; default `express-mfa`. */
  appName?: string;
  /** `1.9` has User Management (3007) where 1.8 has Account Change (3001); default `1.8`. */
  ocsfVersion?: '1.8' | '1.9';
};

/** Writes an item as a value that JSON can hold; of CEF, its line. */
export function valueOf(format: AuditFormat, item: AuditItem, settings: FormatSettings): unknown {
  if (format === 'json') return item;
  return { ecs, ocsf, cef }[format](item, settings);
}

/** Writes an item as one line, without the line's end. */
export function lineOf(format: AuditFormat, item: AuditItem, settings: FormatSettings): string {
  const value = valueOf(format, item, settings);
  return typeof value === 'string' ? value : jsonLine(value);
}

/** Default settings, and what a sink's options say of them. */
export function settingsOf({ appName = product.name, ocsfVersion = '1.8' }: FormatOptions): FormatSettings {
  return { appName, ocsfVersion };
}
