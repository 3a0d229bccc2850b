// What the pages of administration are told. Times are whole Unix seconds; names and ids are as administrators may see them,
// never an address in full.
import type { PageModel } from './page-model.js';

/** The parts of administration, in the order in which they are shown. */
export type AdminPart = 'overview' | 'people' | 'approvals' | 'audit' | 'policy' | 'reports' | 'health';

export type AdminPageModel = PageModel & {
  parts: { part: AdminPart; url: string; current?: true }[];
  /** Who acts, and what they may do. */
  acting: { name: string; may: string[] };
  /** What was done a moment ago: a key below `admin.said`. */
  done?: string;
};

/** How somebody stands, as words of the catalogue. */
export type StandingWord =
  'protected' | 'off' | 'unread' | 'suspended' | 'hold' | 'blocked' | 'locked' | 'disabled' | 'exempt' | 'codes-low';

export type PersonRow = {
  name: string;
  /** The id, where it is not the name. */
  id?: string;
  url: string;
  isAdmin?: boolean;
  tenant?: string;
  standing: StandingWord[];
  kinds: string[];
  codes?: { left: number; total: number };
  lastUsedAt?: number;
};

export type AdminPeopleModel = AdminPageModel & {
  findAction: string;
  /** Absent: nothing was looked for yet. */
  found?: PersonRow[];
  /** There may be more than these. */
  more?: boolean;
  /** Lists of the latest census, with how many are in each, and of what waits. */
  filters?: { filter: string; people: number; url: string; current?: true }[];
  /** Nobody was counted yet. */
  uncounted?: true;
  /** One of them, a page of it. `asOf`: when it was counted. */
  list?: {
    filter: string;
    isAdmin?: true;
    /** Absent: live. */
    asOf?: number;
    total: number;
    from: number;
    to: number;
    people: PersonRow[];
    nextUrl?: string;
    firstUrl?: string;
  };
};

/** An action on a person: a form, or why not. */
export type ActionModel = {
  action: string;
  url: string;
  /** Why it is not offered; absent: it is. */
  not?: 'own' | 'right' | 'state';
  /** What it takes beside a reason. */
  takes?: ('until' | 'validMinutes')[];
  /** A second administrator must approve it; `perhaps`: once more than one has acted. */
  approval?: 'always' | 'perhaps';
  /** Takes something away that the person needs. */
  severe?: boolean;
  /** What was typed before a fresh proof was owed. */
  typed?: { [name: string]: string };
};

/** One thing of a story. `by`: an administrator; `code`: why it was refused. */
export type StoryEntry = {
  at: number;
  what: string;
  kind?: string;
  by?: string;
  code?: string;
  refused?: boolean;
  browser?: string;
  count?: number;
  /** Of an assessment. `signals`: `device.no_match`, as far as they were not erased. */
  risk?: { level: string; score: number; signals: string[] };
};

/** What waits, about one person. */
export type CaseModel = {
  id: string;
  action: string;
  person: Pick<PersonRow, 'name' | 'url' | 'isAdmin'>;
  by: string;
  reason: string;
  ticket?: string;
  openedAt: number;
  expiresAt: number;
  until?: number;
  /** Who approved it: it waits for who asked. */
  approvedBy?: string;
  /** Whether the reader asked for it. */
  own: boolean;
  /** Absent: not for this reader. */
  approveUrl?: string;
  denyUrl?: string;
  withdrawUrl?: string;
  collectUrl?: string;
  typed?: { [name: string]: string };
};

export type AdminPersonModel = AdminPageModel & {
  /** The title: what the person is called. */
  name: string;
  person: PersonRow;
  /** Why nothing is said of the record. */
  unread?: string;
  methods: { kind: string; name?: string; detail?: string; createdAt: number; lastUsedAt?: number; state: string }[];
  codes?: { left: number; total: number; createdAt: number; expiresAt?: number; used: { index: number; at: number }[] };
  /** `kind` absent: whatever method. `until` absent: closed until somebody opens it. */
  locks: { kind?: string; until?: number }[];
  browsers: { name?: string; createdAt: number; lastUsedAt?: number; expiresAt: number }[];
  hold?: { until: number };
  exemptUntil?: number;
  suspended: { source: string; since: number }[];
  owed: string[];
  actions: ActionModel[];
  waiting: CaseModel[];
  /** Newest sign-in first, inside oldest first; absent: there is no audit log. */
  story?: { at: number; url?: string; entries: StoryEntry[] }[];
};

/** A code that was made just now, shown once. */
export type AdminCodeModel = AdminPageModel & {
  action: string;
  person: Pick<PersonRow, 'name' | 'url'>;
  secret: string;
  expiresAt?: number;
};

export type AdminApprovalsModel = AdminPageModel & { waiting: CaseModel[] };

/** A sentence of the catalogue; `date` (Unix seconds) goes into its slot of that name. */
export type PolicySentence = { key: string; params: { [slot: string]: string | number }; date?: number };

export type AdminPolicyModel = AdminPageModel & {
  /** By it an auditor knows the options again. */
  hash: string;
  version?: string;
  /** Standards, the nearest first; what keeps from one is for whoever sets options, in English. */
  presets: {
    title: string;
    chosen: boolean;
    breaches: { option: string; value: string; must: string; section: string }[];
  }[];
  sections: { section: 'who' | 'methods' | 'when' | 'wrong' | 'risk' | 'admins'; sentences: PolicySentence[] }[];
};

/** Sentences of checks are for whoever runs the app, and in English alone. */
export type AdminHealthModel = AdminPageModel & {
  url: string;
  /** When it was looked. */
  at: number;
  findings: { check: string; level: 'ok' | 'warn' | 'fail'; text: string }[];
  /** Absent: without an audit log nothing is counted. */
  senders?: {
    what: 'codes' | 'notices';
    kind: string;
    sender?: string;
    sent: number;
    failed: number;
    failing: boolean;
    lastFailure?: { at: number; reason?: string };
  }[];
  log?: {
    entries: number;
    bytes: number;
    maxBytes: number;
    waiting: number;
    lost: number;
    sinks: { name: string; behind: number; behindFor: string; deadLetters: number; failing?: string }[];
  };
  /** The name of the store. */
  store: string;
  /** Where a test message can go, masked, and how many more within this hour. */
  test: { action: string; ways: { kind: string; to: string }[]; left: number };
};

/** An entry of the log. `why`: the reason that an administrator gave. */
export type AuditRow = StoryEntry & {
  person?: Pick<PersonRow, 'name' | 'url'>;
  ip?: string;
  why?: string;
  flowUrl?: string;
};

export type AdminAuditModel = AdminPageModel & {
  /** Where the filters go. */
  action: string;
  filters: { person?: string; name?: string; outcome?: string; from?: string; to?: string; flow?: string };
  /** Groups of events to choose from. */
  groups: string[];
  /** The only one whose entries these are. */
  person?: Pick<PersonRow, 'name' | 'url'>;
  entries: AuditRow[];
  olderUrl?: string;
  newestUrl?: string;
  /** Only so many were looked at. */
  partial?: true;
  csvUrl: string;
  jsonUrl: string;
  verifyAction?: string;
  verified?: { at: number; by: string; sound: boolean };
  /** For one person: what is personal may be erased. */
  erase?: { action: string; person: string; typed?: { [name: string]: string } };
};

/** A report that is made, is being made, or is not. `from` and `to` are RFC 3339, `to` not included. */
export type ReportRow = {
  id: string;
  from: string;
  to: string;
  tenant?: string;
  by: string;
  /** When it was asked for. */
  at: number;
  /** `people` and `log`: what is read now; `left`: whoever made it stopped without a word. */
  phase: 'people' | 'log' | 'ready' | 'failed' | 'left';
  /** While it is made: so many read, of about so many. `about` is not for whoever may see one tenant alone. */
  done?: number;
  about?: number;
  /** Of a failed one: the code of what went wrong. */
  why?: string;
  files?: { format: string; url: string }[];
  /** What its reader would ask for to have it gone on with. */
  again?: { from: string; to: string; tenant?: string; sample: number; seed: string };
};

export type AdminReportsModel = AdminPageModel & {
  url: string;
  /** What the form holds; absent: none can be made for this reader. */
  fields?: { from: string; to: string; tenant?: string; sample: string; seed: string };
  takesTenant?: boolean;
  periods: { what: string; url: string; current?: true }[];
  reports: ReportRow[];
};
