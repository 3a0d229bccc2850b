// deprovision: for a person whom the host has deleted. Removes what is kept of them, and nothing in the store names them any
// more.
import { abandoned, byOf, byOption, done, textOf, yesOption, type Command } from './command.js';
import { Failure } from './configuration.js';

export const deprovisionCommand: Command = {
  name: 'deprovision',
  summary: 'removes all that is kept of a person whom your app has deleted',
  positionals: ['USER-ID'],
  options: {
    ...byOption,
    reason: { type: 'string', value: 'TEXT', summary: 'why, for the audit' },
    ...yesOption,
  },
  notes: [
    'Their passkeys stay taken for all time and name nobody. Somebody who only lost their factors needs `reset`: after this a',
    'person of that id has nothing, and enrols as a new one. What stands in the audit log stays: see `audit erase`.',
  ],
  examples: ["deprovision 42 --by ops@example.com --reason 'account deleted'"],
  needs: 'store',
  async run({ mfa, positionals: [id = ''], values, terminal }) {
    const by = byOf(values, 'deprovision');
    const reason = textOf(values, 'reason');
    // Of a record that cannot be believed as well, and once more where an earlier run was interrupted.
    if ((await mfa.kernel.store.remainsOf(id)).revision === undefined)
      throw new Failure(`There never was a record of ${JSON.stringify(id)}.`);
    const question = `Remove all that is kept of ${JSON.stringify(id)}?`;
    if (!values['yes'] && !(await terminal.confirm(question, 'deprovision'))) return abandoned(terminal);
    await mfa.deprovision(id, { by, ...(reason === undefined ? {} : { reason }) });
    return done(terminal, { deprovisioned: id }, `Nothing is kept of ${id} any more.`);
  },
};
