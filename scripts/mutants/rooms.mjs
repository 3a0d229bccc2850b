// The rooms that security stands on, each with the unit tests that must notice a change in it. Those that start servers or
// wait for deadlines are left out: they say nothing that the contract suites do not say sooner.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';

const waiting = /cluster|replicas|down|late|deadline|processes|rights|checks|lost-reply|full-redis|catching-up/;

export const rooms = {
  'src/core': tests('core'),
  'src/crypto': [...tests('crypto'), 'test/senders/http-senders.test.ts', 'test/audit/sinks/webhook-sink.test.ts'],
  'src/stores': tests('stores'),
  'src/audit': tests('audit'),
  'middleware/guard': tests('middleware/guard'),
  'middleware/sign-in': tests('middleware/sign-in'),
};

function tests(folder) {
  return readdirSync(join(root, 'test', folder), { recursive: true })
    .filter((file) => file.endsWith('.test.ts') && !waiting.test(file))
    .map((file) => join('test', folder, file))
    .sort();
}
