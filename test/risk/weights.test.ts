// What an app may weigh by, and what is refused at start-up with a sentence that says what to do.
import { expect } from 'chai';
import { createMfa, memoryStore, totp } from '../../src/index.js';
import { geoFromHeaders, maxMindGeo, riskByHistory } from '../../src/risk.js';
import { assess, day, now } from './cases.js';

const refusals: [what: string, made: () => unknown, code: string, sentence: RegExp][] = [
  [
    'an option that is none',
    () => riskByHistory({ denylist: [] } as object),
    'unknown_option',
    /Did you mean `denyList`/,
  ],
  [
    'points of no signal',
    () => riskByHistory({ points: { contry: 3 } as object }),
    'unknown_option',
    /Did you mean `country`/,
  ],
  [
    'a limit of nothing',
    () => riskByHistory({ limits: { hihgh: 3 } as object }),
    'unknown_option',
    /Did you mean `high`/,
  ],
  [
    'negative points',
    () => riskByHistory({ points: { travel: -1 } }),
    'invalid_option',
    /`points.travel` takes a whole number from 0 to 100/,
  ],
  ['half points', () => riskByHistory({ points: { travel: 1.5 } }), 'invalid_option', /`points.travel`/],
  [
    'points that are no object',
    () => riskByHistory({ points: null as unknown as object }),
    'invalid_option',
    /`points` takes an object/,
  ],
  [
    'points that are a number',
    () => riskByHistory({ points: 5 as never }),
    'invalid_option',
    /`points` takes an object/,
  ],
  ['a name like no other', () => riskByHistory({ points: { zz: 1 } as object }), 'unknown_option', /It takes device, /],
  ['a limit of nothing at all', () => riskByHistory({ limits: { high: 0 } }), 'invalid_option', /from 1 to 100/],
  [
    'an object in the place of a database',
    () => riskByHistory({ geo: null as unknown as never }),
    'invalid_option',
    /`geo` takes what `maxMindGeo`/,
  ],
  [
    'an object in the place of a function',
    () => riskByHistory({ reputation: {} as never }),
    'invalid_option',
    /`reputation` takes a function/,
  ],
  [
    'more for less: a browser',
    () => riskByHistory({ points: { devicePartly: 26 } }),
    'invalid_option',
    /`points.devicePartly` is 26, and `points.device`, which is worse, 25/,
  ],
  [
    'more for less: wrong answers',
    () => riskByHistory({ points: { manyFailures: 10 } }),
    'invalid_option',
    /`points.failures` is 20/,
  ],
  [
    'levels upside down',
    () => riskByHistory({ limits: { medium: 60 } }),
    'invalid_option',
    /`limits.medium` is 60; it must be less than `limits.high`, 60/,
  ],
  [
    'many that are few',
    () => riskByHistory({ limits: { failures: 10 } }),
    'invalid_option',
    /`limits.failures` is 10; it must be less/,
  ],
  [
    'more wrong answers than are noted',
    () => riskByHistory({ limits: { manyFailures: 21 } }),
    'invalid_option',
    /from 1 to 20/,
  ],
  [
    'a level that is none',
    () => riskByHistory({ fallbackLevel: 'highest' as 'high' }),
    'invalid_option',
    /low, medium or high/,
  ],
  [
    'a network that is none',
    () => riskByHistory({ denyList: ['198.51.100.0/33'] }),
    'invalid_option',
    /198\.51\.100\.0\/33/,
  ],
  [
    'a set of networks',
    () => riskByHistory({ denyList: new Set(['198.51.100.7']) as never }),
    'invalid_option',
    /denyList/,
  ],
  ['everybody', () => riskByHistory({ denyList: ['0.0.0.0/0'] }), 'invalid_option', /0\.0\.0\.0\/0/],
  [
    'a path in the place of a database',
    () => riskByHistory({ geo: '/var/lib/x.mmdb' as unknown as never }),
    'invalid_option',
    /`geo` takes what `maxMindGeo`/,
  ],
  ['no path', () => maxMindGeo(''), 'invalid_option', /maxMindGeo takes the path/],
  ['a number for a path', () => maxMindGeo(5 as never), 'invalid_option', /maxMindGeo takes the path/],
  ['no header', () => geoFromHeaders({} as never), 'invalid_option', /name the header of the `country`/],
  ['no name of a header', () => geoFromHeaders({ country: 'cf ip' }), 'invalid_option', /takes the name of a header/],
  [
    'a number for a name',
    () => geoFromHeaders({ country: 'cf', latitude: 5 as never }),
    'invalid_option',
    /`latitude` takes the name/,
  ],
];

describe('options of risk', () => {
  for (const [what, made, code, sentence] of refusals) {
    it(`refuse ${what}`, () => {
      expect(made).to.throw(sentence).with.property('code', `config.${code}`);
    });
  }

  it('have their default where the app leaves one open', () => {
    const own = riskByHistory({
      points: { dormant: undefined } as object,
      limits: { dormantDays: undefined } as object,
    });
    expect(assess({ history: { lastAt: now - 30 * day - 1 } }, own).score).to.equal(20);
  });

  it('reach from the least to the most, both among them', () => {
    const most = {
      ...{ medium: 99, high: 100, deviceDays: 180, networkDays: 180, countryDays: 180, travelKm: 20_000 },
      ...{ travelKmPerHour: 100_000, failures: 19, manyFailures: 20, failuresMinutes: 60, dormantDays: 3650 },
      changeHours: 8760,
    };
    riskByHistory({ limits: most });
    riskByHistory({ limits: { medium: 1, high: 2, failures: 1, manyFailures: 2, travelKm: 1 } });
    for (const [name, value] of Object.entries({ ...most, medium: 100, failures: 20 }))
      expect(() => riskByHistory({ limits: { [name]: value + 1 } }), name).to.throw(/whole number from 1 to/);
    riskByHistory({ points: { device: 100, devicePartly: 100, failures: 0, manyFailures: 0 } });
    riskByHistory({ points: { device: 10, devicePartly: 10 } });
    for (const value of [101, -1, 0.5, '1', NaN, null])
      expect(() => riskByHistory({ points: { country: value as number } }), String(value)).to.throw(/from 0 to 100/);
  });

  it('are no more than the ones that are known, whatever else is said of none', () => {
    for (const level of ['low', 'medium', 'high'] as const) riskByHistory({ fallbackLevel: level });
    expect(() => riskByHistory({ geo: { lookUp: 'x' } as never })).to.throw(/`geo` takes what/);
    expect(assess({ context: { unavailable: ['place'] } }, riskByHistory({ fallbackLevel: 'low' }))).to.include({
      score: 0,
      level: 'low',
    });
    expect(assess({ context: { unavailable: ['place'] } }, riskByHistory())).to.include({ score: 30, level: 'medium' });
  });

  const app = (options: object) => () =>
    createMfa({
      appName: 'Acme',
      secrets: ['a secret of the tests, thirty-two bytes or more'],
      store: memoryStore(),
      factors: [totp()],
      user: () => null,
      notify: () => undefined,
      ...options,
    });

  it('act where nothing says that they only report', () => {
    expect(app({ risk: riskByHistory() })).not.to.throw();
    expect(app({ risk: riskByHistory(), riskMode: 'report' })).not.to.throw();
    expect(app({ risk: riskByHistory(), riskMode: 'never' })).to.throw(/riskMode/);
  });

  it('let nobody believe that risk is assessed where none is given', () => {
    expect(app({ riskMode: 'report' })).to.throw(/Give `risk`/);
    expect(app({ riskActions: {} })).to.throw(/Give `risk`/);
    expect(app({ risk: {}, riskMode: 'report' })).to.throw(/risk/);
  });
});
