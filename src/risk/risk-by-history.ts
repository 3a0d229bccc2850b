// The assessor of this package: compares a sign-in with where the person signed in before, and asks what an address is
// known for. Deterministic: the same sign-in with the same history scores the same.
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import { riskLevels, type RiskAssessor, type RiskLevel } from '../core/kernel/risk.js';
import { assessWith } from './assess.js';
import { readDenyList } from './deny-list.js';
import { familiesOf, loadFamilies, type Families } from './families.js';
import { askAll, type GeoProvider, type ReputationProvider } from './provider.js';
import { readLimits, readPoints, type RiskLimits, type RiskPoints } from './weights.js';

/** Options of `riskByHistory`. */
export type RiskByHistoryOptions = {
  /** Where addresses are: `maxMindGeo(path)`, `geoFromHeaders({ country })`, or your own. Without it no place is weighed. */
  geo?: GeoProvider;
  /** What an address is known for: an anonymous proxy, a data centre. */
  reputation?: ReputationProvider;
  /** Networks (CIDR) and addresses whose sign-ins are risky. */
  denyList?: readonly string[];
  /** How many points signals are worth, where not the default. */
  points?: Partial<RiskPoints>;
  /** From where on signals fire and levels begin, where not the default. */
  limits?: Partial<RiskLimits>;
  /** The least level where a provider gave no answer within half a second. Default `medium`. */
  fallbackLevel?: RiskLevel;
};

/**
 * Assesses how risky a sign-in looks by where the person signed in before: see `docs/risk.md` for the table.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function riskByHistory(options: RiskByHistoryOptions = {}): RiskAssessor {
  const names = ['geo', 'reputation', 'denyList', 'points', 'limits', 'fallbackLevel'];
  checkOptionNames('riskByHistory', options, names);
  const { geo, reputation, fallbackLevel = 'medium' } = options;
  if (!riskLevels.includes(fallbackLevel)) refuse('`fallbackLevel` takes low, medium or high.');
  if (geo !== undefined && typeof (geo as Partial<GeoProvider> | null)?.lookUp !== 'function')
    refuse('`geo` takes what `maxMindGeo` or `geoFromHeaders` makes, or an object with a function `lookUp`.');
  if (reputation !== undefined && typeof reputation !== 'function')
    refuse('`reputation` takes a function of an address.');
  const weighing = {
    points: readPoints(options.points),
    limits: readLimits(options.limits),
    fallbackLevel,
    isDenied: readDenyList(options.denyList),
    looksUp: { place: geo !== undefined, reputation: reputation !== undefined },
  };
  return {
    async ready() {
      await loadFamilies();
      await geo?.ready?.();
    },
    async lookUp(request) {
      const { address } = request;
      const { browser, ...found } = await askAll({
        browser: () => familiesOf(request.userAgent),
        ...(geo && { place: () => geo.lookUp(request) }),
        ...(reputation && address !== undefined && { reputation: () => reputation(address, request) }),
      });
      return { ...found, ...(browser as Families | undefined) };
    },
    assess: (context, history, now) => assessWith(weighing, context, history, now),
    examine: async () => (await geo?.examine?.()) ?? [],
  };
}

function refuse(sentence: string): never {
  throw new MfaError('config.invalid_option', `riskByHistory: ${sentence}`);
}
