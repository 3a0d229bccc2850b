// The front door of metrics by OpenTelemetry: `express-mfa/opentelemetry`. Needs the package @opentelemetry/api.
export { openTelemetry, type OpenTelemetryListener } from './telemetry/open-telemetry.js';
