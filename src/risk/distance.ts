// How far apart two places are, on a ball: good to half a percent, which no database of addresses is.

/** A place in degrees. */
export type Point = { latitude: number; longitude: number };

const earthRadiusKm = 6371;

/** Kilometres over the ground, by the haversine. */
export function distanceKm(one: Point, other: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (a: number, b: number) => Math.sin(radians(b - a) / 2) ** 2;
  const chord =
    half(one.latitude, other.latitude) +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * half(one.longitude, other.longitude);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}
