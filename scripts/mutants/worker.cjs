// Loaded into every process that StrykerJS starts. A process of tests gets a Redis of its own: two that run the same file
// at the same time would take each other's keys for a mutant's doing.
const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Module } = require('node:module');
const { isMainThread } = require('node:worker_threads');

// StrykerJS asks for files of mocha 12 that end in `.cjs` without an ending.
Module._extensions['.cjs'] ??= Module._extensions['.js'];

const { MUTANTS_REDIS: urls, MUTANTS_SEATS: folder } = process.env;
if (process.env.STRYKER_MUTATOR_WORKER !== undefined && folder && isMainThread) {
  process.env.REDIS_URL = sit(urls.split(' '));
  // What a test starts uses the same one.
  delete process.env.MUTANTS_SEATS;
}

/** The first Redis that no other process has; a process that was ended leaves its own. */
function sit(free) {
  for (const [index, url] of free.entries()) {
    const seat = join(folder, String(index));
    try {
      if (isGone(seat)) rmSync(seat, { recursive: true, force: true });
      mkdirSync(seat);
      writeFileSync(join(seat, 'pid'), String(process.pid));
      return url;
    } catch {
      // Somebody sits there.
    }
  }
  throw new Error('No Redis is free.');
}

function isGone(seat) {
  try {
    process.kill(Number(readFileSync(join(seat, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
