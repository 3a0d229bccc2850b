// What a record keeps of earlier sign-ins: enough to compare with, no more than a kilobyte, and nothing that reads as a place.
import { expect } from 'chai';
import { compacted, readStoredRecord } from '../../../src/core/kernel/compact-record.js';
import { historyFor, whereaboutsOf, withChange, withSignIn, type SeenNow } from '../../../src/core/kernel/history.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { secretOfTests, testKernel, type TestKernel } from '../../support/core-kernel.js';

const day = 86_400;
const zurich: SeenNow = {
  address: '203.0.113.7',
  family: 'Firefox',
  system: 'Linux',
  place: { country: 'CH', latitude: 47.3769, longitude: 8.5417, accuracyKm: 10 },
};

describe('the history of sign-ins', () => {
  let kernel: TestKernel;
  beforeEach(() => {
    kernel = testKernel();
  });
  const learn = (record: MfaRecord, ...seen: SeenNow[]) =>
    seen.reduce((before, each) => withSignIn(kernel, 'ann', before, each), record);
  const historyOf = (record: MfaRecord, seen = zurich, by: TestKernel = kernel, id = 'ann') =>
    historyFor(by, id, record, seen);

  it('knows nothing at first', () => {
    expect(historyOf(emptyRecord('e'))).to.deep.equal({ empty: true, hasCountries: false });
  });

  it('says when the same was seen last: as of the end of the day, the last sign-in to the second', () => {
    const { now } = kernel.clock;
    const endOfDay = (Math.floor(now / day) + 1) * day - 1;
    expect(historyOf(learn(emptyRecord('e'), zurich))).to.deep.equal({
      empty: false,
      hasCountries: true,
      networkAt: endOfDay,
      familyAt: endOfDay,
      systemAt: endOfDay,
      countryAt: endOfDay,
      lastPlace: { latitude: 47.4, longitude: 8.5, accuracyKm: 18, at: now },
      lastAt: now,
    });
  });

  it('tells the network from the address, and a browser from its system', () => {
    const record = learn(emptyRecord('e'), zurich);
    expect(historyOf(record, { ...zurich, address: '203.0.113.250' })).to.have.property('networkAt');
    expect(historyOf(record, { ...zurich, address: '203.0.114.7' })).not.to.have.property('networkAt');
    const other = historyOf(record, { ...zurich, system: 'Windows' });
    expect(other).to.have.property('familyAt');
    expect(other).not.to.have.property('systemAt');
    const nameless = historyOf(record, { address: '203.0.113.7' });
    expect(nameless).not.to.have.any.keys('familyAt', 'systemAt', 'countryAt');
  });

  it('is of one person: the same network is another digest for another', () => {
    const record = learn(emptyRecord('e'), zurich);
    expect(historyOf(record, zurich, kernel, 'bob')).to.deep.equal({ empty: true, hasCountries: false });
    const ofBob = withSignIn(kernel, 'bob', emptyRecord('e'), zurich);
    expect(whereaboutsOf(kernel, 'bob', ofBob).seen[0]?.networks.slice(0, 8)).not.to.equal(
      whereaboutsOf(kernel, 'ann', record).seen[0]?.networks.slice(0, 8),
    );
    // What is moved to somebody else does not open.
    expect(whereaboutsOf(kernel, 'bob', record).seen).to.deep.equal([]);
  });

  it('keeps twenty networks, twenty browsers and ten countries, the latest, in a kilobyte', () => {
    let record = emptyRecord('e');
    const at = (index: number): SeenNow => ({
      address: `2001:db8:${index}::1`,
      family: `Browser ${index}`,
      system: `System ${index}`,
      place: {
        country: `C${String.fromCharCode(65 + index)}`,
        latitude: -47.3769,
        longitude: -178.5417,
        accuracyKm: 1000,
      },
    });
    for (let index = 0; index < 25; index += 1) {
      kernel.clock.now += day;
      record = learn(record, at(index));
    }
    const known = (what: 'networkAt' | 'familyAt' | 'countryAt') =>
      Array.from({ length: 25 }, (_no, index) => index).filter((index) => what in historyOf(record, at(index)));
    expect(known('networkAt')).to.have.length(20).and.include(24).and.not.include(4);
    expect(known('familyAt')).to.have.length(20).and.include(24).and.not.include(4);
    expect(known('countryAt')).to.have.length(10).and.include(24).and.not.include(14);
    record = withChange({ ...kernel, risk: {} as never }, 'ann', record, { changedAt: kernel.clock.now });
    const [withIt, without] = [record, { ...record, history: undefined }].map(
      (each) => JSON.stringify(compacted(JSON.parse(JSON.stringify(each)) as MfaRecord)).length,
    );
    expect(withIt! - without!).to.be.at.most(1024);
    expect(readStoredRecord(JSON.parse(JSON.stringify(compacted(record))))).to.deep.equal(record);
  });

  it('forgets what is older than half a year, at the next sign-in', () => {
    const record = learn(emptyRecord('e'), zurich);
    kernel.clock.now += 181 * day;
    const later = learn(record, { ...zurich, address: '198.51.100.1', place: { country: 'DE' } });
    expect(historyOf(later)).not.to.have.any.keys('networkAt', 'countryAt');
    expect(historyOf(later, { address: '198.51.100.1', place: { country: 'DE' } })).to.include.keys(
      'networkAt',
      'countryAt',
    );
  });

  it('is compared under every secret, and moves to the newest as things are seen again', () => {
    const record = learn(emptyRecord('e'), zurich, { ...zurich, address: '198.51.100.1' });
    const rotated = kernel.withSecrets('the next secret of the tests, thirty-two bytes', secretOfTests);
    expect(historyOf(record, zurich, rotated)).to.include.keys('networkAt', 'familyAt', 'lastPlace');
    const after = withSignIn(rotated, 'ann', record, zurich);
    const { seen } = whereaboutsOf(rotated, 'ann', after);
    expect(seen.map(({ keyId }) => keyId)).to.deep.equal(rotated.sealer.keyIds);
    const newest = kernel.withSecrets('the next secret of the tests, thirty-two bytes');
    expect(historyOf(after, zurich, newest)).to.include.keys('networkAt', 'familyAt');
    expect(historyOf(after, { ...zurich, address: '198.51.100.1' }, newest)).not.to.have.property('networkAt');
    expect(seen.flatMap(({ networks }) => networks.match(/.{10}/g))).to.have.length(2);
  });

  it('begins anew where its secret is gone, and keeps nobody out', () => {
    const record = learn(emptyRecord('e'), zurich);
    const other = kernel.withSecrets('another secret of the tests, thirty-two bytes');
    expect(historyOf(record, zurich, other)).to.deep.equal({ empty: true, hasCountries: false });
    expect(whereaboutsOf(other, 'ann', withSignIn(other, 'ann', record, zurich)).seen).to.have.length(1);
  });

  it('notes a change and a reset, which the next sign-in ends, only where risk is assessed', () => {
    expect(withChange(kernel, 'ann', emptyRecord('e'), { changedAt: 5 })).to.deep.equal(emptyRecord('e'));
    const assessing = { ...kernel, risk: {} as never };
    const changed = withChange(assessing, 'ann', learn(emptyRecord('e'), zurich), { changedAt: 5, reset: true });
    expect(whereaboutsOf(kernel, 'ann', changed)).to.include({ changedAt: 5, reset: true });
    expect(historyOf(changed)).to.have.property('networkAt');
    const after = whereaboutsOf(kernel, 'ann', learn(changed, zurich));
    expect(after).to.include({ changedAt: 5 });
    expect(after).not.to.have.property('reset');
  });
});
