// Changes rooms one place at a time and says which changes no test of the room notices: `npm run test:mutants`, with
// `-- src/crypto` for one room. Takes an hour or two for all; made before a release, not by CI.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { installPackages, root, stop } from './install.mjs';
import { rooms } from './mutants/rooms.mjs';
import { startRedis } from './redis.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((room) => !(room in rooms));
if (unknown.length > 0) stop(`${unknown.join(', ')}: no such room. Known: ${Object.keys(rooms).join(', ')}.`);

installPackages();
const redis = await startRedis();
const folder = join(root, 'output', 'mutants');
mkdirSync(folder, { recursive: true });
let failed = false;
for (const room of wanted.length > 0 ? wanted : Object.keys(rooms)) {
  const startedMs = Date.now();
  const exitCode = await change(room);
  const minutes = ((Date.now() - startedMs) / 60_000).toFixed(1);
  if (exitCode !== 0) {
    console.log(`${room}: StrykerJS ended with ${exitCode} after ${minutes} minutes`);
    failed = true;
  } else console.log(`${room}: ${tell(room)} in ${minutes} minutes`);
}
redis.stop();
process.exit(failed ? 1 : 0);

function change(room) {
  const child = spawn(
    process.execPath,
    [join('node_modules', '.bin', 'stryker'), 'run', 'scripts/mutants/config.mjs'],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'test',
        REDIS_URL: redis.url,
        NODE_OPTIONS: `--require=${join(root, 'scripts', 'mutants', 'extensions.cjs')}`,
        MUTATED_ROOM: room,
        MUTANTS_AT_ONCE: String(process.env.MUTANTS_AT_ONCE ?? availableParallelism()),
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
}

/** Writes what survived beside the report, a line each. @returns the score in words */
function tell(room) {
  const name = room.replaceAll('/', '-');
  const { files } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const mutants = Object.entries(files).flatMap(([file, { mutants: all }]) => all.map((each) => ({ file, ...each })));
  const counted = mutants.filter(({ status }) => !['CompileError', 'RuntimeError', 'Ignored'].includes(status));
  const alive = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const lines = alive.map(
    ({ file, location, mutatorName, replacement = '' }) =>
      `${file}:${location.start.line}:${location.start.column} ${mutatorName} ${replacement.replace(/\s+/g, ' ').slice(0, 80)}`,
  );
  writeFileSync(join(folder, `${name}.txt`), `${lines.join('\n')}\n`);
  const killed = counted.length - alive.length;
  return `${killed} of ${counted.length} killed, ${((100 * killed) / counted.length).toFixed(1)} %; the others in output/mutants/${name}.txt`;
}
