// What administrators ask for through pages and command line: one call that does it or opens a case, and those that answer
// cases. The code of all of it is loaded at the first call; what may be done stands in `core/rules/admin-rights.ts`.
import type { AdministrationConfig } from './administration-options.js';
import type { Case, CaseStore } from './core/kernel/cases.js';
import type { Kernel } from './core/kernel/kernel.js';
import type { Desk, Done } from './core/operators/desk.js';
import { adminActions, adminRights, isAdminAction } from './core/rules/admin-rights.js';
import type { Acting, AdminAction, AdminRight } from './core/rules/admin-rights.js';
import { MfaError } from './core/words/errors.js';
import { nearest } from './core/words/nearest.js';
import { checkOptionNames } from './core/words/unknown-option.js';
import { userIdOf } from './core/words/user-id.js';
import type { MfaConfig } from './config.js';
import type { User } from './user.js';

type Id = User['id'];

/** Who acts: the id as in `user(req)`, the name for the audit (default: the id), and what they may do. */
export type Admin = {
  id: Id;
  name?: string;
  may: readonly AdminRight[];
  /** Only people of this tenant exist for them; needs `administration.directory`. */
  tenant?: string;
};

/** What an action is asked for with: who and why (three letters at least), a ticket, and what the action takes itself. */
export type ActionRequest = {
  by: Admin;
  reason: string;
  ticket?: string;
  /** `end-sign-ins`: only this sign-in. */
  signInId?: string;
  /** `pass`: 10–1440, default 60. */
  validMinutes?: number;
  /** `exempt`: at most 30 days ahead. */
  until?: Date;
};

/** Done, with what it made, a code to be handed over once; or a case that another administrator must approve. */
export type Requested = { done: Done; case?: undefined } | { done?: undefined; case: Case };

/** What pages and command line ask for; the single calls (`mfa.reset` …) act at once, by the rules of your own code. */
export interface AdminRequests {
  /**
   * Does something to somebody's account as an administrator: rights, four eyes, no own account, a reason.
   * @throws MfaError `admin.own_account`, `admin.not_allowed`, `admin.reason_missing`, `admin.not_applicable`,
   * `directory.unavailable`, `store.unavailable`; `session.verification_session_not_found` for another tenant's person;
   * `config.*` for misuse
   */
  requestAction(action: AdminAction, userId: Id, request: ActionRequest): Promise<Requested>;
  /**
   * Carries a case out that another administrator asked for. What is for the eyes of who asked then waits for their `collect`.
   * @throws MfaError as `requestAction`; `admin.case_lapsed` where it was answered, its time is over or the account changed
   */
  approve(caseId: string, answer: { by: Admin; reason: string }): Promise<Requested>;
  /** Turns a case down; by who asked, takes it back. @throws MfaError as `approve` */
  deny(caseId: string, answer: { by: Admin; reason: string }): Promise<void>;
  /** What an approved case makes: carried out now, told once, to who asked alone. @throws MfaError as `approve` */
  collect(caseId: string, answer: { by: Admin }): Promise<Done>;
  /** The cases that wait, recoveries (`recovery`) among them, oldest first; for an administrator of a tenant theirs alone. */
  cases(options?: { by?: Admin }): Promise<Case[]>;
}

/**
 * Where this app's cases wait; loaded when it is first asked for.
 * @throws MfaError `config.memory_store_in_production`
 */
export function casesOf({ environment, administration }: MfaConfig): () => Promise<CaseStore> {
  let store = administration.cases;
  return async () => {
    if (store) return store;
    if (environment === 'production')
      throw new MfaError(
        'config.memory_store_in_production',
        '`administration` has no `cases`, so nobody else would see what waits. Give it `redisCaseStore(client, { namespace })`.',
      );
    const { memoryCaseStore } = await import('./stores/memory-case-store.js');
    return (store ??= memoryCaseStore());
  };
}

export function adminRequestsOf(kernel: Kernel, config: MfaConfig, cases: () => Promise<CaseStore>): AdminRequests {
  const { administration } = config;
  const open = async () => {
    const [{ carryOut }, made, rules] = await Promise.all([
      import('./admin-actions.js'),
      kernel.operator === 'cli' ? cases().catch(() => undefined) : cases(),
      import('./core/operators/cases.js'),
    ]);
    const desk: Desk = {
      kernel,
      cases: () => made ?? noCases(),
      person: personOf(administration),
      fourEyes: administration.fourEyes,
      carryOut: (...args) => carryOut(config, ...args),
    };
    return { desk, rules };
  };
  const acting = (caller: string, by: Admin): Acting => readAdmin(caller, by, administration);

  return {
    async requestAction(action, userId, request) {
      const caller = 'mfa.requestAction';
      if (!isAdminAction(action)) throw unknownAction(action);
      checkOptionNames(caller, request, ['by', 'reason', 'ticket', ...adminActions[action].takes]);
      const { by, reason, ticket, until, ...others } = request;
      // In a case a date is a number, as all times are.
      const options = action === 'exempt' ? { ...others, until: await exemptUntil(kernel, until) } : others;
      if (ticket !== undefined && !isTicket(ticket))
        throw misuse(caller, '`ticket` takes a text of 1 to 64 characters');
      const asked = { by: acting(caller, by), reason, ...(ticket === undefined ? {} : { ticket }), options };
      const { desk, rules } = await open();
      return rules.requestAction(desk, action, userIdOf(userId), asked);
    },
    async approve(caseId, answer) {
      checkOptionNames('mfa.approve', answer, ['by', 'reason']);
      const by = acting('mfa.approve', answer.by);
      const { desk, rules } = await open();
      return rules.approveCase(desk, caseId, { ...answer, by });
    },
    async deny(caseId, answer) {
      checkOptionNames('mfa.deny', answer, ['by', 'reason']);
      const by = acting('mfa.deny', answer.by);
      const { desk, rules } = await open();
      await rules.denyCase(desk, caseId, { ...answer, by });
    },
    async collect(caseId, answer) {
      checkOptionNames('mfa.collect', answer, ['by']);
      const by = acting('mfa.collect', answer.by);
      const { desk, rules } = await open();
      return rules.collectCase(desk, caseId, by);
    },
    async cases(options = {}) {
      checkOptionNames('mfa.cases', options, ['by']);
      const by = options.by && acting('mfa.cases', options.by);
      const { desk, rules } = await open();
      return rules.waitingCases(desk, by);
    },
  };
}

async function exemptUntil(kernel: Kernel, until: unknown): Promise<number> {
  const { readUntil } = await import('./core/operators/exempt.js');
  return readUntil('mfa.requestAction', until, kernel.now());
}

function noCases(): never {
  throw new MfaError('config.invalid_option', '`administration` has no `cases`: there is nowhere for a case to wait.');
}

function personOf({ directory }: AdministrationConfig): Desk['person'] {
  if (!directory) return undefined;
  return async (userId) => {
    try {
      return (await directory.get(userId)) ?? undefined;
    } catch (cause) {
      throw new MfaError('directory.unavailable', '`administration.directory` failed.', { cause });
    }
  };
}

/** An audit that does not say who is none; a right that is misspelt is none. */
function readAdmin(caller: string, by: Admin, { directory }: AdministrationConfig): Acting {
  checkOptionNames(`${caller}: \`by\``, by, ['id', 'name', 'may', 'tenant']);
  const id = userIdOf(by.id);
  const { name = id, may, tenant } = by;
  const isList = Array.isArray(may) && may.every((right: AdminRight) => adminRights.includes(right));
  if (!isList) throw misuse(caller, `\`by.may\` takes a list of ${adminRights.join(', ')}`);
  if (typeof name !== 'string' || name === '') throw misuse(caller, '`by.name` takes a text');
  if (tenant === undefined) return { id, name, may };
  if (typeof tenant !== 'string' || !directory)
    throw misuse(
      caller,
      '`by.tenant` takes a text, and needs `administration.directory`, which tells whose tenant is which',
    );
  return { id, name, may, tenant };
}

function isTicket(ticket: unknown): boolean {
  return typeof ticket === 'string' && ticket !== '' && ticket.length <= 64;
}

function unknownAction(action: unknown): MfaError {
  const known = Object.keys(adminActions);
  const guess = nearest(String(action), known);
  const help = guess === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean "${guess}"?`;
  return new MfaError(
    'config.invalid_option',
    `mfa.requestAction: there is no action ${JSON.stringify(action)}. ${help}`,
  );
}

function misuse(caller: string, words: string): MfaError {
  return new MfaError('config.invalid_option', `${caller}: ${words}.`);
}
