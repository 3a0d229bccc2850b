// `/policy`: what is in force, to be read. It is set in the app's code; nothing here changes it.
import { inForceIn } from '../../src/checks/in-force.js';
import type { AdminVisit } from './admin-visit.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { sentencesOf } from './policy-sentences.js';

export async function showPolicy(visit: AdminVisit): Promise<void> {
  const inForce = inForceIn(visit.mfa);
  if (visit.json) return sendJson(visit, inForce);
  const frame = frameOf(visit, 'policy');
  await sendAdminPage(visit, 'admin/policy', { ...frame, sections: sentencesOf(inForce, frame) });
}
