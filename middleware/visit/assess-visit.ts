// Assesses a visit before its flow, where levels of risk do something: whoever posts at once, or from elsewhere than before, is
// weighed before anything of theirs is looked at. What was assessed already costs nothing here.
import { assessed, isUnassessed } from '../../src/core/flows/assess.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { loadRecord } from '../../src/core/kernel/transact.js';
import { keepSignIn } from '../sign-in/session.js';
import { keepsIt } from './keeps-it.js';
import type { Visit } from './visit.js';

export async function assessVisit(visit: Visit): Promise<void> {
  const { asker, mfa, req } = visit;
  const { kernel } = mfa;
  if (!kernel.settings.riskActions || !isUnassessed(kernel, asker)) return;
  const { record = emptyRecord('') } = await loadRecord(kernel, asker.user);
  asker.signIn = await assessed(kernel, asker, record);
  if (keepsIt(visit)) keepSignIn(mfa, req, asker.signIn);
}
