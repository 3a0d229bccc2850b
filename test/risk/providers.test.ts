// What looks addresses up: headers of a proxy, and whatever hangs or throws.
import { expect } from 'chai';
import type { RiskRequest } from '../../src/risk.js';
import { geoFromHeaders, riskByHistory } from '../../src/risk.js';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';
const request = (headers: { [name: string]: string } = {}): RiskRequest => ({
  address: '203.0.113.7',
  userAgent: firefox,
  header: (name) => headers[name],
});

describe('places from headers', () => {
  const placeIn = (headers: { [name: string]: string }) =>
    geoFromHeaders({ country: 'cf-ipcountry', latitude: 'cf-iplatitude', longitude: 'cf-iplongitude' }).lookUp(
      request(headers),
    );

  it('are read where the host names them, and nowhere else', () => {
    expect(placeIn({ 'cf-ipcountry': 'ch' })).to.deep.equal({ country: 'CH' });
    expect(placeIn({ 'cf-ipcountry': 'CH', 'cf-iplatitude': '47.37', 'cf-iplongitude': '-8.5' })).to.deep.equal({
      country: 'CH',
      latitude: 47.37,
      longitude: -8.5,
      accuracyKm: 50,
    });
    expect(placeIn({ 'x-country': 'CH' })).to.equal(undefined);
  });

  it('are read as they are meant: in small letters, with blanks around, with one of both alone, to the last degree', () => {
    expect(placeIn({ 'cf-ipcountry': ' ch ' })).to.deep.equal({ country: 'CH' });
    const degrees = (latitude: string, longitude: string) =>
      placeIn({ 'cf-ipcountry': 'XX', 'cf-iplatitude': latitude, 'cf-iplongitude': longitude });
    for (const [latitude, longitude] of [
      [90, -180],
      [-90, 180],
      [0, 0],
      [1.5, -0.25],
    ] as const)
      expect(degrees(String(latitude), ` ${longitude} `)).to.deep.equal({ latitude, longitude, accuracyKm: 50 });
    for (const wrong of ['x47', '47x', '4747', '47.', '.5', '--4', '0x1', '47.12345678901', '47,5'])
      expect(degrees(wrong, '8'), wrong).to.equal(undefined);
    expect(placeIn({ 'cf-iplatitude': '47' })).to.equal(undefined);
    expect(placeIn({ 'cf-iplongitude': '8' })).to.equal(undefined);
    const countryAlone = geoFromHeaders({ country: 'cf-ipcountry' });
    expect(countryAlone.lookUp(request({ 'cf-ipcountry': 'CH', undefined: '1' }))).to.deep.equal({ country: 'CH' });
  });

  for (const country of ['', 'XX', 'T1', 'CHE', 'CH, DE', '<script>']) {
    it(`are unknown where the country is ${JSON.stringify(country)}`, () =>
      expect(placeIn({ 'cf-ipcountry': country })).to.equal(undefined));
  }
  for (const [latitude, longitude] of [
    ['91', '0'],
    ['0', '181'],
    ['NaN', '0'],
    ['1e1', '0'],
    ['47', ''],
  ] as const) {
    it(`leave ${latitude}, ${longitude} out`, () =>
      expect(placeIn({ 'cf-ipcountry': 'CH', 'cf-iplatitude': latitude, 'cf-iplongitude': longitude })).to.deep.equal({
        country: 'CH',
      }));
  }
});

describe('looking up', () => {
  it('tells family and system, without versions', async () => {
    const found = await riskByHistory().lookUp?.(request());
    expect(found).to.deep.equal({ family: 'Firefox', system: 'Linux' });
    expect(await riskByHistory().lookUp?.({ header: () => undefined })).to.deep.equal({});
  });

  it('reads no further than a header of a browser is long', async () => {
    const found = (length: number) =>
      riskByHistory().lookUp?.({ userAgent: `${' '.repeat(length)}${firefox}`, header: () => undefined });
    expect(await found(512 - firefox.length)).to.deep.include({ family: 'Firefox' });
    expect(await found(512)).not.to.have.property('family', 'Firefox');
  });

  it('is ready when what it looks places up by is, and says what that says to the doctor', async () => {
    const asked: string[] = [];
    const finding = { level: 'warn', text: 'old' } as const;
    const geo = {
      lookUp: () => undefined,
      ready: async () => void asked.push('ready'),
      examine: async () => [finding],
    };
    await riskByHistory({ geo }).ready?.();
    expect(asked).to.deep.equal(['ready']);
    expect(await riskByHistory({ geo }).examine?.()).to.deep.equal([finding]);
    expect(await riskByHistory({ geo: { lookUp: geo.lookUp } }).examine?.()).to.deep.equal([]);
    await riskByHistory().ready?.();
    await riskByHistory({ geo: { lookUp: geo.lookUp } }).ready?.();
    const failing = riskByHistory({ geo: { ...geo, ready: () => Promise.reject(new Error('no database')) } });
    expect(await failing.ready?.().catch(String)).to.equal('Error: no database');
  });

  it('takes null for what nobody knows', async () => {
    const none = () => null as unknown as undefined;
    const risk = riskByHistory({ geo: { lookUp: none }, reputation: none });
    expect(await risk.lookUp?.(request())).to.deep.equal({ family: 'Firefox', system: 'Linux' });
    const nothing = () => undefined;
    const known = await riskByHistory({ geo: { lookUp: nothing }, reputation: nothing }).lookUp?.(request());
    expect(known).to.have.all.keys('family', 'system');
    expect(await riskByHistory().examine?.()).to.deep.equal([]);
  });

  it('tells of a browser what is known of it, and no more', async () => {
    const found = (userAgent: string) => riskByHistory().lookUp?.({ userAgent, header: () => undefined });
    expect(await found('')).to.deep.equal({});
    expect(await found('nothing that anybody knows')).to.not.have.any.keys('system');
    expect(await found('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).to.include({ system: 'Windows' });
  });

  it('gives up on what hangs, together, and says who gave no answer', async () => {
    const hangs = () => new Promise<never>(() => undefined);
    const risk = riskByHistory({ geo: { lookUp: hangs }, reputation: hangs });
    expect(await risk.lookUp?.(request())).to.deep.equal({
      family: 'Firefox',
      system: 'Linux',
      unavailable: ['place', 'reputation'],
    });
  });

  it('takes what throws, at once or later, for no answer, and keeps the others', async () => {
    const risk = riskByHistory({
      geo: {
        lookUp: () => {
          throw new Error('broken');
        },
      },
      reputation: async () => ({ hosting: true }),
    });
    const found = await risk.lookUp?.(request());
    expect(found).to.deep.include({ reputation: { hosting: true }, unavailable: ['place'] });
    const rejects = riskByHistory({ reputation: async () => Promise.reject(new Error('down')) });
    expect(await rejects.lookUp?.(request())).to.deep.include({ unavailable: ['reputation'] });
  });

  it('asks nobody for the reputation of no address', async () => {
    const risk = riskByHistory({ reputation: () => ({ hosting: true }) });
    expect(await risk.lookUp?.({ header: () => undefined })).to.deep.equal({});
  });
});
