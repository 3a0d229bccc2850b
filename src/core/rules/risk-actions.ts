// What a level of risk does at each place, as words: which fit, what is done where an app says nothing, and what holds now. Pure.
import { riskLevels, type RiskAction, type RiskLevel, type RiskPlace, type RiskTable } from '../kernel/risk.js';

/** The words that fit a place, from the least. */
export const fittingActions: { readonly [place in RiskPlace]: readonly RiskAction[] } = {
  signIn: ['allow', 'ask', 'strongest', 'block'],
  enrollment: ['allow', 'confirm', 'block'],
  recovery: ['allow', 'confirm', 'hold', 'approve', 'block'],
};

export const defaultRiskActions: RiskTable = {
  signIn: { low: 'allow', medium: 'ask', high: 'strongest' },
  enrollment: { low: 'allow', medium: 'confirm', high: 'block' },
  recovery: { low: 'allow', medium: 'confirm', high: 'hold' },
};

/** What a level does here. @param table undefined: nothing is assessed, or only told of */
export function actionAt(table: RiskTable | undefined, place: RiskPlace, level: RiskLevel): RiskAction {
  return table?.[place][level] ?? 'allow';
}

/** Whether what is done is at least as strict as this word. */
export function isAtLeast(place: RiskPlace, action: RiskAction, least: RiskAction): boolean {
  const order = fittingActions[place];
  return order.indexOf(action) >= order.indexOf(least);
}

/** The level at which the next lower one asks for more, if there is one: such a table could be climbed out of. */
export function levelAskingLess(table: RiskTable, place: RiskPlace): RiskLevel | undefined {
  return riskLevels.find((level, index) => {
    const below = riskLevels[index - 1];
    return below !== undefined && !isAtLeast(place, table[place][level], table[place][below]);
  });
}
