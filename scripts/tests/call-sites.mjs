// Where an expectation of supertest was written. Supertest asks for it as each is made, and to tell it in lines of TypeScript
// costs more than what is expected; here it is asked for where an expectation failed.
import { createRequire } from 'node:module';

const { Test } = createRequire(import.meta.url)('supertest');
const { expect } = Test.prototype;

/** From here on. */
export function tellCallSitesLate() {
  Test.prototype.expect = function (...args) {
    const place = {};
    Error.captureStackTrace(place, Test.prototype.expect);
    const before = this._asserts.length;
    const { stackTraceLimit } = Error;
    // Supertest finds no place then, and says none.
    Error.stackTraceLimit = 0;
    try {
      expect.apply(this, args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    for (let at = before; at < this._asserts.length; at += 1) this._asserts[at] = placed(this._asserts[at], place);
    return this;
  };
}

/** The same, with the place in what it fails with, as supertest would say it. */
function placed(assert, place) {
  return (response) => {
    const error = assert(response);
    if (error instanceof Error && error.stack) {
      const lines = place.stack.split('\n').slice(1).join('\n');
      error.stack = error.stack.replace(/\n----(?=\n|$)/, () => `\n${lines}\n----`);
    }
    return error;
  };
}
