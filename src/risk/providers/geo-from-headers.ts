// Where a request comes from, as the proxy before the app says in headers. Whoever reaches the app past that proxy writes
// them as they like, so they are believed only where the host names them.
import { MfaError } from '../../core/words/errors.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import type { GeoProvider } from '../provider.js';

/** Names of headers. `country` has two letters; coordinates are in degrees. */
export type GeoHeaders = { country: string; latitude?: string; longitude?: string };

/**
 * Places from headers of a proxy that sets them on every request, and that nothing goes around: `{ country: 'cf-ipcountry' }`.
 * @throws MfaError `config.*` for what is no name of a header
 */
export function geoFromHeaders(headers: GeoHeaders): GeoProvider {
  checkOptionNames('geoFromHeaders', headers, ['country', 'latitude', 'longitude']);
  for (const [field, name] of Object.entries(headers)) {
    if (typeof name !== 'string' || !/^[\w-]+$/.test(name))
      throw new MfaError('config.invalid_option', `geoFromHeaders: \`${field}\` takes the name of a header.`);
  }
  if (typeof headers.country !== 'string')
    throw new MfaError('config.invalid_option', 'geoFromHeaders: name the header of the `country`.');
  return {
    lookUp(request) {
      const country = request.header(headers.country)?.trim().toUpperCase();
      // XX and T1 are what proxies say of what they do not know, and of Tor.
      const isCountry = country !== undefined && /^[A-Z]{2}$/.test(country) && country !== 'XX';
      const latitude = degrees(headers.latitude && request.header(headers.latitude), 90);
      const longitude = degrees(headers.longitude && request.header(headers.longitude), 180);
      const isPlace = latitude !== undefined && longitude !== undefined;
      if (!isCountry && !isPlace) return undefined;
      return {
        ...(isCountry ? { country } : {}),
        ...(isPlace ? { latitude, longitude, accuracyKm: headerAccuracyKm } : {}),
      };
    },
  };
}

/** Headers say no accuracy; of a city is what proxies know. */
const headerAccuracyKm = 50;

function degrees(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^-?\d{1,3}(\.\d{1,10})?$/.test(text.trim())) return undefined;
  const value = Number(text);
  return Math.abs(value) <= most ? value : undefined;
}
