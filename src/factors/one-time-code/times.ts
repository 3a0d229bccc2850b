// Times as a message says them: in UTC, because nobody knows where it will be read.

/** `22 November 2025 at 14:05 UTC`, in the order and words of the language. */
export function dateAndTime(atSeconds: number, language: string): string {
  const style = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat(language, style).format(atSeconds * 1000)} UTC`;
}

/** `14:05 UTC`. */
export function clockTime(atSeconds: number): string {
  return `${new Date(atSeconds * 1000).toISOString().slice(11, 16)} UTC`;
}
