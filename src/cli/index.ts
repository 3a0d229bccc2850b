#!/usr/bin/env node
// The command line for operators, `npx express-mfa`, as a process.
import { loadMfa } from './configuration.js';
import { main } from './main.js';
import { plain } from './terminal.js';

// Node's own way to tell a warning takes three lines, and a process id.
process
  .removeAllListeners('warning')
  .on('warning', ({ message }) => process.stderr.write(`Warning: ${plain(message)}\n`));
// `list | head`: who reads no longer wants no more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// The app's module may leave timers, servers and connections open; they are not ours to close.
main(process.argv.slice(2), { streams: process, load: loadMfa }).then(
  (code) => process.stdout.write('', () => process.exit(code)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
