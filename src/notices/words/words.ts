// What every language must say in notices. {{kind}}, {{name}}, {{left}}, {{count}}, {{signals}} and {{date}} are filled in from the notice.
import type { Notice } from '../../core/words/notices.js';

export type Words = {
  /** One sentence for each thing that can happen; two where it counts `left`. */
  what: { [what in Notice['what']]: string | { one: string; other: string } };
  /** Added to the last notice of an hour: how often it was, and that no more are told singly. */
  often: string;
  /** Added to the next one: how many there were without a notice. */
  untold: { one: string; other: string };
  /** A factor by its kind; one that is not listed is called by its kind. */
  kinds: { [kind: string]: string };
  /** Why a sign-in looks unusual, by the signal's id; one that is not listed is left out. */
  signals: { [id: string]: string };
  /** Joins browser and address: `Firefox on Linux, IP address 192.0.2.1`. */
  ipAddress: string;
  on: string;
  unknown: string;
  /** How to object, with a page named after it and without. */
  objectAt: string;
  object: string;
  /** The same for SMS. */
  shortObjectAt: string;
  shortObject: string;
};
