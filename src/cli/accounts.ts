// The commands about one person or all: status, list, reset, unlock, grant-enrollment.
import type { Status } from '../core/operators/administer.js';
import type { MfaCore } from '../mfa.js';
import { UsageError } from './usage-error.js';
import { abandoned, actCommand, done, yesOption, type Command } from './command.js';
import { Failure } from './configuration.js';
import { endWithReader } from './end-with-reader.js';
import { count } from '../checks/count.js';
import { dateOf, tableOf } from './terminal.js';

const userId = 'USER-ID';

export const statusCommand: Command = {
  name: 'status',
  summary: 'says how one person stands',
  positionals: [userId],
  options: {},
  examples: ['status 42', 'status ann@example.com --json'],
  needs: 'store',
  async run({ mfa, positionals: [id = ''], terminal }) {
    const status = await statusOf(mfa, id);
    if (terminal.json) terminal.say(JSON.stringify(status));
    else for (const line of statusLines(status)) terminal.say(line);
    return 0;
  },
};

/** As long before the end as people are warned themselves. */
const expiringDays = 30;

const filters = {
  protected: (status: Status) => status.protected,
  unprotected: (status: Status) => !status.protected,
  locked: ({ locked }: Status) => locked.length > 0,
  'low-codes': ({ authenticators }: Status) =>
    authenticators.some(({ left, state }) => left !== undefined && state !== 'usable'),
  expiring: ({ authenticators }: Status, now: number) =>
    authenticators.some(
      ({ left, expiresAt = Infinity }) => left !== undefined && expiresAt - now <= expiringDays * 86_400,
    ),
};

export const listCommand: Command = {
  name: 'list',
  summary: 'lists everybody who has a record, in no particular order',
  positionals: [],
  options: {
    protected: { type: 'boolean', summary: 'only who confirmed a factor' },
    unprotected: { type: 'boolean', summary: 'only who did not' },
    locked: { type: 'boolean', summary: 'only who must wait, or whose lane is closed' },
    'low-codes': { type: 'boolean', summary: 'only whose backup codes are few, used up or expired' },
    expiring: { type: 'boolean', summary: 'only whose backup codes expire within 30 days, or have expired' },
  },
  notes: ['Of several filters all must fit. With --json, one line for each person.'],
  examples: ['list --locked', 'list --protected --json | jq -r .userId'],
  needs: 'store',
  async run({ mfa, values, terminal }) {
    if (values['protected'] && values['unprotected']) {
      throw new UsageError('Nobody is protected and unprotected at once.', 'list');
    }
    const wanted = Object.entries(filters).filter(([name]) => values[name] === true);
    endWithReader();
    const seen = new Set<string>();
    const progress = terminal.progress();
    if (!terminal.json) terminal.say(listLine(['USER', 'PROTECTED', 'CODES LEFT', 'LOCKED', 'FACTORS']));
    let listed = 0;
    for await (const status of mfa.list()) {
      // A scan of Redis may meet a key twice.
      if (seen.has(status.userId)) continue;
      seen.add(status.userId);
      progress.show(`${count(seen.size, 'record')} looked at`);
      if (!wanted.every(([, fits]) => fits(status, mfa.kernel.now()))) continue;
      listed += 1;
      terminal.say(terminal.json ? JSON.stringify(status) : listLine(cellsOf(status)));
      await terminal.drained();
    }
    progress.end();
    if (!terminal.json) terminal.tell(`${count(listed, 'person', 'people')} of ${seen.size.toLocaleString('en')}.`);
    return 0;
  },
};

export const resetCommand = actCommand({
  name: 'reset',
  summary: 'takes all second factors of a person away; they are unprotected until they enrol again',
  on: userId,
  options: yesOption,
  notes: ['Be sure who is asking: this is how attackers get around MFA. The person gets a notice.'],
  examples: ["reset 42 --by ops@example.com --reason 'lost phone, seen in person'"],
  async act({ mfa, id, who, values, terminal }) {
    const { authenticators } = await statusOf(mfa, id);
    const question = `Take ${count(authenticators.length, 'authenticator')} of ${JSON.stringify(id)} away?`;
    if (!values['yes'] && !(await terminal.confirm(question, 'reset'))) return abandoned(terminal);
    await mfa.requestAction('reset', id, who);
    return done(
      terminal,
      { reset: id },
      `${id} has no second factor now, and is signed out of every elevated session.`,
    );
  },
});

export const unlockCommand = actCommand({
  name: 'unlock',
  summary: 'ends the waits and opens the closed lanes of a person',
  on: userId,
  notes: ['What was disabled after too many failures stays so, and must be bound again.'],
  examples: ["unlock 42 --by ops@example.com --reason 'called, knows their number'"],
  async act({ mfa, id, who, terminal }) {
    const { locked, authenticators } = await statusOf(mfa, id);
    await mfa.requestAction('unlock', id, who);
    const disabled = authenticators.filter(({ state }) => state === 'disabled').map(({ kind }) => kind);
    const still = disabled.length > 0 ? ` Still disabled: ${disabled.join(', ')}.` : '';
    const told = locked.length > 0 ? `${id} is unlocked.` : `${id} was not locked; failures are forgotten.`;
    return done(terminal, { unlocked: id, wasLocked: locked.length > 0, disabled }, told + still);
  },
});

export const grantEnrollmentCommand = actCommand({
  name: 'grant-enrollment',
  summary: 'makes a one-time code for the first enrolment of a person, and prints it once',
  on: userId,
  notes: ['It works once, for 24 hours; a newer one takes its place. Hand it over to whom you know to be this person.'],
  examples: ["grant-enrollment 42 --by ops@example.com --reason 'first day, seen in person'"],
  async act({ mfa, id, who, terminal }) {
    if ((await mfa.status(id))?.protected) {
      throw new Failure(`${id} is protected already, and enrols by what they have. After a loss, see \`reset\`.`);
    }
    const { code = '' } = (await mfa.requestAction('grant-enrollment', id, who)).done ?? {};
    return done(terminal, { userId: id, code }, code);
  },
});

async function statusOf(mfa: MfaCore, id: string): Promise<Status> {
  const status = await mfa.status(id);
  if (!status) throw new Failure(`There is no record of ${JSON.stringify(id)}.`);
  return status;
}

function statusLines(status: Status): string[] {
  const { userId: id, authenticators, owed, locked, trustedBrowsers, suspended = {}, hold, exemptUntil } = status;
  const rows = authenticators.map(({ kind, name, state, left, createdAt, lastUsedAt, expiresAt }) => [
    `  ${kind}`,
    name ?? '',
    [state, left === undefined ? '' : `${left} left`, expiresAt === undefined ? '' : `until ${dateOf(expiresAt)}`]
      .filter(Boolean)
      .join(', '),
    `added ${dateOf(createdAt)}`,
    lastUsedAt === undefined ? 'never used' : `used ${dateOf(lastUsedAt)}`,
  ]);
  const locks = locked.map(({ scope, failures, until, closed }) => [
    `  ${scope}`,
    count(failures, 'failure'),
    closed ? 'closed' : until === undefined ? '' : `until ${dateOf(until)}`,
  ]);
  return [
    `${id}: ${status.protected ? 'protected' : 'not protected'}`,
    ...(rows.length > 0 ? ['Authenticators:', ...tableOf(rows)] : ['Authenticators: none']),
    ...(owed.length > 0 ? [`Owed: ${owed.join(', ')}`] : []),
    ...Object.entries(suspended).map(([source, since]) => `Suspended: since ${dateOf(since)}, by ${source}`),
    ...(hold ? [`On hold: until ${dateOf(hold.until)}`] : []),
    ...(exemptUntil === undefined ? [] : [`Exempt: until ${dateOf(exemptUntil)}`]),
    ...(locks.length > 0 ? ['Locked:', ...tableOf(locks)] : []),
    `Trusted browsers: ${trustedBrowsers}`,
  ];
}

function cellsOf({ userId: id, authenticators, locked, unread, ...status }: Status): string[] {
  if (unread !== undefined) return [id, '?', '-', '-', unread];
  const left = authenticators.find((one) => one.left !== undefined)?.left;
  return [
    id,
    status.protected ? 'yes' : 'no',
    left === undefined ? '-' : String(left),
    locked.length > 0 ? 'yes' : 'no',
    authenticators.map(({ kind, state }) => (state === 'disabled' ? `${kind} (disabled)` : kind)).join(', ') || '-',
  ];
}

/** Fixed widths: the list is told as it is found, so no widest cell is known. */
function listLine([id = '', ...cells]: string[]): string {
  const rest = cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(10)));
  return [id.padEnd(24), ...rest].join('  ').trimEnd();
}
