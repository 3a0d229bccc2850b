// sql: makes the tables of all that the app keeps in SQL, says which there are, takes the last step back.
import { migrationsOfAll, type AllMigrations } from '../stores/all-migrations.js';
import { abandoned, done, yesOption, type Call, type Command } from './command.js';
import { Failure } from './configuration.js';
import { UsageError } from './usage-error.js';

const actions: { readonly [name: string]: (migrations: AllMigrations, call: Call) => Promise<number> } = {
  migrate: async (migrations, { terminal }) => {
    const made = await migrations.migrate();
    return done(terminal, { made }, made.length === 0 ? 'Nothing was missing.' : `Made: ${made.join(', ')}.`);
  },

  async status(migrations, { terminal }) {
    const steps = await migrations.status();
    for (const { name, made } of steps)
      terminal.say(terminal.json ? JSON.stringify({ name, made }) : `${name}: ${made ? 'made' : 'missing'}`);
    return steps.every(({ made }) => made) ? 0 : 1;
  },

  async rollback(migrations, { terminal, values }) {
    const last = await migrations.last();
    if (last === undefined) return done(terminal, {}, 'There is nothing to take back.');
    const question = `${last} is taken back, and with it all that its tables hold: everybody’s second factors, if they stand there.`;
    if (!values['yes'] && !(await terminal.confirm(question, 'sql'))) return abandoned(terminal);
    const taken = await migrations.rollback();
    return done(terminal, { taken }, `Taken back: ${taken ?? 'nothing'}.`);
  },
};

export const sqlCommand: Command = {
  name: 'sql',
  summary: 'makes the tables of all that is kept in SQL, says which there are, takes the last step back',
  positionals: [Object.keys(actions).join('|')],
  options: yesOption,
  notes: ['Any number of processes may run it at once. status: exit code 1 where a table is missing.'],
  examples: ['sql migrate', 'sql status'],
  needs: 'configuration',
  async run(call) {
    const [name = ''] = call.positionals;
    const action = actions[name];
    if (!action) throw new UsageError(`sql takes one of ${Object.keys(actions).join(', ')}.`, 'sql');
    const { store, audit, administration } = call.mfa.config;
    const migrations = migrationsOfAll([store, audit?.store, administration.cases, administration.stats]);
    if (!migrations) throw new Failure('This configuration keeps nothing in SQL. Give createMfa a `sqlStore`.');
    return action(migrations, call);
  },
};
