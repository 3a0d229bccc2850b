// What every language must say. The SMS texts keep to the GSM-7 alphabet, so that a message is one segment.
import type { Letter, Usage } from '../templates.js';

export type Language = {
  email: { [usage in Usage]: Letter };
  sms: { [usage in Usage]: string };
  /** The one sentence that `Generic` says when there is a code. */
  codeIs: string;
  /** In place of an address that is not known. */
  unknown: string;
};
