// Whether the tests of a room can be believed: each alone, in a process in which all ran before, with nothing changed. One that
// fails so would fail with every change, and count all of them as noticed. Prints their names and ends with 1.
import Mocha from 'mocha';
import hooks from './hooks.cjs';
import { standing } from './rooms.mjs';

const mocha = new Mocha({ timeout: 120_000, rootHooks: hooks.mochaHooks, reporter: class {} });
mocha.cleanReferencesAfterRun(false);
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();

const titles = new Set();
mocha.grep(standing);
mocha.suite.eachTest((test) => {
  if (mocha.options.grep.test(test.fullTitle())) titles.add(test.fullTitle());
});
const failed = await run();
for (const title of titles) {
  const again = await run(new RegExp(`^${RegExp.escape?.(title) ?? title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  for (const each of again) failed.push(`alone, and once more: ${each}`);
}
for (const each of new Set(failed)) console.log(each);
process.exit(failed.length > 0 ? 1 : 0);

function run(grep = standing) {
  mocha.grep(grep);
  const found = [];
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(found))
      .on('fail', (test, { message }) => found.push(`${test.fullTitle()}: ${message.split('\n', 1)[0]}`));
  });
}
