// The history of sign-ins as tables: days and their bounds, places and countries, what comes first and what gives way, and what a
// clock that was set back does.
import { expect } from 'chai';
import { historyFor, whereaboutsOf, withChange, withSignIn, type SeenNow } from '../../../src/core/kernel/history.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { sealField } from '../../../src/core/kernel/sealed-field.js';
import type { Place } from '../../../src/core/kernel/risk.js';
import { secretOfTests, testKernel, type TestKernel } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const day = 86_400;
/** Midnight in UTC. */
const midnight = Math.floor(1_800_000_000 / day) * day;
const endOf = (at: number) => (Math.floor(at / day) + 1) * day - 1;
const ip = (index: number) => `198.51.${index}.1`;
const browser = (index: number): SeenNow => ({ family: `Browser ${index}`, system: `System ${index}` });
const empty = emptyRecord('e');

/** A record of sign-ins, each at its time, as `kernel` would make it. */
function signedIn(kernel: TestKernel, ...all: [at: number, seen: SeenNow][]): MfaRecord {
  return all.reduce((record, [at, seen]) => {
    kernel.clock.now = at;
    return withSignIn(kernel, 'ann', record, seen);
  }, empty);
}
const kernel = testKernel();
const history = (record: MfaRecord, seen: SeenNow, by: TestKernel = kernel) => historyFor(by, 'ann', record, seen);
const where = (record: MfaRecord, by: TestKernel = kernel) => whereaboutsOf(by, 'ann', record);

describe('when something was seen last', () => {
  const [home, away] = [{ address: ip(1) }, { address: ip(2) }];

  it('is the end of its day, whenever in that day it was', () => {
    for (const at of [midnight, midnight + 1, midnight + day - 1]) {
      const record = signedIn(kernel, [at, home]);
      expect(history(record, home).networkAt, String(at)).to.equal(midnight + day - 1);
    }
    expect(history(signedIn(kernel, [midnight + day, home]), home).networkAt).to.equal(midnight + 2 * day - 1);
  });

  it('stays what it was while other things are seen on later days', () => {
    for (const days of [0, 1, 35, 36, 179]) {
      const record = signedIn(kernel, [midnight, home], [midnight + days * day, away]);
      expect(history(record, home).networkAt, String(days)).to.equal(midnight + day - 1);
      expect(history(record, away).networkAt).to.equal(endOf(midnight + days * day));
    }
  });

  it('moves along where the same is seen again, and takes no second place', () => {
    const record = signedIn(kernel, [midnight, home], [midnight + day, away], [midnight + 3 * day, home]);
    expect(history(record, home).networkAt).to.equal(endOf(midnight + 3 * day));
    expect(where(record).seen[0]?.networks).to.have.length(2 * 10);
    expect(where(record).seen[0]?.browsers).to.have.length(18);
  });

  it('is forgotten after half a year, to the second', () => {
    const last = midnight + day - 1 + 180 * day;
    const kept = signedIn(kernel, [midnight, home], [last, away]);
    expect(history(kept, home).networkAt).to.equal(midnight + day - 1);
    const over = signedIn(kernel, [midnight, home], [last + 1, away]);
    expect(history(over, home)).not.to.have.property('networkAt');
    expect(where(over).seen[0]?.networks).to.have.length(10);
  });

  it('is no younger than the last sign-in where a clock was set back', () => {
    const record = signedIn(kernel, [midnight + 10 * day, home], [midnight, away]);
    expect(history(record, home)).to.include({ networkAt: midnight + day - 1, lastAt: midnight });
    expect(history(record, away).networkAt).to.equal(midnight + day - 1);
  });

  it('is the later of two, where a family was seen on several systems', () => {
    const [linux, phone] = [
      { family: 'Firefox', system: 'Linux' },
      { family: 'Firefox', system: 'Android' },
    ];
    for (const [first, second] of [
      [linux, phone],
      [phone, linux],
    ] as const) {
      const record = signedIn(kernel, [midnight, first], [midnight + 5 * day, second]);
      expect(history(record, first)).to.include({ familyAt: endOf(midnight + 5 * day), systemAt: endOf(midnight) });
      expect(history(record, second)).to.include({ systemAt: endOf(midnight + 5 * day) });
      expect(where(record).seen[0]?.browsers).to.have.length(2 * 18);
    }
  });
});

describe('what a history keeps', () => {
  it('is the newest first, of each kind by itself', () => {
    const record = signedIn(
      kernel,
      ...[0, 1, 2].map((index): [number, SeenNow] => [
        midnight + index * day,
        { ...browser(index % 2), address: ip(index), place: { country: ['CH', 'DE', 'CH'][index]! } },
      ]),
    );
    const { networks, browsers } = where(record).seen[0]!;
    expect([networks.length, browsers.length]).to.deep.equal([3 * 10, 2 * 18]);
    expect(networks.match(/.{10}/g)?.map((row) => row.slice(8))).to.deep.equal(['00', '01', '02']);
    expect(browsers.match(/.{18}/g)?.map((row) => row.slice(16))).to.deep.equal(['00', '01']);
    expect(where(record).countries).to.equal('CH00DE01');
  });

  it('is no network of what is no address, and a browser of what names itself by nothing', () => {
    for (const seen of [{}, { address: 'no address' }]) {
      const { networks, browsers } = where(signedIn(kernel, [midnight, seen])).seen[0]!;
      expect([networks, browsers.length]).to.deep.equal(['', 18]);
    }
    const record = signedIn(kernel, [midnight, {}]);
    expect(history(record, {})).to.include.keys('familyAt', 'systemAt').and.not.include.keys('networkAt');
    expect(history(record, { family: '', system: '' })).to.include.keys('familyAt', 'systemAt');
    expect(history(record, { family: 'Firefox' })).to.have.property('systemAt');
    expect(history(record, { family: 'Firefox' })).not.to.have.property('familyAt');
  });

  it('is a digest of what it is, so that no two kinds are the same', () => {
    const record = signedIn(kernel, [midnight, { family: 'x', system: 'x', address: ip(1) }]);
    const { networks, browsers } = where(record).seen[0]!;
    expect(new Set([networks.slice(0, 8), browsers.slice(0, 8), browsers.slice(8, 16)]).size).to.equal(3);
    const digest = kernel.sealer.digest('history', JSON.stringify(['ann', 'family', 'x']), kernel.sealer.keyId);
    expect(browsers.slice(0, 8)).to.equal(Buffer.from(digest.subarray(0, 6)).toString('base64url'));
  });

  it('is twenty of networks and of browsers under all secrets together, and none of a secret that is gone', () => {
    const [second, third] = [
      'the second secret of the tests, of 32 bytes',
      'the third secret of the tests, of 32 bytes',
    ];
    const before = signedIn(
      kernel,
      ...Array.from({ length: 15 }, (_no, index): [number, SeenNow] => [
        midnight,
        { ...browser(index), address: ip(index) },
      ]),
    );
    const rotated = kernel.withSecrets(second, secretOfTests);
    const after = Array.from({ length: 10 }, (_no, index) => index + 100).reduce(
      (record, index) => withSignIn(rotated, 'ann', record, { ...browser(index), address: ip(index) }),
      before,
    );
    const counts = where(after, rotated).seen.map((row) => [row.networks.length / 10, row.browsers.length / 18]);
    expect(counts).to.deep.equal([
      [10, 10],
      [10, 10],
    ]);
    const newest = kernel.withSecrets(third, second);
    expect(history(after, { ...browser(100), address: ip(100) }, newest)).to.include.keys('networkAt', 'familyAt');
    expect(history(after, { ...browser(14), address: ip(14) }, newest)).not.to.have.any.keys('networkAt', 'familyAt');
    const { seen } = where(withSignIn(newest, 'ann', after, { address: ip(100) }), newest);
    expect(seen.map(({ keyId, networks }) => [keyId, networks.length / 10])).to.deep.equal([
      [newest.sealer.keyIds[0], 1],
      [newest.sealer.keyIds[1], 9],
    ]);
  });
});

describe('where a sign-in came from', () => {
  const from = (place: Place) => signedIn(kernel, [midnight, { place }]);
  const lastPlace = (place: Place) => history(from(place), {}).lastPlace;

  it('is rounded to a tenth of a degree, and so much less exact: by eight kilometres', () => {
    const at = midnight;
    const rows: [Place, object | undefined][] = [
      [
        { latitude: 47.3769, longitude: 8.5417, accuracyKm: 10 },
        { latitude: 47.4, longitude: 8.5, accuracyKm: 18, at },
      ],
      [
        { latitude: -0.04, longitude: -179.96, accuracyKm: 0.2 },
        { latitude: -0, longitude: -180, accuracyKm: 9, at },
      ],
      [
        { latitude: 0, longitude: 0 },
        { latitude: 0, longitude: 0, accuracyKm: 8, at },
      ],
      [{ latitude: 47.3769 }, undefined],
      [{ longitude: 8.5417 }, undefined],
      [{ country: 'CH' }, undefined],
    ];
    for (const [place, last] of rows)
      expect(JSON.stringify(lastPlace(place)), JSON.stringify(place)).to.equal(last && JSON.stringify(last));
  });

  it('stays where a later one is not known', () => {
    const record = signedIn(kernel, [midnight, { place: { latitude: 1, longitude: 2 } }], [midnight + 7, {}]);
    expect(history(record, {}).lastPlace).to.include({ latitude: 1, at: midnight });
    expect(history(record, {}).lastAt).to.equal(midnight + 7);
  });

  it('is a country of two capitals, or none that is kept', () => {
    const rows: [string, boolean][] = [
      ['CH', true],
      ['ZZ', true],
      ['ch', false],
      ['C', false],
      ['CHE', false],
      ['XCH', false],
      ['C1', false],
      ['', false],
    ];
    for (const [country, isKept] of rows) {
      const record = from({ country });
      expect(where(record).countries, country).to.equal(isKept ? `${country}00` : '');
      const seen = { place: { country } };
      expect([history(record, seen).hasCountries, 'countryAt' in history(record, seen)]).to.deep.equal([
        isKept,
        isKept,
      ]);
    }
    const record = signedIn(
      kernel,
      [midnight, { place: { country: 'CH' } }],
      [midnight + day, { place: { country: 'che' } }],
    );
    expect(where(record).countries).to.equal('CH01');
    expect(history(record, { place: { country: 'CH' } }).countryAt).to.equal(midnight + day - 1);
    for (const other of [{ place: { country: 'DE' } }, {}]) {
      expect(history(record, other)).not.to.have.property('countryAt');
      expect(history(record, other).hasCountries).to.equal(true);
    }
  });

  it('has ten countries, forgotten after half a year', () => {
    const places = Array.from({ length: 12 }, (_no, index) => `A${String.fromCharCode(65 + index)}`);
    const record = signedIn(kernel, ...places.map((country): [number, SeenNow] => [midnight, { place: { country } }]));
    expect(where(record).countries).to.equal(
      places
        .slice(2)
        .reverse()
        .map((country) => `${country}00`)
        .join(''),
    );
    kernel.clock.now = midnight + 181 * day;
    expect(where(withSignIn(kernel, 'ann', record, {})).countries).to.equal('');
  });
});

describe('changes in a history', () => {
  const assessing = { ...kernel, risk: {} as never };
  const changed = (record: MfaRecord, change: Parameters<typeof withChange>[3]) =>
    where(withChange(assessing, 'ann', record, change));

  it('stand beside what is known, which they leave as it is', () => {
    const record = signedIn(kernel, [
      midnight,
      { address: ip(1), place: { country: 'CH', latitude: 1, longitude: 2 } },
    ]);
    const before = where(record);
    expect(before).to.have.all.keys('seen', 'countries', 'place', 'lastAt');
    expect(changed(record, { changedAt: 5 })).to.deep.equal({ ...before, changedAt: 5 });
    expect(changed(record, { reset: true })).to.deep.equal({ ...before, reset: true });
    expect(changed(empty, { changedAt: 5, reset: true })).to.deep.equal({
      seen: [],
      countries: '',
      changedAt: 5,
      reset: true,
    });
  });

  it('leave whoever never signed in without a sign-in', () => {
    const record = withChange(assessing, 'ann', empty, { reset: true });
    expect(history(record, {})).to.deep.equal({ empty: true, hasCountries: false });
  });
});

describe('a history that does not read', () => {
  it('is an error of ours where it opens all the same', () => {
    const broken = { ...empty, history: sealField(kernel.sealer, 'ann', 'history', 'no JSON') };
    expect(thrownBy(() => where(broken))).to.be.instanceOf(SyntaxError);
  });
});
