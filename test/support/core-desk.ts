// The desk at which administrators' cases are opened and answered, with what stands behind it: people, a directory, and what was carried out.
import type { Case } from '../../src/core/kernel/cases.js';
import { emptyRecord, type MfaRecord } from '../../src/core/kernel/record.js';
import { resetUser } from '../../src/core/operators/administer.js';
import { requestAction, type Asked } from '../../src/core/operators/cases.js';
import type { Desk, DirectoryPerson } from '../../src/core/operators/desk.js';
import type { Acting, AdminAction } from '../../src/core/rules/admin-rights.js';
import type { MfaError } from '../../src/core/words/errors.js';
import { supportPass } from '../../src/factors/support-pass/support-pass.js';
import { memoryCaseStore } from '../../src/stores/memory-case-store.js';
import { riddle, spareWords } from './core-factors.js';
import { testKernel, type TestKernel } from './core-kernel.js';

const all = ['view', 'help', 'decide', 'audit'] as const;
export const ana: Acting = { id: 'ana', name: 'Ana', may: all };
export const ben: Acting = { id: 'ben', name: 'Ben', may: all };
export const hal: Acting = { id: 'hal', name: 'Hal', may: ['view', 'help'] };
export const reason = 'lost phone';
/** What Ben answers. */
export const answer = { by: ben, reason: 'seen in person' };
type Call = { action: AdminAction; userId: string; who: object; options: object };
export type Office = Desk & {
  kernel: TestKernel;
  calls: Call[];
  people: { [id: string]: DirectoryPerson | undefined };
  fails?: MfaError;
};

/** A desk at which somebody protected, `pat`, and `new`, who is not, are known; actions are counted, `reset` is done. */
export async function office(
  more: Partial<Omit<Desk, 'kernel'>> & { directory?: Office['people'] } = {},
): Promise<Office> {
  const kernel = testKernel({ factors: [riddle(), spareWords(), supportPass()] });
  const cases = memoryCaseStore();
  const calls: Call[] = [];
  const { directory, ...rest } = more;
  const desk: Office = {
    ...{ kernel, calls, cases: () => cases, fourEyes: ['reset', 'pass', 'unlock'], people: directory ?? {} },
    person: directory && ((id) => Promise.resolve(directory[id])),
    async carryOut(own, action, userId, who, options) {
      calls.push({ action, userId, who, options });
      if (desk.fails) throw desk.fails;
      if (action === 'reset') await resetUser(own, userId, who);
      return action === 'pass' ? { code: 'ABCD', expiresAt: 7 } : {};
    },
    ...rest,
  };
  const save = (id: string, given: Partial<MfaRecord>) =>
    kernel.store.save(id, { ...emptyRecord(`epoch of ${id}`), ...given }, undefined);
  await Promise.all([save('pat', { protected: true }), save('new', {})]);
  return desk;
}

export const ask = (desk: Desk, action: AdminAction, more: Partial<Asked> = {}, userId = 'pat') =>
  requestAction(desk, action, userId, { by: ana, reason, options: {}, ...more });

export async function opened(desk: Desk, action: AdminAction = 'reset', more: Partial<Asked> = {}): Promise<Case> {
  const asked = await ask(desk, action, more);
  if (!('case' in asked)) throw new Error('no case');
  return asked.case;
}

/** What was told, without times and hints. */
export const toldOf = ({ kernel }: Office) =>
  kernel.events.map(({ name, actor, by, detail, userId }) => ({ name, actor, by, detail, userId }));
