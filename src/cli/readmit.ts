// readmit: lets whoever has the id of an account in that ended by its directory.
import { Failure } from './configuration.js';
import { actCommand, done } from './command.js';

export const readmitCommand = actCommand({
  name: 'readmit',
  summary: 'lets whoever has the id of an account in that ended by its directory',
  on: 'USER-ID',
  notes: ['A first set-up is then confirmed as under `confirmFirstEnrollment: required`: see `grant-enrollment`.'],
  examples: ["readmit 42 --by ops@example.com --reason 'a new colleague with an old number'"],
  async act({ mfa, id, who: { by, reason }, terminal }) {
    if ((await mfa.status(id))?.account !== 'ended')
      throw new Failure(`No account of ${JSON.stringify(id)} ended by its directory.`);
    await mfa.readmit(id, { by: by.name, reason });
    return done(terminal, { readmitted: id }, `Whoever is ${id} now is let in.`);
  },
});
