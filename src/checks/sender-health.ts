// How the app's senders do, from the counters of its audit log: messages of the last days, and each one's last failure.
import type { Sender } from '../core/kernel/ports.js';
import type { MfaCore } from '../mfa.js';
import { count } from './count.js';
import type { Findings } from './finding.js';

/** `what`: security codes, or notices of changes. Numbers are of the last three days in UTC, the running one among them. */
export type SenderHealth = {
  what: 'codes' | 'notices';
  kind: string;
  /** The sender's own name. */
  sender?: string;
  sent: number;
  failed: number;
  /** Of the latest 10,000 entries of 30 days. `at`: Unix seconds; `reason`: an error code. */
  lastFailure?: { at: number; reason?: string };
  failing: boolean;
};

const daysCounted = 3;
const daysLooked = 30;
/** A sender is told of where so many messages failed, and so large a share. */
const failingFrom = { messages: 5, share: 0.05 };

const names = {
  codes: { sent: 'code-sent', failed: 'code-not-sent' },
  notices: { sent: 'notice-sent', failed: 'notice-failed' },
} as const;

/** @returns undefined where there is no audit log, which alone counts. @throws MfaError `store.unavailable` */
export async function senderHealthOf({ audit, config }: MfaCore): Promise<SenderHealth[] | undefined> {
  if (!audit) return undefined;
  const nowMs = config.clock.now();
  const dayAgo = (days: number) => new Date(nowMs - days * 86_400_000);
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const counted = await audit.days(day(dayAgo(daysCounted - 1)), day(dayAgo(0)));
  const { entries: failures } = await audit.read({
    names: [names.codes.failed, names.notices.failed],
    from: dayAgo(daysLooked),
    limit: 100,
  });
  const numberOf = (name: string, kind: string): number =>
    counted
      .flatMap(({ counts }) => Object.entries(counts))
      .filter(([counter]) => isOf(counter, name, kind))
      .reduce((sum, [, number]) => sum + number, 0);
  return sendersIn(config).map(({ what, kind, sender }) => {
    const sent = numberOf(names[what].sent, kind);
    const failed = numberOf(names[what].failed, kind);
    const last = failures.find((entry) => entry.name === names[what].failed && entry.factor?.kind === kind);
    return {
      what,
      kind,
      ...(sender.name === undefined ? {} : { sender: sender.name }),
      sent,
      failed,
      ...(last
        ? {
            lastFailure: {
              at: Math.floor(Date.parse(last.time) / 1000),
              ...(last.reason === undefined ? {} : { reason: last.reason }),
            },
          }
        : {}),
      failing: failed >= failingFrom.messages && failed / (sent + failed) >= failingFrom.share,
    };
  });
}

/** `event/<name>/<outcome>/<kind>/<reason>` */
function isOf(counter: string, name: string, kind: string): boolean {
  const [event, its, , ofKind] = counter.split('/');
  return event === 'event' && its === name && ofKind === kind;
}

type Sending = { what: 'codes' | 'notices'; kind: string; sender: Partial<Sender> };

function sendersIn({ factors, notices, notify }: MfaCore['config']): Sending[] {
  const codes = factors.flatMap(({ kind, ...factor }): Sending[] => {
    const { sender } = factor as { sender?: Partial<Sender> };
    return sender ? [{ what: 'codes', kind, sender }] : [];
  });
  if (notify) return codes;
  const others = notices ? codes.filter(({ kind }) => kind !== notices.kind) : codes;
  const told = notices ? [{ kind: notices.kind, sender: notices.sender }, ...others] : others;
  return [...codes, ...told.map(({ kind, sender }): Sending => ({ what: 'notices', kind, sender }))];
}

export async function examineSending(mfa: MfaCore, findings: Findings): Promise<void> {
  const senders = await senderHealthOf(mfa);
  if (!senders) return;
  for (const { what, kind, sent, failed, failing } of senders) {
    const told = `${what} by ${kind}: ${failed} of ${count(sent + failed, 'message')} of the last ${daysCounted} days failed.`;
    if (failing) findings.warn('sending', `${told} Ask the provider.`);
  }
  findings.ok('sending', `No sender failed often in the last ${daysCounted} days.`);
}
