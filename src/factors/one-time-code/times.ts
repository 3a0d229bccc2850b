// Times as a message says them: in UTC, because a message outlives the place it was asked from, and beside it in the
// person's zone where that is known.

function formatted(atSeconds: number, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { hourCycle: 'h23', ...options }).format(atSeconds * 1000);
}

/** `22 November 2025 at 14:05 UTC`, followed by the time in `timeZone` (IANA) where that is a known zone. */
export function dateAndTime(atSeconds: number, language: string, timeZone?: string): string {
  const style = { dateStyle: 'long', timeStyle: 'short' } as const;
  const utc = `${formatted(atSeconds, language, { ...style, timeZone: 'UTC' })} UTC`;
  if (timeZone === undefined || timeZone === 'UTC') return utc;
  try {
    return `${utc} (${formatted(atSeconds, language, { ...style, timeZone })}, ${timeZone})`;
  } catch (error) {
    if (error instanceof RangeError) return utc;
    throw error;
  }
}

/** `22/11/2025, 14:05 UTC`, in the order of the language: for messages where every character counts. */
export function shortDateAndTime(atSeconds: number, language: string): string {
  // The narrow no-break space of some locales is in no SMS alphabet.
  return `${formatted(atSeconds, language, { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' })} UTC`.replace(
    /[\u00a0\u202f]/g,
    ' ',
  );
}

/** `14:05 UTC`. */
export function clockTime(atSeconds: number): string {
  return `${new Date(atSeconds * 1000).toISOString().slice(11, 16)} UTC`;
}
