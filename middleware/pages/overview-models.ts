// What the overview of administration is told: what to do today, where people stand, and figures, each as a picture, a table and a
// file. Times are whole Unix seconds, days in UTC.
import type { AdminPageModel, PersonRow } from './admin-models.js';

/** A line of "To do today": a key below `admin.todo`, its numbers, and where it leads. */
export type Todo = {
  what: string;
  params: { [name: string]: string | number };
  url: string;
};

/** Where people stand: a key below `admin.number`. `share`: in per cent. `was`: of the day that `since` names. */
export type NumberRow = {
  what: string;
  value: number;
  unit: 'people' | 'percent' | 'times';
  /** How many of how many, where `value` is a share. */
  of?: { part: number; whole: number };
  url: string;
  was?: number;
  /** Whether more of it is better; absent: neither. */
  up?: boolean;
};

/** The same as it is shown. `tone`: whether the change is for the better. */
export type ShownNumber = {
  what: string;
  text: string;
  of?: string;
  url: string;
  change: string;
  tone?: 'better' | 'worse';
};

/** One cell: a text, or a number; nothing where there is none. */
export type Cell = string | number | undefined;

/** One figure. `svg`: its picture, absent where there is nothing to draw. */
export type Figure = {
  name: string;
  title: string;
  says: string;
  svg?: string;
  columns: { label: string; isNumber: boolean }[];
  /** As they are shown. */
  /** `bar`: as long as that, of 100. `note`: what it means. */
  rows: { text: string; url?: string; bar?: number; note?: string }[][];
  /** Across two columns, or all. */
  size?: 'wide' | 'full';
  csvUrl: string;
  /** What is counted in it, one by one; absent: the reader may not open it, or it is no entry of the log. */
  logUrl?: string;
};

/** A thing that happened to somebody, looked at one by one. */
export type Happening = {
  at: number;
  what: string;
  kind?: string;
  left?: number;
  person?: Pick<PersonRow, 'name' | 'url'>;
};

export type AdminOverviewModel = AdminPageModel & {
  /** Now. */
  at: number;
  /** When people were counted; absent: never. */
  asOf?: number;
  /** A census that is under way, or was left. */
  counting?: { people: number; about: number; startedAt: number; by?: string; held: boolean };
  /** This page, to see how far it is. */
  lookAgainUrl: string;
  /** Absent: figures are kept nowhere. */
  countAction?: string;
  todo: Todo[];
  /** Words of what was looked at, keys below `admin.checked`. */
  checked: string[];
  numbers: ShownNumber[];
  /** The day that changes are against. */
  since?: string;
  ranges: { days: number; url: string; current?: true }[];
  figures: Figure[];
  /** Absent: no audit log is kept. */
  latest?: { troubles: Happening[]; codes: Happening[] };
};
