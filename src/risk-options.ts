// The options of risk, checked together: the table of what each level does must fit, and rise. Assesses nothing.
import { MfaError } from './core/words/errors.js';
import { nearest } from './core/words/nearest.js';
import { riskLevels, type RiskAction, type RiskLevel, type RiskPlace, type RiskTable } from './core/kernel/risk.js';
import { defaultRiskActions, fittingActions, levelAskingLess } from './core/rules/risk-actions.js';

/** What each level does, where not the default. */
export type RiskActions = {
  /**
   * Whoever has a second factor. `allow`; `ask`: trusted browsers, trusted networks and a sign-in step turned off do not count;
   * `strongest`: only the strongest class that the person can use; `block`: the sign-in is refused.
   */
  signIn?: { [level in RiskLevel]?: 'allow' | 'ask' | 'strongest' | 'block' };
  /**
   * Whoever has none yet. `allow`; `confirm`: as with `confirmFirstEnrollment: 'required'`; `block`: no set-up, and where the
   * policy demands one, no sign-in.
   */
  enrollment?: { [level in RiskLevel]?: 'allow' | 'confirm' | 'block' };
  /**
   * Whoever answers with a backup code. `allow`; `confirm`: one more proof; `hold`: that, and a hold; `approve`: nothing before
   * an administrator approves; `block`: backup codes are refused.
   */
  recovery?: { [level in RiskLevel]?: 'allow' | 'confirm' | 'hold' | 'approve' | 'block' };
};

const places = Object.keys(fittingActions) as RiskPlace[];

/**
 * The table with its defaults.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function readRiskActions(given: RiskActions = {}): RiskTable {
  const table = merged(given);
  for (const place of places) {
    const level = levelAskingLess(table, place);
    if (level === undefined) continue;
    const below = riskLevels[riskLevels.indexOf(level) - 1] ?? 'low';
    const [less, more] = [table[place][level], table[place][below]];
    refuse(
      `\`riskActions.${place}\` asks less at a higher level: "${less}" at ${level}, "${more}" at ${below}. ` +
        `From the least: ${fittingActions[place].join(', ')}.`,
    );
  }
  return table;
}

function merged(given: unknown): RiskTable {
  const rows = fieldsOf('riskActions', given, places);
  const row = <P extends RiskPlace>(place: P): RiskTable[P] => {
    const cells = fieldsOf(`riskActions.${place}`, rows[place] ?? {}, riskLevels);
    for (const [level, word] of Object.entries(cells)) checkWord(place, level, word);
    return { ...defaultRiskActions[place], ...(cells as { [level in RiskLevel]?: RiskAction }) };
  };
  return { signIn: row('signIn'), enrollment: row('enrollment'), recovery: row('recovery') };
}

/** What is set of an object that may have these fields. */
function fieldsOf(name: string, value: unknown, names: readonly string[]): { [field: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(`\`${name}\` takes an object.`);
  const set = Object.entries(value as { [field: string]: unknown }).filter(([, each]) => each !== undefined);
  for (const [field] of set) {
    if (names.includes(field)) continue;
    const guess = nearest(field, names);
    const help = guess === undefined ? `It takes ${names.join(', ')}.` : `Did you mean \`${guess}\`?`;
    throw new MfaError('config.unknown_option', `createMfa: \`${name}\` has no \`${field}\`. ${help}`);
  }
  return Object.fromEntries(set);
}

function checkWord(place: RiskPlace, level: string, word: unknown): void {
  const fitting: readonly unknown[] = fittingActions[place];
  if (fitting.includes(word)) return;
  const guess = typeof word === 'string' ? nearest(word, fittingActions[place]) : undefined;
  const help = guess === undefined ? `It takes ${fitting.join(', ')}.` : `Did you mean "${guess}"?`;
  const known: readonly unknown[] = Object.values(fittingActions).flat();
  const what = known.includes(word) ? `"${String(word)}", which does not fit there` : 'none of its words';
  refuse(`\`riskActions.${place}.${level}\` is ${what}. ${help}`);
}

function refuse(sentence: string): never {
  throw new MfaError('config.invalid_option', `createMfa: ${sentence}`);
}
