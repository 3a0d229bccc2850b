// Compiled code of the programs of tests, kept beside them by the first process that ran it: the others take it from there, in
// place of compiling megabytes for the half second that they live.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire, Module } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const folder = join(__dirname, '/');
const compiled = new Map();

Module._extensions['.cjs'] = (module, filename) => {
  if (!filename.startsWith(folder)) return Module._extensions['.js'](module, filename);
  const cachedData = read(`${filename}.cache`);
  const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), {
    filename,
    ...(cachedData && { cachedData }),
  });
  // Refused where another version of Node.js wrote it.
  if (script.cachedDataRejected !== false) compiled.set(filename, script);
  const require = createRequire(filename);
  script.runInThisContext()(module.exports, require, module, filename, dirname(filename));
};

// At the end, when what ran is compiled whole.
process.once('exit', () => {
  for (const [filename, script] of compiled) {
    const unfinished = `${filename}.cache.${process.pid}`;
    try {
      writeFileSync(unfinished, script.createCachedData());
      renameSync(unfinished, `${filename}.cache`);
    } catch {
      // The folder went with the tests that started this process.
    }
  }
});

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
