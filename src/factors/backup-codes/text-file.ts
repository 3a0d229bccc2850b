// The set as a text file to keep. Knows neither requests nor headers; sentences come from the catalogue: `codes.text.title`,
// `.account`, `.once`, `codes.made`, `codes.made_until`.
import type { FileWords } from '../../core/kernel/factor.js';

export type BackupCodesText = {
  appName: string;
  /** Already masked: the file may lie around. */
  account: string;
  /** As shown, `K7QF-3XTM`. */
  codes: readonly string[];
  /** Unix seconds. */
  createdAt: number;
  /** Unix seconds; `null`: never. */
  expiresAt: number | null;
} & FileWords;

/** A text with CRLF, to be sent as UTF-8: title, account, numbered codes, made on, expires on, "each works once". */
export function backupCodesText(text: BackupCodesText): string {
  const { t, date } = text;
  const made = date(text.createdAt);
  const width = String(text.codes.length).length;
  const lines = [
    t('codes.text.title', { app: text.appName }),
    t('codes.text.account', { account: text.account }),
    '',
    ...text.codes.map((code, at) => `${String(at + 1).padStart(width)}. ${code}`),
    '',
    text.expiresAt === null ? t('codes.made', { made }) : t('codes.made_until', { made, until: date(text.expiresAt) }),
    t('codes.text.once'),
  ];
  // A name with a line break in it must not look like a line of ours.
  return lines.map((line) => `${line.replace(/\p{Cc}+/gu, ' ')}\r\n`).join('');
}

/** `acme-backup-codes.txt`: ASCII letters, digits and hyphens only, so that the header needs no quoting rules. */
export function backupCodesFileName(appName: string): string {
  const plain = appName.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const name = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'backup-codes.txt' : `${name}-backup-codes.txt`;
}
