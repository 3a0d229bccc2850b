// The Open Cybersecurity Schema Framework, 1.8 (https://schema.ocsf.io/1.8.0): Authentication (3002), Account Change
// (3001), or in its place User Management (3007) of 1.9. What has no attribute there stands in `unmapped`.
import type { AuditItem } from '../sink.js';
import { authFactorsOf } from './ocsf-factors.js';
import { product } from './product.js';
import type { FormatSettings } from './product.js';
import { tell } from './told.js';
import type { Told } from './told.js';
import { compact, wellFormed } from './typed.js';

const activities = {
  authentication: { Logon: 1, Preauth: 6 },
  'account-change': {
    Enable: 2,
    Disable: 5,
    Delete: 6,
    Lock: 9,
    'MFA Factor Enable': 10,
    'MFA Factor Disable': 11,
    Unlock: 12,
    Other: 99,
  },
  'user-management': {
    Delete: 3,
    Enable: 4,
    Disable: 5,
    Lock: 6,
    Unlock: 7,
    'Enable MFA Factors': 12,
    'Disable MFA Factors': 13,
    Other: 99,
  },
} as const;

const classes = {
  authentication: { uid: 3002, caption: 'Authentication' },
  'account-change': { uid: 3001, caption: 'Account Change' },
  'user-management': { uid: 3007, caption: 'User Management' },
} as const;

/** What 1.9 calls otherwise. */
const renamed: { [activity: string]: string } = {
  'MFA Factor Enable': 'Enable MFA Factors',
  'MFA Factor Disable': 'Disable MFA Factors',
};

const severities = ['Informational', 'Low', 'Medium', 'High', 'Critical'] as const;
const levels = {
  low: { id: 1, caption: 'Low' },
  medium: { id: 2, caption: 'Medium' },
  high: { id: 3, caption: 'High' },
};
const methods = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** The event, `time` in Unix milliseconds. */
export function ocsf(item: AuditItem, { appName, ocsfVersion }: FormatSettings): { [attribute: string]: unknown } {
  const told = tell(item);
  const { actor, subject, risk } = told;
  const isRisk = risk.level !== undefined || risk.score !== undefined;
  return compact({
    ...placeOf(told, ocsfVersion),
    time: told.ms,
    timezone_offset: 0,
    start_time: told.first,
    end_time: told.last,
    count: told.count,
    ...severityOf(told.severity),
    ...statusOf(told),
    message: text(told.message),
    metadata: {
      version: `${ocsfVersion}.0`,
      product: { name: product.name, vendor_name: product.vendor, version: product.version },
      uid: told.id,
      sequence: told.seq,
      event_code: told.name,
      correlation_uid: told.flow,
      log_name: 'audit',
      tenant_uid: text(subject.tenant),
      profiles: isRisk ? ['security_control'] : undefined,
    },
    // A user is demanded; what happened to the log itself, or to nobody who is known, happened to the system.
    user: subject.id === undefined ? { name: product.name, type_id: 3 } : { uid: text(subject.id), type_id: 1 },
    actor: actor.type === 'user' ? undefined : actorOf(told),
    auth_factors: authFactorsOf(told.factor.kind),
    ...(told.row.ocsf.class === 'authentication' ? signInOf(told, appName) : {}),
    src_endpoint: { ip: told.ip, name: text(told.notAnIp) },
    http_request: { http_method: methodOf(told), url: { path: text(told.path) }, user_agent: text(told.userAgent) },
    risk_score: risk.score,
    risk_level_id: risk.level && levels[risk.level].id,
    risk_level: risk.level && levels[risk.level].caption,
    unmapped: unmapped(told),
  });
}

function placeOf({ row }: Told, version: FormatSettings['ocsfVersion']) {
  const { activity } = row.ocsf;
  const isManagement = row.ocsf.class === 'account-change' && version === '1.9';
  const name = isManagement ? (renamed[activity] ?? activity) : activity;
  const classKey = isManagement ? 'user-management' : row.ocsf.class;
  const id = (activities[classKey] as { [caption: string]: number })[name] ?? 99;
  const { uid, caption } = classes[classKey];
  return {
    category_uid: 3,
    category_name: 'Identity & Access Management',
    class_uid: uid,
    class_name: caption,
    activity_id: id,
    activity_name: id === 99 ? row.title : name,
    type_uid: uid * 100 + id,
    type_name: `${caption}: ${name}`,
  };
}

/** 0 to 10 in five steps. */
function severityOf(severity: number) {
  const step = severity <= 2 ? 0 : severity <= 3 ? 1 : severity <= 6 ? 2 : severity <= 8 ? 3 : 4;
  return { severity_id: step + 1, severity: severities[step] };
}

function statusOf({ outcome, reason }: Told) {
  const status = outcome && {
    status_id: outcome === 'success' ? 1 : 2,
    status: outcome === 'success' ? 'Success' : 'Failure',
  };
  return { ...status, status_code: reason, status_detail: reason };
}

function actorOf({ actor }: Told) {
  const app = { app_name: actor.type === 'cli' ? `${product.name} command line` : product.name };
  if (actor.id === undefined) return app;
  return { ...app, user: { uid: text(actor.id), type_id: actor.type === 'admin' ? 2 : 99 } };
}

function signInOf(told: Told, appName: string) {
  return {
    is_mfa: true,
    is_remote: true,
    logon_type: 'Network',
    logon_type_id: 3,
    service: { name: text(appName) },
    session: { uid: told.session },
  };
}

/** The attribute is a closed list. */
function methodOf({ method }: Told): string | undefined {
  return method !== undefined && methods.includes(method) ? method : undefined;
}

function unmapped(told: Told) {
  return {
    detail: Object.fromEntries(
      Object.entries(told.detail).map(([key, value]) => [key, typeof value === 'string' ? wellFormed(value) : value]),
    ),
    method: methodOf(told) === undefined ? text(told.method) : undefined,
    authenticator_uid: told.factor.authenticatorId,
    risk: text(told.risk.text),
    place: text(told.place),
    writer: told.writer,
    key_id: told.keyId,
    hash: told.hash,
    session: told.row.ocsf.class === 'authentication' ? undefined : told.session,
  };
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : wellFormed(value);
}
