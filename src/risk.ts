// The front door of risk: `express-mfa/risk`.
export { riskByHistory, type RiskByHistoryOptions } from './risk/risk-by-history.js';
export { geoFromHeaders, type GeoHeaders } from './risk/providers/geo-from-headers.js';
export { maxMindGeo, type MaxMindOptions } from './risk/providers/max-mind-geo.js';
export type { GeoProvider, ReputationProvider } from './risk/provider.js';
export type { RiskLimits, RiskPoints } from './risk/weights.js';
export type { RiskActions } from './risk-options.js';
export type {
  Assessment,
  LookedUp,
  Place,
  Reputation,
  RiskAssessor,
  RiskContext,
  RiskHistory,
  RiskLevel,
  RiskRequest,
  RiskSignal,
} from './core/kernel/risk.js';
