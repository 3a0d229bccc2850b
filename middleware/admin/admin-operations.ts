// Every route of administration that programs use, with what it takes and what it answers: `METHOD /path` below the mount. The
// OpenAPI document is made from it; a test compares it with the routes. Types alone.
import type { GoOnAnswer } from '../../src/api/answers.js';
import type { Decided } from '../../src/api/refusals.js';
import type {
  ActionModel,
  AdminPeopleModel,
  AdminPersonModel,
  CaseModel,
  PersonRow,
  ReportRow,
} from '../pages/admin-models.js';
import type { AdminOverviewModel, NumberRow } from '../pages/overview-models.js';
import type { Policy } from '../../src/checks/in-force.js';
import type { Health } from './health-page.js';
import type { Audit, Entry } from './story.js';

/** What an administrator opens with. */
export type AdminStartAnswer = {
  name: string;
  may: string[];
  parts: { part: string; url: string; current?: true }[];
} & Partial<
  Pick<AdminOverviewModel, 'at' | 'asOf' | 'counting' | 'todo' | 'checked' | 'since'> & {
    numbers: NumberRow[];
    range: number;
    /** Rows by column; a cell is nothing where there is no number. */
    figures: { name: string; columns: string[]; rows: (string | number | null)[][] }[];
  }
>;

/** `person` stands in addresses: the id, sealed. */
export type FoundPerson = PersonRow & { person: string };

export type AdminPersonAnswer = FoundPerson &
  Pick<
    AdminPersonModel,
    'methods' | 'codes' | 'locks' | 'browsers' | 'hold' | 'exemptUntil' | 'suspended' | 'owed' | 'unread' | 'story'
  > & { actions: Pick<ActionModel, 'action' | 'not' | 'approval'>[]; waiting: CaseModel[] };

/** `asOf`: when people were counted, Unix seconds; absent before the first census. */
export type AdminPeopleAnswer = { parts: string[] } & Pick<AdminPeopleModel, 'filters'> &
  Partial<Omit<NonNullable<AdminPeopleModel['list']>, 'people'> & { people: FoundPerson[] }>;

/** A code that was made just now, told once. */
export type MadeAnswer = GoOnAnswer & { code?: string; expiresAt?: number };

/** Why, and by which ticket. */
export type ReasonBody = { reason: string; ticket?: string };

export type AuditQuery = {
  person?: string;
  /** An event, or a group of them. */
  name?: string;
  outcome?: 'success' | 'failure';
  from?: string;
  to?: string;
  flow?: string;
};

export type HealthAnswer = Omit<Health, 'test'> & { testMessage: Omit<Health['test'], 'action'> };

type Change<I extends string, Body = ReasonBody> = { id: I; body: Body; answer: GoOnAnswer; codes: Decided };

export interface AdminOperations {
  /** Who acts, and what they may open; to whoever may see it, the overview: what to do today, numbers and figures. */
  'GET /': {
    id: 'admin.start';
    query: { range?: '7' | '30' | '90' };
    answer: AdminStartAnswer;
    codes: 'request.invalid';
  };
  /** One figure of the overview, as a table. */
  'GET /charts/:name.csv': {
    id: 'admin.chart';
    query: { range?: '7' | '30' | '90' };
    text: 'text/csv';
    codes: 'request.invalid';
  };
  /** Counts people, beside whoever asks. */
  'POST /census': { id: 'admin.census'; answer: GoOnAnswer };
  /** The search, and lists of the latest census: `filter` and who is in it, 50 a page. */
  'GET /people': {
    id: 'admin.people';
    query: { filter?: string; admin?: 'yes'; after?: string };
    answer: AdminPeopleAnswer;
    codes: 'request.invalid';
  };
  /** Finds people by a text or an id. */
  'POST /people': {
    id: 'admin.findPeople';
    body: { text: string };
    answer: { people: FoundPerson[]; more: boolean };
  };
  /** One person. */
  'GET /people/:person': { id: 'admin.person'; answer: AdminPersonAnswer };
  /** Opens locks. */
  'POST /people/:person/unlock': Change<'admin.unlock'>;
  /** Allows a first set-up by a code. */
  'POST /people/:person/grant': { id: 'admin.grant'; body: ReasonBody; answer: MadeAnswer; codes: Decided };
  /** Ends the trust in all browsers. */
  'POST /people/:person/end-trust': Change<'admin.endTrust'>;
  /** Demands a new set of backup codes. */
  'POST /people/:person/owe-codes': Change<'admin.oweCodes'>;
  /** Makes a support pass. */
  'POST /people/:person/issue-pass': {
    id: 'admin.issuePass';
    body: ReasonBody & { validMinutes?: number | string };
    answer: MadeAnswer;
    codes: Decided;
  };
  /** Ends a hold. */
  'POST /people/:person/release': Change<'admin.release'>;
  /** Ends sign-ins: one, or all. */
  'POST /people/:person/end-sign-ins': Change<'admin.endSignIns', ReasonBody & { signInId?: string }>;
  /** Exempts from the policy for a while. */
  'POST /people/:person/exempt': Change<'admin.exempt', ReasonBody & { until: string }>;
  /** Ends an exemption. */
  'POST /people/:person/end-exemption': Change<'admin.endExemption'>;
  /** Bars the account. */
  'POST /people/:person/suspend': Change<'admin.suspend'>;
  /** Lets a barred account in again. */
  'POST /people/:person/resume': Change<'admin.resume'>;
  /** Takes all methods away. */
  'POST /people/:person/reset': Change<'admin.reset'>;
  /** What waits for a second administrator. */
  'GET /approvals': { id: 'admin.approvals'; answer: { waiting: CaseModel[] } };
  /** Approves, by another than who asked. */
  'POST /approvals/:case/approve': Change<'admin.approve'>;
  /** Denies, by another than who asked. */
  'POST /approvals/:case/deny': Change<'admin.deny'>;
  /** Takes back, by who asked. */
  'POST /approvals/:case/withdraw': Change<'admin.withdraw'>;
  /** Fetches what an approved case makes, by who asked. */
  'POST /approvals/:case/collect': { id: 'admin.collect'; answer: MadeAnswer; codes: Decided };
  /** The log, newest first, 50 a page. */
  'GET /audit': {
    id: 'admin.audit';
    query: AuditQuery & { cursor?: string };
    answer: { entries: Entry[]; cursor?: string; partial?: boolean };
    codes: 'request.invalid';
  };
  /** All entries that fit, as a table. */
  'GET /audit.csv': { id: 'admin.auditCsv'; query: AuditQuery; text: 'text/csv'; codes: 'request.invalid' };
  /** All entries that fit, an entry a line. */
  'GET /audit.jsonl': {
    id: 'admin.auditJsonl';
    query: AuditQuery;
    text: 'application/jsonl';
    codes: 'request.invalid';
  };
  /** Verifies the log. */
  'POST /audit/verify': { id: 'admin.verifyAudit'; answer: Awaited<ReturnType<Audit['verify']>> };
  /** Empties what is personal in a person's entries. */
  'POST /audit/erase': Change<'admin.eraseAudit', ReasonBody & { person?: string; userId?: string }>;
  /** What is in force, its hash, and which standards it meets. */
  'GET /policy': { id: 'admin.policy'; answer: Policy };
  /** Compliance reports that are made, are being made, or failed. */
  'GET /reports': { id: 'admin.reports'; query: { from?: string; to?: string }; answer: { reports: ReportRow[] } };
  /** Makes a report of a period, beside whoever asks. */
  'POST /reports': {
    id: 'admin.makeReport';
    body: { from: string; to: string; tenant?: string; sample?: number | string; seed?: string };
    answer: GoOnAnswer;
    codes: 'request.invalid' | 'server.busy';
  };
  /** A report as a page to print. */
  'GET /reports/:report.html': { id: 'admin.reportHtml'; text: 'text/html' };
  /** Its tables in a zip, or one of them. */
  'GET /reports/:report.csv': {
    id: 'admin.reportCsv';
    query: { table?: string };
    text: 'application/zip';
    codes: 'request.invalid';
  };
  /** The whole of it. */
  'GET /reports/:report.json': { id: 'admin.reportJson'; text: 'application/json' };
  /** What is wrong with the app as it runs, and how its senders and sinks do. */
  'GET /health': { id: 'admin.health'; answer: HealthAnswer };
  /** Sends a test message to an address of the administrator's own. */
  'POST /health/test-message': {
    id: 'admin.testMessage';
    body: { kind: string };
    answer: GoOnAnswer;
    codes: 'request.invalid' | 'connector.rate_limit_exceeded' | 'connector.send_failed';
  };
}
