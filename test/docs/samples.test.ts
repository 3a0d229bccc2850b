// Every sample of the documentation that security depends on, pasted into an app as it stands, and attacked. A new one
// that nobody attacks fails here.
import { expect } from 'chai';
import { blocksOf, listPages, readPage, type Block } from './markdown.js';
import { answersThough } from './breakdown.js';
import type { Line } from './sample-attacks.js';
import { beginWith, openedSites } from './sample-host.js';
import { factors } from './sample-lines/factors.js';
import { hosts } from './sample-lines/hosts.js';
import { pages } from './sample-lines/pages.js';
import { readme } from './sample-lines/readme.js';
import { receivers } from './sample-lines/receivers.js';
import { waysIn } from './sample-lines/ways-in.js';

const calls = [
  ...['requireMfa', 'mfaRouter', 'readMfa', 'importTotp', 'signedIn', 'signedOut', 'walkPending'],
  ...['verifyBackupCode', 'passkeySignInRouter', 'passkeyStrategy', 'mfaStrategies'],
];
const given = ['csrf', 'policy', 'proofs', 'allow', 'layout', 'render', 'notify', 'endSessions', 'onStepUp'];
const security = new RegExp(
  `\\b(${calls.join('|')})\\(|\\b(${given.join('|')}): |\\buser: (async )?\\(\\w|\\bmfa\\.signedOut\\b`,
);

/** What checks a signature, and what a page says of a factor. */
const elsewhere = (page: string, code: string) =>
  /\btimingSafeEqual\(/.test(code) || (page.startsWith('docs/factors/') && /\bcreateMfa\(/.test(code));

type Sample = Block & { heading: string; nth: number };

/** With the heading that each stands under, and which of the samples there it is. */
function samplesOf(page: string): Sample[] {
  const lines = readPage(page).split('\n');
  const counts = new Map<string, number>();
  return blocksOf(page)
    .filter(({ language, code }) => ['ts', 'js'].includes(language) && (security.test(code) || elsewhere(page, code)))
    .map((block) => {
      const heading = (lines.slice(0, block.line).findLast((line) => /^#+ /.test(line)) ?? '').replace(/^#+ /, '');
      const nth = (counts.get(heading) ?? 0) + 1;
      counts.set(heading, nth);
      return { ...block, heading, nth };
    });
}

const nameOf = ({ page, heading, nth = 1 }: Pick<Line, 'page' | 'heading' | 'nth'>) => `${page}: ${heading}, ${nth}`;

describe('the samples of the documentation', () => {
  const lines = [...factors, ...receivers, ...readme, ...waysIn, ...hosts, ...pages];
  const samples = new Map(listPages().flatMap((page) => samplesOf(page).map((sample) => [nameOf(sample), sample])));

  it('are attacked, each that security depends on, and no other', () => {
    expect(lines.map(nameOf).sort()).to.deep.equal([...samples.keys()].sort());
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
        if (sample)
          it(`hold: ${nameOf(line)}: ${line.attack}; and whoever waits is answered though all is down`, async () => {
            await line.holds(sample);
            for (const { site, breakdown } of openedSites()) await answersThough(site, breakdown);
          }).timeout(240_000);
      }
    });
});
