// The pages of administration, in every state.
import type { ActionModel, AdminPageModel, CaseModel, PersonRow } from '../../middleware/pages/admin-models.js';
import { eventGroups } from '../../middleware/admin/audit-query.js';
import { actionsByWord } from '../../middleware/admin/offered-actions.js';
import { eventNames } from '../../src/core/words/events.js';
import { sentencesOf } from '../../middleware/admin/policy-sentences.js';
import { policies } from './sample-policies.js';
import { partRights } from '../../middleware/admin/page-frame.js';
import { day, now } from './sample-frame.js';
import { addReportSamples } from './sample-reports.js';
import { addOverviewSamples } from './sample-overview.js';
import type { Frame } from './sample-frame.js';

const home = '/admin/mfa';
const url = `${home}/people/v1.k3y.bm9uY2U.c2VhbGVk`;

const person: PersonRow = {
  name: 'Noor Juniper',
  id: 'u-1003',
  url,
  isAdmin: true,
  tenant: 'Retail',
  standing: ['protected', 'suspended', 'hold', 'blocked', 'locked', 'disabled', 'codes-low'],
  kinds: ['webauthn', 'totp'],
  codes: { left: 2, total: 10 },
  lastUsedAt: now - day,
};
const { name } = person;
const newcomer: PersonRow = { name: 'Ines Rowan', url, standing: ['off', 'exempt'], kinds: [] };
const altered: PersonRow = { name: 'al***@example.com', url, standing: ['unread'], kinds: [] };

const words = Object.keys(actionsByWord);
const action = (word: string, more: Partial<ActionModel> = {}): ActionModel => ({
  action: word,
  url: `${url}/${word}`,
  takes: [],
  ...more,
});
const allActions: ActionModel[] = words.map((word, at) =>
  action(word, {
    ...(word === 'exempt' ? { takes: ['until'] } : word === 'issue-pass' ? { takes: ['validMinutes'] } : {}),
    ...(at % 3 === 0 ? { approval: at % 2 === 0 ? 'always' : 'perhaps' } : {}),
    ...(word === 'reset' ? { severe: true, typed: { reason: 'lost phone', ticket: 'OPS-7' } } : {}),
  }),
);

const waits: CaseModel = {
  id: 'pXq3vT0b1mXc',
  action: 'reset',
  person: { name, url, isAdmin: true },
  by: 'Teo Larch',
  reason: 'phone stolen, called back',
  ticket: 'HD-4117',
  openedAt: now - 3600,
  expiresAt: now + day,
  own: false,
  approveUrl: `${home}/approvals/pXq3vT0b1mXc/approve`,
  denyUrl: `${home}/approvals/pXq3vT0b1mXc/deny`,
};
const { approveUrl: _approve, denyUrl: _deny, ...plainCase } = waits;
const recovery: CaseModel = { ...waits, id: 'recovery', action: 'recovery', reason: '' };
const own: CaseModel = {
  ...plainCase,
  id: 'own',
  action: 'exempt',
  own: true,
  until: now + 7 * day,
  withdrawUrl: `${home}/approvals/own/withdraw`,
};
const approved: CaseModel = {
  ...own,
  id: 'approved',
  action: 'issue-pass',
  approvedBy: 'Ines Rowan',
  collectUrl: `${home}/approvals/approved/collect`,
};

const riskSignals =
  'device.no_match device.partial_match network.unseen country.unseen travel.too_fast address.deny_list address.anonymous address.hosting failures.some failures.many dormant.long_ago change.recent change.after_reset pending.higher unavailable.place'.split(
    ' ',
  );

/** What is in force, in every sentence, and the health of the whole app. */
function addWholeSamples(
  add: Frame['add'],
  frame: (current: string) => AdminPageModel,
  { t, lang }: Frame['page'],
): void {
  for (const [name, inForce] of Object.entries(policies)) {
    add(`admin policy ${name}`, 'admin/policy', {
      ...frame('policy'),
      hash: '9f2c61d07b3ea845',
      version: '2026-10',
      presets: [
        { title: 'OWASP ASVS 5.0, level 2', chosen: true, breaches: [] },
        {
          title: 'PCI DSS 4.0.1',
          chosen: false,
          breaches: [{ option: 'lockout.firstWaitSeconds', value: '30', must: 'at least 1800', section: '8.3.4' }],
        },
      ],
      sections: sentencesOf(inForce, { t, lang }),
    });
  }
  const health = { ...frame('health'), url: `${home}/health`, at: now, store: 'redis' };
  const action = `${home}/health/test-message`;
  const finding = { check: 'origin', text: 'http://app.example.com is not https.' };
  add('admin health', 'admin/health', {
    ...health,
    done: 'test-message',
    findings: (['fail', 'warn', 'ok'] as const).map((level) => ({ ...finding, level })),
    senders: (['codes', 'notices'] as const).flatMap((what) =>
      ['email', 'sms', 'pigeon'].map((kind, at) => ({
        ...{ what, kind, sent: 16, failed: 6 * at, failing: at > 0 },
        ...(at > 0 ? { sender: 'twilio', lastFailure: { at: now - day, reason: 'connector.send_failed' } } : {}),
      })),
    ),
    log: {
      ...{ entries: 61_284, bytes: 74_448_896, maxBytes: 2 ** 30, waiting: 3, lost: 1 },
      sinks: [
        { name: 'syslog', behind: 0, behindFor: '0 seconds', deadLetters: 0 },
        { name: 'webhook', behind: 1200, behindFor: '20 minutes', deadLetters: 2, failing: 'connect ECONNREFUSED' },
      ],
    },
    test: { action, left: 2, ways: [{ kind: 'email', to: 'rhe***@example.com' }] },
  });
  const log = { entries: 1, bytes: 700, maxBytes: 2 ** 30, waiting: 0, lost: 0, sinks: [] };
  const one = {
    findings: [{ ...finding, level: 'ok' as const }],
    test: { action, left: 1, ways: [{ kind: 'sms', to: '***71' }] },
  };
  add('admin health good', 'admin/health', { ...health, ...one, senders: [], log });
  add('admin health uncounted', 'admin/health', { ...health, findings: [], test: { action, left: 3, ways: [] } });
}

export function addAdminSamples(samples: Frame): void {
  const { page, add, wrong } = samples;
  const frame = (current: string, may = ['view', 'help', 'decide', 'audit']): AdminPageModel => ({
    ...page,
    stylesheets: [...page.stylesheets, page.asset('admin.css')],
    parts: partRights.map(([part]) => ({
      part,
      url: part === 'overview' ? `${home}/` : `${home}/${part}`,
      ...(part === current ? { current: true as const } : {}),
    })),
    acting: { name: 'Rhea Tamarisk', may },
  });
  addOverviewSamples(samples, frame, person);
  const people = { ...frame('people'), findAction: `${home}/people` };
  add('admin people', 'admin/people', people);
  add('admin people found', 'admin/people', { ...people, found: [person, newcomer, altered], more: true });
  add('admin people one found', 'admin/people', { ...people, found: [newcomer] });
  add('admin people none found', 'admin/people', { ...people, found: [] });
  add('admin people refused', 'admin/people', { ...people, ...wrong('request.invalid', { field: 'text' }) }, 400);

  const facts = { methods: [], locks: [], browsers: [], suspended: [], owed: [], waiting: [], actions: allActions };
  add('admin person', 'admin/person', {
    ...frame('people'),
    ...facts,
    name,
    person,
    done: 'unlock',
    methods: [
      { kind: 'webauthn', name: 'MacBook', createdAt: now - 90 * day, lastUsedAt: now - day, state: 'usable' },
      { kind: 'email', detail: 'al***@example.com', createdAt: now - 9 * day, state: 'disabled' },
    ],
    codes: {
      left: 2,
      total: 10,
      createdAt: now - 90 * day,
      expiresAt: now + 275 * day,
      used: [{ index: 4, at: now - day }],
    },
    locks: [{ kind: 'totp', until: now + 3600 }, {}],
    browsers: [{ createdAt: now - 9 * day, expiresAt: now + 21 * day }],
    hold: { until: now + day },
    exemptUntil: now + day,
    suspended: [
      { source: 'admin', since: now - day },
      { source: 'scim', since: now - day },
    ],
    owed: ['backup-codes'],
    waiting: [waits, own, approved],
    story: [
      {
        at: now - 3600,
        url: `${home}/audit?flow=7N5FJLPeB9hC`,
        entries: eventNames.map((what, at) => ({ at: now - 3600 + at, what, kind: 'totp', by: 'Teo Larch' })),
      },
      {
        at: now - day,
        entries: [
          {
            at: now - day,
            what: 'verification-refused',
            kind: 'totp',
            code: 'session.mfa.invalid_totp_code',
            refused: true,
            browser: 'Firefox · Linux',
            count: 3,
          },
          { at: now - day, what: 'risk-assessed', risk: { level: 'high', score: 100, signals: riskSignals } },
          { at: now - day, what: 'risk-assessed', risk: { level: 'medium', score: 30, signals: ['night.utc'] } },
          { at: now - day, what: 'risk-assessed', risk: { level: 'low', score: 0, signals: [] } },
        ],
      },
    ],
  });
  const closed = words.map((word, at) => action(word, { not: at % 2 === 0 ? 'right' : 'state' }));
  const bare = { ...frame('people', ['view']), ...facts, name: newcomer.name, person: newcomer, story: [] };
  add('admin person without rights', 'admin/person', { ...bare, actions: closed });
  add('admin own account', 'admin/person', { ...bare, actions: words.map((word) => action(word, { not: 'own' })) });
  add('admin person altered', 'admin/person', {
    ...bare,
    name: altered.name,
    person: altered,
    unread: 'store.record_altered',
    actions: [action('reset', { severe: true })],
  });
  const refused = wrong('admin.reason_missing', {}, 'reset-reason');
  add('admin reason missing', 'admin/person', { ...bare, actions: allActions, ...refused }, 400);
  const audit = {
    ...frame('audit'),
    action: `${home}/audit`,
    filters: {},
    groups: Object.keys(eventGroups),
    entries: [],
    csvUrl: `${home}/audit.csv`,
    jsonUrl: `${home}/audit.jsonl`,
    verifyAction: `${home}/audit/verify`,
  };
  const row = { at: now, what: 'reset', person: { name, url }, by: 'Teo Larch', ip: '192.0.2.14', why: 'lost phone' };
  add('admin audit empty', 'admin/audit', { ...audit, done: 'verified' });
  add('admin audit', 'admin/audit', {
    ...audit,
    done: 'log-broken',
    filters: { person: 'v1.k3y', name: 'codes', outcome: 'failure', from: '2026-11-01', to: '2026-11-21', flow: 'abc' },
    person: { name, url },
    entries: [{ ...row, flowUrl: `${home}/audit?flow=7N5FJLPeB9hC` }],
    olderUrl: `${home}/audit?cursor=a`,
    newestUrl: `${home}/audit`,
    partial: true,
    verified: { at: now - day, by: 'Teo Larch', sound: true },
    erase: { action: `${home}/audit/erase`, person: 'v1.k3y' },
  });
  add(
    'admin erasure without reason',
    'admin/audit',
    {
      ...audit,
      filters: { person: 'v1.k3y', name: 'reset' },
      person: { name, url },
      verified: { at: now - day, by: 'Teo Larch', sound: false },
      erase: { action: `${home}/audit/erase`, person: 'v1.k3y', typed: { reason: 'ok' } },
      ...wrong('admin.reason_missing', {}, 'erase-reason'),
    },
    400,
  );
  addWholeSamples(add, frame, page);
  addReportSamples(samples, frame);
  for (const word of ['issue-pass', 'grant']) {
    add(`admin code ${word}`, 'admin/code', {
      ...frame('people'),
      action: word,
      person: { name, url },
      secret: 'ABCD-EFGH-JKLM',
      expiresAt: now + 3600,
    });
  }
  for (const done of ['approved', 'approved-waits', 'denied', 'withdrawn'])
    add(`admin approvals ${done}`, 'admin/approvals', {
      ...frame('approvals'),
      done,
      waiting: [waits, recovery, own, approved],
    });
  add('admin approvals none', 'admin/approvals', { ...frame('approvals'), waiting: [] });
  add(
    'admin approval without reason',
    'admin/approvals',
    {
      ...frame('approvals'),
      waiting: [{ ...waits, typed: { reason: 'ok' } }],
      ...wrong('admin.reason_missing', {}, `${waits.id}-reason`),
    },
    400,
  );
}
