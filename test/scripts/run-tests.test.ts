// `npm test`, as somebody types it: that each file of tests counts, whatever becomes of it, and that nothing is left behind.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { newFolder } from '../support/folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = (...names: string[]) => names.map((name) => `test/scripts/fixtures/${name}.ts`);

type Run = { code: number | null; said: string; lines: string[] };

function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const script = join(root, 'scripts', 'test.mjs');
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<Run>((resolve) => {
    child.once('close', (code) => resolve({ code, said, lines: said.trimEnd().split('\n') }));
  });
  return { child, ended };
}

const run = (args: string[], env: NodeJS.ProcessEnv = {}) => start(args, env).ended;

describe('npm test', function () {
  this.timeout(120_000);

  let folder: string;
  const alone = () => ({ REDIS_URL: '', TEST_FOLDER: folder });

  beforeEach(() => {
    folder = newFolder('run');
  });

  describe('of files that end in all ways', () => {
    const ways = ['passes', 'fails', 'does-not-load', 'only', 'nothing', 'forgets', 'ends-the-process'];
    let ended: Run;

    before(async () => {
      ended = await run([...fixtures(...ways), '--jobs', '2']);
    });

    for (const [name, counts] of [
      ['passes', '2 passed, 0 failed, 1 skipped'],
      ['fails', '1 passed, 1 failed'],
      ['does-not-load', '0 passed, 1 failed'],
      ['only', '0 passed, 1 failed'],
      ['nothing', '0 passed, 1 failed'],
      ['forgets', '1 passed, 1 failed'],
      ['ends-the-process', '0 passed, 1 failed'],
    ] as const) {
      it(`counts ${counts} for the one that ${name.replaceAll('-', ' ')}`, () => {
        const line = ended.lines.find((each) => each.includes(`fixtures/${name}.ts:`)) ?? '';
        expect(line)
          .to.match(/^[✓✗] +\d\/7 +\d+\.\d s /)
          .and.match(new RegExp(`: ${counts}$`));
      });
    }

    it('sums up in the last line and in the exit code', () => {
      expect(ended.lines.at(-1)).to.equal('4 passed, 6 failed, 1 skipped');
      expect(ended.code).to.equal(1);
    });

    it('tells at the end what failed, where and how', () => {
      const end = ended.said.slice(ended.said.lastIndexOf('7/7'));
      for (const name of ways.slice(1)) expect(end).to.include(`\ntest/scripts/fixtures/${name}.ts\n`);
      expect(end).to.match(/a file that fails\s+compares:[^]*-  "answer": 41\s+\+  "answer": 42/);
      expect(end).to.include('Nothing of this file can be used.').and.include('does-not-load.ts:2');
      expect(end)
        .to.include('.only')
        .and.include('It holds no test.')
        .and.match(/“a test that forgets to wait looks well” ran: Error: Nobody/);
      expect(end).to.include('The process ended while the file ran (exit code 3).');
      expect(ended.said).to.include('Seen by whoever looks for the reason.');
    });
  });

  it('runs two files at the same time, in two processes, each with a Redis of its own', async () => {
    const { code, lines } = await run(fixtures('meets-ada', 'meets-bob'), alone());
    expect([code, lines.at(-1)]).to.deep.equal([0, '2 passed, 0 failed']);
  });

  it('runs the tests whose title has a word, and fails where none has', async () => {
    const some = await run([...fixtures('passes', 'fails'), '--grep', 'second', '--jobs', '1']);
    expect([some.code, some.lines.at(-1)]).to.deep.equal([0, '1 passed, 0 failed']);
    const none = await run([...fixtures('passes'), '--grep', 'third']);
    expect([none.code, ...none.lines.slice(-3)]).to.deep.equal([1, 'No test ran.', '', '0 passed, 0 failed']);
  });

  it('ends by a signal with the hooks of what runs, and leaves no process behind', async () => {
    const { child, ended } = start(fixtures('waits', 'passes'), alone());
    await eventually(() => readFile(join(folder, 'began')));
    const pids = JSON.parse(await readFile(join(folder, 'began'), 'utf8')) as number[];
    child.kill('SIGTERM');
    // What npm passes on of a Ctrl-C that the terminal sent already.
    child.kill('SIGTERM');
    await sleep(50);
    child.kill('SIGTERM');
    const { code, said } = await ended;
    expect(code).to.equal(143);
    expect(said)
      .to.include('Ended by SIGTERM')
      .and.match(/\n\d passed, 0 failed/);
    expect(existsSync(join(folder, 'cleaned-up'))).to.equal(true);
    await eventually(async () => {
      for (const pid of pids) expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    });
  });

  it('says all that is missing at once, before the first test', async () => {
    const { code, lines } = await run(['test/factors/totp'], { ...alone(), PATH: folder });
    expect(code).to.equal(1);
    expect(lines.slice(0, 3).map((line) => line.split(' ')[0])).to.deep.equal(['redis-server', 'oathtool', 'zbarimg']);
    expect(lines[3]).to.include('apt-get install redis-server oathtool zbar-tools');
    expect(lines.slice(4)).to.deep.equal(['No test was run.']);
  });

  it('needs only the programs of what it runs', async () => {
    const { code, said } = await run(fixtures('passes'), { PATH: folder });
    expect(code, said).to.equal(0);
  });

  for (const [what, args, sentence] of [
    ['an option that is none', ['--watch'], "Unknown option '--watch'"],
    ['a number that is none', ['--timeout', 'long'], '--timeout long: not a whole number.'],
    ['a suite that is none', ['--suite', 'nightly'], 'Known: all, browser, packaging, servers.'],
    ['a file that is none', ['test/nowhere'], 'There is no file or folder test/nowhere.'],
    ['a folder without tests', ['docs'], 'There is no test file in docs.'],
    [
      'a file of another suite',
      ['test/browser/main-journey.test.ts'],
      'npm run test:browser -- test/browser/main-journey.test.ts',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, said } = await run([...args]);
      expect(code).to.equal(1);
      expect(said).to.include(sentence);
    });
  }
});
