// The few lines that every e-mail sender needs in the same form.
import type { Message } from '../core/kernel/ports.js';

/** RFC 3834 §5: asks vacation notices and other robots not to answer. */
export const automatic = { name: 'Auto-Submitted', value: 'auto-generated' } as const;

/** The subject on one line; the app's name where a template has none. */
export function subjectOf(message: Message): string {
  return (message.subject ?? message.appName).replace(/\p{C}+/gu, ' ').trim();
}
