// Where an address is, by a MaxMind database on this machine (.mmdb). The only file that knows the package maxmind, which is
// loaded at the first look. A file that is missing, broken or old makes places unknown, and starts no app less.
import { readFile, stat } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import type { CityResponse, Reader } from 'maxmind';
import { MfaError } from '../../core/words/errors.js';
import type { Place } from '../../core/kernel/risk.js';
import { plainAddress } from '../deny-list.js';
import type { GeoProvider } from '../provider.js';

/** Addresses move: a database as old as that is wrong of one in twenty, and would be wrong of the same people again and again. */
const oldestDays = 60;

/** Settings of `maxMindGeo`. */
export type MaxMindOptions = {
  /** Milliseconds since 1970, for tests. Default `Date.now`. */
  clock?: Pick<typeof Date, 'now'>;
};

type Database = { reader: Reader<CityResponse>; builtAtMs: number };
type Opened = Database | { fault: string };

/**
 * Places from a City or Country database of MaxMind or DB-IP. The file is opened anew when it was replaced; whoever updates
 * it needs not tell. None ships with this package.
 * @param path of the .mmdb file
 */
export function maxMindGeo(path: string, { clock = Date }: MaxMindOptions = {}): GeoProvider {
  if (typeof path !== 'string' || path === '')
    throw new MfaError('config.invalid_option', 'maxMindGeo takes the path of an .mmdb file.');
  let last: { mark: string; opening: Promise<Opened> } | undefined;

  async function current(): Promise<Opened> {
    const mark = await markOf(path);
    if (last?.mark !== mark) last = { mark, opening: open(path, mark) };
    return last.opening;
  }

  const isOld = ({ builtAtMs }: Database) => clock.now() - builtAtMs > oldestDays * 86_400_000;

  return {
    async ready() {
      await loadMaxMind();
    },
    async lookUp({ address }) {
      const opened = await current();
      const plain = plainAddress(address);
      if ('fault' in opened || isOld(opened) || isIP(plain) === 0 || isOfNoPlace(plain)) return undefined;
      return placeOf(opened.reader.get(plain));
    },
    async examine() {
      const opened = await current();
      if ('fault' in opened) return [{ level: 'warn', text: `${path} ${opened.fault}: places are unknown.` }];
      const built = new Date(opened.builtAtMs).toISOString().slice(0, 10);
      if (isOld(opened))
        return [
          {
            level: 'warn',
            text: `${path} is of ${built}, older than ${oldestDays} days: places are unknown. Update it.`,
          },
        ];
      return [{ level: 'ok', text: `${path} is of ${built}.` }];
    },
  };
}

/** What changes when a file is replaced, be it by a rename or in place. */
async function markOf(path: string): Promise<string> {
  return stat(path).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => 'missing',
  );
}

async function open(path: string, mark: string): Promise<Opened> {
  const maxmind = await loadMaxMind();
  if (mark === 'missing') return { fault: 'is not there' };
  try {
    const reader = new maxmind.Reader<CityResponse>(await readFile(path));
    return { reader, builtAtMs: reader.metadata.buildEpoch.getTime() };
  } catch {
    return { fault: 'is no database that can be read' };
  }
}

async function loadMaxMind() {
  return import('maxmind').catch((cause: unknown) => {
    const told =
      'maxMindGeo reads its file by the package maxmind, which cannot be loaded. Install it: npm install maxmind';
    throw new MfaError('config.peer_missing', told, { cause });
  });
}

function placeOf(found: CityResponse | null): Place | undefined {
  const country = found?.country?.iso_code;
  const { latitude, longitude, accuracy_radius: accuracyKm } = found?.location ?? {};
  const isPlace = typeof latitude === 'number' && typeof longitude === 'number';
  if (country === undefined && !isPlace) return undefined;
  return {
    ...(country === undefined ? {} : { country }),
    ...(isPlace ? { latitude, longitude, accuracyKm: accuracyKm ?? countryAccuracyKm } : {}),
  };
}

/** Where a database names no accuracy, it knows the country. */
const countryAccuracyKm = 500;

const ofNoPlace = new BlockList();
for (const network of [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
])
  addTo(ofNoPlace, network, 'ipv4');
for (const network of ['::1/128', 'fc00::/7', 'fe80::/10']) addTo(ofNoPlace, network, 'ipv6');

function addTo(list: BlockList, network: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits] = network.split('/');
  list.addSubnet(address, Number(bits), family);
}

/** Private and shared addresses are everywhere (RFC 1918, RFC 6598, RFC 4193). */
function isOfNoPlace(address: string): boolean {
  return ofNoPlace.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
