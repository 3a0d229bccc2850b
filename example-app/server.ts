// Starts the example app: `npm start`. PORT (default 3000); REDIS_URL, or DATABASE_URL (default: a file of SQLite in
// DATA_FOLDER, which is output/example); MFA_SECRET (default: made here, and kept there); ORIGIN (default: localhost, in development); AUDIT_FILE
// (default: output/audit.jsonl).
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import { isMfaError } from 'express-mfa';
import { Redis } from 'ioredis';
import { createApp } from './app.js';
import { auditFileOf } from './audit-log.js';
import { openDatabase, withOwnData } from './database.js';
import { originOf } from './origin.js';

/**
 * Listens, and resolves to the server. It stops at SIGINT and SIGTERM, its answers finished.
 * @param fill what is done before anybody is let in
 * @param around what stands in front of the app
 */
export async function start(
  env: NodeJS.ProcessEnv = process.env,
  fill?: (made: ReturnType<typeof createApp>) => Promise<void>,
  around: (app: Express) => Express = (app) => app,
): Promise<Server> {
  if (!env.MFA_SECRET) {
    env.MFA_SECRET = randomBytes(32).toString('base64url');
    console.warn(
      'MFA_SECRET is not set. A secret was made for this run; after a restart, sessions and second factors kept in\n' +
        'Redis cannot be read any more. Make one that stays:  export MFA_SECRET=$(openssl rand -base64 32)\n',
    );
  }
  const redis = env.REDIS_URL ? new Redis(env.REDIS_URL) : undefined;
  redis?.on('error', (error: Error) => console.error(`Redis: ${error.message}`));
  const database = !redis && env.DATABASE_URL ? await openDatabase(env.DATABASE_URL) : undefined;
  const made = createApp({ redis, database, origin: originOf(env) });
  const { app, mfa } = made;
  await mfa.ready;
  await fill?.(made);

  const server = createServer(around(app)).listen(Number(env.PORT ?? 3000));
  await once(server, 'listening');
  const end = async () => {
    await mfa.settled();
    await mfa.audit?.close();
    redis?.disconnect();
    await database?.destroy();
  };
  const stop = () => {
    server.close(() => void end());
    server.closeIdleConnections();
  };
  // Before anybody hears that it is up: whoever ends it then ends it so too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);

  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : env.PORT;
  console.log(`The example app listens at http://localhost:${port}`);
  console.log(`Users, sessions and second factors are kept in ${redis ? 'Redis' : placeOf(env)}.`);
  console.log(`Its audit log is there too, and line by line in ${auditFileOf()}.`);
  return server;
}

/** Without what may be a password. */
function placeOf({ DATABASE_URL: url }: NodeJS.ProcessEnv): string {
  return url ? url.replace(/\/\/[^/]*@/, '//') : 'memory, until it stops';
}

/** Says in a sentence why the app cannot start, and ends. */
export function giveUp(error: unknown): never {
  if (isMfaError(error)) console.error(`${error.message}\n${error.help}`);
  else console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) start(withOwnData(process.env)).catch(giveUp);
