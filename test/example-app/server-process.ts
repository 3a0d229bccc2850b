// The example app as a process of its own: started, listened to, ended.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { program } from '../support/programs.js';
import { newFolder } from '../support/folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const serverFolder = newFolder('example-server');
export const serverAuditFile = join(serverFolder, 'audit.jsonl');

type Started = {
  child: ChildProcessByStdio<null, Readable, Readable>;
  said(): string;
  /** Resolves to what the first group of `pattern` matches, once the process has said it. */
  saysOf(pattern: RegExp): Promise<string>;
};

/** The example app, compiled: the tests whose matter is how npm starts it name the file to `startServer`. */
export const startCompiled = (env: NodeJS.ProcessEnv = {}) =>
  start([program(join(root, 'example-app/server.ts'))], env);

/** As npm does: a file as it stands. */
export const startServer = (file: string, env: NodeJS.ProcessEnv = {}) => start(['--import=tsx', file], env);

function start(args: string[], env: NodeJS.ProcessEnv): Started {
  const {
    MFA_SECRET: _secret,
    REDIS_URL: _redis,
    DATABASE_URL: _database,
    NODE_ENV: _environment,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...inherited, PORT: '0', AUDIT_FILE: serverAuditFile, DATA_FOLDER: serverFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const saysOf = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const [, found] = pattern.exec(said) ?? [];
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error(`It ended and said: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, said: () => said, saysOf };
}

/** The address that it says it listens at. */
export function addressOf({ saysOf }: Started): Promise<string> {
  return saysOf(/(http:\/\/localhost:\d+)/);
}

export async function endServer({ child }: Started): Promise<number | null> {
  const ended = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await ended)[0];
}
