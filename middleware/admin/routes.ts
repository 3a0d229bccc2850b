// Every route of administration, with what it asks of whoever comes: the one list from which the router is made, and by which the
// tests of who may do what know that none was forgotten.
import { actOn } from './act.js';
import type { AdminRoute } from './admin-route.js';
import type { AdminVisit } from './admin-visit.js';
import { approve, collect, deny, showApprovals, withdraw } from './approvals-page.js';
import { exportAs } from './audit-export.js';
import { eraseAudit, erasePage, showAudit, verifyAudit } from './audit-page.js';
import { showHealth, testMessage } from './health-page.js';
import { actionsByWord, rightsFor } from './offered-actions.js';
import { chartCsv, countNow, showOverview } from './overview-page.js';
import { showPolicy } from './policy-page.js';
import { fetchReport } from './report-file.js';
import { beginReport, reportFormats, showReports } from './reports-page.js';
import { searchPeople, showPeople } from './people-page.js';
import { showPerson } from './person-page.js';

const personPage = ({ req }: AdminVisit) => `/people/${String(req.params['person'])}`;
const approvalsPage = () => '/approvals';
const startPage = () => '/';

const actionRoutes = Object.entries(actionsByWord).map(([word, action]): AdminRoute => ({
  method: 'POST',
  path: `/people/:person/${word}`,
  rights: rightsFor(action),
  does: 'change',
  form: personPage,
  flow: actOn(word, action),
}));

export const adminRoutes: readonly AdminRoute[] = [
  { method: 'GET', path: '/', rights: [], does: 'look', flow: showOverview },
  { method: 'GET', path: '/charts/:name.csv', rights: ['view'], does: 'look', flow: chartCsv },
  { method: 'POST', path: '/census', rights: ['view'], does: 'ask', form: startPage, flow: countNow },
  { method: 'GET', path: '/people', rights: ['view'], does: 'look', flow: showPeople },
  { method: 'POST', path: '/people', rights: ['view'], does: 'ask', form: () => '/people', flow: searchPeople },
  { method: 'GET', path: '/people/:person', rights: ['view'], does: 'look', flow: showPerson },
  ...actionRoutes,
  { method: 'GET', path: '/approvals', rights: ['decide'], does: 'look', flow: showApprovals },
  answerRoute('approve', ['decide'], approve),
  answerRoute('deny', ['decide'], deny),
  // By who asked, who need not be one who decides.
  answerRoute('withdraw', ['help', 'decide', 'audit'], withdraw),
  answerRoute('collect', ['help', 'decide'], collect),
  { method: 'GET', path: '/audit', rights: ['audit'], does: 'look', flow: showAudit },
  { method: 'GET', path: '/audit.csv', rights: ['audit'], does: 'look', flow: exportAs('csv') },
  { method: 'GET', path: '/audit.jsonl', rights: ['audit'], does: 'look', flow: exportAs('jsonl') },
  { method: 'POST', path: '/audit/verify', rights: ['audit'], does: 'ask', form: () => '/audit', flow: verifyAudit },
  { method: 'POST', path: '/audit/erase', rights: ['audit'], does: 'change', form: erasePage, flow: eraseAudit },
  { method: 'GET', path: '/policy', rights: ['view'], does: 'look', flow: showPolicy },
  { method: 'GET', path: '/reports', rights: ['audit'], does: 'look', flow: showReports },
  { method: 'POST', path: '/reports', rights: ['audit'], does: 'ask', form: () => '/reports', flow: beginReport },
  ...reportFormats.map((format): AdminRoute => ({
    method: 'GET',
    path: `/reports/:report.${format}`,
    rights: ['audit'],
    does: 'look',
    flow: fetchReport(format),
  })),
  { method: 'GET', path: '/health', rights: ['view'], does: 'look', flow: showHealth },
  {
    method: 'POST',
    path: '/health/test-message',
    rights: ['view'],
    does: 'ask',
    form: () => '/health',
    flow: testMessage,
  },
];

function answerRoute(word: string, rights: AdminRoute['rights'], flow: AdminRoute['flow']): AdminRoute {
  const form = ({ admin }: AdminVisit) => (admin.may.includes('decide') ? approvalsPage() : startPage());
  return { method: 'POST', path: `/approvals/:case/${word}`, rights, does: 'change', form, flow };
}
