// migrate-from: takes over what another system knew of people, from an export of its rows, and tells of each row that it leaves
// why. It can be run again: what is there is not taken twice, and nothing comes back that went since.
import { count } from '../checks/count.js';
import { importPerson } from '../core/operators/import-person.js';
import type { Importer, Said } from '../importers/importer.js';
import { importers } from '../importers/index.js';
import { askedToStop } from './asked-to-stop.js';
import { byOf, byOption, textOf, type Call, type Command } from './command.js';
import { peopleIn, type People } from './people-in-rows.js';
import { UsageError } from './usage-error.js';

/** People who are taken over at once. */
const atOnce = 16;

export const migrateFromCommand: Command = {
  name: 'migrate-from',
  summary: 'takes over apps and passkeys from another system',
  positionals: ['SYSTEM', 'FILE'],
  options: {
    ...byOption,
    'dry-run': { type: 'boolean', summary: 'only tells what would be taken' },
    'key-env': { type: 'string', value: 'NAME', summary: 'the variable with the key that the system encrypts with' },
    encoding: { type: 'string', value: 'HOW', summary: 'base32, hex, ascii; base64, base64url' },
    'user-field': { type: 'string', value: 'NAME', summary: 'the field with the id that this app knows' },
    'secret-field': { type: 'string', value: 'NAME', summary: 'the column of the secret' },
    'rp-id': { type: 'string', value: 'DOMAIN', summary: 'what passkeys were made for; this app’s otherwise' },
    verified: { type: 'boolean', summary: 'every passkey was made with PIN or finger' },
  },
  notes: [
    `SYSTEM is one of ${importers.map(({ name }) => name).join(', ')}. FILE has its rows, as JSON or CSV: all of a person in one file.`,
    'Only who never had a second factor here is taken over. Backup codes are not: whoever comes is asked to make a set.',
    'What a system gives out to nobody is counted.',
  ],
  examples: [
    'migrate-from better-auth rows.jsonl --key-env BETTER_AUTH_SECRET --dry-run',
    'migrate-from columns users.csv --encoding base32 --secret-field totp_secret --by ops@example.com',
  ],
  needs: 'store',
  async run(call) {
    const { values, positionals, terminal } = call;
    const [system = '', path = ''] = positionals;
    const importer = importers.find(({ name }) => name === system);
    if (!importer) throw new UsageError(`There is no system ${JSON.stringify(system)}.`, 'migrate-from');
    const dry = values['dry-run'] === true;
    const by = dry ? '' : byOf(values, 'migrate-from');
    const said = saidIn(values, importer);
    const { people, left, untaken, rows } = await peopleIn(path, importer, said);
    for (const line of left) terminal.tell(line);
    const more = [...untaken].map(([what, times]) => `${times} × ${what}`).join(', ');
    if (more) terminal.tell(`Nothing to take over, so people make it anew here: ${more}.`);
    if (people.size === 0) terminal.tell(nothingIn(path, importer, said));
    const sums = { rows, people: people.size, taken: 0, there: 0, left: left.length, weak: 0 };
    const end = await takeAll(call, people, sums, { by, from: importer.name, dry });
    if (terminal.json)
      terminal.say(JSON.stringify({ ...sums, untaken: Object.fromEntries(untaken), dryRun: dry, complete: end }));
    else {
      const what = dry ? 'would be taken over' : 'taken over';
      terminal.say(`${count(sums.taken, 'person', 'people')} ${what}, ${sums.there} there already, ${sums.left} left.`);
    }
    return end && sums.left === 0 && people.size > 0 ? 0 : 1;
  },
};

function saidIn(values: Call['values'], { name, needs = [] }: Importer): Said {
  const variable = textOf(values, 'key-env');
  const key = variable === undefined ? undefined : process.env[variable];
  if (variable !== undefined && !key) throw new UsageError(`The variable ${variable} is empty.`, 'migrate-from');
  const said: Said = {
    encoding: textOf(values, 'encoding'),
    key,
    userField: textOf(values, 'user-field'),
    secretField: textOf(values, 'secret-field'),
    rpId: textOf(values, 'rp-id'),
    verified: values['verified'] === true,
  };
  const missing = needs.map((one) => [one].flat()).find((ones) => ones.every((one) => said[one] === undefined));
  if (missing) {
    const options = missing.map((one) => (one === 'key' ? '--key-env' : `--${one}`)).join(' or ');
    throw new UsageError(`${name} needs ${options}: nothing is guessed from how a value looks.`, 'migrate-from');
  }
  return said;
}

function nothingIn(path: string, { name }: Importer, { key }: Said): string {
  const and = key === undefined ? '' : ', and that --key-env names the key that it was encrypted with';
  return `${path} has nothing that could be taken: check that it is an export of ${name}, as its guide shows${and}.`;
}

type Sums = { taken: number; there: number; left: number; weak: number };
type How = { by: string; from: string; dry: boolean };

/** @returns whether it came to the end */
async function takeAll({ mfa, terminal }: Call, people: People, sums: Sums, how: How): Promise<boolean> {
  const progress = terminal.progress();
  const asked = askedToStop();
  const waiting = people.entries();
  let done = 0;
  const work = async () => {
    for (const [userId, brought] of waiting) {
      if (asked.toStop) return;
      const { is, weak, left } = await importPerson(mfa.kernel, userId, brought, how);
      if (is !== 'left') sums[is] += 1;
      if (weak) sums.weak += 1;
      sums.left += left.length;
      for (const why of left) terminal.tell(`${JSON.stringify(userId)}: ${why}.`);
      done += 1;
      progress.show(`${count(done, 'person', 'people')} of ${people.size.toLocaleString('en')}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
    return !asked.toStop;
  } finally {
    asked.end();
    progress.end();
  }
}
