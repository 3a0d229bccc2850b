// Which figures of a report answer which control of which standard, and whether they are there. Whether a control is met is for the
// auditor to say, and never said here.
import type { Control, ReportSummary } from './report.js';

type Facts = Omit<ReportSummary, 'controls'>;

/** @param isWhole `kept`: no entry of the period is too old to be kept */
export function controlsOf(facts: Facts, isWhole: { directory: boolean; log: boolean; kept: boolean }): Control[] {
  const { head, coverage, events, policy, exceptions, integrity } = facts;
  const { all, admins } = coverage;
  const count = (...names: string[]) =>
    events.counts.reduce((sum, each) => sum + (names.includes(each.name) ? each.count : 0), 0);
  const covered = `${all.protected} of ${all.able} people who can sign in are protected, ${all.phishingResistant} by a method that resists phishing.`;
  const led = `${admins.protected} of ${admins.able} administrators are protected.`;
  const answers = `${count('verification-accepted')} answers accepted, ${count('verification-refused')} refused, ${events.lockOuts} lock-outs.`;
  const odd = `${exceptions.length} exceptions, ${events.recoveries.length} recoveries, ${events.objections} objections.`;
  const changed = `Changes of the policy in the period: ${policy.changes.length}.`;
  const log = `The log is ${integrity.sound ? 'whole' : 'broken'}: ${integrity.entries} entries.`;
  const met = policy.presets.map(({ title, breaches }) =>
    breaches.length === 0 ? `${title}: no setting breaks it.` : `${title}: settings that break it: ${breaches.length}.`,
  );
  const under = (title: string) => met.filter((line) => line.startsWith(title));

  const missing = [
    ...(isWhole.log ? [] : ['the log has no entry of the period']),
    ...(integrity.sound ? [] : ['the log does not verify']),
    ...(events.lost.length > 0 ? ['the log tells of entries that it lost'] : []),
    ...(isWhole.kept ? [] : ['entries of the first part of the period are kept no more']),
    ...(head.made < head.to ? ['the period was not over when the report was made'] : []),
  ];
  const byPeople = isWhole.directory
    ? missing
    : [...missing, 'there is no directory, so whoever was never seen is not counted'];
  const { first } = integrity;
  const whole =
    first !== undefined && first > head.from
      ? `The figures are whole from ${first} on, where the log begins.`
      : 'The figures are whole for the period.';
  const row = (standard: string, control: string, asks: string, figures: string[], lacks: string[]): Control => ({
    ...{ standard, control, asks },
    state: lacks.length === 0 ? 'evidence complete' : 'evidence missing',
    figures,
    why: lacks.length === 0 ? whole : `${lacks.join('; ')}.`,
  });
  const host = (standard: string, control: string, asks: string, figures: string[], why: string): Control => ({
    ...{ standard, control, asks, state: "the host's", figures, why },
  });
  return [
    row('PCI DSS 4.0.1', '8.3.4', 'lock-out after at most 10 attempts', [...under('PCI'), answers], missing),
    row('PCI DSS 4.0.1', '8.4.2', 'MFA for all access to card data', [covered, led], byPeople),
    host(
      'PCI DSS 4.0.1',
      '8.4.3',
      'MFA for remote access',
      [covered],
      'Which access is remote is known to the host alone.',
    ),
    row('PCI DSS 4.0.1', '8.5.1', 'MFA cannot be replayed or passed by', [odd, log], missing),
    row('SOC 2', 'CC6.1', 'logical access is restricted', [covered, led, changed], byPeople),
    row('SOC 2', 'CC6.6', 'access from outside is guarded', [answers, odd], missing),
    host('SOC 2', 'CC6.7', 'transmission is guarded', [], 'Transport and its encryption are the host’s.'),
    row('ISO/IEC 27001:2022', 'A.8.5', 'secure authentication', [covered, answers, changed], byPeople),
    row('HIPAA', '§164.312(d)', 'who seeks access is who they claim', [covered, answers, log], byPeople),
    row(
      'NIST SP 800-63B-4',
      'AAL2, AAL3',
      'methods, throttling, re-authentication',
      [...under('NIST'), covered],
      byPeople,
    ),
    row(
      'OWASP ASVS 5.0',
      'V6, V7, V16',
      'authentication, sessions, logging',
      [...under('OWASP'), answers, log],
      missing,
    ),
  ];
}
