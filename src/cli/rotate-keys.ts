// rotate-keys: seals every stored value with the newest secret, and says who still needs an older one. May be stopped
// and run again at any time: what is current is passed over.
import { rotated, rotateMany, type Dependence } from '../core/operators/rotate.js';
import { readSecrets } from '../crypto/keys.js';
import type { MfaCore } from '../mfa.js';
import type { Command } from './command.js';
import { forEverybody } from './everybody.js';
import { count } from '../checks/count.js';

export const rotateKeysCommand: Command = {
  name: 'rotate-keys',
  summary: 'seals every stored value with the newest of `secrets`',
  positionals: [],
  options: { 'dry-run': { type: 'boolean', summary: 'only says what it would do' } },
  notes: [
    'Put the new secret first in `secrets`, keep the old one behind it, restart every process of the app, then run this.',
    'Safe while people sign in, and after an interruption: run it again. Backup codes are only hashed, so they need',
    'their old secret until the person makes new ones; whoever has such codes is listed. Exit code 1 where a value does',
    'not open, so that no script removes a secret that is still needed.',
  ],
  examples: ['rotate-keys --dry-run', 'rotate-keys', 'rotate-keys --json | jq -c select(.userId)'],
  needs: 'store',
  async run({ mfa, values, terminal }) {
    const { kernel } = mfa;
    const dry = values['dry-run'] === true;
    const names = namesOf(mfa);
    const sum = { people: 0, values: 0, hashed: 0, failed: 0 };
    const { looked, unread, stopped } = await forEverybody(
      mfa,
      terminal,
      async (met) => {
        const done = dry
          ? met.map(({ userId, record }) => rotated(kernel, userId, record))
          : await rotateMany(kernel, met);
        for (const [index, { resealed, renews, left }] of done.entries()) {
          const userId = met[index]?.userId ?? '';
          sum.values += resealed;
          if (renews) sum.people += 1;
          for (const one of left) {
            sum[one.why === 'hashed' ? 'hashed' : 'failed'] += 1;
            terminal.say(terminal.json ? JSON.stringify({ userId, ...one }) : lineOf(userId, one, names));
          }
        }
      },
      () => `, ${count(sum.values, 'value')} sealed anew`,
    );
    sum.failed += unread;
    const complete = !stopped && sum.failed === 0;
    const onlyNewest = complete && sum.hashed === 0 && (!dry || sum.people === 0);
    if (terminal.json)
      terminal.say(JSON.stringify({ looked, ...sum, dryRun: dry, stopped, onlyNewestNeeded: onlyNewest }));
    else {
      const would = dry ? 'would be sealed' : 'sealed';
      terminal.say(
        `${count(looked, 'record')} looked at: ${count(sum.values, 'value')} of ${count(sum.people, 'person', 'people')} ${would} anew.`,
      );
      if (stopped) terminal.say('Stopped before the end. Run it again to go on.');
      else if (onlyNewest)
        terminal.say('Nobody needs an older secret any more. Keep it for 24 hours, for codes that are on their way.');
      else if (!dry || sum.hashed + sum.failed > 0) terminal.say(keepLine(sum));
    }
    return complete ? 0 : 1;
  },
};

function keepLine({ hashed, failed }: { hashed: number; failed: number }): string {
  const parts = [
    ...(hashed > 0 ? [`${count(hashed, 'set')} of backup codes still need an older secret`] : []),
    ...(failed > 0 ? [`${count(failed, 'authenticator')} could not be sealed anew`] : []),
  ];
  return `Keep the older secrets: ${parts.join('; ')}.`;
}

/** What the ids of the app's secrets are called in its options. */
function namesOf({ config }: MfaCore): Map<string, string> {
  return new Map(config.secrets.map((secret, at) => [readSecrets([secret]).newest.id, `secrets[${at}]`]));
}

function lineOf(userId: string, { kind, why, keyId }: Dependence, names: ReadonlyMap<string, string>): string {
  const secret = keyId === undefined ? '' : (names.get(keyId) ?? `the secret of key id ${keyId}`);
  const told = {
    hashed: `needs ${secret}`,
    'hashed-unknown': `needs ${secret}, which is not in \`secrets\`: does not work`,
    unopened: 'does not open: its secret is not in `secrets`, or it was altered',
    'no-factor': 'is of a factor that this app does not have: left as it is',
  };
  return `${userId}\t${kind}\t${told[why]}`;
}
