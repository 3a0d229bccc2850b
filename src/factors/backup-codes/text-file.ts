// The set as a text file to keep. Knows neither requests nor headers; sentences come from the catalogue, by key.

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
  /** BCP 47, for the dates. */
  locale: string;
  /** Sentences by key: `codes.text.title`, `codes.text.account`, `codes.text.once`, `codes.made`, `codes.made_until`. */
  t: (key: string, values?: { [name: string]: string }) => string;
};

/** A text with CRLF, to be sent as UTF-8: title, account, numbered codes, made on, expires on, "each works once". */
export function backupCodesText(text: BackupCodesText): string {
  const { t } = text;
  const date = (at: number) =>
    new Intl.DateTimeFormat(text.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at * 1000));
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
