// Starts the example app with the single-page app at `/app/`: `npm run start:spa`. Nothing of the server is another than with pages.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { giveUp, start } from '../server.js';

/** Where the built files are. */
const built = fileURLToPath(new URL('../../output/spa', import.meta.url));

/**
 * Builds it by Vite, in a process of its own.
 * @param mode `development`: with all that React says to developers, Strict mode's second effects included
 */
export async function buildSpa(mode: 'production' | 'development' = 'production'): Promise<void> {
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  const config = fileURLToPath(new URL('vite.config.ts', import.meta.url));
  const env = { ...process.env, NODE_ENV: mode };
  await promisify(execFile)(process.execPath, [vite, 'build', '--mode', mode, '--config', config], { env });
}

/** The single-page app in front of another one. */
export function withSpa(app: Express): Express {
  const outer = express();
  outer.disable('x-powered-by');
  const headers = helmet({
    contentSecurityPolicy: {
      directives: { 'default-src': ["'self'"], 'style-src': ["'self'"], 'upgrade-insecure-requests': null },
    },
    referrerPolicy: { policy: 'same-origin' },
  });
  outer.use('/app', headers, express.static(built));
  outer.use(app);
  return outer;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildSpa()
    .then(() => start(process.env, undefined, withSpa))
    .then(() => console.log('The single-page app is at /app/'))
    .catch(giveUp);
}
