// Times in words: in the person's zone where it is known, else in UTC, and then it says so. Pure; whole Unix seconds.

/** `date`: the day; `dateTime`: with the minute. `short`: for text messages, whose alphabet lacks letters of month names. */
export type TimeStyle = 'date' | 'dateTime' | 'shortDate' | 'shortDateTime';

const styles: { [style in TimeStyle]: Intl.DateTimeFormatOptions } = {
  date: { dateStyle: 'long' },
  dateTime: { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' },
  shortDate: { dateStyle: 'short' },
  shortDateTime: { dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' },
};

/** Whether this is a zone that `Intl` knows (IANA, `Europe/Zurich`). */
export function isTimeZone(zone: string | undefined): zone is string {
  if (zone === undefined) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * `22 November 2026 at 15:05 (Europe/Zurich)`, or `22 November 2026 at 14:05 UTC` where no zone is known. A day alone
 * names no zone, and a text message has no room for one that is the person's own.
 */
export function timeInWords(atSeconds: number, language: string, style: TimeStyle, zone?: string): string {
  const known = isTimeZone(zone);
  const text = new Intl.DateTimeFormat(language, { ...styles[style], timeZone: known ? zone : 'UTC' })
    .format(atSeconds * 1000)
    // A narrow space that many fonts and all text messages lack.
    .replace(/\u202f/g, ' ');
  if (style === 'date' || style === 'shortDate') return text;
  if (!known) return `${text} UTC`;
  return style === 'dateTime' ? `${text} (${zone})` : text;
}

/** `15:05`, or `14:05 UTC` where no zone is known. */
export function clockInWords(atSeconds: number, zone?: string): string {
  const known = isTimeZone(zone);
  const clock = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: known ? zone : 'UTC',
  });
  return known ? clock.format(atSeconds * 1000) : `${clock.format(atSeconds * 1000)} UTC`;
}
