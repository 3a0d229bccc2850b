// Sign-ins of hosts without a server session: kept as transients of the person, found by a random id in a cookie of
// ours or in a header token that we issue. Nothing in the browser can be read, replayed after its end, or put back.
import type { Request, Response } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { beforeEnd } from '../http/write-before-answer.js';
import { proofsCookie, setProofsCookie } from '../http/cookies.js';

/** The header in which programs send the token, and in which they get the next one. */
export const proofsHeader = 'X-MFA-Token';

/** What `random.token(32)` makes. */
const form = /^[\w-]{43}$/;

/** Where a person was going; it may be written back by a slow request, for it proves nothing. */
const noteNames = [
  'returnTo',
  'suggested',
  'sent',
  'stepUp',
  'asked',
  'stopped',
  'said',
  'settingUp',
  'setUpLeadsTo',
  'codeUsedLeadsTo',
] as const satisfies (keyof SignIn)[];
type Kept = { id: string; essence: string; notes: string };

/** The sign-in of one request. */
export interface ProofStore {
  readonly current: SignIn | undefined;
  /** Writes at the end of the answer at the latest. Whatever was proved, or taken away, gets a new id. */
  keep(signIn: SignIn): void;
  drop(): void;
  save(): Promise<void>;
}

/** By app: two of them may see one request. */
const opened = new WeakMap<MfaCore['config'], WeakMap<Request, Opened>>();
/** `core`: as the answer that opened it last has it, whose deadline is for what is written. */
type Opened = { userId: string; core: MfaCore; proofs: ProofStore };

/** The store of this request, if it was opened. */
export function proofStoreOf({ config }: MfaCore, req: Request): ProofStore | undefined {
  return opened.get(config)?.get(req)?.proofs;
}

/** Whether this request brings an id, right or wrong. */
export function bringsProofs(core: MfaCore, req: Request): boolean {
  return givenId(core, req) !== undefined;
}

function givenId(core: MfaCore, req: Request): string | undefined {
  if (core.config.web.proofs === 'cookie') return proofsCookie(core, req);
  const given = req.headers[proofsHeader.toLowerCase()];
  return typeof given === 'string' ? given : undefined;
}

/**
 * Loads the person's sign-in, in one round trip; once per request and person.
 * @throws MfaError `config.invalid_option` without `signInId`, `store.unavailable`
 */
export async function openProofs(core: MfaCore, req: Request, user: MfaUser): Promise<void> {
  const own = opened.get(core.config) ?? new WeakMap<Request, Opened>();
  opened.set(core.config, own);
  const there = own.get(req);
  if (there?.userId === user.id) {
    there.core = core;
    return;
  }
  if (user.signInId === undefined) {
    throw new MfaError(
      'config.invalid_option',
      `With \`proofs: '${core.config.web.proofs}'\`, \`user(req)\` must tell \`signInId\`: a value that is another one at ` +
        'every sign-in, such as the `jti` or `sid` of the token. Without it, proofs of one sign-in would count in the next.',
    );
  }
  const kept = await load(core, req, user);
  const storeNow = () => opening.core.kernel.store;
  const opening: Opened = { userId: user.id, core, proofs: createProofStore(core, storeNow, req, user.id, kept) };
  own.set(req, opening);
}

async function load(core: MfaCore, req: Request, user: MfaUser): Promise<Kept | undefined> {
  const { store } = core.kernel;
  const id = givenId(core, req);
  if (id === undefined || !form.test(id)) return undefined;
  const keys = keysOf(core, id);
  const [essence, notes] = await Promise.all([store.get(user.id, keys.essence), store.get(user.id, keys.notes)]).catch(
    (cause: unknown) => {
      throw new MfaError('store.unavailable', 'What was proved could not be loaded.', { cause });
    },
  );
  if (typeof essence !== 'string') return undefined;
  return { id, essence, notes: typeof notes === 'string' ? notes : '{}' };
}

/** Whoever reads the store learns no id. */
function keysOf({ kernel }: MfaCore, id: string) {
  const name = kernel.sealer.hashToken(`proofs ${id}`);
  return { essence: `proofs:${name}`, notes: `proofs-notes:${name}` };
}

function createProofStore(
  core: MfaCore,
  storeNow: () => MfaCore['kernel']['store'],
  req: Request,
  userId: string,
  loaded: Kept | undefined,
): ProofStore {
  let kept = loaded;
  let current = loaded && ({ ...parse(loaded.essence), ...parse(loaded.notes) } as SignIn);
  let id = loaded?.id;
  let failed = false;
  const obsolete = new Set<string>();
  const announce = (next: string | undefined) => {
    if (id !== undefined && id === kept?.id) obsolete.add(id);
    id = next;
    tellId(core, req, next);
    if (req.res) beforeEnd(req.res, save);
  };
  const write = async (): Promise<void> => {
    const store = storeNow();
    const { essence, notes } = split(current);
    if (id !== undefined && current !== undefined) {
      const keys = keysOf(core, id);
      const ttlSeconds = ttlOf(core, current);
      const isNew = id !== kept?.id;
      const writes: Promise<void>[] = [];
      if (isNew) writes.push(store.put(userId, keys.essence, essence, ttlSeconds));
      if (notes !== (isNew ? '{}' : kept?.notes)) writes.push(store.put(userId, keys.notes, notes, ttlSeconds));
      await Promise.all(writes);
      kept = { id, essence, notes };
    }
    // After the new one stands: a failure in between leaves the person with one that works.
    const ended = [...obsolete].flatMap((each) => Object.values(keysOf(core, each)));
    await Promise.all(ended.map((key) => store.take(userId, key)));
    obsolete.clear();
  };
  const save = async (): Promise<void> => {
    if (failed) return;
    try {
      await write();
    } catch (cause) {
      // The write may have been made after all: what is told as failed must not turn out to count.
      failed = true;
      tellId(core, req, undefined);
      throw new MfaError('store.unavailable', 'What was proved could not be saved.', { cause });
    }
  };
  return {
    get current() {
      return current;
    },
    keep(signIn) {
      const isSame = current !== undefined && split(signIn).essence === split(current).essence;
      current = signIn;
      // A request that is slow to end can so never bring back what was proved under an id that has ended.
      if (id === undefined || !isSame) announce(core.kernel.random.token(32));
      else if (req.res) beforeEnd(req.res, save);
    },
    drop() {
      current = undefined;
      if (id !== undefined) announce(undefined);
    },
    save,
  };
}

function parse(json: string): object {
  return JSON.parse(json) as object;
}

function split(signIn: SignIn | undefined): { essence: string; notes: string } {
  if (!signIn) return { essence: '', notes: '{}' };
  const essence: Partial<SignIn> = { ...signIn };
  for (const name of noteNames) Reflect.deleteProperty(essence, name);
  const notes = Object.fromEntries(noteNames.map((name) => [name, signIn[name]]));
  return { essence: JSON.stringify(essence), notes: JSON.stringify(notes) };
}

/** One that lapsed must be remembered for a while as such, or it would begin anew by itself. */
function ttlOf({ kernel }: MfaCore, { proofs, trusted }: SignIn): number {
  const { elevationMaxAgeSeconds, pendingMaxAgeSeconds } = kernel.settings;
  return proofs.length > 0 || trusted !== undefined ? elevationMaxAgeSeconds : pendingMaxAgeSeconds + 3600;
}

function tellId(core: MfaCore, req: Request, id: string | undefined): void {
  const res: Response | undefined = req.res;
  if (!res || res.headersSent) return;
  if (core.config.web.proofs === 'cookie') setProofsCookie(core, req, res, id);
  else if (id === undefined) res.removeHeader(proofsHeader);
  else {
    res.setHeader(proofsHeader, id);
    exposeHeader(res);
  }
}

/** A script of another origin that the host admits reads the header only where it is named. */
function exposeHeader(res: Response): void {
  if (!res.hasHeader('Access-Control-Allow-Origin')) return;
  const named = String(res.getHeader('Access-Control-Expose-Headers') ?? '');
  if (named.split(/\s*,\s*/).some((name) => name.toLowerCase() === proofsHeader.toLowerCase())) return;
  res.setHeader('Access-Control-Expose-Headers', named === '' ? proofsHeader : `${named}, ${proofsHeader}`);
}
