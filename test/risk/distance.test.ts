// How far apart two places are, where a quarter of the way around the ball says it: by latitude, by longitude, over a pole.
import { expect } from 'chai';
import { distanceKm } from '../../src/risk/distance.js';

describe('the distance of two places', () => {
  const degreeKm = (Math.PI * 6371) / 180;
  type Degrees = [latitude: number, longitude: number];
  const rows: [one: Degrees, other: Degrees, degrees: number][] = [
    [[47.4, 8.5], [47.4, 8.5], 0],
    [[0, 0], [0, 90], 90],
    [[0, 0], [90, 0], 90],
    [[-45, 8], [45, 8], 90],
    [[30, 20], [75, 20], 45],
    [[60, 0], [60, 180], 60],
    [[-60, -90], [-60, 90], 60],
    [[0, 0], [0, 180], 180],
    [[90, 0], [-90, 0], 180],
    [[60, 0], [60, 90], 41.409622],
    [[60, 0], [-30, 90], 115.658906],
    // Over the date line.
    [[0, 179], [0, -179], 2],
  ];
  for (const [[a, b], [c, d], degrees] of rows)
    it(`is ${degrees}° from ${a}, ${b} to ${c}, ${d}, and back`, () => {
      const [one, other] = [
        { latitude: a, longitude: b },
        { latitude: c, longitude: d },
      ];
      expect(distanceKm(one, other)).to.be.closeTo(degrees * degreeKm, 0.001);
      expect(distanceKm(other, one)).to.be.closeTo(degrees * degreeKm, 0.001);
    });

  it('is a number where rounding leads past the other end of the ball', () => {
    for (let latitude = -90; latitude <= 90; latitude += 0.37)
      for (const longitude of [-180, -123.4, -7, 0]) {
        const antipode = { latitude: -latitude, longitude: longitude + 180 };
        expect(distanceKm({ latitude, longitude }, antipode)).to.be.closeTo(180 * degreeKm, 0.01);
      }
  });
});
