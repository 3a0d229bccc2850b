// import: takes in what an export says, line by line, and tells of each line that it leaves why. It can be run again: what is
// there is not written twice, and one that was killed goes on where it was, which the store itself remembers.
import { isMfaError } from '../core/words/errors.js';
import { readTransferred, takeAllIn, type Transferred } from '../core/operators/transfer.js';
import type { MfaCore } from '../mfa.js';
import { count } from '../checks/count.js';
import { askedToStop } from './asked-to-stop.js';
import { byOf, byOption, type Command } from './command.js';
import { readExport, type Line } from './export-lines.js';
import { namespaceOf } from './export-target.js';
import { isSaid } from './export-walk.js';
import { Failure } from './configuration.js';
import type { Terminal } from './terminal.js';

/** Lines that are taken in at once; after these it is written down how far it is. */
const atOnce = 200;
const rememberedSeconds = 7 * 86_400;

type Sums = { taken: number; there: number; left: number };
type Said = { number: number; said: Transferred };

export const importCommand: Command = {
  name: 'import',
  summary: 'takes in what an export says, and replaces nothing',
  positionals: ['FILE'],
  options: { ...byOption, 'dry-run': { type: 'boolean', summary: 'only reads the file' } },
  notes: [
    'For a store of the same namespace and secrets. FILE may be -, for stdin. What cannot be taken in is told, and left.',
    'It can be run again, and goes on where it was. What changed since: export --since, and import that file too.',
  ],
  examples: ['import all.jsonl --by ops@example.com', 'gunzip < all.jsonl.gz | npx express-mfa import - --by ops'],
  needs: 'store',
  async run({ mfa, values, positionals: [path = ''], terminal }) {
    const dry = values['dry-run'] === true;
    const by = dry ? '' : byOf(values, 'import');
    const { header, lines } = await readExport(path, mfa.kernel.sealer, namespaceOf(mfa));
    const key = `import/${header.id}`;
    // In the store that takes it in: of another one the file says nothing.
    const known = dry ? undefined : await mfa.kernel.store.get('', key);
    const { upTo, ...sums } = { upTo: 0, taken: 0, there: 0, left: 0, ...(known as object | undefined) };
    if (upTo > 0) terminal.tell(`Goes on behind line ${upTo}, where it was stopped.`);
    const remember = (at: number) => mfa.kernel.store.put('', key, { upTo: at, ...sums }, rememberedSeconds);
    let end;
    try {
      end = await takeLines(mfa, terminal, lines, { sums, upTo, dry, remember });
    } finally {
      const detail = { taken: sums.taken, left: sums.left };
      if (!dry) mfa.kernel.tell({ hints: {} }, [{ name: 'records-imported', actor: 'admin', by, detail }]);
    }
    if (!dry && end === 'whole') await mfa.kernel.store.take('', key);
    if (terminal.json) terminal.say(JSON.stringify({ ...sums, dryRun: dry, complete: end === 'whole' }));
    else if (dry) terminal.say(`${count(sums.taken, 'line')} could be read, ${sums.left.toLocaleString('en')} not.`);
    else terminal.say(`${sayOf(sums.taken)} taken in, ${sayOf(sums.there)} there already, ${sayOf(sums.left)} left.`);
    if (end === 'cut off')
      throw new Failure(`${path} is cut off: its last line is missing.`, { code: 'transfer.cut_off' });
    if (end === 'stopped') terminal.tell('Stopped before the end: run it again.');
    return end === 'whole' && sums.left === 0 ? 0 : 1;
  },
};

type Taking = { sums: Sums; upTo: number; dry: boolean; remember: (at: number) => Promise<void> };

async function takeLines(
  { config, kernel }: MfaCore,
  terminal: Terminal,
  lines: AsyncIterable<Line>,
  { sums, upTo, dry, remember }: Taking,
): Promise<'whole' | 'cut off' | 'stopped'> {
  const progress = terminal.progress();
  const asked = askedToStop();
  const leave = (number: number, code: string, why: string, whom = '') => {
    sums.left += 1;
    terminal.tell(`Line ${number}: ${whom}${why} (transfer.${code}).`);
  };
  let last = 0;
  let waiting: Said[] = [];
  const take = async () => {
    const results = dry
      ? []
      : await takeAllIn(
          config.store,
          kernel.sealer,
          waiting.map(({ said }) => said),
        );
    waiting.forEach(({ number, said }, at) => {
      const result = results[at] ?? 'taken';
      if (typeof result === 'string') sums[result] += 1;
      else leave(number, 'left', result.left, whoOf(said));
    });
    waiting = [];
    if (!dry) await remember(last);
    progress.show(`${count(last, 'line')} read, ${sayOf(sums.taken)} taken in`);
  };
  try {
    let isWhole = false;
    for await (const { number, fields, bad } of lines) {
      if (number <= upTo && fields?.['end'] !== true) continue;
      if (asked.toStop) break;
      if (isWhole || bad !== undefined) leave(number, 'line_altered', bad ?? 'it follows the last line');
      else if (fields['end'] === true) isWhole = true;
      else if (isSaid(fields)) {
        try {
          waiting.push({ number, said: readTransferred(fields) });
        } catch (error) {
          if (!(error instanceof TypeError) && !isMfaError(error)) throw error;
          leave(number, 'line_malformed', error.message.replace(/\.$/, ''));
        }
      }
      last = number;
      if (waiting.length >= atOnce) await take();
    }
    if (last > 0) await take();
    return isWhole ? 'whole' : asked.toStop ? 'stopped' : 'cut off';
  } finally {
    asked.end();
    progress.end();
  }
}

function whoOf({ claim, userId }: Transferred): string {
  return claim === undefined ? `${JSON.stringify(userId)}: ` : `a claim of ${JSON.stringify(userId ?? 'nobody')}: `;
}

function sayOf(number: number): string {
  return number.toLocaleString('en');
}
