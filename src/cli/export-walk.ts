// The walk of an export: people first, then claims, for nobody's claim is younger than the record that it is of. Now and then it
// writes down where it is. Knows what lines say, not where they go.
import { nameOf, readTransferred, stateOf, unreadable, type Transferred } from '../core/operators/transfer.js';
import type { MfaCore } from '../mfa.js';
import { askedToStop } from './asked-to-stop.js';
import { Failure } from './configuration.js';
import { placeOf } from './everybody.js';
import { readExport, type Fields } from './export-lines.js';
import type { Terminal } from './terminal.js';

/** After so many that were met a line says where the walk is. */
const perPlace = 1000;

/** Where lines go. */
export type Target = { write(fields: Fields): Promise<void>; end(): Promise<void> };

/** How far a walk is, and whom it met so far: a store may show somebody twice. */
export type Place = {
  walk: 'people' | 'claims';
  after?: string;
  met: Set<string>;
  sums: { records: number; tombstones: number; claims: number; unread: number };
};

/** Whether a line says something of a person or a claim. */
export function isSaid(fields: Fields): boolean {
  return fields['userId'] !== undefined || fields['claim'] !== undefined;
}

export function isPlace(value: unknown): value is Omit<Place, 'met'> {
  return typeof value === 'object' && value !== null;
}

/** How each person and claim was in these exports, the later ones last. @throws Failure where one is not whole */
export async function statesIn(mfa: MfaCore, paths: readonly string[]) {
  const { sealer, store } = mfa.kernel;
  const found = { ids: [] as string[], states: new Map<string, string>() };
  for (const path of paths) {
    const { header, lines } = await readExport(path, sealer, store.namespace ?? 'default');
    let isWhole = false;
    for await (const { number, fields } of lines) {
      if (fields === undefined) throw new Failure(`${path}: line ${number} is not as it was exported.`, altered);
      isWhole = fields['end'] === true;
      if (!isSaid(fields)) continue;
      const said = readTransferred(fields);
      found.states.set(nameOf(said), stateOf(sealer, said));
    }
    if (!isWhole) throw new Failure(`${path} is cut off: its last line is missing.`, { code: 'transfer.cut_off' });
    found.ids.push(header.id);
  }
  return found;
}

const altered = { code: 'transfer.line_altered' };

/** @returns whether it was stopped before its end */
export async function writeAll(
  mfa: MfaCore,
  terminal: Terminal,
  place: Place,
  before: ReadonlyMap<string, string>,
  target: Target,
): Promise<boolean> {
  const { store } = mfa.config;
  const progress = terminal.progress();
  const asked = askedToStop();
  let total = 0;
  let passed = 0;
  // Beside the walk, which does not wait for it.
  void store.count?.().then(
    (counted) => (total = counted),
    () => undefined,
  );

  const say = async (said: Transferred, fields: Fields, kind: keyof Place['sums']) => {
    const was = before.get(nameOf(said));
    if (was === stateOf(mfa.kernel.sealer, said)) return;
    place.sums[kind] += 1;
    await target.write(was === undefined ? fields : { ...fields, instead: was });
  };
  const { sums } = place;
  const writePlace = () => {
    const { walk, after } = place;
    return target.write({ place: { walk, after, sums } });
  };
  const goOn = async (cursor: string) => {
    place.after = cursor;
    passed += 1;
    if (passed % perPlace === 0 || asked.toStop) {
      await writePlace();
      const done = place.walk === 'people' ? placeOf(place.met.size, total) : `${passed.toLocaleString('en')} claims`;
      progress.show(`${done} looked at`);
    }
    return !asked.toStop;
  };
  const from = () => (place.after === undefined ? {} : { after: place.after });

  try {
    await writePlace();
    if (place.walk === 'people') {
      for await (const { userId, record, unread, cursor } of store.scan({ ...from(), tombstones: true })) {
        if (!place.met.has(userId)) {
          place.met.add(userId);
          if (unread) terminal.tell(unread.message);
          if (unread) await say({ userId, record: unreadable }, { userId, unread: true }, 'unread');
          else if (record) await say({ userId, record }, { userId, record }, 'records');
          else await say({ userId }, { userId, removed: true }, 'tombstones');
        }
        if (!(await goOn(cursor))) return true;
      }
      place.walk = 'claims';
      delete place.after;
      passed = 0;
      await writePlace();
    }
    for await (const { key: claim, userId, cursor } of store.claims(from())) {
      if (userId === undefined) await say({ claim }, { claim, removed: true }, 'claims');
      else await say({ claim, userId }, { claim, userId }, 'claims');
      if (!(await goOn(cursor))) return true;
    }
    // Without this line an import takes the file for cut off, which it is.
    await target.write({ end: true, ...sums });
    return false;
  } finally {
    asked.end();
    progress.end();
  }
}
