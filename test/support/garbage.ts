// Collects garbage when a test says so, for what must come to the same whenever Node.js does.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Lets go of everything that nothing holds. */
export const collectGarbage = runInNewContext('gc') as () => void;

/** Waits for `work` while garbage is collected again and again. */
export async function amidCollections<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(collectGarbage, 10);
  return await work.finally(() => clearInterval(timer));
}
