// Where e-mail and SMS differ, as one interface; everything else about a code that is sent is the same for both.
import type { MfaUser } from '../../core/kernel/mfa-user.js';
import type { Reason } from '../../core/words/outcome.js';
import type { Channel } from '../../core/kernel/ports.js';
import type { Book, Rendered, ValuesIn } from './messages.js';
import type { Usage } from './templates.js';

/** What was typed as an address: its one normal form, or the locale key of the sentence that says what is wrong. */
export type ParsedAddress = { address: string } | { hint: string };

export interface CodeChannel {
  /** The factor's kind, and its channel. */
  readonly kind: Channel;
  /** Told when the code was sent to another address than the one in the record. */
  readonly mismatch: Reason;
  /** RFC 8176 value, where one is registered. */
  readonly amr?: string;
  parseAddress(typed: unknown): ParsedAddress;
  /** The same of what somebody typed who has no address here yet. */
  parseTyped(typed: unknown): ParsedAddress;
  mask(address: string): string;
  /** What tells mailboxes apart, for limits. */
  mailboxOf(address: string): string;
  /** The address that the host app has verified, as it gave it. */
  verifiedOf(user: MfaUser): string | undefined;
  /** Renders a message; with `code` it may bind it to the app's origin. Throws `connector.template_not_found`. */
  render(
    book: Book,
    usage: Usage,
    locale: string,
    valuesIn: ValuesIn,
    about: { origins: readonly string[]; code?: string },
  ): Rendered;
  check?(config: { production: boolean; origins: readonly string[] }): void;
}
