// What a derivation of backup codes costs while test files run. Most tests make sets of codes on the way to something
// else: for them the same algorithm runs with little memory, once. Where the derivation is the matter, it runs as in an app.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const argon2 = createRequire(import.meta.url)('@node-rs/argon2');
const asInAnApp = argon2.hashRaw;
const places = [join('test', 'factors', 'backup-codes', '/'), join('test', 'security', 'enumeration.test.ts')];
let isTheMatter = true;

argon2.hashRaw = (password, options, signal) =>
  asInAnApp(password, isTheMatter ? options : { ...options, memoryCost: 64, timeCost: 1 }, signal);

/** Before each file; for the first time before anything imports the package. */
export function setCostFor(file) {
  isTheMatter = places.some((place) => file.startsWith(place));
}
