// cases, approve, deny: what one administrator asked for and another must approve, answered at the shell.
import type { Case } from '../core/kernel/cases.js';
import type { MfaCore } from '../mfa.js';
import { actCommand, done, type Command } from './command.js';
import { Failure } from './configuration.js';
import { dateOf, tableOf } from './terminal.js';

export const casesCommand: Command = {
  name: 'cases',
  summary: 'lists what waits for a second administrator, oldest first',
  positionals: [],
  options: {},
  notes: ['With --json, one line for each case.'],
  examples: ['cases', 'cases --json | jq -r .id'],
  needs: 'store',
  async run({ mfa, terminal }) {
    requireCases(mfa);
    const cases = await mfa.cases();
    if (terminal.json) for (const one of cases) terminal.say(JSON.stringify(one));
    else if (cases.length === 0) terminal.say('Nothing waits.');
    else
      for (const line of tableOf([['CASE', 'ACTION', 'USER', 'ASKED BY', 'UNTIL', 'REASON'], ...cases.map(rowOf)]))
        terminal.say(line);
    return 0;
  },
};

export const approveCommand = actCommand({
  name: 'approve',
  summary: 'approves a case, and carries it out',
  on: 'CASE',
  notes: ['Whoever asked for it cannot. What makes a code waits for who asked, to whom alone it is shown.'],
  examples: ["approve pXq3vT0b1mXc --by sue@example.com --reason 'called them back'"],
  async act({ mfa, id, who, terminal }) {
    requireCases(mfa);
    const { case: waiting } = await mfa.approve(id, who);
    const told = waiting ? `Approved. ${waiting.by.name} is shown what it makes.` : 'Approved and done.';
    return done(terminal, { approved: id, waits: waiting !== undefined }, told);
  },
});

export const denyCommand = actCommand({
  name: 'deny',
  summary: 'turns a case down; whoever asked for it takes it back by this',
  on: 'CASE',
  examples: ["deny pXq3vT0b1mXc --by sue@example.com --reason 'nobody knows this person'"],
  async act({ mfa, id, who, terminal }) {
    requireCases(mfa);
    await mfa.deny(id, who);
    return done(terminal, { denied: id }, 'Denied: it will not be done.');
  },
});

/** Those of another process would be empty here, which looks as if nothing waited. */
function requireCases({ config }: MfaCore): void {
  if ((config.administration.cases?.name ?? 'memory') === 'memory')
    throw new Failure('This configuration keeps cases in memory, which only the process of the app itself can see.');
}

function rowOf({ id, action, userId, by, expiresAt, reason, approved }: Case): string[] {
  const state = approved ? `approved by ${approved.name}` : dateOf(expiresAt);
  return [id, action, userId, by.name, state, reason];
}
