// `/policy`: what is in force, to be read. It is set in the app's code; nothing here changes it.
import { policyIn } from '../../src/checks/in-force.js';
import type { AdminVisit } from './admin-visit.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { sentencesOf } from './policy-sentences.js';

export async function showPolicy(visit: AdminVisit): Promise<void> {
  const policy = policyIn(visit.mfa);
  if (visit.json) return sendJson(visit, policy);
  const frame = frameOf(visit, 'policy');
  await sendAdminPage(visit, 'admin/policy', {
    ...frame,
    hash: policy.hash,
    ...(policy.version === undefined ? {} : { version: policy.version }),
    presets: [...policy.presets].sort((a, b) => a.breaches.length - b.breaches.length),
    sections: sentencesOf(policy, frame),
  });
}
