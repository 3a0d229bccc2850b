// Places from a database that somebody else's program makes, replaced while the app runs, broken, missing, old.
import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Reader } from 'maxmind';
import { maxMindGeo } from '../../src/risk.js';
import { newFolder } from '../support/folder.js';

const run = promisify(execFile);

/** A City database of these networks, by the writer that MaxMind wrote. */
const writer = `
use MaxMind::DB::Writer::Tree;
my %types = (country => 'map', iso_code => 'utf8_string', location => 'map', latitude => 'double', longitude => 'double', accuracy_radius => 'uint16');
my $tree = MaxMind::DB::Writer::Tree->new(ip_version => 6, record_size => 24, database_type => 'Test-City', languages => ['en'],
  description => { en => 'of a test' }, map_key_type_callback => sub { $types{ $_[0] } }, remove_reserved_networks => 0);
while (@ARGV > 1) {
  my ($network, $country, $latitude, $longitude, $accuracy) = split /,/, shift, 5;
  my %location = ();
  $location{latitude} = $latitude if $latitude ne '';
  $location{longitude} = $longitude if $longitude ne '';
  $location{accuracy_radius} = $accuracy if $accuracy ne '';
  my %found = ();
  $found{country} = { iso_code => $country } if $country ne '';
  $found{location} = \\%location if %location;
  $tree->insert_network($network, \\%found);
}
open my $file, '>:raw', shift or die $!;
$tree->write_tree($file);
`;

describe('places from a MaxMind database', function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;

  const make = async (...rows: string[]) => {
    const made = join(folder, 'made.mmdb');
    await run('perl', ['-e', writer, ...rows, made]);
    await rename(made, path);
  };
  const lookUp = async (address: string, geo = maxMindGeo(path)) => geo.lookUp({ address, header: () => undefined });

  beforeEach(() => {
    folder = newFolder('geo');
    path = join(folder, 'city.mmdb');
  });

  it('are those of the file, for both kinds of address', async () => {
    await make(
      '81.2.69.0/24,GB,51.5,-0.1,10',
      '2a02:1200::/28,CH,47.4,8.5,20',
      '10.0.0.0/8,US,1,1,1',
      'fc00::/7,US,1,1,1',
    );
    const london = { country: 'GB', latitude: 51.5, longitude: -0.1, accuracyKm: 10 };
    expect(await lookUp('81.2.69.142')).to.deep.equal(london);
    expect(await lookUp('::ffff:81.2.69.142')).to.deep.equal(london);
    expect(await lookUp('2a02:1200::1')).to.deep.include({ country: 'CH', accuracyKm: 20 });
    for (const address of ['81.2.70.1', '10.1.2.3', '192.168.1.1', '100.64.0.1', '::1', 'fd00::1', 'socket'])
      expect(await lookUp(address), address).to.equal(undefined);
  });

  it('are as much of them as the file knows: a place without a country, a country without a place', async () => {
    await make(
      '81.2.69.0/24,,51.5,-0.1,',
      '81.2.70.0/24,GB,,,',
      '81.2.71.0/24,,,,',
      '81.2.72.0/24,,51.5,,',
      '81.2.73.0/24,GB,,-0.1,',
    );
    expect(await lookUp('81.2.69.1')).to.deep.equal({ latitude: 51.5, longitude: -0.1, accuracyKm: 500 });
    for (const address of ['81.2.70.1', '81.2.73.1'])
      expect(await lookUp(address), address).to.deep.equal({ country: 'GB' });
    for (const address of ['81.2.71.1', '81.2.72.1']) expect(await lookUp(address), address).to.equal(undefined);
  });

  it('change with the file, without a restart', async () => {
    const geo = maxMindGeo(path);
    expect(await lookUp('81.2.69.1', geo)).to.equal(undefined);
    await make('81.2.69.0/24,GB,51.5,-0.1,10');
    expect(await lookUp('81.2.69.1', geo)).to.include({ country: 'GB' });
    await make('81.2.69.0/24,IE,53.3,-6.2,100', '81.2.70.0/24,IE,53.3,-6.2,100');
    expect(await lookUp('81.2.69.1', geo)).to.include({ country: 'IE' });
    await writeFile(path, 'half of a file');
    expect(await lookUp('81.2.69.1', geo)).to.equal(undefined);
    await rm(path);
    expect(await lookUp('81.2.69.1', geo)).to.equal(undefined);
  });

  it('are unknown once the file is older than 60 days, and the doctor says why', async () => {
    await make('81.2.69.0/24,GB,51.5,-0.1,10');
    const builtAt = new Reader(await readFile(path)).metadata.buildEpoch;
    const after = (ms: number) => maxMindGeo(path, { clock: { now: () => builtAt.getTime() + ms } });
    const [inTime, late] = [after(60 * 86_400_000), after(60 * 86_400_000 + 1)];
    const day = builtAt.toISOString().split('T')[0];
    expect(await lookUp('81.2.69.1', inTime)).to.include({ country: 'GB' });
    expect(await inTime.examine?.()).to.deep.equal([{ level: 'ok', text: `${path} is of ${day}.` }]);
    expect(await lookUp('81.2.69.1', late)).to.equal(undefined);
    const text = `${path} is of ${day}, older than 60 days: places are unknown. Update it.`;
    expect(await late.examine?.()).to.deep.equal([{ level: 'warn', text }]);
  });

  it('are unknown where there is no file, or none that can be read, and the doctor says why', async () => {
    const textOf = async () => (await maxMindGeo(path).examine?.())?.map(({ level, text }) => `${level} ${text}`);
    expect(await textOf()).to.deep.equal([`warn ${path} is not there: places are unknown.`]);
    await writeFile(path, 'no database');
    expect(await textOf()).to.deep.equal([`warn ${path} is no database that can be read: places are unknown.`]);
  });
});
