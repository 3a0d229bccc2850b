// Lets a few pass in each turn of the event loop. A thousand refusals that are ready at the same moment would otherwise be
// answered in one go, and whoever has something to be done would wait for all of them.

/** Resolves when it is one's turn, first come, first served; at once where few came in this turn. */
export type Valve = () => Promise<void>;

export function createValve(perTurn = 16): Valve {
  const waiting: (() => void)[] = [];
  let passed = 0;
  let at = 0;

  function nextTurn(): void {
    passed = 0;
    while (at < waiting.length && passed < perTurn) {
      passed += 1;
      waiting[at]?.();
      at += 1;
    }
    if (at < waiting.length || passed > 0) setImmediate(nextTurn);
    if (at < waiting.length) return;
    waiting.length = 0;
    at = 0;
  }

  return () => {
    if (passed === 0 && waiting.length === 0) setImmediate(nextTurn);
    if (passed < perTurn && waiting.length === 0) {
      passed += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
}
