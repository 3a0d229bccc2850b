// Gives tests other versions of Express and ioredis than those they name, their own imports and the package's alike:
// `MFA_TEST_EXPRESS=4 MFA_TEST_IOREDIS=5 node --import=./test/support/other-versions.mjs …`. An alias in
// devDependencies holds each version. `scripts/matrix.mjs` runs journeys and attacks so; nothing else needs it.
import module from 'node:module';
import { isMainThread } from 'node:worker_threads';

const aliases = {
  express: { 4: 'express-4', 5: 'express' },
  ioredis: { 5: 'ioredis-5', 6: 'ioredis' },
};

/** What is imported in place of each package: the alias of the version that the environment names. */
const instead = new Map(
  Object.entries(aliases).map(([name, versions]) => {
    const variable = `MFA_TEST_${name.toUpperCase()}`;
    const wanted = process.env[variable];
    if (!wanted) return [name, name];
    if (!versions[wanted]) throw new Error(`${variable}=${wanted}: known are ${Object.keys(versions).join(' and ')}.`);
    return [name, versions[wanted]];
  }),
);

export function resolve(specifier, context, next) {
  return next(instead.get(specifier) ?? specifier, context);
}

if (module.registerHooks) module.registerHooks({ resolve });
else if (isMainThread) {
  // The hooks of Node.js 20 run in a thread of their own, which imports this file again, and are not asked by `require`.
  module.register(import.meta.url);
  const { _resolveFilename: find } = module;
  module._resolveFilename = (specifier, ...rest) => find(instead.get(specifier) ?? specifier, ...rest);
}
