// What the doctor says of the packages that check SAML answers: of some versions it is published how a signature is got around,
// and whatever an identity provider says is then anybody's word.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Findings } from '../checks/finding.js';

/** The first versions in which it is mended, one for each line that still is; with the advisory of the latest. */
const mended: { [name: string]: { versions: readonly string[]; advisory: string } } = {
  '@node-saml/node-saml': { versions: ['5.1.0'], advisory: 'CVE-2025-54369, CVE-2025-54419' },
  'xml-crypto': { versions: ['2.1.6', '3.2.1', '6.0.1'], advisory: 'CVE-2025-29774, CVE-2025-29775' },
};

/** @param from the folder of the app */
export async function examineSaml(findings: Findings, from = process.cwd()): Promise<void> {
  const found = await installed(from);
  for (const [name, version] of found) {
    const { versions = [], advisory = '' } = mended[name] ?? {};
    if (versions.length > 0 && isBefore(version, versions))
      findings.warn(
        'saml',
        `${name} ${version} lets a signature be got around (${advisory}). Install ${versions.at(-1)} or newer.`,
      );
  }
  if (found.length > 0) findings.ok('saml', found.map(([name, version]) => `${name} ${version}`).join(', '));
}

/** Each copy that these packages see, the app's own and those below one another. */
async function installed(from: string): Promise<[name: string, version: string][]> {
  const found = new Map<string, [string, string]>();
  const look = async (folder: string, names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const path = await manifestOf(folder, name);
      if (path === undefined || found.has(path)) continue;
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version?: unknown };
      found.set(path, [name, String(version)]);
      await look(dirname(path), names);
    }
  };
  await look(from, ['@node-saml/passport-saml', 'passport-saml', ...Object.keys(mended)]);
  return [...found.values()];
}

/** Not by `resolve`, to which a package may close its manifest. */
async function manifestOf(folder: string, name: string): Promise<string | undefined> {
  for (const place of createRequire(join(folder, 'here.js')).resolve.paths(name) ?? []) {
    const path = join(place, name, 'package.json');
    if (
      await readFile(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

function isBefore(version: string, versions: readonly string[]): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const fixed = versions.map((each) => each.split('.').map(Number));
  const [, ofMinor = 0, ofPatch = 0] = fixed.find(([line]) => line === major) ?? [];
  const newest = fixed.at(-1)?.[0] ?? 0;
  if (fixed.every(([line]) => line !== major)) return major < newest;
  return minor < ofMinor || (minor === ofMinor && patch < ofPatch);
}
