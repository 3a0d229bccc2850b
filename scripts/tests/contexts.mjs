// Every store on Redis or SQL keeps a context of its own for the answer that waits. Node.js before 24 hands on each context that
// was ever entered to every promise that is made, for as long as the process lives: after a thousand apps a promise
// costs a thousand times as much. Each test begins with none.
import { AsyncLocalStorage } from 'node:async_hooks';

const entered = new Set();
const { run } = AsyncLocalStorage.prototype;

AsyncLocalStorage.prototype.run = function (...given) {
  entered.add(this);
  return run.apply(this, given);
};

/** One that is entered once more is there again. */
export function leaveContexts() {
  for (const context of entered) context.disable();
  entered.clear();
}

/** For mocha, by `--require`. */
export const mochaHooks = { afterEach: leaveContexts };
