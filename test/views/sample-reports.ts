// The page of reports, in every state.
import type { AdminPageModel, ReportRow } from '../../middleware/pages/admin-models.js';
import { day, now, type Frame } from './sample-frame.js';

const url = '/admin/mfa/reports';

const ready: ReportRow = {
  id: 'pXq3vT0b1mXcdefg',
  from: '2026-07-01T00:00:00.000Z',
  to: '2026-10-01T00:00:00.000Z',
  by: 'Rhea Tamarisk',
  at: now - day,
  phase: 'ready',
  files: ['html', 'csv', 'json'].map((format) => ({ format, url: `${url}/pXq3vT0b1mXcdefg.${format}` })),
};
const { files: _files, ...bare } = ready;
const again = { from: bare.from, to: bare.to, tenant: '<Retail>', sample: 25, seed: '"2026-q3"' };

export function addReportSamples({ add, wrong }: Frame, frame: (current: string) => AdminPageModel): void {
  const reports = {
    ...frame('reports'),
    url,
    takesTenant: true,
    fields: { from: '2026-09-01', to: '2026-11-30', sample: '25', seed: 'k3yw0rd' },
    periods: ['month', 'quarter', 'days'].map((what) => ({
      what,
      url: `${url}?from=2026-09-01&to=2026-11-30`,
      ...(what === 'days' ? { current: true as const } : {}),
    })),
    reports: [],
  };
  add('admin reports none', 'admin/reports', reports);
  add('admin reports', 'admin/reports', {
    ...reports,
    done: 'report',
    reports: [
      { ...bare, id: 'a', phase: 'people', done: 0, about: 0 },
      { ...bare, id: 'b', phase: 'people', done: 212_000, about: 500_000, tenant: 'Retail' },
      { ...bare, id: 'c', phase: 'log', done: 64, about: 61_284 },
      ready,
      { ...bare, id: 'd', phase: 'failed', why: 'directory.unavailable', again },
      { ...bare, id: 'e', phase: 'left' },
    ],
  });
  const { fields: _fields, takesTenant: _takes, ...closed } = reports;
  add('admin reports of no tenant', 'admin/reports', {
    ...closed,
    reports: [{ ...bare, id: 'f', phase: 'people', done: 12, tenant: 'Retail' }, ready],
  });
  const typed = { from: '2026-09-01', to: '2026-08-01', tenant: '"Retail"', sample: '25', seed: 'k3yw0rd' };
  const refused = wrong('request.invalid', { field: 'to', hint: 'report.period' });
  add('admin report refused', 'admin/reports', { ...reports, fields: typed, ...refused }, 400);
  add('admin reports busy', 'admin/reports', { ...reports, ...wrong('server.busy', { hint: 'report.busy' }) }, 503);
}
