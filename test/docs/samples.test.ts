// Every sample of the documentation, pasted as it stands, and attacked. A new one fails here until it has its line, or the
// reason why there is nothing to attack.
import { expect } from 'chai';
import { blocksOf, listPages, readPage, type Block } from './markdown.js';
import { answersThough } from './breakdown.js';
import type { Line } from './sample-attacks.js';
import { beginWith, openedSites } from './sample-host.js';
import { directories } from './sample-lines/directories.js';
import { factors } from './sample-lines/factors.js';
import { hosts } from './sample-lines/hosts.js';
import { ldap } from './sample-lines/ldap.js';
import { looks } from './sample-lines/looks.js';
import { pages } from './sample-lines/pages.js';
import { plain } from './sample-lines/plain.js';
import { providers } from './sample-lines/providers.js';
import { readme } from './sample-lines/readme.js';
import { receivers } from './sample-lines/receivers.js';
import { senders } from './sample-lines/senders.js';
import { stores } from './sample-lines/stores.js';
import { tools } from './sample-lines/tools.js';
import { waysIn } from './sample-lines/ways-in.js';

/** What somebody would paste: not what an answer or a file looks like, nor what they type once. */
const isPasted = ({ language, code }: Block) =>
  ['ts', 'js', 'ejs', 'html', 'conf', 'nginx'].includes(language) ||
  (language === 'sh' && /\bexpress-mfa \w|^npx /m.test(code));

const calls = [
  ...['requireMfa', 'mfaRouter', 'readMfa', 'importTotp', 'signedIn', 'signedOut', 'walkPending'],
  ...['verifyBackupCode', 'passkeySignInRouter', 'passkeyStrategy', 'mfaStrategies', 'timingSafeEqual'],
];
const given = ['csrf', 'policy', 'proofs', 'allow', 'layout', 'render', 'notify', 'endSessions', 'onStepUp'];
const security = new RegExp(
  `\\b(${calls.join('|')})\\(|\\b(${given.join('|')}): |\\buser: (async )?\\(\\w|\\bmfa\\.signedOut\\b`,
);

type Sample = Block & { heading: string; nth: number };

/** With the heading that each stands under, and which of the samples there it is. */
function samplesOf(page: string): Sample[] {
  const lines = readPage(page).split('\n');
  const counts = new Map<string, number>();
  return blocksOf(page)
    .filter(isPasted)
    .map((block) => {
      const heading = (lines.slice(0, block.line).findLast((line) => /^#+ /.test(line)) ?? '').replace(/^#+ /, '');
      const nth = (counts.get(heading) ?? 0) + 1;
      counts.set(heading, nth);
      return { ...block, heading, nth };
    });
}

const nameOf = ({ page, heading, nth = 1 }: Pick<Line, 'page' | 'heading' | 'nth'>) => `${page}: ${heading}, ${nth}`;

describe('the samples of the documentation', () => {
  const lines = [
    ...factors,
    ...receivers,
    ...readme,
    ...waysIn,
    ...providers,
    ...directories,
    ...ldap,
    ...hosts,
    ...pages,
    ...looks,
    ...senders,
    ...stores,
    ...tools,
  ];
  const samples = new Map(listPages().flatMap((page) => samplesOf(page).map((sample) => [nameOf(sample), sample])));

  it('have a line each: attacked, or with the reason why there is nothing to attack', () => {
    const named = [...lines, ...plain].map(nameOf).sort();
    expect(named).to.deep.equal([...samples.keys()].sort());
  });

  it('are attacked wherever security depends on them', () => {
    const left = plain.map((line) => samples.get(nameOf(line))).filter((sample) => security.test(sample?.code ?? ''));
    expect(left.map((sample) => sample && nameOf(sample))).to.deep.equal([]);
  });

  it('hand Express 4 no promise, of whose rejection it would not hear', () => {
    for (const page of listPages())
      for (const { code, line } of blocksOf(page))
        expect(code, `${page}:${line}`).not.to.match(/\bapp\s*\.\w+\((?:[^()]|\([^()]*\))*\basync\b/);
  });

  for (const express of [4, 5] as const)
    describe(`on Express ${express}`, () => {
      beforeEach(() => beginWith(express));
      for (const line of lines) {
        const sample = samples.get(nameOf(line));
        if (sample && (express === 5 || !line.once))
          it(`hold: ${nameOf(line)}: ${line.attack}; and whoever waits is answered though all is down`, async () => {
            await line.holds(sample);
            for (const { site, breakdown } of openedSites()) await answersThough(site, breakdown);
          }).timeout(240_000);
      }
    });
});
