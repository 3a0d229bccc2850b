// The floor plan as data: which room a file belongs to, and whom each room may know. The checks return sentences, one
// per violation; they know nothing of the files on disk.
import { packageOf } from './sources.js';
import type { Import, Source } from './sources.js';

const kinds = ['totp', 'webauthn', 'sms', 'email', 'backup-codes'];

type Room = {
  name: string;
  files: RegExp;
  /** Whom a file of this room may import: our own files by path, `node:` modules and express by name. */
  may: (file: string) => RegExp[];
  /** Whether it may have libraries of its own; express is none. */
  libraries?: true;
  /** What it may know as types alone. */
  types?: RegExp;
};

const core = /^src\/core\//;
const anyNode = /^node:/;
const wordsAndKernel = /^src\/core\/(words|kernel)\//;
const importers = /^src\/importers\//;
const ownFolder = (file: string) => new RegExp(`^${file.slice(0, file.lastIndexOf('/') + 1)}`);
const assembly =
  /^src\/(mfa|admin[a-z-]+|risk-(port|options)|options|config|presets|policy-(version|change)|read-factors|user|trusted-networks|start-up-checks|listeners|listening|notice-ways)\.ts$/;
const validation = /^src\/(validation|schemas|host-answers|origins|option-sentences)\.ts$/;
const oneTimeCode = /^src\/factors\/one-time-code(\.ts$|\/)/;
const assembled = /^src\/(core|crypto|factors|insight|notices|stores|senders|audit|upstream|scim)\//;
/** What the audit log may know: words and kernel of the rules, how keys are written, and how Redis and databases are asked. */
const beneathAudit =
  /^src\/(core\/(words|kernel)\/|crypto\/|stores\/(sql\/|escaped-key|node-redis|redis-(client|checks|keys)))/;

const rooms: Room[] = [
  // What is for tests has a door of its own.
  {
    name: 'front door',
    files: /^src\/(index|passport|admin|audit|risk|ldap|opentelemetry|scim|sql|upstream)\.ts$/,
    may: () => [/^src\/(?!testing)/, /^middleware\//],
  },
  {
    name: 'assembly',
    files: assembly,
    may: () => [assembled, assembly, validation, /^src\/checks\/in-force\.ts$/, anyNode, /^#views-dir$/],
    // Hosts are handed their own requests.
    types: /^express$/,
  },
  { name: 'validation', files: validation, may: () => [core, validation], libraries: true },
  { name: 'core', files: core, may: () => [core] },
  // What programs are told and send: declarations, which server and browser client share.
  { name: 'api', files: /^src\/api\//, may: () => [/^src\/api\//], types: /^src\/core\/(words|rules)\// },
  // What browsers load: types of the server, and nothing else of it; React in its own room alone.
  { name: 'browser client', files: /^src\/client\//, may: () => [/^src\/client\//], types: /^src\/api\// },
  {
    name: 'React',
    files: /^src\/react\//,
    may: () => [/^src\/react\//, /^src\/client\/index\.ts$/, /^react(\/jsx-runtime)?$/],
  },
  // Sealer and its kin throw MfaError, as their ports demand.
  {
    name: 'crypto',
    files: /^src\/crypto\//,
    may: (file) => [/^node:crypto$/, /^src\/core\/(words\/.*|kernel\/ports)\.ts$/, ownFolder(file)],
  },
  {
    name: 'what e-mail and SMS share',
    files: oneTimeCode,
    may: () => [core, /^src\/crypto\//, oneTimeCode, anyNode],
    libraries: true,
  },
  {
    name: 'factors',
    files: /^src\/factors\/[a-z-]+\//,
    may: (file) => [core, /^src\/crypto\//, oneTimeCode, factorFolder(file), anyNode],
    libraries: true,
  },
  { name: 'stores', files: /^src\/stores\//, may: () => [core, /^src\/stores\//, anyNode], libraries: true },
  {
    name: 'senders',
    files: /^src\/senders\//,
    may: (file) => [core, /^src\/crypto\/webhook-signature\.ts$/, ownFolder(file), anyNode],
    libraries: true,
  },
  // Events and the store's port, and one library: nothing of requests, records or the log.
  { name: 'telemetry', files: /^src\/telemetry\//, may: () => [wordsAndKernel], libraries: true },
  { name: 'audit log', files: /^src\/audit\//, may: () => [beneathAudit, /^src\/audit\//, anyNode], libraries: true },
  {
    name: 'risk',
    files: /^src\/risk\//,
    may: () => [/^src\/core\/(words|kernel)\//, /^src\/crypto\//, /^src\/risk\//, anyNode],
    libraries: true,
  },
  // Numbers for people who run the app: it knows counters and shapes, no page and no store.
  {
    name: 'insight',
    files: /^src\/insight\//,
    may: () => [
      /^src\/(core\/(words|kernel)|insight)\//,
      /^src\/audit\/(audit-store|day-counts|entry|verification)\.ts$/,
      /^node:zlib$/,
    ],
  },
  // What a provider said, read out of an answer that its own library has checked.
  { name: 'identity providers', files: /^src\/upstream\//, may: () => [wordsAndKernel, /^src\/upstream\//] },
  // What a directory sends, as data; its router stands in the middleware.
  { name: 'directories', files: /^src\/scim\//, may: () => [core, /^src\/scim\//] },
  // People of a directory, asked for over the network: nothing of records, requests or stores.
  {
    name: 'directory by LDAP',
    files: /^src\/ldap\//,
    may: () => [/^src\/core\/(words|kernel)\//, /^src\/ldap\//, anyNode],
    libraries: true,
  },
  // Rows of other systems, by their schemas: nothing of records, stores or factors.
  { name: 'importers', files: importers, may: () => [/^src\/core\/words\//, importers, anyNode] },
  { name: 'notices', files: /^src\/notices\//, may: () => [core, /^src\/notices\//, anyNode] },
  // What can be said of an app as it is put together: by its command line, and on its pages for administrators.
  {
    name: 'checks',
    files: /^src\/checks\//,
    may: () => [/^src\/checks\//, assembled, assembly, anyNode],
  },
  // Operators work on the assembled whole, and the doctor walks an app as a test of it would.
  {
    name: 'command line',
    files: /^src\/cli\//,
    may: () => [/^src\/(cli|checks|importers)\//, assembled, assembly, validation, /^src\/testing\//, anyNode],
  },
  // For the tests of hosts: what it tests is handed in, and asked over HTTP as anybody would.
  {
    name: 'testing',
    files: /^src\/testing(\.ts$|\/)/,
    may: () => [assembled, assembly, /^src\/testing\//, anyNode],
  },
  {
    name: 'middleware',
    files: /^middleware\//,
    may: () => [
      /^middleware\//,
      core,
      /^src\/(insight|scim)\//,
      /^src\/(mfa|validation)\.ts$/,
      /^src\/checks\//,
      /^express$/,
      /^#views-dir$/,
      anyNode,
    ],
    libraries: true,
    // What hosts may say is told by the assembly; its values come through mfa.ts.
    types: /^src\/(options\.ts$|api\/)/,
  },
];

function factorFolder(file: string): RegExp {
  return new RegExp(`^${/^src\/factors\/[a-z-]+\//.exec(file)?.[0] ?? '(?!)'}`);
}

function isLibrary(to: string): boolean {
  return (packageOf(to) ?? 'express') !== 'express';
}

/** Who imports whom, by the table "Who may know whom". */
export function checkRooms(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) => {
    const room = rooms.find(({ files }) => files.test(path));
    if (!room) return [`${path} stands in no room of the architecture`];
    const patterns = room.may(path);
    const isAllowed = ({ to, typeOnly }: Import) =>
      patterns.some((pattern) => pattern.test(to)) ||
      (room.libraries && isLibrary(to)) ||
      (typeOnly && room.types?.test(to));
    return imports
      .filter((imported) => !isAllowed(imported))
      .map(({ to }) => `${path} (${room.name}) may not know ${to}`);
  });
}

/** Stores and senders know one library each. */
export function checkOneLibrary(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /^src\/(stores|senders)\//.test(path))
    .map(({ path, imports }) => ({ path, packages: new Set(imports.map(({ to }) => packageOf(to)).filter(Boolean)) }))
    .filter(({ packages }) => packages.size > 1)
    .map(({ path, packages }) => `${path} knows more than one library: ${[...packages].join(', ')}`);
}

/** Each third-party package, express and in its own room React excepted, is known to one file. */
export function checkPackages(sources: readonly Source[]): string[] {
  const importers = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    for (const { to } of imports) {
      const name = packageOf(to);
      // Components are made of React as routes are of Express.
      if (name && !['express', 'react'].includes(name))
        importers.set(name, (importers.get(name) ?? new Set()).add(path));
    }
  }
  return [...importers]
    .filter(([, files]) => files.size > 1)
    .map(([name, files]) => `${name} is imported in ${files.size} files: ${[...files].join(', ')}`);
}

/** The floors of the two halves, lowest first: a wing knows itself and the floors below, types included. */
const floors: { [half: string]: string[][] } = {
  'src/core': [['words'], ['kernel'], ['rules'], ['flows'], ['operators']],
  middleware: [
    ['pages'],
    ['http'],
    ['sign-in'],
    ['visit'],
    ['guard', 'routers', 'admin', 'scim'],
    ['passkey-sign-in'],
    ['passport'],
  ],
};

/** `middleware/mfa.ts` stands above all wings; nothing else stands outside of one. */
const aboveAllWings = ['middleware/mfa.ts'];

type Place = { half: string; floor: number; wing: string };

function placeOf(path: string): Place | undefined {
  for (const [half, levels] of Object.entries(floors)) {
    const rest = path.startsWith(`${half}/`) ? path.slice(half.length + 1).split('/') : [];
    const [wing] = rest;
    if (wing === undefined) continue;
    if (aboveAllWings.includes(path)) return { half, floor: levels.length, wing: path };
    return { half, wing, floor: rest.length === 1 ? -1 : levels.findIndex((level) => level.includes(wing)) };
  }
  return undefined;
}

/** Arrows that lead up, or across to another wing of the same floor. */
export function checkFloors(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) => {
    const from = placeOf(path);
    if (!from) return [];
    if (from.floor === -1) return [`${path} stands on no floor of ${from.half}`];
    return imports.flatMap(({ to: target }) => {
      const to = placeOf(target);
      if (to?.half !== from.half || to.wing === from.wing || to.floor < from.floor) return [];
      return [`${path} may not know ${target}, which stands ${to.floor === from.floor ? 'beside' : 'above'} it`];
    });
  });
}

/** Cycles of imports, those of types included, each told once. */
export function checkCycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports.map(({ to }) => to)]));
  const cycles: string[] = [];
  const finished = new Set<string>();
  const walk = (path: string, trail: string[]): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt !== -1) cycles.push(`cycle: ${[...trail.slice(seenAt), path].join(' → ')}`);
    if (seenAt !== -1 || finished.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return cycles;
}

/** Where core/ may write a kind's word: codes and events are closed lists, and channels are not factors. */
const mayNameKinds = new Map<string, readonly string[]>([
  ['src/core/words/errors.ts', kinds],
  ['src/core/words/events.ts', kinds],
  ['src/core/words/compact-words.ts', kinds],
  ['src/core/kernel/ports.ts', ['email', 'sms']],
  ['src/core/kernel/factor.ts', ['email', 'sms']],
]);

/** The rules know that factors exist, not which: `enroll:totp` is as wrong as `totp`; the owed word is no kind. */
export function checkFactorNames(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path.startsWith('src/core/'))
    .flatMap(({ path, strings }) =>
      strings
        .filter((text) => text !== 'backup-codes')
        .flatMap((text) => text.split(/[^a-z0-9_.-]+/i).filter((word) => kinds.includes(word)))
        .filter((word) => !mayNameKinds.get(path)?.includes(word))
        .map((word) => `${path} names the factor "${word}"`),
    );
}

const limits: { files: RegExp; lines: number }[] = [
  { files: /^(src|middleware)\/.*\.tsx?$/, lines: 250 },
  { files: /^views\/.*\.ejs$/, lines: 40 },
  { files: /^test\/.*\.ts$/, lines: 300 },
];

/** Files that outgrew their room. */
export function checkSizes(files: readonly { path: string; lines: number }[]): string[] {
  return files.flatMap(({ path, lines }) => {
    const limit = limits.find(({ files: pattern }) => pattern.test(path))?.lines ?? Infinity;
    return lines > limit ? [`${path} has ${lines} lines; a file of its room has at most ${limit}`] : [];
  });
}
