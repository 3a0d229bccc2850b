// The doctor finds packages that check SAML answers in the folder of an app, and warns of those with a published way round.
import { expect } from 'chai';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFindings } from '../../src/checks/finding.js';
import { examineSaml } from '../../src/cli/doctor-saml.js';
import { newFolder } from '../support/folder.js';

describe("the doctor's look at packages of SAML", () => {
  let folder: string;
  beforeEach(() => (folder = newFolder('saml')));

  async function install(path: string, version: unknown): Promise<void> {
    const file = join(folder, 'node_modules', path, 'package.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ version }));
  }

  async function look() {
    const findings = createFindings();
    await examineSaml(findings, folder);
    return findings.all;
  }

  it('says nothing where there are none', async () => {
    expect(await look()).to.deep.equal([]);
  });

  // CVE-2025-54369, CVE-2025-54419; CVE-2025-29774, CVE-2025-29775
  for (const [name, old, mended] of [
    ['@node-saml/node-saml', ['4.0.5', '5.0.1'], ['5.1.0', '5.2.3', '6.0.0']],
    [
      'xml-crypto',
      ['1.5.6', '2.1.5', '3.2.0', '4.1.0', '5.1.1', '6.0.0'],
      ['2.1.6', '3.2.1', '6.0.1', '6.1.2', '7.0.0'],
    ],
  ] as const)
    it(`warns of ${name} up to the version that mends it, and of no later one`, async () => {
      for (const version of old) {
        await install(name, version);
        const found = await look();
        expect(found.map(({ check, level }) => [check, level])).to.deep.equal([['saml', 'warn']]);
        expect(found[0]?.text)
          .to.include(`${name} ${version} `)
          .and.to.match(/CVE-2025-\d+.*Install [56]\.\d\.\d or newer/);
      }
      for (const version of mended) {
        await install(name, version);
        expect(await look()).to.deep.equal([{ check: 'saml', level: 'ok', text: `${name} ${version}` }]);
      }
    });

  it('finds the copy below another package, beside one that is mended', async () => {
    await install('@node-saml/passport-saml', '5.1.0');
    await install('@node-saml/node-saml', '5.1.0');
    await install('xml-crypto', '6.1.2');
    await install('@node-saml/passport-saml/node_modules/xml-crypto', '6.0.0');
    const found = await look();
    expect(found.map(({ level }) => level)).to.deep.equal(['warn']);
    expect(found[0]?.text).to.include('xml-crypto 6.0.0');
  });
});
